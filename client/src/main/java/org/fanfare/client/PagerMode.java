package org.fanfare.client;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ServiceId;
import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Sending a Pager Mode CPM Standalone Message (7.2.1.1): the steps that make the request. Sending
/// it and reading the answer is [CpmClient]'s.
final class PagerMode {

    private static final DateTimeFormatter SIP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ClientSettings settings;
    private final InstantSource clock;
    private final Tokens tokens;
    private final StandaloneMessage standalone;

    PagerMode(ClientSettings settings, InstantSource clock, Tokens tokens) {
        this.settings = settings;
        this.clock = clock;
        this.tokens = tokens;
        this.standalone = new StandaloneMessage(settings, clock);
    }

    /// The message ready to be sent, or [CannotSend] before anything has left the client.
    ComposedMessage compose(OutgoingMessage message) {
        var destination = Destination.of(message, settings.provisioning()); // 7.2.1.1/8 to 11
        var ids = ids(message); // 7.2.1.1/12 and 13
        var cpim = wrapped(message, destination, ids); // 7.2.1.1/15

        var request = started(message, destination.requestUri()); // 7.2.1.1/0
        setAcceptContact(request); // 7.2.1.1/1
        setPreferredIdentity(request); // 7.2.1.1/2
        setPreferredService(request, destination); // 7.2.1.1/3
        setReplyTo(request, message); // 7.2.1.1/4
        setUserAgent(request); // 7.2.1.1/5
        setPrivacy(request, message); // 7.2.1.1/6
        setExpires(request, message); // 7.2.1.1/7
        setIdentifiers(request, ids); // 7.2.1.1/12 and 13
        setInReplyTo(request, message); // 7.2.1.1/14
        setSubject(request, message);
        setBody(request, cpim, destination); // 7.2.1.1/16
        return new ComposedMessage(
                checkRequestSize(request.build()), message, destination, cpim, ids);
    }

    private CpimMessage wrapped(OutgoingMessage message, Destination destination, MessageIds ids) {
        var cpim = standalone.generate(message, destination.requestUri(), ids.imdnMessageId());
        int limit = settings.provisioning().switchoverSize();
        if (cpim.size() > limit) { // 7.2.1.3/size, limit/1300.client; reading 5
            throw new CannotSend.TooLarge("the CPIM message", cpim.size(), limit);
        }
        return cpim; // 7.2.1.3/size.else
    }

    private MessageIds ids(OutgoingMessage message) {
        return new MessageIds(
                message.conversation() // 7.2.1.1/12.else
                        .orElseGet(tokens::conversationId), // 7.2.1.1/12
                tokens.contributionId(), // 7.2.1.1/13
                message.answered().map(Answered::contributionId),
                tokens.messageId());
    }

    private SipRequest.Builder started(OutgoingMessage message, Uri to) {
        var from = message.anonymous() ? Anonymity.FROM : settings.from();
        return Requests.start(Method.MESSAGE, to, from, to, tokens);
    }

    /// Never `.msg.group`, whoever it is for (reading 17).
    private static void setAcceptContact(SipRequest.Builder request) {
        request.header(CpmHeader.ACCEPT_CONTACT, AcceptContact.of(ServiceId.MSG).toString());
    }

    private void setPreferredIdentity(SipRequest.Builder request) {
        request.header(CpmHeader.P_PREFERRED_IDENTITY, "<" + settings.identity() + ">");
    }

    private static void setPreferredService(SipRequest.Builder request, Destination destination) {
        var service =
                destination.isGroup()
                        ? ServiceId.MSG_GROUP // 7.2.1.1/3.b, reading 18
                        : ServiceId.MSG; // 7.2.1.1/3.a
        request.header(CpmHeader.P_PREFERRED_SERVICE, service.urn());
    }

    /// Only where it differs: a Reply-To that repeats From says nothing.
    private void setReplyTo(SipRequest.Builder request, OutgoingMessage message) {
        message.replyTo()
                .filter(address -> message.anonymous() || !isOwn(address))
                .ifPresent(address -> request.header("Reply-To", address.toString()));
    }

    private boolean isOwn(NameAddress address) {
        return address.uri().canonical().equals(settings.from().uri().canonical());
    }

    private void setUserAgent(SipRequest.Builder request) {
        request.header(CpmHeader.USER_AGENT, settings.product());
    }

    private static void setPrivacy(SipRequest.Builder request, OutgoingMessage message) {
        if (message.anonymous()) {
            request.header(CpmHeader.PRIVACY, "id");
        }
    }

    /// With Date, from which it counts (RFC 3428 4 and 7).
    private void setExpires(SipRequest.Builder request, OutgoingMessage message) {
        message.expires()
                .ifPresent(life -> {
                    request.header("Date", SIP_DATE.format(clock.instant()));
                    request.header("Expires", Long.toString(life.toSeconds()));
                });
    }

    private static void setIdentifiers(SipRequest.Builder request, MessageIds ids) {
        request.header(CpmHeader.CONVERSATION_ID, ids.conversationId().value());
        request.header(CpmHeader.CONTRIBUTION_ID, ids.contributionId().value());
    }

    /// What is answered may be a message, a file transfer (7.2.1.1/14.ft) or an invitation to a
    /// session (7.2.1.1/14.session).
    private static void setInReplyTo(SipRequest.Builder request, OutgoingMessage message) {
        message.answered()
                .ifPresent(answered ->
                        request.header(
                                CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID,
                                answered.contributionId().value()));
    }

    private static void setSubject(SipRequest.Builder request, OutgoingMessage message) {
        message.subject().ifPresent(subject -> request.header("Subject", subject));
    }

    /// The CPIM message, and with it the list where there is one (7.2.1.1/9.b, 11.b; reading 6).
    private static void setBody(
            SipRequest.Builder request, CpimMessage cpim, Destination destination) {
        if (destination.recipients().isEmpty()) {
            request.body(MediaType.CPIM.toString(), cpim.toOctets());
            return;
        }
        var multipart =
                Multipart.mixed(
                        List.of(list(destination), MimeEntity.of(MediaType.CPIM, cpim.toOctets())));
        request.header("Require", "recipient-list-message"); // RFC 5365 5
        request.header("MIME-Version", "1.0");
        request.body(multipart.type().toString(), multipart.toOctets());
    }

    private static MimeEntity list(Destination destination) {
        return MimeEntity.builder()
                .contentType(MediaType.RESOURCE_LISTS)
                .disposition(ContentDisposition.RECIPIENT_LIST)
                .body(RecipientList.write(destination.recipients()))
                .build();
    }

    private SipRequest checkRequestSize(SipRequest request) { // reading 5
        int size = request.encoded().length();
        var limit = settings.provisioning().maxRequestSize();
        if (limit.isPresent() && size > limit.getAsInt()) {
            throw new CannotSend.TooLarge("the request", size, limit.getAsInt());
        }
        return request;
    }
}
