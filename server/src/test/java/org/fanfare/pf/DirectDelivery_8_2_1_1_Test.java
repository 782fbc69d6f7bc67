package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.ALICE;
import static org.fanfare.pf.TestMessage.EXPLODER;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;
import java.util.Set;

/// Direct delivery at the end of 8.2.1.1: what one device of a user sends, the others show.
class DirectDelivery_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String GRUU = "sip:alice@home.example;gr=urn:uuid:tablet";

    /// Sends: its address is that of the last Via.
    private static final Device PHONE = device("phone", "sip:alice@198.51.100.7:5060");

    private static final Device TABLET = device("tablet", "sip:alice@198.51.100.8:5060");
    private static final Device WATCH = device("watch", "sip:alice@198.51.100.9:5060");

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private static Device device(String name, String contact) {
        return new Device(
                Uri.parse(contact),
                Optional.empty(),
                "urn:uuid:" + name,
                Set.of(ServiceId.MSG),
                Optional.empty());
    }

    private static Device with(Device device, String gruu, String release, ServiceId... services) {
        return new Device(
                device.contact(),
                Optional.of(gruu).filter(g -> !g.isEmpty()).map(Uri::parse),
                device.instance(),
                services.length == 0 ? device.services() : Set.of(services),
                Optional.of(release).filter(r -> !r.isEmpty()).map(ReleaseVersion::parse));
    }

    private void awaitSent(int copies) {
        await().untilAsserted(() ->
                assertThat(network.pf().directDelivery().byOutcome())
                        .containsEntry("delivered", (long) copies));
    }

    private void awaitSkipped() {
        await().untilAsserted(() ->
                assertThat(network.pf().directDelivery().byOutcome()).containsEntry("skipped", 1L));
        assertThat(network.core.uris()).containsExactly(BOB);
    }

    @Clause({
        "8.2.1.1/dd.check",
        "8.2.1.1/dd.send",
        "8.2.1.1/dd.1.off",
        "8.2.1.1/dd.2.else",
        "8.2.1.1/dd.3",
        "8.2.1.1/dd.3.i",
        "8.2.1.1/dd.3.ii",
        "8.2.1.1/dd.3.iii",
        "8.2.1.1/dd.3.iv",
        "8.2.1.1/dd.3.iv.b",
        "8.2.1.1/dd.3.iv.b.i.address",
        "8.2.1.1/dd.3.iv.b.ii",
        "8.2.1.1/dd.3.iv.b.ii.tags",
        "8.2.1.1/dd.core"
    })
    @Test
    void eachOtherDeviceGetsTheMessageAsItCameMarkedAsSent() throws Exception {
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, TABLET, WATCH);
        var message =
                message()
                        .recipients(BOB, CAROL)
                        .header("Subject", "Lunch")
                        .header("X-Unknown", "kept")
                        .asking("positive-delivery");

        assertThat(network.send(message)).hasStatus(200);
        awaitSent(2);

        var copies = network.core.receivedBy(ALICE);
        assertThat(copies)
                .extracting(r -> r.request().headers().all("Accept-Contact").getLast())
                .containsExactlyInAnyOrder(
                        "*;+sip.instance=\"<urn:uuid:tablet>\";explicit;require",
                        "*;+sip.instance=\"<urn:uuid:watch>\";explicit;require");
        var copy = copies.getFirst().request();
        assertThat(copy.headers().all("Accept-Contact")) // reading 64
                .hasSize(2)
                .first()
                .isEqualTo(TestMessage.FEATURE_TAG);
        assertThat(copy.header("Subject")).contains("Lunch");
        assertThat(copy.header("X-Unknown")).contains("kept");
        assertThat(copy.header("User-Agent")).contains("CPM-client/OMA2.2");
        assertThat(copy.to().uri()).hasToString(EXPLODER);
        assertThat(copy.header("Contribution-ID"))
                .isEqualTo(network.core.copyFor(BOB).header("Contribution-ID"));
        assertThat(copy.headers().has("Require")).isFalse();
        assertThat(copy.header("Content-Type")).contains("message/cpim");
        var cpim = CpimMessage.parse(copy.body(), Limits.DEFAULT);
        assertThat(cpim.header(CpimHeader.CPM_NAMESPACE, "Message-Direction")).contains("sent");
        assertThat(copy.body().utf8().replaceAll("(NS: cpm|cpm\\.).*\r\n", ""))
                .isEqualTo(message.cpim());
        // neither a recipient nor twice in the ledger
        var id = copy.header("Contribution-ID").orElseThrow();
        assertThat(network.ledger().message(id).orElseThrow().recipients()).isEqualTo(2);
    }

    @Clause("8.2.1.1/dd.3.iv.b.i")
    @Test
    void aDeviceWithAGruuIsAddressedByIt() {
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, with(TABLET, GRUU, ""));

        network.send(message().to(BOB));
        awaitSent(1);

        assertThat(network.core.copyFor(GRUU).headers().all("Accept-Contact"))
                .containsExactly(TestMessage.FEATURE_TAG);
    }

    @Clause({"8.2.1.1/dd.3.i", "8.2.1.1/dd.3.iv.b"})
    @Test
    void whatWasSaidAboutDevicesOfOthersIsNotCopiedWhateverItsForm() { // M15
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, with(TABLET, GRUU, ""));

        network.send(
                message()
                        .to(BOB)
                        .header("a", "*;+sip.instance=\"<urn:uuid:bobs>\";require")
                        .header("d", "no-fork")
                        .header("Max-Breadth", "60")
                        .header("j", "*;+sip.instance=\"<urn:uuid:tablet>\""));
        awaitSent(1);

        var headers = network.core.copyFor(GRUU).headers();
        assertThat(headers.all("Accept-Contact")).containsExactly(TestMessage.FEATURE_TAG);
        assertThat(headers.all("Max-Breadth")).containsExactly("10");
        assertThat(headers.has("Request-Disposition")).isFalse();
        assertThat(headers.has("Reject-Contact")).isFalse();
    }

    @Clause({"8.2.1.1/dd.1", "8.2.1.1/dd.2"})
    @ParameterizedTest
    @ValueSource(strings = {"", "OMA1.0"})
    void nobodyGetsItWhereNoOtherDeviceFollowsTheRelease(String release) {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));
        network.directDelivery(
                DirectDeliveryWay.DEVICES, with(PHONE, "", "OMA2.2"), with(TABLET, "", release));

        network.send(message().to(BOB));

        awaitSkipped();
    }

    @Clause({"8.2.1.1/dd.1", "8.2.1.1/dd.2"})
    @Test
    void norByWayOfTheCore() {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));
        network.directDelivery(DirectDeliveryWay.CORE, with(PHONE, "", "OMA2.2"), TABLET);

        network.send(message().to(BOB));

        awaitSkipped();
    }

    @Clause({"8.2.1.1/dd.1", "8.2.1.1/dd.2.else"})
    @Test
    void theDevicesThatFollowTheReleaseGetIt() {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, with(TABLET, "", "OMA2.1"), WATCH);

        network.send(message().to(BOB));
        awaitSent(1);

        assertThat(network.core.copyFor(ALICE).headers().all("Accept-Contact").getLast())
                .contains("urn:uuid:tablet");
    }

    @Clause("8.2.1.1/dd.3.iv.a")
    @Test
    void theCoreGetsOneToForkButForTheDeviceThatSent() {
        network.directDelivery(DirectDeliveryWay.CORE);

        network.send(
                message()
                        .to(BOB)
                        .header(
                                "Contact",
                                "<sip:alice@198.51.100.7>;+sip.instance=\"<urn:uuid:phone>\""));
        awaitSent(1);

        var copy = network.core.copyFor(ALICE);
        assertThat(copy.headers().all("Accept-Contact")).containsExactly(TestMessage.FEATURE_TAG);
        assertThat(copy.headers().all("Reject-Contact"))
                .containsExactly("*;+sip.instance=\"<urn:uuid:phone>\"");
    }

    @Clause("8.2.1.1/dd.3.iv.a")
    @Test
    void theDeviceThatSentIsKnownByWhereItSendsFrom() {
        network.directDelivery(DirectDeliveryWay.CORE, PHONE, TABLET);

        network.send(message().to(BOB));
        awaitSent(1);

        assertThat(network.core.copyFor(ALICE).headers().all("Reject-Contact"))
                .containsExactly("*;+sip.instance=\"<urn:uuid:phone>\"");
        assertThat(network.lookups()).isOne(); // it may wait
    }

    @Clause("8.2.1.1/dd.3.iv.a")
    @Test
    void theCoreGetsNothingToForkWhereNobodyKnowsWhichDeviceSent() {
        network.directDelivery(DirectDeliveryWay.CORE, TABLET, WATCH);

        network.send(message().to(BOB));

        awaitSkipped();
    }

    @Clause("8.2.1.1/dd.send")
    @Test
    void aDeviceThatTakesNoMessagesGetsNone() {
        network.directDelivery(
                DirectDeliveryWay.DEVICES, PHONE, with(TABLET, "", "", ServiceId.SESSION));

        network.send(message().to(BOB));

        awaitSkipped();
    }

    @Clause("8.2.1.1/dd.3.iv.b")
    @Test
    void nobodyGetsItWhereNobodyKnowsWhichDeviceSent() {
        network.directDelivery(DirectDeliveryWay.DEVICES, TABLET, WATCH);

        network.send(message().to(BOB));

        awaitSkipped();
    }

    @Clause("8.2.1.1/dd.check")
    @Test
    void aDeviceThatRefusesChangesNothingForTheSender() {
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, TABLET);
        network.core.answers(ALICE, 404);
        network.interworking();

        assertThat(network.send(message().to(BOB))).hasStatus(200);

        await().untilAsserted(() ->
                assertThat(network.pf().directDelivery().byOutcome()).containsEntry("failed", 1L));
        assertThat(network.core.receivedBy(ALICE)).hasSize(1);
    }

    @Clause("8.2.1.1/dd.check")
    @Test
    void whatNoRecipientHasTakenIsNotShownAsSent() {
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, TABLET);
        network.core.answers(BOB, 486);

        assertNobodyButBobGetsIt(486);
    }

    /// Copies go out beside the answer: those of the first messages would be out before the last.
    private void assertNobodyButBobGetsIt(int status) {
        for (int i = 0; i < 30; i++) {
            assertThat(network.send(message().to(BOB))).hasStatus(status);
        }
        assertThat(network.core.uris()).hasSize(30).containsOnly(BOB);
    }

    @Clause("8.2.1.1/dd.3.ii")
    @Test
    void whatCannotBeMarkedAsSentIsNotShown() { // B16
        network.directDelivery(DirectDeliveryWay.DEVICES, PHONE, TABLET);
        var sealed = message().recipients(BOB).withoutCpim().part("application/pkcs7-mime", "x");

        assertThat(network.send(sealed)).hasStatus(200);

        awaitSkipped();
    }

    @Clause("8.2.1.1/dd.check.off")
    @Test
    void nothingOfItWhereTheProviderDoesNotWantIt() {
        network.directDelivery(DirectDeliveryWay.OFF, PHONE, TABLET);

        assertNobodyButBobGetsIt(200);
    }
}
