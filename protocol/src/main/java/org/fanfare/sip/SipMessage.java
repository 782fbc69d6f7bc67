package org.fanfare.sip;

import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A SIP request or response (RFC 3261 7). Immutable; its octets are read when somebody asks for a
/// value, so every accessor of a typed value throws [MalformedMessage] when that value breaks its
/// grammar. [MessageRules] looks at everything at once.
public sealed interface SipMessage permits SipRequest, SipResponse {

    Headers headers();

    Octets body();

    /// The whole message as it goes, or came, over the wire.
    Octets encoded();

    /// The first value of a field, trimmed and unfolded, otherwise as it is.
    default Optional<String> header(String name) {
        return headers().first(name);
    }

    /// All values of a field; lists are split at commas outside quotes and brackets.
    default List<String> headerValues(String name) {
        return headers().values(name);
    }

    /// The element that this message came from last, or that a response goes to next.
    default Via topVia() {
        return headers().require(Fields.VIA);
    }

    default List<Via> vias() {
        return headers().readAll(Fields.VIA);
    }

    /// The branch of the top Via as octets, found without reading anything else; empty when there
    /// is none.
    default Octets topBranch() {
        return Peek.topBranch(headers().head());
    }

    /// How many Via values there are, found without reading them.
    default int viaCount() {
        return Peek.viaCount(headers().head());
    }

    /// The method of CSeq, found without reading anything else.
    default Method cseqMethod() {
        return Peek.cseqMethod(headers().head());
    }

    default NameAddress from() {
        return headers().require(Fields.FROM);
    }

    default NameAddress to() {
        return headers().require(Fields.TO);
    }

    default String callId() {
        return headers().require(Fields.CALL_ID);
    }

    default CSeq cseq() {
        return headers().require(Fields.CSEQ);
    }

    default Optional<ContentType> contentType() {
        return headers().read(Fields.CONTENT_TYPE);
    }

    default Optional<Valued> contentDisposition() {
        return headers().read(Fields.CONTENT_DISPOSITION);
    }

    default List<String> contentEncodings() {
        return headers().readAll(Fields.CONTENT_ENCODING);
    }

    default List<Contact> contacts() {
        return headers().readAll(Fields.CONTACT);
    }

    default List<NameAddress> routes() {
        return headers().readAll(Fields.ROUTE);
    }

    default List<NameAddress> recordRoutes() {
        return headers().readAll(Fields.RECORD_ROUTE);
    }

    default List<NameAddress> path() {
        return headers().readAll(Fields.PATH);
    }

    default OptionalInt maxForwards() {
        return headers()
                .read(Fields.MAX_FORWARDS)
                .map(n -> OptionalInt.of(n.intValue()))
                .orElse(OptionalInt.empty());
    }

    default OptionalInt maxBreadth() {
        return headers()
                .read(Fields.MAX_BREADTH)
                .map(n -> OptionalInt.of(n.intValue()))
                .orElse(OptionalInt.empty());
    }

    /// Seconds.
    default OptionalLong expires() {
        return toLong(headers().read(Fields.EXPIRES));
    }

    /// Seconds.
    default OptionalLong minExpires() {
        return toLong(headers().read(Fields.MIN_EXPIRES));
    }

    /// Seconds.
    default OptionalLong messageExpires() {
        return toLong(headers().read(Fields.MESSAGE_EXPIRES));
    }

    private static OptionalLong toLong(Optional<Long> value) {
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    /// When the sender wrote the message. One that is malformed counts as missing: the clock of a
    /// sender is no reason to refuse it (RFC 4475 3.1.2.12).
    default Optional<Instant> date() {
        try {
            return headers().read(Fields.DATE);
        } catch (MalformedMessage _) {
            Leniency.SIP_DATE.taken();
            return Optional.empty();
        }
    }

    default List<String> require() {
        return headers().readAll(Fields.REQUIRE);
    }

    default List<String> proxyRequire() {
        return headers().readAll(Fields.PROXY_REQUIRE);
    }

    default List<String> supported() {
        return headers().readAll(Fields.SUPPORTED);
    }

    default List<String> unsupported() {
        return headers().readAll(Fields.UNSUPPORTED);
    }

    default List<Method> allow() {
        return headers().readAll(Fields.ALLOW).stream().map(Method::of).toList();
    }

    default List<ContentType> accept() {
        return headers().readAll(Fields.ACCEPT);
    }

    default List<Valued> acceptContact() {
        return headers().readAll(Fields.ACCEPT_CONTACT);
    }

    default Optional<String> subject() {
        return headers().read(Fields.SUBJECT);
    }

    default Optional<String> userAgent() {
        return headers().read(Fields.USER_AGENT);
    }

    default Optional<String> server() {
        return headers().read(Fields.SERVER);
    }

    default Optional<NameAddress> replyTo() {
        return headers().read(Fields.REPLY_TO);
    }

    /// In lower case: `id`, `user`, `header`, `none`...
    default List<String> privacy() {
        return headers().readAll(Fields.PRIVACY).stream().flatMap(List::stream).toList();
    }

    default List<NameAddress> assertedIdentities() {
        return headers().readAll(Fields.P_ASSERTED_IDENTITY);
    }

    default List<NameAddress> preferredIdentities() {
        return headers().readAll(Fields.P_PREFERRED_IDENTITY);
    }

    /// Service URNs as they are written.
    default List<String> assertedServices() {
        return headers().readAll(Fields.P_ASSERTED_SERVICE);
    }

    /// Service URNs as they are written.
    default List<String> preferredServices() {
        return headers().readAll(Fields.P_PREFERRED_SERVICE);
    }

    default Optional<String> conversationId() {
        return headers().read(Fields.CONVERSATION_ID);
    }

    default Optional<String> contributionId() {
        return headers().read(Fields.CONTRIBUTION_ID);
    }

    default Optional<String> inReplyToContributionId() {
        return headers().read(Fields.IN_REPLY_TO_CONTRIBUTION_ID);
    }

    default Optional<String> messageUid() {
        return headers().read(Fields.MESSAGE_UID);
    }

    default List<Warning> warnings() {
        return headers().readAll(Fields.WARNING);
    }

    default List<Valued> reasons() {
        return headers().readAll(Fields.REASON);
    }

    /// What a SUBSCRIBE or NOTIFY is about: the token is the event package.
    default Optional<Valued> event() {
        return headers().read(Fields.EVENT);
    }

    /// What a NOTIFY says of its subscription: `active`, `pending` or `terminated`.
    default Optional<Valued> subscriptionState() {
        return headers().read(Fields.SUBSCRIPTION_STATE);
    }

    default Optional<RetryAfter> retryAfter() {
        return headers().read(Fields.RETRY_AFTER);
    }

    default Optional<Interval> sessionExpires() {
        return headers().read(Fields.SESSION_EXPIRES);
    }

    default Optional<Interval> minSe() {
        return headers().read(Fields.MIN_SE);
    }

    /// WWW-Authenticate.
    default List<Credentials> challenges() {
        return headers().readAll(Fields.WWW_AUTHENTICATE);
    }

    /// Proxy-Authenticate.
    default List<Credentials> proxyChallenges() {
        return headers().readAll(Fields.PROXY_AUTHENTICATE);
    }

    /// Authorization.
    default List<Credentials> authorizations() {
        return headers().readAll(Fields.AUTHORIZATION);
    }

    /// Proxy-Authorization.
    default List<Credentials> proxyAuthorizations() {
        return headers().readAll(Fields.PROXY_AUTHORIZATION);
    }
}
