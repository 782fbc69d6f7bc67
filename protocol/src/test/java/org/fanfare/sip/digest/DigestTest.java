package org.fanfare.sip.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.digest.DigestServer.Challenged;
import org.fanfare.sip.digest.DigestServer.Challenger;
import org.fanfare.sip.digest.DigestServer.Settings;
import org.fanfare.sip.digest.DigestServer.Verdict;
import org.fanfare.sip.digest.DigestServer.Verified;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Client and server against each other.
class DigestTest {

    private static final String REALM = "home.example";
    private static final Settings SETTINGS = Settings.of(Challenger.SERVER, REALM);

    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final DigestClient alice = new DigestClient(REALM, "alice", "secret");

    private DigestServer server(Settings settings) {
        return new DigestServer(
                settings,
                CredentialsSource.ofPasswords(Map.of("alice", "secret", "b\"ob\\", "p:w")),
                () -> now,
                new Random(1));
    }

    private static SipRequest message() {
        return SipRequest.builder(Method.MESSAGE, Uri.parse("sip:bob@home.example"))
                .header(HeaderName.VIA, "SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKd")
                .header(HeaderName.FROM, "<sip:alice@home.example>;tag=a")
                .header(HeaderName.TO, "<sip:bob@home.example>")
                .header(HeaderName.CALL_ID, "c1")
                .header(HeaderName.CSEQ, "7 MESSAGE")
                .body("text/plain", Octets.utf8("hello"))
                .build();
    }

    private static SipResponse challenge(DigestServer server, SipRequest request) {
        var verdict = server.check(request);
        assertThat(verdict).isInstanceOf(Challenged.class);
        return ((Challenged) verdict).response();
    }

    private static SipRequest answer(DigestClient client, SipRequest request, SipResponse refusal) {
        return client.answer(request, refusal).orElseThrow();
    }

    private static void isStale(Verdict verdict, boolean stale) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Challenged.class, c -> assertThat(c.stale()).isEqualTo(stale));
    }

    @ParameterizedTest
    @EnumSource(Challenger.class)
    void whoKnowsThePasswordIsVerified(Challenger challenger) {
        var server = server(Settings.of(challenger, REALM));
        var refusal = challenge(server, message());
        assertThat(refusal.status()).isEqualTo(challenger == Challenger.SERVER ? 401 : 407);
        var again = answer(alice, message(), refusal);
        assertThat(again.cseq().number()).isEqualTo(8);
        assertThat(server.check(again)).isEqualTo(new Verified("alice"));
    }

    @ParameterizedTest
    @EnumSource(DigestAlgorithm.class)
    void everyAlgorithmAndQualityOfProtectionWorks(DigestAlgorithm algorithm) {
        for (var qop : Qop.values()) {
            var server = server(SETTINGS.withAlgorithms(List.of(algorithm)).withQops(List.of(qop)));
            var again = answer(alice, message(), challenge(server, message()));
            assertThat(again.header(HeaderName.AUTHORIZATION).orElseThrow())
                    .contains("qop=" + qop.token() + ",");
            assertThat(server.check(again)).isEqualTo(new Verified("alice"));
        }
    }

    @Test
    void authIntCoversTheBody() {
        var server = server(SETTINGS.withQops(List.of(Qop.AUTH_INT)));
        var again = answer(alice, message(), challenge(server, message()));
        var changed = again.toBuilder().body(Octets.utf8("other")).build();
        isStale(server.check(changed), false);
        assertThat(server.check(again)).isEqualTo(new Verified("alice"));
    }

    @Test
    void aWrongPasswordUserMethodOrUriIsChallengedAgain() {
        var server = server(SETTINGS);
        var refusal = challenge(server, message());
        var mallory = new DigestClient(REALM, "alice", "guess");
        isStale(server.check(answer(mallory, message(), refusal)), false);
        var nobody = new DigestClient(REALM, "nobody", "secret");
        isStale(server.check(answer(nobody, message(), refusal)), false);
        var good = answer(alice, message(), refusal);
        isStale(server.check(good.toBuilder().method(Method.OPTIONS).build()), false);
        var text = good.header(HeaderName.AUTHORIZATION).orElseThrow();
        var otherUri = text.replace("uri=\"sip:bob@", "uri=\"sip:eve@");
        isStale(
                server.check(good.toBuilder().set(HeaderName.AUTHORIZATION, otherUri).build()),
                false);
        assertThat(server.check(good)).isEqualTo(new Verified("alice"));
    }

    @Test
    void aNameWithQuotesAndColonsIsWrittenAndReadAgain() {
        var server = server(SETTINGS);
        var bob = new DigestClient(REALM, "b\"ob\\", "p:w");
        var again = answer(bob, message(), challenge(server, message()));
        assertThat(server.check(again)).isEqualTo(new Verified("b\"ob\\"));
    }

    // I13
    @Test
    void theSameCredentialsTwiceAreAReplay() {
        var server = server(SETTINGS);
        var again = answer(alice, message(), challenge(server, message()));
        assertThat(server.check(again)).isEqualTo(new Verified("alice"));
        isStale(server.check(again), true);
    }

    @Test
    void oneNonceServesManyRequestsEachWithItsCountInAnyOrder() {
        var server = server(SETTINGS);
        server.check(answer(alice, message(), challenge(server, message())));
        var second = alice.withCredentials(message());
        var third = alice.withCredentials(message());
        assertThat(server.check(third)).isEqualTo(new Verified("alice"));
        assertThat(server.check(second)).isEqualTo(new Verified("alice"));
        isStale(server.check(second), true);
        isStale(server.check(third), true);
    }

    // I13: RFC 2069 clients have no count, so a nonce is good once
    @Test
    void withoutQopANonceIsGoodOnce() {
        var server = server(SETTINGS.withMd5());
        var nonce =
                DigestChallenge.parse(
                                challenge(server, message())
                                        .headers()
                                        .all(HeaderName.WWW_AUTHENTICATE)
                                        .get(1))
                        .orElseThrow()
                        .nonce();
        var algorithm = DigestAlgorithm.MD5;
        var response =
                DigestAnswer.response(
                        algorithm,
                        algorithm.ha1("alice", REALM, "secret"),
                        nonce,
                        null,
                        "MESSAGE",
                        "sip:bob@home.example",
                        Octets.EMPTY);
        var answer =
                new DigestAnswer(
                        "alice",
                        REALM,
                        nonce,
                        "sip:bob@home.example",
                        response,
                        algorithm,
                        "",
                        null);
        var request = message().toBuilder().header(HeaderName.AUTHORIZATION, answer).build();
        assertThat(server.check(request)).isEqualTo(new Verified("alice"));
        isStale(server.check(request), true);
    }

    @Test
    void anOldNonceIsStaleAndTheClientTriesAgainByItself() {
        var server = server(SETTINGS.withNonces(Duration.ofMinutes(5), 10));
        var again = answer(alice, message(), challenge(server, message()));
        now = now.plus(Duration.ofMinutes(5));
        assertThat(server.check(again)).isEqualTo(new Verified("alice"));
        now = now.plusMillis(1);
        var late = alice.withCredentials(message());
        var verdict = server.check(late);
        isStale(verdict, true);
        var third = answer(alice, late, ((Challenged) verdict).response());
        assertThat(server.check(third)).isEqualTo(new Verified("alice"));
    }

    @Test
    void aNonceOfAnotherServerIsNoNonce() {
        var again = answer(alice, message(), challenge(server(SETTINGS), message()));
        var other =
                new DigestServer(
                        SETTINGS,
                        CredentialsSource.ofPasswords(Map.of("alice", "secret")),
                        () -> now,
                        new Random(2));
        isStale(other.check(again), false);
    }

    // 3.4: memory is bounded at N; what is forgotten turns stale, never fresh
    @Test
    void beyondTheMostNoncesTheOldestTurnsStale() {
        var server = server(SETTINGS.withNonces(Duration.ofMinutes(5), 2));
        var first = used(server);
        now = now.plusMillis(1);
        var second = used(server);
        now = now.plusMillis(1);
        assertThat(server.check(first.withCredentials(message()))).isEqualTo(new Verified("alice"));
        assertThat(server.check(second.withCredentials(message())))
                .isEqualTo(new Verified("alice"));
        var third = used(server);
        isStale(server.check(first.withCredentials(message())), true);
        assertThat(server.check(second.withCredentials(message())))
                .isEqualTo(new Verified("alice"));
        assertThat(server.check(third.withCredentials(message()))).isEqualTo(new Verified("alice"));
    }

    /// A client whose nonce the server remembers.
    private static DigestClient used(DigestServer server) {
        var client = new DigestClient(REALM, "alice", "secret");
        var again = answer(client, message(), challenge(server, message()));
        assertThat(server.check(again)).isEqualTo(new Verified("alice"));
        return client;
    }

    // A1: a challenge costs no memory
    @Test
    void challengesThatNobodyAnswersAreNotRemembered() {
        var server = server(SETTINGS.withNonces(Duration.ofMinutes(5), 1));
        var client = used(server);
        for (int i = 0; i < 100; i++) {
            challenge(server, message());
        }
        assertThat(server.check(client.withCredentials(message())))
                .isEqualTo(new Verified("alice"));
    }

    // RFC 8760 2.3, 2.4
    @Test
    void severalChallengesComeStrongestFirstAndTheStrongestIsAnswered() {
        var server = server(SETTINGS.withMd5());
        var refusal = challenge(server, message());
        assertThat(refusal.headers().all(HeaderName.WWW_AUTHENTICATE))
                .hasSize(2)
                .first()
                .asString()
                .contains("algorithm=SHA-256");
        assertThat(answer(alice, message(), refusal).header(HeaderName.AUTHORIZATION).orElseThrow())
                .contains("algorithm=SHA-256");
    }

    // RFC 8760 3: the order is not what protects against a downgrade
    @Test
    void anMd5OnTopOfASha256IsNotTaken() {
        var refusal =
                message()
                        .answer(401)
                        .header(
                                HeaderName.WWW_AUTHENTICATE,
                                "Digest realm=\"home.example\", nonce=\"n\", qop=\"auth\","
                                        + " algorithm=MD5")
                        .header(
                                HeaderName.WWW_AUTHENTICATE,
                                "Digest realm=\"home.example\", nonce=\"n\", qop=\"auth\","
                                        + " algorithm=SHA-256")
                        .build();
        assertThat(answer(alice, message(), refusal).header(HeaderName.AUTHORIZATION).orElseThrow())
                .contains("algorithm=SHA-256");
    }

    // I13
    @Test
    void md5IsNotTakenWhereItIsNotOffered() {
        var weak = server(SETTINGS.withAlgorithms(List.of(DigestAlgorithm.MD5)));
        var again = answer(alice, message(), challenge(weak, message()));
        isStale(server(SETTINGS).check(again), false);
    }

    // I12
    @Test
    void aChallengeOfAnotherRealmIsNotAnswered() {
        var other = server(Settings.of(Challenger.SERVER, "evil.example"));
        assertThat(alice.answer(message(), challenge(other, message()))).isEmpty();
    }

    @Test
    void credentialsThatWereRefusedAreNotSentAgain() {
        var server = server(SETTINGS);
        var mallory = new DigestClient(REALM, "alice", "guess");
        var again = answer(mallory, message(), challenge(server, message()));
        assertThat(mallory.answer(again, challenge(server, again))).isEmpty();
    }

    // RFC 8760 2.4
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic realm=\"home.example\"",
                "Digest realm=\"home.example\", nonce=\"n\", algorithm=SHA-1024",
                "Digest realm=\"home.example\", nonce=\"n\", algorithm=MD5-sess",
                "Digest realm=\"home.example\", nonce=\"n\", qop=\"other\"",
                "Digest realm=\"home.example\"",
                "Digest nonce=\"n\"",
                "Digest realm=\"home.example, nonce=\"n\"",
                "Digest realm=\"home.example\", nonce=\"n\", nonce=\"m\"",
                "Digest",
                "Digest ,,"
            })
    void aChallengeThatIsNotUnderstoodIsIgnored(String value) {
        var refusal = message().answer(401).header(HeaderName.WWW_AUTHENTICATE, value).build();
        assertThat(alice.answer(message(), refusal)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Digest username=\"alice\"",
                "Digest username=\"alice\", realm=\"home.example\", nonce=\"n\", uri=\"sip:b\","
                        + " response=\"0\", qop=auth, cnonce=\"c\", nc=1",
                "Digest username=\"alice\", realm=\"home.example\", nonce=\"n\", uri=\"sip:b\","
                        + " response=\"0\", qop=auth, cnonce=\"c\", nc=-0000001",
                "Digest username=\"alice\" realm=\"home.example\"",
                "Digest ="
            })
    void credentialsThatCannotBeReadAreAsGoodAsNone(String value) {
        assertThatThrownBy(() -> DigestAnswer.parse(value)).isInstanceOf(MalformedMessage.class);
        var request = message().toBuilder().header(HeaderName.AUTHORIZATION, value).build();
        isStale(server(SETTINGS).check(request), false);
    }

    @Test
    void ofSeveralCredentialsThoseOfOurRealmCount() {
        var server = server(SETTINGS);
        var again = answer(alice, message(), challenge(server, message()));
        var both =
                again.toBuilder()
                        .prepend(
                                HeaderName.AUTHORIZATION,
                                "Digest username=\"x\", realm=\"y\", nonce=\"n\", uri=\"sip:b\","
                                        + " response=\"0\"")
                        .build();
        assertThat(server.check(both)).isEqualTo(new Verified("alice"));
    }
}
