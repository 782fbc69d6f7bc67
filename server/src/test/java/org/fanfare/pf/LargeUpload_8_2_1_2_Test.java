package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.LargeInvite.cpim;
import static org.fanfare.pf.LargeInvite.invite;

import org.fanfare.ledger.OutcomeKind;
import org.fanfare.msrp.SendResult;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/// The content on its way from its sender: what is not whole is delivered to nobody, what is whole
/// is on stable storage before its sender is told.
class LargeUpload_8_2_1_2_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final HeaderField DONE =
            new HeaderField("Reason", "SIP;cause=200;text=\"Call completed\"");
    private static final String TRANSMISSION_FAILED = "SIP;cause=480;text=\"Transmission Failed\"";

    @TempDir private Path folder;

    private LargeNetwork network;

    @BeforeEach
    void open() {
        network = new LargeNetwork(folder);
    }

    @AfterEach
    void close() {
        network.close();
    }

    /// The legs have been told that there will be no more, and nothing was accepted.
    private void nobodyHasIt(LargeInvite invite) {
        for (var leg : network.calls()) {
            assertThat(leg.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
            assertThat(leg.hasWhole()).isFalse();
        }
        assertThat(network.ledger().message(invite.contribution())).isEmpty();
        network.assertNothingLeft();
    }

    @Test
    void legsFollowWhileTheContentComes() throws Exception {
        var content = cpim(300_000);
        var call = network.call(invite().recipients(BOB, CAROL)).connect();
        var sending = call.begin(content.length());

        call.give(content.slice(0, 100_000));
        var bob = network.callTo(BOB);
        var carol = network.callTo(CAROL);
        LargeNetwork.await().until(() -> bob.received() > 60_000 && carol.received() > 60_000);
        assertThat(bob.hasWhole()).isFalse();
        call.give(content.from(100_000));

        assertThat(Called.wait(sending).isComplete()).isTrue();
        assertThat(bob.whole()).isEqualTo(content);
        assertThat(carol.whole()).isEqualTo(content);
        call.hangUp(DONE);
    }

    @Test
    void theLastOctetWaitsUntilTheMessageIsAcceptedAndTheLast200ForTheFirstRecipient() // reading 3
            throws Exception {
        var gate = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer());
        var invite = invite().to(BOB);
        var content = cpim(50_000);
        var call = network.call(invite).connect();
        var sending = call.begin(content.length());

        call.give(content);

        LargeNetwork.await()
                .until(() -> network.ledger().message(invite.contribution()).isPresent());
        assertThat(sending).isNotDone();
        gate.countDown();
        assertThat(Called.wait(sending).isComplete()).isTrue();
        call.hangUp(DONE);
    }

    @Test
    void theLast200DoesNotWaitForEver() throws Exception { // reading 3
        var gate = new CountDownLatch(1);
        network.hold(Duration.ofMillis(200));
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer());
        var invite = invite().to(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(50_000)).isComplete()).isTrue();

        assertThat(call.hangUp(DONE)).hasStatus(200);
        assertThat(network.ledger().message(invite.contribution()).orElseThrow())
                .satisfies(m -> assertThat(m.count(OutcomeKind.PENDING)).isEqualTo(1));
        gate.countDown();
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreOctetsThanAnnouncedAreRefused() throws Exception { // P8
        var invite = invite().recipients(BOB, CAROL).size(50_000);
        var call = network.call(invite).connect();
        network.callTo(BOB).ack();
        network.callTo(CAROL).ack();

        var result = call.send(cpim(50_001));

        assertThat(result.status()).isEqualTo(413);
        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void moreOctetsThanAnnouncedWithoutATotalAreRefusedWhenTheyCome() throws Exception { // P8
        var invite = invite().recipients(BOB).size(50_000);
        var call = network.call(invite).connect();
        var sending = call.begin(-1);

        call.give(cpim(60_000));

        assertThat(Called.wait(sending).status()).isEqualTo(413);
        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void moreOctetsThanTheServerTakesAreRefused() throws Exception { // P8
        network.msrp(l -> l.withMessageOctets(100_000));
        var invite = invite().recipients(BOB).media(m -> m.withFileSelector(null));
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(100_001)).status()).isEqualTo(413);
        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void fewerOctetsThanAnnouncedAreTheMessage() throws Exception { // reading 55
        var invite = invite().recipients(BOB).size(50_000);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(20_000)).isComplete()).isTrue();

        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(20_000));
        call.hangUp(DONE);
    }

    @Test
    void contentOtherThanCpimIsRefused() throws Exception {
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send("image/jpeg", cpim(20_000)).status()).isEqualTo(415);
        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void contentThatOnlySaysThatItIsCpimIsRefusedAtItsEnd() throws Exception {
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send(Octets.utf8("\u0000 nothing of the kind")).status()).isEqualTo(413);
        nobodyHasIt(invite);
    }

    @Test
    void aMessageWithoutAnyContentIsAMessageToo() throws Exception {
        var content =
                Octets.utf8(
                        """
                        From: <sip:alice@home.example>\r
                        To: <sip:exploder@home.example>\r
                        \r
                        Content-Type: text/plain\r
                        \r
                        """);
        var call = network.call(invite().recipients(BOB)).connect();

        assertThat(call.send(content).isComplete()).isTrue();

        assertThat(network.callTo(BOB).whole()).isEqualTo(content);
    }

    @Test
    void whoSignsAsSomebodyElseIsRefused() throws Exception { // B6
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(20_000, "", "sip:mallory@home.example")).status()).isEqualTo(413);
        nobodyHasIt(invite);
    }

    @Test
    void aSenderThatGivesUpTheMessageGivesItUpForAll() throws Exception { // P9
        var invite = invite().recipients(BOB, CAROL);
        var content = cpim(300_000);
        var call = network.call(invite).connect();
        var sending = call.begin(content.length());
        call.give(content.slice(0, 100_000));
        network.callTo(BOB).awaitContent();
        network.callTo(CAROL).awaitContent();

        call.media().abort("enough");

        assertThat(Called.wait(sending).outcome()).isEqualTo(SendResult.Outcome.ABORTED);
        call.bye();
        nobodyHasIt(invite);
    }

    @Test
    void aConnectionOfTheSenderThatIsCutInMidChunkEndsAll() throws Exception {
        var invite = invite().recipients(BOB, CAROL);
        var content = cpim(300_000);
        var call = network.call(invite).connect();
        var _ = call.begin(content.length());
        call.give(content.slice(0, 100_000));
        network.callTo(BOB).awaitContent();
        network.callTo(CAROL).awaitContent();

        call.media().close();

        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void aByeOfTheSenderInMidTransferEndsAll() throws Exception {
        var invite = invite().recipients(BOB, CAROL);
        var content = cpim(300_000);
        var call = network.call(invite).connect();
        var _ = call.begin(content.length());
        call.give(content.slice(0, 100_000));
        network.callTo(BOB).awaitContent();
        network.callTo(CAROL).awaitContent();

        assertThat(call.hangUp(new HeaderField("Reason", TRANSMISSION_FAILED))).hasStatus(200);

        nobodyHasIt(invite);
    }

    @Test
    void aByeBehindTheLastOctetChangesNothing() throws Exception { // reading 3
        var gate = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer());
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();
        var sending = call.begin(50_000);
        call.give(cpim(50_000));
        LargeNetwork.await()
                .until(() -> network.ledger().message(invite.contribution()).isPresent());

        call.hangUp();

        gate.countDown();
        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(50_000));
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
        Called.wait(sending);
    }

    @Test
    void aSenderThatStopsInMidTransferIsGivenUp() throws Exception { // P15
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();
        var _ = call.begin(300_000);
        call.give(cpim(300_000).slice(0, 100_000));
        network.callTo(BOB).awaitContent();
        network.callTo(CAROL).awaitContent();

        network.passTimeUntil(call::hasBye);

        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void aSenderThatTricklesIsGivenUp() throws Exception { // P15
        network.slowestSender(1_000);
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();
        var content = cpim(300_000);
        var _ = call.begin(content.length());
        call.give(content.slice(0, 10_000));
        network.callTo(BOB).awaitContent();
        var left = IntStream.range(10_000, content.length()).iterator();

        network.passTimeUntil(() -> {
            int next = left.nextInt();
            call.give(content.slice(next, next + 1));
            return call.hasBye();
        });

        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void aSlowSenderAboveTheLeastGetsThrough() throws Exception { // P15
        network.slowestSender(30_000);
        var call = network.call(invite().recipients(BOB)).connect();
        var content = cpim(400_000);
        var sending = call.begin(content.length());
        for (int i = 0; i < 9; i++) {
            long least = network.spooled() + 30_000;
            call.give(content.slice(40_000 * i, 40_000 * (i + 1)));
            LargeNetwork.await().until(() -> isThrough(least));
            network.passTime(LargeNetwork.LIMIT);
        }
        call.give(content.from(360_000));

        assertThat(Called.wait(sending).isComplete()).isTrue();
        call.hangUp(DONE);
        assertThat(network.callTo(BOB).whole()).isEqualTo(content);
    }

    /// So much has come from the sender, and Bob has all of it but for the last chunks.
    private boolean isThrough(long octets) {
        long come = network.spooled();
        return come >= octets && network.callTo(BOB).received() > come - 5_000;
    }

    @Test
    void aSenderThatNeverConnectsIsGivenUp() { // P13
        network.watch(Duration.ofMillis(200));
        var invite = invite().recipients(BOB);
        var call = network.call(invite);

        assertThat(call.answer()).hasStatus(200);

        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void aSenderThatConnectsAndSaysNothingIsGivenUp() throws Exception { // P13
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        network.passTimeUntil(call::hasBye);

        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
        nobodyHasIt(invite);
    }

    @Test
    void aSenderThatDoesNotHangUpIsHungUp() throws Exception {
        var call = network.call(invite().recipients(BOB)).connect();

        assertThat(call.send(cpim(20_000)).isComplete()).isTrue();

        network.passTimeUntil(call::hasBye);
        assertThat(call.bye().headers().all("Reason"))
                .containsExactly("SIP;cause=200;text=\"Call completed\"");
    }

    @Test
    void aSecondMessageInTheSessionIsRefused() throws Exception {
        var call = network.call(invite().recipients(BOB)).connect();
        assertThat(call.send(cpim(20_000)).isComplete()).isTrue();

        assertThat(call.send(cpim(20_000)).status()).isEqualTo(413);

        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(20_000));
        call.hangUp(DONE);
    }

    @Test
    void whatWasSentBeforeIsTakenAndGoesNowhere() throws Exception { // D4, reading 77
        var invite = invite().recipients(BOB, CAROL);
        for (int i = 0; i < 3; i++) {
            var call = network.call(invite).connect();
            assertThat(call.send(cpim(20_000)).isComplete()).isTrue();
            assertThat(call.hangUp(DONE)).hasStatus(200);
        }

        assertThat(network.callsTo(BOB)).hasSize(1);
        assertThat(network.callsTo(CAROL)).hasSize(1);
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
    }

    @Test
    void whatNobodyTookBeforeIsRefusedAsBefore() throws Exception { // reading 77
        network.when(BOB, leg -> leg.refusingTheLastChunk(413).answer());
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();
        assertThat(call.send(cpim(20_000)).status()).isEqualTo(413);
        call.bye();

        assertThat(network.call(invite).answer()).hasStatus(480);
        assertThat(network.callsTo(BOB)).hasSize(1);
    }

    @Test
    void aSecondAttemptCallsNobodyWhileTheFirstIsUnderWay() throws Exception { // reading 77
        var invite = invite().recipients(BOB, CAROL);
        var one = network.call(invite).connect();
        var two = network.call(invite);
        var first = one.begin(50_000);
        one.give(cpim(50_000).slice(0, 20_000));
        network.callTo(BOB).awaitContent();
        assertThat(two.isAnswered()).isFalse();
        one.give(cpim(50_000).from(20_000));
        assertThat(Called.wait(first).isComplete()).isTrue();
        one.hangUp(DONE);

        two.connect();
        assertThat(two.send(cpim(50_000)).isComplete()).isTrue();
        two.hangUp(DONE);

        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(50_000));
        assertThat(network.callTo(CAROL).whole()).isEqualTo(cpim(50_000));
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
    }

    @Test
    void aSecondAttemptHasItsTurnWhenTheFirstIsLost() throws Exception { // reading 77
        var invite = invite().recipients(BOB, CAROL);
        var one = network.call(invite).connect();
        var _ = one.begin(50_000);
        one.give(cpim(50_000).slice(0, 20_000));
        network.callTo(BOB).awaitContent();
        network.callTo(CAROL).awaitContent();
        var two = network.call(invite);

        one.media().close();

        two.connect();
        assertThat(two.send(cpim(50_000)).isComplete()).isTrue();
        two.hangUp(DONE);
        assertThat(network.callTo(BOB, 2).whole()).isEqualTo(cpim(50_000));
        assertThat(network.callTo(CAROL, 2).whole()).isEqualTo(cpim(50_000));
        assertThat(network.callsTo(BOB).getFirst().hasWhole()).isFalse();
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
    }

    @Test
    void aSecondAttemptIsToldToComeBackWhenTheFirstGoesOn() throws Exception { // reading 77
        network.watch(Duration.ofDays(1));
        var invite = invite().recipients(BOB);
        var one = network.call(invite).connect();
        var sending = one.begin(50_000);
        one.give(cpim(50_000).slice(0, 20_000));

        var second = network.call(invite);
        network.passTimeUntil(second::isAnswered);

        var two = second.answer();
        assertThat(two).hasStatus(480);
        assertThat(two.headers().all("Retry-After")).hasSize(1);
        assertThat(network.pf().figures().refusals()).containsEntry(480, 1L);
        one.give(cpim(50_000).from(20_000));
        assertThat(Called.wait(sending).isComplete()).isTrue();
        one.hangUp(DONE);
        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(50_000));
    }

    @Test
    void whoGivesUpASecondAttemptDisturbsNeitherTheFirstNorAThird() throws Exception {
        var invite = invite().recipients(BOB);
        var one = network.call(invite).connect();
        var two = network.call(invite);
        var three = network.call(invite);
        two.cancel();
        assertThat(two.ended()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(one.send(cpim(50_000)).isComplete()).isTrue();
        one.hangUp(DONE);

        assertThat(three.connect().send(cpim(50_000)).isComplete()).isTrue();
        three.hangUp(DONE);

        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(50_000));
    }

    @Test
    void otherContentUnderTheSameIdsIsAnotherMessage() throws Exception { // reading 77
        var invite = invite().recipients(BOB);
        var one = network.call(invite).connect();
        assertThat(one.send(cpim(50_000)).isComplete()).isTrue();
        one.hangUp(DONE);

        var two = network.call(invite).connect();
        assertThat(network.callsTo(BOB)).hasSize(1);
        assertThat(two.send(cpim(60_000)).isComplete()).isTrue();
        two.hangUp(DONE);

        assertThat(network.callsTo(BOB).getFirst().whole()).isEqualTo(cpim(50_000));
        assertThat(network.callTo(BOB, 2).whole()).isEqualTo(cpim(60_000));
        assertThat(network.ledger().recent(10)).hasSize(2);
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
    }

    @Test
    void otherContentThatNobodyTakesIsRefused() throws Exception { // reading 77
        network.when(BOB, Called::answer, leg -> leg.refuse(404));
        var invite = invite().recipients(BOB);
        var one = network.call(invite).connect();
        assertThat(one.send(cpim(50_000)).isComplete()).isTrue();
        one.hangUp(DONE);

        var two = network.call(invite).connect();
        assertThat(two.send(cpim(60_000)).status()).isEqualTo(413);
        two.bye();

        assertThat(network.ends(invite)).containsExactly("FAILED 404");
    }

    @Test
    void aFaultBehindTheLedgerLosesNothing() throws Exception {
        network.ledgerThatFailsOnceTo("record");
        network.refuses(BOB, 404);
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();
        LargeNetwork.await()
                .until(() -> network.pf().figures().legs().ended().get(OutcomeKind.FAILED) != null);

        assertThat(call.send(cpim(50_000)).isComplete()).isTrue();
        call.hangUp(DONE);

        assertThat(network.callTo(CAROL).whole()).isEqualTo(cpim(50_000));
        assertThat(network.ends(invite)).containsExactly("FAILED 404", "DELIVERED 200");
    }

    @Test
    void contentThatCannotBeReadNowIsTakenUpLater() throws Exception { // K9
        network.ledger("file:" + folder.resolve("ledger")).hold(Duration.ofMillis(200));
        var gate = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer(), Called::answer);
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();
        assertThat(call.send(cpim(50_000)).isComplete()).isTrue();
        call.hangUp(DONE);
        network.restart();
        gate.countDown();
        var spool = onlyFileOf(folder);
        var aside = Files.move(spool, folder.resolve("aside"));
        Files.createDirectory(spool); // can be opened, not read
        var resumption = network.pf().resumption();

        assertThat(resumption.takeUpSome()).isTrue();
        assertThat(resumption.takeUpSome()).isFalse();
        resumption.giveBack();
        Files.delete(spool);
        Files.move(aside, spool);

        network.leavesThingsBehind(); // the content, until it is looked for again
        assertThat(resumption.takeUpSome()).isTrue();
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
        assertThat(network.callsTo(BOB).getLast().whole()).isEqualTo(cpim(50_000));
    }

    private static Path onlyFileOf(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".spool"))
                    .findAny()
                    .orElseThrow();
        }
    }

    @Test
    void whoGivesUpBeforeTheAnswerLeavesNothing() throws Exception {
        network.when(BOB, Called::ring);
        for (int i = 0; i < 10; i++) {
            var call = network.call(invite().recipients(BOB));
            call.cancel();
            assertThat(call.ended()).isInstanceOf(SessionEnd.Cancelled.class);
        }
        network.assertNothingLeft();
    }

    @Test
    void recipientsThatGotNothingAreReportedToWhoAskedForIt() throws Exception { // reading 2
        network.when(BOB, leg -> leg.refusingChunks(415).answer());
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();
        var imdn =
                """
                NS: imdn <urn:ietf:params:imdn>
                imdn.Message-ID: 4f1d0b8e6a2c4e0f9b7a
                imdn.Disposition-Notification: negative-delivery
                """
                        .replace("\n", "\r\n");

        assertThat(call.send(cpim(50_000, imdn, TestMessage.ALICE)).isComplete()).isTrue();
        call.hangUp(DONE);

        LargeNetwork.await().until(() -> network.messages().size() == 1);
        var report = network.messages().getFirst();
        assertThat(report.requestUri()).hasToString(TestMessage.ALICE);
        assertThat(report.encoded().utf8())
                .contains("4f1d0b8e6a2c4e0f9b7a")
                .contains("sip:bob@home.example")
                .contains("<failed/>");
    }
}
