package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.ALICE;
import static org.fanfare.pf.TestMessage.EXPLODER;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What the sender is told of recipients that were not reached (reading 2, references g.4).
class NegativeDeliveryTest {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String DAVE = "sip:dave@home.example";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private List<SipRequest> reports() {
        return network.core.receivedBy(ALICE).stream().map(ScriptedCore.Received::request).toList();
    }

    private static CpimMessage cpim(SipRequest report) {
        return CpimMessage.parse(report.body(), Limits.DEFAULT);
    }

    private static Imdn imdn(SipRequest report) {
        return Imdns.of(cpim(report), Limits.DEFAULT).getFirst();
    }

    @Test
    void eachFailedRecipientIsReportedIfTheSenderAskedForIt() {
        network.core.answers(BOB, 404);
        network.core.answers(DAVE, 486);

        assertThat(network.send(message().recipients(BOB, CAROL, DAVE).asking("negative-delivery")))
                .hasStatus(200);

        assertThat(reports()).hasSize(2);
        assertThat(reports())
                .extracting(report -> imdn(report).recipientUri())
                .containsExactly(BOB, DAVE);
    }

    @Test
    void aReportIsAPagerModeMessageFromTheExploderUri() {
        network.core.answers(BOB, 404);

        network.send(message().recipients(BOB, CAROL).asking("display, negative-delivery"));

        var report = reports().getFirst();
        assertThat(report.from().uri()).hasToString(EXPLODER);
        assertThat(report.header("To")).contains("<" + ALICE + ">");
        assertThat(report.headers().all("P-Asserted-Identity"))
                .containsExactly("<" + EXPLODER + ">");
        assertThat(report.header("Accept-Contact")).contains(TestMessage.FEATURE_TAG);
        assertThat(report.header("P-Asserted-Service"))
                .contains("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
        assertThat(report.header("Conversation-ID"))
                .contains("0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11");
        assertThat(report.header("Contribution-ID"))
                .isPresent()
                .isNotEqualTo(network.core.copyFor(CAROL).header("Contribution-ID"));
        assertThat(report.header("Content-Type")).contains("message/cpim");
        var cpim = cpim(report);
        assertThat(cpim.from().uri()).hasToString(EXPLODER);
        assertThat(cpim.to().getFirst().uri()).hasToString(ALICE);
        assertThat(DispositionRequest.of(cpim).messageId()).hasSizeGreaterThanOrEqualTo(16);
        assertThat(DispositionRequest.of(cpim).wanted()).isEmpty();
        assertThat(imdn(report))
                .isEqualTo(
                        new Imdn(
                                "4f1d0b8e6a2c4e0f9b7a",
                                "2026-03-02T11:15:30.000+01:00",
                                BOB,
                                "",
                                Imdn.Kind.DELIVERY,
                                Imdn.Status.FAILED));
    }

    @Test
    void nobodyIsReportedToASenderWhoDidNotAsk() {
        network.core.answers(BOB, 404);

        network.send(message().recipients(BOB, CAROL).asking("positive-delivery, display"));
        network.send(message().recipients(BOB, CAROL));

        assertThat(reports()).isEmpty();
    }

    @Test
    void nobodyIsReportedWhenThePolicyDoesNotWantIt() {
        network.policy(p -> p.negativeDelivery(false));
        network.core.answers(BOB, 404);

        network.send(message().recipients(BOB, CAROL).asking("negative-delivery"));

        assertThat(reports()).isEmpty();
    }

    @Test
    void whoIsToldThatTheMessageFailedGetsNoReportsBesides() {
        network.core.answers(BOB, 404);

        assertThat(network.send(message().recipients(BOB).asking("negative-delivery")))
                .hasStatus(404);

        assertThat(reports()).isEmpty();
    }

    @Test
    void whoeverTheMessageCameTooLateForIsReportedToo() {
        network.core.when(CAROL, ScriptedCore.silence());
        var sent =
                network.begin(
                        message()
                                .recipients(BOB, CAROL)
                                .header("Expires", "4")
                                .asking("negative-delivery"));
        network.clock.advance(Duration.ofSeconds(20));
        assertThat(sent.answer()).hasStatus(200);

        network.clock.advance(Duration.ofSeconds(12));
        network.core.timeOut(CAROL);

        assertThat(reports()).extracting(r -> imdn(r).recipientUri()).containsExactly(CAROL);
    }

    @Test
    void nothingIsReportedBeforeTheSenderHasHisAnswer() {
        network.core.answers(BOB, 404);
        network.core.when(CAROL, ScriptedCore.silence());
        var sent = network.begin(message().recipients(BOB, CAROL).asking("negative-delivery"));
        assertThat(reports()).isEmpty();

        network.clock.advance(Duration.ofSeconds(20));

        assertThat(sent.answer()).hasStatus(202);
        assertThat(reports()).hasSize(1);
    }

    @Test
    void whoFailsLaterIsReportedLater() { // D1, D2
        network.core.when(BOB, ScriptedCore.silence());
        var sent = network.begin(message().recipients(BOB, CAROL).asking("negative-delivery"));
        network.clock.advance(Duration.ofSeconds(20));
        assertThat(sent.answer()).hasStatus(200);
        assertThat(reports()).isEmpty();

        network.core.answerNow(BOB, 480);

        assertThat(imdn(reports().getFirst()).recipientUri()).isEqualTo(BOB);
    }

    @Test
    void anEntryThatIsNoAddressIsReportedAsItIsWritten() { // L7
        network.send(
                message()
                        .recipients(BOB, "sip:x@y.example;maddr=1.2.3.4")
                        .asking("negative-delivery"));

        assertThat(imdn(reports().getFirst()).recipientUri())
                .isEqualTo("sip:x@y.example;maddr=1.2.3.4");
    }

    @Test
    void reportsGoOutOneAfterTheOther() { // RFC 3428 8
        network.core.answers(BOB, 404);
        network.core.answers(DAVE, 404);
        network.core.when(ALICE, ScriptedCore.silence());

        network.send(message().recipients(BOB, CAROL, DAVE).asking("negative-delivery"));
        assertThat(reports()).hasSize(1);
        network.core.answerNow(ALICE, 200);

        assertThat(reports()).hasSize(2);
    }

    @Test
    void anAnonymousSenderIsReportedToAllTheSame() {
        network.core.answers(BOB, 404);

        network.send(
                message()
                        .recipients(BOB, CAROL)
                        .header("Privacy", "id")
                        .set("From", "<sip:anonymous@anonymous.invalid>;tag=1")
                        .cpimFrom("<sip:anonymous@anonymous.invalid>")
                        .asking("negative-delivery"));

        assertThat(reports()).hasSize(1);
    }

    @Test
    void aReportThatFailsIsNotReported() { // A7
        network.core.answers(BOB, 404);
        network.core.answers(ALICE, 404);

        network.send(message().recipients(BOB, CAROL).asking("negative-delivery"));

        assertThat(reports()).hasSize(1);
    }

    @Test
    void nothingIsReportedAboutANotification() { // A7
        network.core.when(BOB, ScriptedCore.silence());
        var imdn =
                message()
                        .to(BOB)
                        .asking("negative-delivery")
                        .contentType("message/imdn+xml")
                        .text("<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"/>");
        var sent = network.begin(imdn);
        network.clock.advance(Duration.ofSeconds(20));
        assertThat(sent.answer()).hasStatus(202);

        network.core.answerNow(BOB, 404);

        assertThat(reports()).isEmpty();
    }

    @Test
    void aNotificationForTheExploderEndsHere() { // A7
        var answer = network.send(message().contentType("message/imdn+xml").text("<imdn/>"));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.received()).isEmpty();
    }

    @Test
    void aReportComesFromTheAddressThatTheSenderKnows() { // reading 83
        network.core.answers(BOB, 404);

        network.send(
                message()
                        .to("sip:alias@home.example")
                        .recipients(BOB, CAROL)
                        .asking("negative-delivery"));

        assertThat(reports().getFirst().from().uri()).hasToString("sip:alias@home.example");
    }

    @Test
    void whatARestartHasLeftUnreportedIsReportedOnce(@TempDir Path folder)
            throws InterruptedException {
        network.ledger("file:" + folder);
        network.core.answers(BOB, 404);
        network.core.answers(DAVE, 404);
        network.core.when(ALICE, ScriptedCore.silence());
        network.send(message().recipients(BOB, CAROL, DAVE).asking("negative-delivery"));
        network.core.answerNow(ALICE, 200); // of the first; the second waits for its answer
        assertThat(reports()).hasSize(2);
        network.restart();

        network.pf().resumption().takeUpSome();

        assertThat(reports()).hasSize(3);
        assertThat(reports())
                .extracting(report -> imdn(report).recipientUri())
                .containsExactly(BOB, DAVE, DAVE);
        assertThat(reports().get(2).header("Contribution-ID"))
                .isEqualTo(reports().get(1).header("Contribution-ID"));
        assertThat(network.core.receivedBy(BOB)).hasSize(1);
    }
}
