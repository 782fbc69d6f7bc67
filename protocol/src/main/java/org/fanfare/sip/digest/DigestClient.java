package org.fanfare.sip.digest;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Answers the challenges of one realm, and of no other (I12). Keeps the last one, so that the
/// requests after it need not be challenged again. For any thread.
public final class DigestClient {

    private final String realm;
    private final String user;
    private final String password;
    private final RandomGenerator random;
    private @Nullable Known proxy;
    private @Nullable Known server;

    /// A challenge with the number of its uses.
    private static final class Known {

        private final DigestChallenge challenge;
        private long uses;

        Known(DigestChallenge challenge) {
            this.challenge = challenge;
        }
    }

    public DigestClient(String realm, String user, String password) {
        this(realm, user, password, new SecureRandom());
    }

    /// With another source of client nonces.
    public DigestClient(String realm, String user, String password, RandomGenerator random) {
        this.realm = realm;
        this.user = user;
        this.password = password;
        this.random = random;
    }

    /// The request again with credentials for the challenges in a 401 or 407, and the next CSeq
    /// (RFC 3261 22.2). Empty when there is none that we can answer, or the credentials were
    /// refused already.
    ///
    /// @param request as it was given to the transaction layer, without its Via
    public Optional<SipRequest> answer(SipRequest request, SipResponse refusal) {
        var challenge = strongest(refusal);
        if (challenge.isEmpty()) {
            return Optional.empty();
        }
        boolean byProxy = refusal.status() == StatusCode.PROXY_AUTHENTICATION_REQUIRED;
        if (!challenge.get().stale() && isAnswered(request, byProxy)) {
            return Optional.empty();
        }
        remember(challenge.get(), byProxy);
        var cseq = request.cseq();
        var again =
                request.toBuilder().set(HeaderName.CSEQ, cseq.number() + 1 + " " + cseq.method());
        return Optional.of(withCredentials(again.build()));
    }

    /// Of our realm, the one with the best algorithm: a stronger one than the topmost is a local
    /// policy that RFC 8760 2.4 allows, and an MD5 put on top then gains nothing.
    private Optional<DigestChallenge> strongest(SipResponse refusal) {
        var name =
                switch (refusal.status()) {
                    case StatusCode.UNAUTHORIZED -> HeaderName.WWW_AUTHENTICATE;
                    case StatusCode.PROXY_AUTHENTICATION_REQUIRED -> HeaderName.PROXY_AUTHENTICATE;
                    default -> "";
                };
        return name.isEmpty() ? Optional.empty() : strongest(refusal.headers().all(name));
    }

    private Optional<DigestChallenge> strongest(List<String> values) {
        return values.stream()
                .flatMap(value -> DigestChallenge.parse(value).stream())
                .filter(challenge -> challenge.realm().equals(realm))
                .min(Comparator.comparing(DigestChallenge::algorithm));
    }

    private boolean isAnswered(SipRequest request, boolean byProxy) {
        return answersIn(request, byProxy).stream()
                .anyMatch(answer -> answer.realm().equals(realm));
    }

    private static List<DigestAnswer> answersIn(SipRequest request, boolean byProxy) {
        var answers = new ArrayList<DigestAnswer>();
        for (var value : request.headers().all(fieldFor(byProxy))) {
            try {
                DigestAnswer.parse(value).ifPresent(answers::add);
            } catch (MalformedMessage _) {
                // Not one of ours.
            }
        }
        return answers;
    }

    private static String fieldFor(boolean byProxy) {
        return byProxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION;
    }

    private synchronized void remember(DigestChallenge challenge, boolean byProxy) {
        if (byProxy) {
            proxy = new Known(challenge);
        } else {
            server = new Known(challenge);
        }
    }

    /// The request with credentials for what challenged us before, if anything did.
    public SipRequest withCredentials(SipRequest request) {
        var first = next(false);
        var second = next(true);
        if (first.isEmpty() && second.isEmpty()) {
            return request;
        }
        var builder = request.toBuilder();
        first.ifPresent(use -> builder.set(fieldFor(false), answer(use, request)));
        second.ifPresent(use -> builder.set(fieldFor(true), answer(use, request)));
        return builder.build();
    }

    /// A challenge and how often it was used, this time included.
    private record Use(DigestChallenge challenge, long count) {}

    private synchronized Optional<Use> next(boolean byProxy) {
        var known = byProxy ? proxy : server;
        if (known == null) {
            return Optional.empty();
        }
        known.uses++;
        return Optional.of(new Use(known.challenge, known.uses));
    }

    private DigestAnswer answer(Use use, SipRequest request) {
        return answer(
                use.challenge(),
                use.count(),
                request.method(),
                request.requestUriText(),
                request.body());
    }

    /// The answer to one challenge.
    ///
    /// @param count how often its nonce is used, this time included
    public DigestAnswer answer(
            DigestChallenge challenge, long count, Method method, String uri, Octets body) {
        var qop = qop(challenge);
        var protection =
                qop == null ? null : new DigestAnswer.Protection(qop, clientNonce(), count);
        var ha1 = challenge.algorithm().ha1(user, realm, password);
        var response =
                DigestAnswer.response(
                        challenge.algorithm(),
                        ha1,
                        challenge.nonce(),
                        protection,
                        method.name(),
                        uri,
                        body);
        return new DigestAnswer(
                user,
                challenge.realm(),
                challenge.nonce(),
                uri,
                response,
                challenge.algorithm(),
                challenge.opaque(),
                protection);
    }

    /// Only the method and the URI, unless the server insists on the body.
    private static @Nullable Qop qop(DigestChallenge challenge) {
        if (challenge.qops().isEmpty()) {
            return null;
        }
        return challenge.qops().contains(Qop.AUTH) ? Qop.AUTH : Qop.AUTH_INT;
    }

    private String clientNonce() {
        return HexFormat.of().toHexDigits(random.nextLong())
                + HexFormat.of().toHexDigits(random.nextLong());
    }
}
