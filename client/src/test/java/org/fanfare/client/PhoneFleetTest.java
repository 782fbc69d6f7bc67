package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

/// Simulated phones, with a scripted peer in the place of the core.
class PhoneFleetTest {

    private static final Uri ALICE = Uri.parse("sip:alice@home.example");

    private ScriptedPeer core;

    @BeforeEach
    void openCore() throws Exception {
        core = ScriptedPeer.answering(200);
    }

    @AfterEach
    void closeCore() {
        core.close();
    }

    private PhoneFleet.Builder fleet() {
        return PhoneFleet.builder(core.hop(TransportProtocol.UDP), "home.example");
    }

    /// The contact that the only phone has registered.
    private SipUri contact(PhoneFleet phones) throws InterruptedException {
        phones.register(Duration.ofHours(1));
        var contact = core.next().contacts().getFirst().asAddress().orElseThrow();
        return (SipUri) contact.uri();
    }

    private static Hop hop(SipUri contact) {
        return Hop.parse(contact + ";transport=udp");
    }

    private static SipRequest message(Uri requestUri, String contribution) {
        var cpim =
                CpimMessage.builder()
                        .from(CpimAddress.of(ALICE))
                        .to(CpimAddress.of(requestUri))
                        .content(Payload.text("Hello"))
                        .build();
        return Requests.start(
                        Method.MESSAGE,
                        requestUri,
                        NameAddress.of(ALICE),
                        requestUri,
                        Tokens.secure())
                .header("Contribution-ID", contribution)
                .body("message/cpim", cpim.toOctets())
                .build();
    }

    @Test
    void aPhoneIsToldByTheUserOfItsContact() throws Exception {
        try (var phones = fleet().count(3).start()) {
            var contact = contact(phones);

            assertThat(core.send(message(contact.withUser("phone2"), "c"), hop(contact)).status())
                    .isEqualTo(200);
            assertThat(core.send(message(contact.withUser("phone4"), "c"), hop(contact)).status())
                    .isEqualTo(404);
            assertThat(phones.counts().messages()).isEqualTo(1);
        }
    }

    @Test
    void aMessageThatComesTwiceIsADuplicate() throws Exception {
        try (var phones = fleet().start()) {
            var contact = contact(phones);

            core.send(message(contact, "c1"), hop(contact));
            core.send(message(contact, "c1"), hop(contact));
            core.send(message(contact, "c2"), hop(contact));

            await().untilAsserted(() -> assertThat(phones.counts().duplicates()).isEqualTo(1));
            assertThat(phones.counts().answers()).isEqualTo(Map.of(200, 3L));
        }
    }

    @Test
    void aSilentPhoneDoesNotAnswer() throws Exception {
        try (var phones = fleet().script(PhoneScript.FRIENDLY.withSilentPercent(100)).start()) {
            var contact = contact(phones);

            core.start(message(contact, "c"), hop(contact));

            await().untilAsserted(() -> assertThat(phones.counts().silent()).isEqualTo(1));
            assertThat(phones.counts().answers()).isEmpty();
        }
    }

    @Test
    void aSlowPhoneTakesItsTime() throws Exception {
        var script = PhoneScript.FRIENDLY.withDelay(Duration.ofMillis(300));
        try (var phones = fleet().script(script).start()) {
            var contact = contact(phones);

            long start = System.nanoTime();
            core.send(message(contact, "c"), hop(contact));

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void whatCannotBeReadIsRefused() throws Exception {
        try (var phones = fleet().start()) {
            var contact = contact(phones);
            var broken =
                    message(contact, "c").toBuilder()
                            .body("message/cpim", Octets.utf8("nothing"))
                            .build();

            assertThat(core.send(broken, hop(contact)).status()).isEqualTo(400);
            assertThat(phones.counts().answers()).isEqualTo(Map.of(400, 1L));
        }
    }

    @Test
    void thoseThatCannotRegisterAreNamed() throws Exception {
        core.script(request ->
                request.answer(request.to().uri().toString().contains("phone2") ? 403 : 200));
        try (var phones = fleet().count(3).start()) {
            var registered = phones.register(Duration.ofHours(1));

            assertThat(registered.registered()).isEqualTo(2);
            assertThat(registered.failures())
                    .singleElement()
                    .satisfies(state -> assertThat(state.status()).isEqualTo(403));
        }
    }

    @Test
    void aFleetHasAtLeastOnePhone() {
        assertThatThrownBy(() -> fleet().count(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> fleet().phonesPerSocket(0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
