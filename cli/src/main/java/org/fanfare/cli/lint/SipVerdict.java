package org.fanfare.cli.lint;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.MessageRules;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.SipStreamDecoder;
import org.fanfare.sip.StatusCode;
import org.fanfare.uri.OpaqueUri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// Judges SIP: first the message by itself, then what any user agent server makes of a good request
/// (RFC 3261 8.2).
final class SipVerdict {

    private static final Set<Method> KNOWN =
            Set.of(
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
                    Method.UPDATE);
    private static final Set<String> EXTENSIONS =
            Set.of("recipient-list-message", "recipient-list-invite", "timer");
    private static final Set<String> BODIES =
            Set.of(
                    "message/cpim",
                    "application/sdp",
                    "application/resource-lists+xml",
                    "text/plain",
                    "message/imdn+xml",
                    "application/pkcs7-mime",
                    "message/external-body",
                    "application/auth-policy+xml",
                    "message/sip");

    private SipVerdict() {}

    static Verdict ofDatagram(Octets octets, Limits limits) {
        try {
            return of(SipParser.parse(octets, limits), limits);
        } catch (MalformedSip fault) {
            return of(fault);
        }
    }

    /// A stream is as good as its first bad message; octets that end in the middle of one are bad
    /// too.
    static Verdict ofStream(Octets octets, Limits limits) {
        var decoder = new SipStreamDecoder(limits);
        var judge = new StreamJudge(limits);
        decoder.feed(octets.asByteBuffer(), judge);
        if (judge.verdict == null && decoder.isInMessage()) {
            throw new MalformedMessage(
                    "the stream ends %d octets into a message".formatted(decoder.pending()),
                    octets.length(),
                    "RFC 3261 18.3");
        }
        return judge.verdict != null
                ? judge.verdict
                : Verdict.good(judge.messages + " SIP messages");
    }

    private static Verdict of(SipMessage message, Limits limits) {
        MessageRules.check(message, limits);
        for (var ignored : MessageRules.ignored(message)) {
            return Verdict.bad(ignored); // a server reads over it; who wrote it should know
        }
        var described = describe(message);
        return switch (message) {
            case SipRequest request -> {
                int status = answerTo(request);
                yield status == 0 ? Verdict.good(described) : Verdict.refusedAs(described, status);
            }
            case SipResponse _ -> Verdict.good(described);
        };
    }

    private static Verdict of(MalformedSip fault) {
        var answerable =
                fault.request()
                        .filter(request -> !request.method().equals(Method.ACK))
                        .filter(request -> request.header("Via").isPresent());
        return answerable.isPresent() ? Verdict.badRequest(fault) : Verdict.bad(fault);
    }

    private static String describe(SipMessage message) {
        return switch (message) {
            case SipRequest request -> "SIP request " + request.method().name();
            case SipResponse response -> "SIP response " + response.status();
        };
    }

    /// The refusal that a server owes whatever its service is, in the order of RFC 3261 8.2; 0 when
    /// there is none.
    private static int answerTo(SipRequest request) {
        if (!KNOWN.contains(request.method())) {
            return StatusCode.NOT_IMPLEMENTED;
        }
        if (request.requestUri() instanceof OpaqueUri) {
            return StatusCode.UNSUPPORTED_URI_SCHEME;
        }
        if (!request.method().equals(Method.ACK)
                && !request.method().equals(Method.CANCEL)
                && !understands(request)) {
            return StatusCode.BAD_EXTENSION;
        }
        var type = request.contentType();
        if (request.body().length() > 0 && type.isPresent() && !isUnderstood(type.get().type())) {
            return StatusCode.UNSUPPORTED_MEDIA_TYPE;
        }
        return accepts(request) ? 0 : StatusCode.NOT_ACCEPTABLE;
    }

    private static boolean understands(SipRequest request) {
        return EXTENSIONS.containsAll(request.headerValues("Require"));
    }

    private static boolean isUnderstood(String type) {
        return BODIES.contains(type)
                || type.startsWith("multipart/")
                || type.startsWith("text/")
                || type.startsWith("image/");
    }

    /// An INVITE is answered with a session description: who does not take one cannot be answered.
    private static boolean accepts(SipRequest request) {
        List<String> accept = request.headerValues("Accept");
        return !request.method().equals(Method.INVITE)
                || accept.isEmpty()
                || accept.stream()
                        .anyMatch(type ->
                                type.startsWith("application/sdp")
                                        || type.startsWith("*/*")
                                        || type.startsWith("application/*"));
    }

    private static final class StreamJudge implements SipStreamDecoder.Listener {

        private final Limits limits;
        private @Nullable Verdict verdict;
        private int messages;

        StreamJudge(Limits limits) {
            this.limits = limits;
        }

        @Override
        public void onMessage(SipMessage message) {
            messages++;
            try {
                MessageRules.check(message, limits);
            } catch (MalformedSip fault) {
                onMalformed(fault);
            }
        }

        @Override
        public void onMalformed(MalformedSip fault) {
            if (verdict == null) {
                verdict = of(fault);
            }
        }
    }
}
