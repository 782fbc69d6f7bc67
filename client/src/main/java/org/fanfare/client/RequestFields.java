package org.fanfare.client;

import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ServiceId;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;

import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The steps that 7.2.1.1 and 7.2.1.2 have in common: header fields of a request that sends a
/// message. Which of them, and in which order, is said by [PagerMode] and [LargeMessageMode].
final class RequestFields {

    private static final DateTimeFormatter SIP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ClientSettings settings;
    private final InstantSource clock;
    private final Tokens tokens;

    RequestFields(ClientSettings settings, InstantSource clock, Tokens tokens) {
        this.settings = settings;
        this.clock = clock;
        this.tokens = tokens;
    }

    SipRequest.Builder start(Method method, Draft draft) {
        var from = draft.message().anonymous() ? Anonymity.FROM : settings.from();
        var to = draft.destination().requestUri();
        return Requests.start(method, to, from, to, tokens);
    }

    /// Never the service for groups, whoever it is for (reading 17).
    void setAcceptContact(SipRequest.Builder request, ServiceId service) {
        request.header(CpmHeader.ACCEPT_CONTACT, AcceptContact.of(service).toString());
    }

    void setPreferredIdentity(SipRequest.Builder request) {
        request.header(CpmHeader.P_PREFERRED_IDENTITY, "<" + settings.identity() + ">");
    }

    void setPreferredService(SipRequest.Builder request, ServiceId service) {
        request.header(CpmHeader.P_PREFERRED_SERVICE, service.urn());
    }

    /// Only where it differs: a Reply-To that repeats From says nothing.
    void setReplyTo(SipRequest.Builder request, OutgoingMessage message) {
        message.replyTo()
                .filter(address -> message.anonymous() || !isOwn(address))
                .ifPresent(address -> request.header("Reply-To", address.toString()));
    }

    private boolean isOwn(NameAddress address) {
        return address.uri().canonical().equals(settings.from().uri().canonical());
    }

    void setUserAgent(SipRequest.Builder request) {
        request.header(CpmHeader.USER_AGENT, settings.product());
    }

    void setPrivacy(SipRequest.Builder request, OutgoingMessage message) {
        if (message.anonymous()) {
            request.header(CpmHeader.PRIVACY, "id");
        }
    }

    /// With Date, from which it counts.
    ///
    /// @param field in which a request of this method says so
    void setExpires(SipRequest.Builder request, OutgoingMessage message, String field) {
        message.expires()
                .ifPresent(life -> {
                    request.header("Date", SIP_DATE.format(clock.instant()));
                    request.header(field, Long.toString(life.toSeconds()));
                });
    }

    void setIdentifiers(SipRequest.Builder request, MessageIds ids) {
        request.header(CpmHeader.CONVERSATION_ID, ids.conversationId().value());
        request.header(CpmHeader.CONTRIBUTION_ID, ids.contributionId().value());
    }

    /// What is answered may be a message, a file transfer or an invitation to a session.
    void setInReplyTo(SipRequest.Builder request, OutgoingMessage message) {
        message.answered()
                .ifPresent(answered ->
                        request.header(
                                CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID,
                                answered.contributionId().value()));
    }

    void setSubject(SipRequest.Builder request, OutgoingMessage message) {
        message.subject().ifPresent(subject -> request.header("Subject", subject));
    }
}
