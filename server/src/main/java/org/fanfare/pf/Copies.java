package org.fanfare.pf;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.AcceptContact;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The requests that go out for a received message: copies for the recipients of a list, or the
/// message itself when it is forwarded. Both are made as a back-to-back user agent makes them (RFC
/// 5365 7.2, readings 41 and 45): own Via, Call-ID, CSeq and tag; no Contact (RFC 3428 4).
final class Copies {

    static final int MAX_FORWARDS = 70;

    /// A copy forks to the devices of one user and no further (RFC 5393 5.4.3).
    static final int MAX_BREADTH = 10;

    /// Copied as they are, if they were received (8.2.1.1/8.A.ii.7).
    private static final List<String> COPIED =
            List.of(
                    CpmHeader.CONVERSATION_ID, // 8.2.1.1/8.A.ii.7.Conversation-ID
                    "Reply-To", // 8.2.1.1/8.A.ii.7.Reply-To
                    "Expires", // 8.2.1.1/8.A.ii.7.Expires
                    // 8.2.1.1/8.A.ii.7.InReplyTo-Contribution-ID
                    CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID,
                    "Subject", // 8.2.1.1/8.A.ii.7.Subject
                    CpmHeader.PRIVACY); // 8.2.1.1/8.A.ii.11

    /// Made anew, or about the way the request has come, and not forwarded.
    private static final Set<String> OF_THE_HOP =
            Set.of(
                    "via",
                    "route",
                    "record-route",
                    "max-forwards",
                    "from",
                    "to",
                    "call-id",
                    "cseq",
                    "contact",
                    "content-length",
                    "content-type",
                    "authorization",
                    "proxy-authorization",
                    "proxy-require",
                    "p-asserted-identity",
                    "p-preferred-identity",
                    "p-asserted-service",
                    "p-preferred-service",
                    "contribution-id",
                    "timestamp");

    /// Believed, and kept, inside the trust domain only.
    private static final Set<String> OF_THE_TRUST_DOMAIN =
            Set.of(
                    "p-served-user",
                    "p-charging-vector",
                    "p-charging-function-addresses",
                    "p-access-network-info",
                    "p-visited-network-id",
                    "security-client",
                    "security-verify");

    private final Policy policy;
    private final RandomGenerator random;

    Copies(Policy policy, RandomGenerator random) {
        this.policy = policy;
        this.random = random;
    }

    /// The copies for the recipients of a list.
    LegTemplate exploded(StandaloneMessage message) {
        var request = message.request();
        var copy = LegTemplate.builder(key()); // 8.2.1.1/8.A.ii.6
        startLine(copy); // 8.2.1.1/8.A.ii.8
        copy.text("Max-Forwards: " + MAX_FORWARDS + "\r\nMax-Breadth: " + MAX_BREADTH + "\r\n");
        from(copy, request, Method.MESSAGE);
        copy.text("To: <").place(Place.RECIPIENT).text(">\r\n");
        identifiers(copy, message);
        for (var value :
                AcceptContact.parse(
                        request.headers().all(CpmHeader.ACCEPT_CONTACT), Limits.DEFAULT)) {
            if (!value.namesInstance()) { // that of another user's device (references c.3)
                field(copy, CpmHeader.ACCEPT_CONTACT, value.toString()); // 8.2.1.1/8.A.ii.7
            }
        }
        COPIED.forEach(name -> copied(copy, request, name));
        if (!message.lifetime().date().isEmpty()) {
            field(copy, "Date", message.lifetime().date()); // Expires counts from it (reading 41)
        }
        asserted(copy, message, serviceOfCopies(message, ServiceId.MSG));
        field(
                copy,
                CpmHeader.USER_AGENT,
                ReleaseVersion.OMA_2_2.serverProduct()); // 8.2.1.1/8.A.ii.10
        body(copy, message);
        return copy.build();
    }

    /// The message itself, for one recipient, an ad-hoc group or a pre-defined group: everything as
    /// it came but for what belongs to the hop (reading 45). A list stays in (reading 82).
    ///
    /// @param route what is left of Route after us, from a trusted neighbour: the way back to it
    LegTemplate forwarded(StandaloneMessage message, int maxForwards, List<NameAddress> route) {
        var request = message.request();
        var copy = LegTemplate.builder(key());
        startLine(copy);
        route.forEach(value -> field(copy, "Route", value.toString()));
        field(copy, "Max-Forwards", Integer.toString(maxForwards));
        from(copy, request, Method.MESSAGE);
        field(copy, "To", withoutTag(request.to()).toString());
        identifiers(copy, message);
        for (var field : request.headers()) {
            if (isForwarded(field.name(), message.fromTrusted())) {
                field(copy, field.name(), field.value());
            }
        }
        asserted(copy, message, message.assertedService());
        request.header("Content-Type").ifPresent(type -> field(copy, "Content-Type", type));
        copy.text("Content-Length: ").place(Place.CONTENT_LENGTH).text("\r\n\r\n");
        return copy.body().octets(request.body()).build();
    }

    static boolean isForwarded(String anyName, boolean fromTrusted) {
        var name = HeaderName.longForm(anyName).toLowerCase(Locale.ROOT);
        return !OF_THE_HOP.contains(name) && (fromTrusted || !OF_THE_TRUST_DOMAIN.contains(name));
    }

    /// Once, even if it came in its long form and in the compact one (reliability M15).
    static void copied(LegTemplate.Builder copy, SipRequest request, String name) {
        request.headers().all(name).stream().distinct().forEach(value -> field(copy, name, value));
    }

    byte[] key() {
        var key = new byte[LegTemplate.KEY_LENGTH];
        random.nextBytes(key);
        return key;
    }

    static void startLine(LegTemplate.Builder copy) {
        copy.text("MESSAGE ").place(Place.RECIPIENT).text(" SIP/2.0\r\n");
        copy.place(Place.VIA).place(Place.BRANCH).text("\r\n").place(Place.ROUTE);
    }

    /// As received, privacy or not (reading 43), with our own tag.
    static void from(LegTemplate.Builder copy, SipRequest request, Method method) {
        copy.text("From: " + withoutTag(request.from()) + ";tag=").place(Place.FROM_TAG);
        copy.text("\r\nCall-ID: ").place(Place.CALL_ID);
        copy.text("\r\nCSeq: ").place(Place.SEQUENCE_NUMBER).text(" " + method + "\r\n");
    }

    static NameAddress withoutTag(NameAddress address) {
        return address.withParameters(address.parameters().without("tag"));
    }

    static void identifiers(LegTemplate.Builder copy, StandaloneMessage message) {
        // 8.2.1.1/8.A.ii.7.Contribution-ID
        field(copy, CpmHeader.CONTRIBUTION_ID, message.contributionId().value());
    }

    static void asserted(LegTemplate.Builder copy, StandaloneMessage message, String service) {
        for (var identity : message.originator().identities()) { // 8.2.1.1/8.A.ii.12, reading 42
            field(copy, CpmHeader.P_ASSERTED_IDENTITY, identity.toString());
        }
        field(copy, CpmHeader.P_ASSERTED_SERVICE, service);
    }

    /// As asserted in step 7; a message to many counts as one to a group unless the policy says
    /// otherwise (reading 18).
    String serviceOfCopies(StandaloneMessage message, ServiceId single) {
        return policy.copiesAsSingle() ? single.urn() : message.assertedService();
    }

    /// Without list and history (8.2.1.1/8.A.ii.9); octet for octet unless CPIM To is rewritten.
    private void body(LegTemplate.Builder copy, StandaloneMessage message) {
        var body = message.content().rest().orElseThrow();
        if (body.isMultipart()) {
            field(copy, "MIME-Version", "1.0");
        }
        field(copy, "Content-Type", body.contentType());
        copy.text("Content-Length: ").place(Place.CONTENT_LENGTH).text("\r\n\r\n").body();
        if (policy.rewriteCpimTo()
                && !body.isMultipart()
                && !message.content().messages().isEmpty()) {
            rewritten(copy, message);
        } else {
            copy.octets(body.octets());
        }
    }

    /// CPIM To is the recipient; who asked for notifications finds there to whom he wrote (reading
    /// 8, RFC 5438 7.1.4).
    private static void rewritten(LegTemplate.Builder copy, StandaloneMessage message) {
        var cpim = message.content().messages().getFirst();
        var octets = cpim.toOctets();
        var to = cpim.headers(CpimHeader.CPIM_NAMESPACE, "To");
        if (to.size() != 1) {
            copy.octets(octets);
            return;
        }
        int afterTo = endOf(to.getFirst());
        int afterHeaders = endOf(cpim.headers().getLast());
        copy.octets(octets.slice(0, to.getFirst().offset()));
        copy.text("<").place(Place.RECIPIENT).text(">");
        copy.octets(octets.slice(afterTo, afterHeaders));
        originalTo(cpim).ifPresent(header -> copy.text("\r\n" + header));
        copy.octets(octets.from(afterHeaders));
    }

    private static int endOf(CpimHeader header) {
        return header.offset() + Octets.utf8(header.rawValue()).length();
    }

    /// For a message that asks for notifications; with the prefix that it uses itself.
    private static Optional<String> originalTo(CpimMessage cpim) {
        if (cpim.header(CpimHeader.IMDN_NAMESPACE, "Original-To").isPresent()) {
            return Optional.empty();
        }
        return cpim.headers(CpimHeader.IMDN_NAMESPACE, "Disposition-Notification").stream()
                .findFirst()
                .map(asking -> asking.line().substring(0, asking.line().indexOf('.')))
                .map(prefix -> prefix + ".Original-To: " + cpim.to().getFirst());
    }

    static void field(LegTemplate.Builder copy, String name, String value) {
        if (value.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0)) { // M6
            throw new MalformedMessage(name + ": CR, LF or NUL in the value", 0, "RFC 3261 25.1");
        }
        copy.text(name + ": " + value + "\r\n");
    }
}
