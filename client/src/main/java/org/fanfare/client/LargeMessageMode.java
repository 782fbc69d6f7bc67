package org.fanfare.client;

import org.fanfare.cpm.ServiceId;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;

import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;

/// Sending a Large Message Mode CPM Standalone Message (7.2.1.2): the steps that make the INVITE.
/// What follows its answer is [LargeTransfer]'s.
final class LargeMessageMode {

    static final MediaType SDP = MediaType.of("application", "sdp");

    private final RequestFields fields;
    private final InstantSource clock;

    LargeMessageMode(ClientSettings settings, InstantSource clock, Tokens tokens) {
        this.fields = new RequestFields(settings, clock, tokens);
        this.clock = clock;
    }

    /// The INVITE, complete but for its Via.
    ///
    /// @param contact the one that is registered
    /// @param offer as [#offer] makes it
    ComposedMessage compose(Draft draft, NameAddress contact, MessageMedia offer) {
        var message = draft.message();
        var destination = draft.destination();
        var request = fields.start(Method.INVITE, draft); // 7.2.1.2/0 and 9 to 12
        fields.setAcceptContact(request, ServiceId.LARGEMSG); // 7.2.1.2/1
        setContact(request, contact, message); // 7.2.1.2/2
        // 7.2.1.2/3: 7.2.1.2/3.b, else 7.2.1.2/3.a
        fields.setPreferredService(request, ServiceId.LARGEMSG.forGroup(destination.isGroup()));
        fields.setPreferredIdentity(request); // 7.2.1.2/4
        fields.setReplyTo(request, message); // 7.2.1.2/5
        fields.setUserAgent(request); // 7.2.1.2/6
        fields.setPrivacy(request, message); // 7.2.1.2/7
        fields.setExpires(request, message, "Message-Expires"); // 7.2.1.2/8
        // 7.2.1.2/13; neither Session-Expires nor Min-SE: 7.2.1.2/14, 7.2.1.2/15, reading 12
        request.header("Supported", "timer");
        fields.setIdentifiers(request, draft.ids()); // 7.2.1.2/16 and 17
        // 7.2.1.2/18, 7.2.1.2/18.ft, 7.2.1.2/18.session
        fields.setInReplyTo(request, message);
        fields.setSubject(request, message);
        setBody(request, describe(offer), destination); // 7.2.1.2/19
        return new ComposedMessage(request.build(), draft);
    }

    private static void setContact(
            SipRequest.Builder request, NameAddress contact, OutgoingMessage message) {
        var own = Contacts.ofLargeMessage(contact, message.anonymous());
        request.header("Contact", own.toString());
    }

    /// What we offer.
    ///
    /// @param own where we are, with our path
    static MessageMedia offer(Draft draft, MessageMedia own) {
        return own.withDirection(Direction.SENDONLY) // 7.2.1.2/19.a
                // 7.2.1.2/19.b, 7.2.1.2/19.c, 7.2.1.2/19.note
                .withTypes(List.of(MediaType.CPIM.essence()), wrappedTypes(draft))
                // 7.2.1.2/19.d: the path is there already
                .withFileSelector(FileSelector.ofSize(draft.size())) // 7.2.1.2/19.e, reading 55
                .withSetup(Setup.ACTPASS) // 7.2.1.2/19.f
                .withCema(true); // 7.2.1.2/19.g
    }

    /// That of the payload, and those inside where it is a multipart.
    private static List<String> wrappedTypes(Draft draft) {
        var payload = draft.message().payload();
        var types = new LinkedHashSet<String>();
        types.add(payload.contentType().essence());
        payload.leaves(Limits.DEFAULT).forEach(leaf -> types.add(leaf.contentType().essence()));
        return List.copyOf(types);
    }

    SessionDescription describe(MessageMedia media) {
        long now = clock.millis();
        return media.describe(new Origin("-", now, now, media.address().hostWithoutBrackets()));
    }

    /// The offer, and with it the list where there is one (7.2.1.2/10.b, 7.2.1.2/12.d).
    private static void setBody(
            SipRequest.Builder request, SessionDescription offer, Destination destination) {
        if (destination.recipients().isEmpty()) {
            request.body(SDP.toString(), offer.toOctets());
            return;
        }
        var multipart =
                Multipart.mixed(List.of(MimeEntity.of(SDP, offer.toOctets()), destination.list()));
        request.header("Require", "recipient-list-invite"); // RFC 5366 4.1
        request.header("MIME-Version", "1.0");
        request.body(multipart.type().toString(), multipart.toOctets());
    }
}
