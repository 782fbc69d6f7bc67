package org.fanfare.pf;

import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.FeatureTag;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.sip.Contact;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The INVITEs that go out for a message: for one that came by INVITE (8.2.1.2/7), and for one that
/// came by MESSAGE and is too large to go on so (8.2.1.1/8.B.a). Each leg puts its own MSRP path
/// in.
///
/// @param contact our URI (reading 11)
/// @param interval of the sessions, below 1800 s (8.2.1.2/7.h, 8.2.1.1/8.B.a.xi, limit/1800.large,
///   limit/1800.pager)
record Invites(Copies copies, String contact, Duration interval) {

    private static final FeatureTag LARGEMSG = FeatureTag.of(ServiceId.LARGEMSG);

    /// Copied as they are, if they were received (reading 80).
    private static final List<String> COPIED =
            List.of(
                    CpmHeader.CONVERSATION_ID, // 8.2.1.1/8.B.a.xv
                    "Reply-To", // 8.2.1.1/8.B.a.v
                    // 8.2.1.1/8.B.a.xvii
                    CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID,
                    "Subject",
                    CpmHeader.PRIVACY); // 8.2.1.1/8.B.a.vii

    /// Of a forwarded INVITE, what is made anew, or is about the body that came; our offer says
    /// nothing of extensions of the client's.
    private static final Set<String> OURS =
            Set.of(
                    "accept-contact",
                    "allow",
                    "content-disposition",
                    "content-encoding",
                    "date",
                    "expires",
                    "message-expires",
                    "mime-version",
                    "min-se",
                    "require",
                    "session-expires",
                    "supported",
                    "user-agent");

    /// One for every recipient of a list, which stays here (8.2.1.2/7.k, reading 9):
    /// 8.2.1.1/8.B.a.xiii.each, 8.2.1.1/8.B.a.xiii.noncpm.
    LegTemplate exploded(StandaloneMessage message, Offer offer) {
        var request = message.request();
        var invite = LegTemplate.builder(copies.key());
        startLine(invite); // 8.2.1.2/7.b 8.2.1.1/8.B.a.xiii
        Copies.field(invite, "Max-Forwards", Integer.toString(Copies.MAX_FORWARDS));
        Copies.field(invite, "Max-Breadth", Integer.toString(Copies.MAX_BREADTH));
        Copies.from(invite, request, Method.INVITE);
        invite.text("To: <").place(Place.RECIPIENT).text(">\r\n");
        COPIED.forEach(name -> Copies.copied(invite, request, name));
        return finish(
                invite,
                message,
                copies.serviceOfCopies(message, ServiceId.LARGEMSG),
                offer.ofOneRecipient());
    }

    /// One for a single recipient, or for a group whose list goes along (8.2.1.2/7.c,
    /// 8.2.1.1/8.B.a.xiii.else, 8.2.1.1/8.B.a.xiv).
    LegTemplate forwarded(
            StandaloneMessage message, int maxForwards, List<NameAddress> route, Offer offer) {
        var invite = LegTemplate.builder(copies.key());
        startLine(invite);
        route.forEach(value -> Copies.field(invite, "Route", value.toString()));
        Copies.field(invite, "Max-Forwards", Integer.toString(maxForwards));
        asReceived(invite, message);
        if (!offer.lists().isEmpty()) {
            Copies.field(invite, "Require", "recipient-list-invite"); // RFC 5366 4.1
        }
        return finish(invite, message, message.assertedService(), offer.ofAll());
    }

    private static void asReceived(LegTemplate.Builder invite, StandaloneMessage message) {
        var request = message.request();
        Copies.from(invite, request, Method.INVITE);
        Copies.field(invite, "To", Copies.withoutTag(request.to()).toString());
        for (var field : request.headers()) {
            if (Copies.isForwarded(field.name(), message.fromTrusted())
                    && !OURS.contains(field.longName().toLowerCase(Locale.ROOT))) {
                Copies.field(invite, field.name(), field.value());
            }
        }
    }

    /// One for another device of the sender (8.2.1.2/dd.C.invite, reading 62): header fields as
    /// received (8.2.1.2/dd.C.1), our own Contact (8.2.1.2/dd.C.2).
    ///
    /// @param forDevices header fields that say which device it is for
    LegTemplate sent(StandaloneMessage message, Offer offer, List<HeaderField> forDevices) {
        var invite = LegTemplate.builder(copies.key());
        startLine(invite);
        Copies.field(invite, "Max-Forwards", Integer.toString(Copies.MAX_FORWARDS));
        asReceived(invite, message);
        forDevices.forEach(field -> Copies.field(invite, field.name(), field.value()));
        return finish(invite, message, message.assertedService(), offer.ofOneRecipient());
    }

    private static void startLine(LegTemplate.Builder invite) {
        invite.text("INVITE ").place(Place.RECIPIENT).text(" SIP/2.0\r\n").place(Place.ROUTE);
    }

    private LegTemplate finish(
            LegTemplate.Builder invite,
            StandaloneMessage message,
            String service,
            MessageContent.Body body) {
        Copies.identifiers(invite, message); // 8.2.1.1/8.B.a.xvi
        contact(invite, message.request());
        acceptContact(invite, message);
        expires(invite, message);
        Copies.asserted(invite, message, service); // 8.2.1.1/8.B.a.iii
        Copies.field(invite, CpmHeader.USER_AGENT, ReleaseVersion.OMA_2_2.serverProduct());
        // 8.2.1.1/8.B.a.vi
        Copies.field(invite, "Supported", "timer"); // 8.2.1.1/8.B.a.viii
        // 8.2.1.2/7.g 8.2.1.1/8.B.a.x; no Min-SE: 8.2.1.2/7.i 8.2.1.1/8.B.a.xii
        Copies.field(invite, "Session-Expires", interval.toSeconds() + ";refresher=uac");
        Copies.field(invite, "Content-Type", body.contentType());
        invite.text("Content-Length: ").place(Place.CONTENT_LENGTH).text("\r\n\r\n");
        return invite.body().octets(body.octets()).build();
    }

    /// Our URI (8.2.1.2/7.j), with what the client has said of itself in an INVITE, but for which
    /// device it is (8.2.1.2/7.f, reading 11).
    private void contact(LegTemplate.Builder invite, SipRequest request) {
        var tags =
                request.method().equals(Method.INVITE)
                        ? request.contacts().stream().flatMap(Invites::tags).toList()
                        : List.<FeatureTag>of();
        if (tags.stream().noneMatch(tag -> tag.name().equals(FeatureTag.ICSI_REF))) {
            tags = Stream.concat(tags.stream(), Stream.of(LARGEMSG)).toList();
        }
        var value = new StringBuilder("<" + contact + ">");
        tags.forEach(tag -> value.append(';').append(tag));
        Copies.field(invite, "Contact", value.toString());
    }

    /// What has no plus is either no tag, or one of those that say what a device can do, which we
    /// are not (RFC 3840 9).
    private static Stream<FeatureTag> tags(Contact contact) {
        return contact.asAddress().stream()
                .flatMap(address -> address.parameters().list().stream())
                .filter(parameter -> parameter.name().startsWith("+"))
                .map(parameter -> new FeatureTag(parameter.name(), parameter.value()))
                .filter(tag -> !tag.isInstance());
    }

    /// 8.2.1.2/7.d 8.2.1.1/8.B.a.i: as received, but for the mode and for the device of somebody
    /// else (8.2.1.1/8.B.a.i.instance).
    private static void acceptContact(LegTemplate.Builder invite, StandaloneMessage message) {
        var values =
                AcceptContact.parse(
                        message.request().headers().all(CpmHeader.ACCEPT_CONTACT), Limits.DEFAULT);
        for (var value : values) {
            if (!value.namesInstance()) {
                Copies.field(invite, CpmHeader.ACCEPT_CONTACT, asLarge(value).toString());
            }
        }
    }

    private static AcceptContact asLarge(AcceptContact value) { // 8.2.1.1/8.B.a.i.tag
        return new AcceptContact(
                value.tags().stream()
                        .map(tag -> tag.withServices(ServiceId::asLargeMessage))
                        .toList(),
                value.require(),
                value.explicit());
    }

    /// 8.2.1.1/8.B.a.ix: what Expires says of a MESSAGE, Message-Expires says of an INVITE
    /// (Appendix C); both count from Date (reading 41).
    private static void expires(LegTemplate.Builder invite, StandaloneMessage message) {
        var request = message.request();
        var life = message.lifetime().expires();
        if (request.method().equals(Method.MESSAGE) && life.isPresent()) {
            var seconds = Long.toString(life.get().toSeconds());
            Copies.field(invite, CpmHeader.MESSAGE_EXPIRES, seconds);
        } else {
            Copies.copied(invite, request, CpmHeader.MESSAGE_EXPIRES);
        }
        if (!message.lifetime().date().isEmpty()) {
            Copies.field(invite, "Date", message.lifetime().date());
        }
    }
}
