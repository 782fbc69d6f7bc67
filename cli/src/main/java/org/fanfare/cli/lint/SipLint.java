package org.fanfare.cli.lint;

import org.fanfare.sip.ContentType;
import org.fanfare.sip.Method;
import org.fanfare.sip.ServerCapabilities;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.util.List;

/// Judges SIP as a server does that knows every method of the RFCs, and the content of messages and
/// calls.
final class SipLint {

    private static final ServerCapabilities SERVER =
            ServerCapabilities.DEFAULT
                    .withMethods(
                            List.of(
                                    Method.INVITE,
                                    Method.ACK,
                                    Method.BYE,
                                    Method.CANCEL,
                                    Method.OPTIONS,
                                    Method.REGISTER,
                                    Method.MESSAGE,
                                    Method.SUBSCRIBE,
                                    Method.NOTIFY,
                                    Method.PUBLISH,
                                    Method.REFER,
                                    Method.INFO,
                                    Method.PRACK,
                                    Method.UPDATE))
                    .withContentTypes(
                            List.of(
                                    ContentType.of("message/*"),
                                    ContentType.of("multipart/*"),
                                    ContentType.of("text/*"),
                                    ContentType.of("image/*"),
                                    ContentType.of("application/sdp"),
                                    ContentType.of("application/pkcs7-mime"),
                                    ContentType.of("application/resource-lists+xml"),
                                    ContentType.of("application/auth-policy+xml")));

    private SipLint() {}

    static Verdict ofDatagram(Octets octets, Limits limits) {
        var verdict = org.fanfare.sip.Verdict.ofDatagram(octets, SERVER, limits);
        return verdict.valid()
                ? Verdict.of(verdict, describe(SipParser.parse(octets, limits)))
                : Verdict.of(verdict, verdict.reason());
    }

    private static String describe(SipMessage message) {
        return switch (message) {
            case SipRequest request -> "SIP request " + request.method().name();
            case SipResponse response -> "SIP response " + response.status();
        };
    }

    /// A stream is as good as its first bad message.
    static Verdict ofStream(Octets octets, Limits limits) {
        var verdicts = org.fanfare.sip.Verdict.ofStream(octets, SERVER, limits);
        return verdicts.stream()
                .filter(verdict -> !verdict.valid())
                .findFirst()
                .map(verdict -> Verdict.of(verdict, verdict.reason()))
                .orElseGet(() -> Verdict.good(verdicts.size() + " SIP messages"));
    }
}
