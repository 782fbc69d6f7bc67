package org.fanfare.sip.digest;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.wire.MalformedMessage;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Challenges requests and checks the answers (RFC 3261 22, RFC 8760). Keeps no state for a
/// challenge that nobody answers; each count of a nonce is good for one request (I13).
public final class DigestServer {

    private final Settings settings;
    private final CredentialsSource credentials;
    private final Nonces nonces;

    /// Who challenges: each has its own status and header fields (RFC 3261 22.2, 22.3).
    public enum Challenger {
        /// 401, WWW-Authenticate, Authorization.
        SERVER,
        /// 407, Proxy-Authenticate, Proxy-Authorization.
        PROXY
    }

    /// How a server challenges.
    ///
    /// @param algorithms offered and taken, the best first; no other is taken
    /// @param qops offered and taken
    /// @param nonceLife after which a client is asked to answer a new nonce
    /// @param mostNonces that are in use and remembered; beyond it older ones turn stale early
    public record Settings(
            Challenger challenger,
            String realm,
            List<DigestAlgorithm> algorithms,
            List<Qop> qops,
            Duration nonceLife,
            int mostNonces) {

        public Settings {
            algorithms = List.copyOf(algorithms);
            qops = List.copyOf(qops);
            if (algorithms.isEmpty() || qops.isEmpty() || mostNonces < 1) {
                throw new IllegalArgumentException(
                        "digest: expected an algorithm, a qop and at least one nonce");
            }
        }

        /// SHA-256 alone, for method and URI; nonces live five minutes.
        public static Settings of(Challenger challenger, String realm) {
            return new Settings(
                    challenger,
                    realm,
                    List.of(DigestAlgorithm.SHA_256),
                    List.of(Qop.AUTH),
                    Duration.ofMinutes(5),
                    100_000);
        }

        /// MD5 too, for clients that know nothing else (RFC 8760 3).
        public Settings withMd5() {
            return withAlgorithms(List.of(DigestAlgorithm.SHA_256, DigestAlgorithm.MD5));
        }

        public Settings withAlgorithms(List<DigestAlgorithm> others) {
            return new Settings(challenger, realm, others, qops, nonceLife, mostNonces);
        }

        public Settings withQops(List<Qop> others) {
            return new Settings(challenger, realm, algorithms, others, nonceLife, mostNonces);
        }

        public Settings withNonces(Duration life, int most) {
            return new Settings(challenger, realm, algorithms, qops, life, most);
        }
    }

    /// What came of a request.
    public sealed interface Verdict {}

    /// Its sender knows the password of this user.
    public record Verified(String user) implements Verdict {}

    /// Its sender must answer a challenge.
    ///
    /// @param response the 401 or 407, without a tag in To
    /// @param stale the password was right, the nonce too old or used
    public record Challenged(SipResponse response, boolean stale) implements Verdict {}

    public DigestServer(Settings settings, CredentialsSource credentials) {
        this(settings, credentials, InstantSource.system(), new SecureRandom());
    }

    /// With another clock and source of nonces.
    public DigestServer(
            Settings settings,
            CredentialsSource credentials,
            InstantSource clock,
            RandomGenerator random) {
        this.settings = settings;
        this.credentials = credentials;
        nonces = new Nonces(clock, random, settings.nonceLife(), settings.mostNonces());
    }

    /// Checks the credentials of a request for our realm. Call it once for each request: the second
    /// time it is a replay.
    public Verdict check(SipRequest request) {
        var answer = answerIn(request);
        if (answer.isEmpty() || !isRight(answer.get(), request)) {
            return challenge(request, false);
        }
        return switch (nonces.judge(answer.get().nonce())) {
            case FOREIGN -> challenge(request, false);
            case STALE -> challenge(request, true);
            case FRESH ->
                    nonces.use(answer.get().nonce(), count(answer.get()))
                            ? new Verified(answer.get().user())
                            : challenge(request, true);
        };
    }

    /// Without nc every use is the first: such a nonce is good once.
    private static long count(DigestAnswer answer) {
        var protection = answer.protection();
        return protection == null ? 1 : protection.nonceCount();
    }

    private Optional<DigestAnswer> answerIn(SipRequest request) {
        for (var value : request.headers().all(answerField())) {
            try {
                var answer = DigestAnswer.parse(value).filter(this::isForUs);
                if (answer.isPresent()) {
                    return answer;
                }
            } catch (MalformedMessage _) {
                // As good as none: it is asked for again.
            }
        }
        return Optional.empty();
    }

    private boolean isForUs(DigestAnswer answer) {
        var protection = answer.protection();
        return answer.realm().equals(settings.realm())
                && settings.algorithms().contains(answer.algorithm())
                && (protection == null || settings.qops().contains(protection.qop()));
    }

    private boolean isRight(DigestAnswer answer, SipRequest request) {
        var ha1 = credentials.ha1(answer.algorithm(), answer.user(), settings.realm());
        // For a user nobody knows the same work is done: the time tells nothing.
        var expected =
                answer.expectedResponse(
                        ha1.orElse(answer.algorithm().hash("")),
                        request.method().name(),
                        request.body());
        return DigestAlgorithm.sameText(expected, answer.response()) && ha1.isPresent();
    }

    private Challenged challenge(SipRequest request, boolean stale) {
        var response = request.answer(status());
        var nonce = nonces.issue();
        for (var algorithm : settings.algorithms()) {
            var challenge =
                    new DigestChallenge(
                            settings.realm(), nonce, algorithm, "", settings.qops(), stale);
            response.header(challengeField(), challenge);
        }
        return new Challenged(response.build(), stale);
    }

    private int status() {
        return switch (settings.challenger()) {
            case SERVER -> StatusCode.UNAUTHORIZED;
            case PROXY -> StatusCode.PROXY_AUTHENTICATION_REQUIRED;
        };
    }

    private String challengeField() {
        return switch (settings.challenger()) {
            case SERVER -> HeaderName.WWW_AUTHENTICATE;
            case PROXY -> HeaderName.PROXY_AUTHENTICATE;
        };
    }

    private String answerField() {
        return switch (settings.challenger()) {
            case SERVER -> HeaderName.AUTHORIZATION;
            case PROXY -> HeaderName.PROXY_AUTHORIZATION;
        };
    }
}
