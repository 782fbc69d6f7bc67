package org.fanfare.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.Contact;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.digest.CredentialsSource;
import org.fanfare.sip.digest.DigestClient;
import org.fanfare.sip.transport.TransportProtocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// REGISTER at the embedded core (RFC 3261 10.3).
class RegistrarTest {

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-03-02T10:15:30Z"));
    private EmbeddedCore core;
    private Phone alice;

    @BeforeEach
    void start() throws Exception {
        start(CoreSettings.lab("home.example"));
    }

    private void start(CoreSettings settings) throws Exception {
        core = new EmbeddedCore(settings, (InstantSource) now::get);
        core.start();
        alice = new Phone("sip:alice@home.example", 200, core, TransportProtocol.UDP);
    }

    private void restart(CoreSettings settings) throws Exception {
        stop();
        start(settings);
    }

    @AfterEach
    void stop() {
        alice.close();
        core.close();
    }

    private static long expires(SipResponse response, String user) {
        return response.contacts().stream()
                .map(contact -> (Contact.Address) contact)
                .filter(contact -> contact.uri().toString().startsWith("sip:" + user + "@"))
                .findFirst()
                .orElseThrow()
                .expires()
                .orElseThrow();
    }

    @Test
    void aContactIsBoundForTheTimeAskedForAndShown() throws Exception {
        var answer =
                alice.send(
                        alice.register()
                                .header(
                                        "Contact",
                                        "<sip:a@127.0.0.1:9>;q=0.5;+x=\"y\";expires=600"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Contact").orElseThrow())
                .startsWith("<sip:a@127.0.0.1:9>")
                .contains("q=0.5", "+x=\"y\"", "expires=600");
        assertThat(answer.header("Date")).contains("Mon, 02 Mar 2026 10:15:30 GMT");
    }

    @Test
    void nobodyOfAnotherDomainRegistersAUserWhereNobodyProvesWhoHeIs() throws Exception {
        var answer =
                alice.send(
                        alice.register()
                                .set("From", "<sip:mallory@elsewhere.example>;tag=f1")
                                .header("Contact", "<sip:a@127.0.0.1:9>"));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(alice.send(alice.register()).contacts()).isEmpty();
    }

    @Test
    void severalContactsOfAUserAreKept() throws Exception {
        alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>"));
        var answer =
                alice.send(
                        alice.register()
                                .header("Contact", "<sip:b@127.0.0.1:9>, <sip:c@127.0.0.1:9>"));

        assertThat(answer.contacts()).hasSize(3);
    }

    @Test
    void withoutContactTheBindingsAreShownWithTheTimeThatIsLeft() throws Exception {
        alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>;expires=600"));
        now.updateAndGet(t -> t.plusSeconds(100));

        assertThat(expires(alice.send(alice.register()), "a")).isEqualTo(500);
    }

    @Test
    void anExpiredBindingIsGone() throws Exception {
        alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>;expires=600"));
        now.updateAndGet(t -> t.plusSeconds(600));

        assertThat(alice.send(alice.register()).contacts()).isEmpty();
    }

    @Test
    void theHeaderCountsWhereTheContactSaysNothingAndTheDefaultWhereNobodyDoes() throws Exception {
        var answer =
                alice.send(
                        alice.register()
                                .header("Expires", "700")
                                .header(
                                        "Contact",
                                        "<sip:a@127.0.0.1:9>, <sip:b@127.0.0.1:9>;expires=800"));
        assertThat(expires(answer, "a")).isEqualTo(700);
        assertThat(expires(answer, "b")).isEqualTo(800);

        var byDefault = alice.send(alice.register().header("Contact", "<sip:c@127.0.0.1:9>"));
        assertThat(expires(byDefault, "c")).isEqualTo(3600);
    }

    @Test
    void aLongTimeIsShortened() throws Exception {
        var answer =
                alice.send(
                        alice.register()
                                .header("Contact", "<sip:a@127.0.0.1:9>;expires=4294967295"));

        assertThat(expires(answer, "a")).isEqualTo(Duration.ofHours(24).toSeconds());
    }

    @Test
    void aTimeBelowTheMinimumIsRefusedWith423AndTheMinimumIsNot() throws Exception {
        var refused =
                alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>;expires=59"));
        assertThat(refused.status()).isEqualTo(423);
        assertThat(refused.header("Min-Expires")).contains("60");
        assertThat(alice.send(alice.register()).contacts()).isEmpty();

        var taken =
                alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>;expires=60"));
        assertThat(taken.status()).isEqualTo(200);
    }

    @Test
    void aContactWithExpires0IsRemoved() throws Exception {
        alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>, <sip:b@127.0.0.1:9>"));
        var answer =
                alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>;expires=0"));

        assertThat(answer.contacts()).singleElement().asString().contains("sip:b@");
    }

    @Test
    void theStarRemovesAll() throws Exception {
        alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>, <sip:b@127.0.0.1:9>"));
        var answer = alice.send(alice.register().header("Contact", "*").header("Expires", "0"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contacts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3600", ""})
    void theStarNeedsExpires0(String expires) throws Exception {
        var request = alice.register().header("Contact", "*");
        if (!expires.isEmpty()) {
            request.header("Expires", expires);
        }

        assertThat(alice.send(request).status()).isEqualTo(400);
    }

    @Test
    void theStarGoesAlone() throws Exception {
        var answer =
                alice.send(
                        alice.register()
                                .header("Contact", "*")
                                .header("Contact", "<sip:a@127.0.0.1:9>")
                                .header("Expires", "0"));

        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void anOvertakenRequestOfTheSameCallIdChangesNothing() throws Exception {
        var contact = "<sip:a@127.0.0.1:9>";
        alice.send(
                alice.register()
                        .set("Call-ID", "one")
                        .set("CSeq", "5 REGISTER")
                        .header("Contact", contact + ";expires=700"));

        var late =
                alice.send(
                        alice.register()
                                .set("Call-ID", "one")
                                .set("CSeq", "4 REGISTER")
                                .header("Contact", contact + ";expires=0"));

        assertThat(late.status()).isEqualTo(500);
        assertThat(expires(alice.send(alice.register()), "a")).isEqualTo(700);
    }

    @Test
    void allContactsOfARequestAreBoundOrNone() throws Exception {
        var answer =
                alice.send(
                        alice.register()
                                .header(
                                        "Contact",
                                        "<sip:a@127.0.0.1:9>;expires=600,"
                                                + " <sip:b@127.0.0.1:9>;expires=1"));

        assertThat(answer.status()).isEqualTo(423);
        assertThat(alice.send(alice.register()).contacts()).isEmpty();
    }

    @Test
    void tenContactsAreTakenAndElevenAreNot() throws Exception {
        for (int i = 1; i <= Registrar.MAX_CONTACTS; i++) {
            var answer =
                    alice.send(alice.register().header("Contact", "<sip:c" + i + "@127.0.0.1:9>"));
            assertThat(answer.status()).isEqualTo(200);
        }

        var oneMore = alice.send(alice.register().header("Contact", "<sip:more@127.0.0.1:9>"));
        assertThat(oneMore.status()).isEqualTo(403);
        assertThat(alice.send(alice.register()).contacts()).hasSize(Registrar.MAX_CONTACTS);
    }

    @Test
    void usersAreLimited() throws Exception {
        restart(CoreSettings.lab("home.example").withMaxUsers(2));
        alice.send(alice.register().header("Contact", "<sip:a@127.0.0.1:9>"));
        try (var bob = new Phone("sip:bob@home.example", 200, core, TransportProtocol.UDP);
                var carol = new Phone("sip:carol@home.example", 200, core, TransportProtocol.UDP)) {
            bob.registered();

            var refused = carol.send(carol.register().header("Contact", carol.contact()));
            assertThat(refused.status()).isEqualTo(503);
            assertThat(
                            alice.send(alice.register().header("Contact", "<sip:b@127.0.0.1:9>"))
                                    .status())
                    .isEqualTo(200);
            assertThat(core.users()).isEqualTo(2);
        }
    }

    @Test
    void aTelephoneNumberIsOneUserInAllItsSpellings() throws Exception {
        alice.send(
                alice.register()
                        .set("To", "<tel:+49-151-1>")
                        .header("Contact", "<sip:a@127.0.0.1:9>"));

        var shown = alice.send(alice.register().set("To", "<sip:+491511@home.example;user=phone>"));
        assertThat(shown.contacts()).hasSize(1);
        assertThat(alice.send(alice.register().set("To", "<sip:+491511@home.example>")).contacts())
                .hasSize(1);
    }

    @Test
    void anotherDomainIsNotServed() throws Exception {
        var answer = alice.send(alice.register().set("To", "<sip:alice@other.example>"));

        assertThat(answer.status()).isEqualTo(404);
    }

    @Test
    void whatTheRequestDemandsIsNotSupported() throws Exception {
        var answer = alice.send(alice.register().header("Require", "gruu"));

        assertThat(answer.status()).isEqualTo(420);
        assertThat(answer.header("Unsupported")).contains("gruu");
    }

    @Test
    void nobodyRegistersWhereThereAreNoUsers() throws Exception {
        restart(CoreSettings.lab("home.example").withUsers(new UserSource.None(), "home.example"));

        assertThat(alice.send(alice.register()).status()).isEqualTo(403);
    }

    private static CoreSettings withPasswords() {
        var source = CredentialsSource.ofPasswords(Map.of("alice", "secret", "bob", "bobs secret"));
        return CoreSettings.lab("home.example")
                .withUsers(new UserSource.Digest(source), "home.example");
    }

    private SipResponse answered(DigestClient digest, SipRequest.Builder request)
            throws InterruptedException {
        var first = request.build();
        var challenge = alice.peer().send(first, alice.coreHop());
        assertThat(challenge.status()).isEqualTo(401);
        return alice.peer().send(digest.answer(first, challenge).orElseThrow(), alice.coreHop());
    }

    @Test
    void withPasswordsAUserRegistersByDigest() throws Exception {
        restart(withPasswords());
        var digest = new DigestClient("home.example", "alice", "secret");

        var answer = answered(digest, alice.register().header("Contact", "<sip:a@127.0.0.1:9>"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contacts()).hasSize(1);
    }

    @Test
    void aWrongPasswordIsChallengedAgain() throws Exception {
        restart(withPasswords());

        var answer = answered(new DigestClient("home.example", "alice", "?"), alice.register());

        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void nobodyRegistersForSomebodyElse() throws Exception {
        restart(withPasswords());
        var bob = new DigestClient("home.example", "bob", "bobs secret");

        assertThat(answered(bob, alice.register()).status()).isEqualTo(403);
    }
}
