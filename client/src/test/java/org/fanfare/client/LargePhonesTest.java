package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.mime.MediaType;
import org.fanfare.sip.Method;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

/// What simulated phones do with large messages, as the sender sees it.
class LargePhonesTest {

    private static final int OCTETS = 300_000;

    private final BlockingQueue<Octets> shown = new LinkedBlockingQueue<>();
    private ScriptedPeer core;

    @BeforeEach
    void openCore() throws Exception {
        core = ScriptedPeer.answering(200);
    }

    @AfterEach
    void closeCore() {
        core.close();
    }

    private PhoneFleet phones(int count, PhoneScript script) throws Exception {
        return PhoneFleet.builder(core.hop(TransportProtocol.TCP), "home.example")
                .count(count)
                .script(script)
                .onMessage((_, message) -> shown.add(message.content()))
                .start();
    }

    /// Where the phones are, as the only one that registers says.
    private Hop where(PhoneFleet phones) throws Exception {
        phones.phones().getFirst().registration().register(Duration.ofHours(1));
        var contact = core.next().contacts().getFirst().asAddress().orElseThrow();
        return Hop.parse(((SipUri) contact.uri()).hostPort() + ";transport=tcp");
    }

    private static OutgoingMessage.Builder picture() {
        var content = Octets.of(new byte[OCTETS]);
        return OutgoingMessage.of(Payload.of(MediaType.of("image", "png"), content));
    }

    /// Sends a picture to the only phone.
    private SendResult send(PhoneFleet phones) throws Exception {
        try (var alice = CpmClient.builder(SETTINGS, where(phones)).start()) {
            return alice.send(picture().to(phones.uris().getFirst()).build());
        }
    }

    private SendResult sendTo(PhoneScript script) throws Exception {
        try (var phones = phones(1, script)) {
            return send(phones);
        }
    }

    private static PhoneScript with(LargeScript large) {
        return PhoneScript.FRIENDLY.withLarge(large);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFriendlyPhoneTakesItAllWhoeverConnects(boolean active) throws Exception {
        try (var phones = phones(1, with(LargeScript.FRIENDLY.withActive(active)))) {
            assertThat(send(phones).explanation()).isEqualTo("200 Call completed");

            assertThat(shown.take()).isEqualTo(Octets.of(new byte[OCTETS]));
            assertThat(phones.counts().messages()).isEqualTo(1);
            assertThat(phones.counts().large()).isEqualTo(1);
            assertThat(phones.counts().octets()).isGreaterThan(OCTETS);
            await().untilAsserted(
                            () -> assertThat(phones.counts().answers()).containsEntry(200, 1L));
        }
    }

    @Test
    void manyPhonesTakeTheirsAtTheSameTime() throws Exception {
        int count = 40;
        try (var phones = phones(count, PhoneScript.FRIENDLY);
                var alice = CpmClient.builder(SETTINGS, where(phones)).start()) {
            var transfers =
                    IntStream.range(0, count)
                            .mapToObj(i ->
                                    alice.begin(
                                            picture().to(phones.uris().get(i)).build(),
                                            TransferListener.SILENT))
                            .toList();
            for (var transfer : transfers) {
                assertThat(transfer.await().isSuccess()).isTrue();
            }
            await().until(() -> phones.counts().large() == count);
            await().untilAsserted(() ->
                    assertThat(phones.counts().answers()).containsEntry(200, (long) count));
        }
    }

    @Test
    void anInviteIsRefusedByTheScript() throws Exception {
        assertThat(sendTo(PhoneScript.FRIENDLY.withAnswer(486)).status()).isEqualTo(486);
        assertThat(shown).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 413, 415, 481, 501})
    void aChunkIsRefusedByTheScript(int status) throws Exception {
        var result = sendTo(with(LargeScript.FRIENDLY.withMishap(status + "@100000")));

        assertThat(result.status()).isEqualTo(480);
        assertThat(result.reason()).contains("Failed: " + status);
        assertThat(shown).isEmpty();
    }

    @Test
    void aSlowPhoneHoldsItsSenderBack() throws Exception {
        long began = System.nanoTime();
        var result = sendTo(with(LargeScript.FRIENDLY.withOctetsPerSecond(1_000_000)));

        assertThat(result.isSuccess()).isTrue();
        assertThat(System.nanoTime() - began).isGreaterThan(290_000_000L);
    }

    @Test
    void aConnectionIsCutInTheMiddle() throws Exception {
        try (var phones = phones(1, with(LargeScript.FRIENDLY.withMishap("cut@100000")))) {
            assertThat(send(phones).status()).isEqualTo(480);

            assertThat(phones.counts().octets()).isBetween(100_000L, (long) OCTETS);
            assertThat(shown).isEmpty();
        }
    }

    @Test
    void aByeComesInTheMiddle() throws Exception {
        // It connects when it has seen the ACK, for which a BYE of its own would have to wait.
        var script = LargeScript.FRIENDLY.withActive(true).withMishap("bye@100000");
        try (var phones = phones(1, with(script))) {
            assertThat(send(phones).status()).isEqualTo(480);

            var bye = core.next(); // the phone sends it to its core
            assertThat(bye.method()).isEqualTo(Method.BYE);
            assertThat(shown).isEmpty();
        }
    }

    @Test
    void aPhoneThatNeverConnectsIsGivenUp() throws Exception {
        var impatient =
                LargeMessageSettings.DEFAULT.withTimes(
                        Duration.ofMillis(100), Duration.ofSeconds(10));
        try (var phones = phones(1, with(LargeScript.FRIENDLY.withMishap("never")));
                var alice = CpmClient.builder(SETTINGS, where(phones)).large(impatient).start()) {
            var result = alice.send(picture().to(phones.uris().getFirst()).build());

            assertThat(result.status()).isEqualTo(480);
            assertThat(result.reason()).contains("not bound in time");
        }
    }

    @Test
    void aPhoneMayConnectLate() throws Exception {
        var late = LargeScript.FRIENDLY.withConnectDelay(Duration.ofMillis(200));

        assertThat(sendTo(with(late)).explanation()).isEqualTo("200 Call completed");
    }

    @Test
    void mishapsAreReadAsTheyAreWritten() {
        var script = LargeScript.FRIENDLY;

        assertThat(script.withMishap("413"))
                .isEqualTo(script.withMishap(new LargeScript.Mishap.RefuseChunk(413), 0));
        assertThat(script.withMishap("cut@5"))
                .isEqualTo(script.withMishap(new LargeScript.Mishap.Cut(), 5));
        assertThat(script.withMishap("bye@5").mishap()).isEqualTo(new LargeScript.Mishap.Bye());
        assertThat(script.withMishap("never").active()).isTrue();
        for (var wrong : List.of("", "x", "413@", "413@x", "cut@1@2", "200", "99999")) {
            assertThatThrownBy(() -> script.withMishap(wrong))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
