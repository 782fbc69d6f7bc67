package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.pf.ManualClock;
import org.fanfare.pf.ScriptedCore;
import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Hop;
import org.fanfare.testing.Clause;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

class FanOutTest {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";

    private final ManualClock clock = new ManualClock();
    private final ScriptedCore core = new ScriptedCore();
    private FanOutSettings settings = FanOutSettings.defaults(ScriptedCore.HOP, "pf.example:5062");
    private final TreeMap<String, Delivery> deliveries = new TreeMap<>();
    private int messages;

    private FanOut fanOut() {
        return new FanOut(settings, core, clock, new Random(1));
    }

    private static LegTemplate template(int message) {
        return LegTemplate.builder(
                        new byte[] {(byte) message, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5})
                .text("MESSAGE ")
                .place(Place.RECIPIENT)
                .text(" SIP/2.0\r\n")
                .place(Place.VIA)
                .place(Place.BRANCH)
                .text("\r\n")
                .place(Place.ROUTE)
                .text("Max-Forwards: 70\r\nFrom: <sip:alice@home.example>;tag=")
                .place(Place.FROM_TAG)
                .text("\r\nTo: <")
                .place(Place.RECIPIENT)
                .text(">\r\nCall-ID: ")
                .place(Place.CALL_ID)
                .text("\r\nCSeq: ")
                .place(Place.SEQUENCE_NUMBER)
                .text(" MESSAGE\r\nContribution-ID: c" + message + "\r\nContent-Length: ")
                .place(Place.CONTENT_LENGTH)
                .text("\r\n\r\n")
                .body()
                .octets(Octets.utf8("hello"))
                .build();
    }

    private Distribution message(String... recipients) {
        return message(Distribution.Recipients.all(List.of(recipients)));
    }

    private Distribution message(Distribution.Recipients recipients) {
        return message(recipients, Duration.ofHours(24));
    }

    private Distribution message(Distribution.Recipients recipients, Duration life) {
        int number = messages++;
        return new Distribution(
                new MessageRef(number),
                template(number),
                recipients,
                clock.nanoTime() + life.toNanos(),
                (_, uri, delivery, _) -> deliveries.put(number + " " + uri, delivery));
    }

    private static String[] users(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "sip:" + prefix + i + "@home.example")
                .toArray(String[]::new);
    }

    @Test
    void everyRecipientGetsOneCopyInTheOrderOfTheList() {
        fanOut().start(message(users("u", 1000)));

        assertThat(core.uris()).containsExactly(users("u", 1000));
        assertThat(deliveries.values()).hasSize(1000).containsOnly(new Delivery.Delivered(200));
    }

    @Test
    void whatHasEndedBeforeIsNotSentAgain() {
        var ended = new BitSet();
        ended.set(0);
        ended.set(2, 4);
        var recipients = new Distribution.Recipients(List.of(users("u", 5)), 1000, ended);

        fanOut().start(message(recipients));

        assertThat(core.uris()).containsExactly("sip:u1@home.example", "sip:u4@home.example");
    }

    @Test
    void onlyAWindowOfLegsIsOpenAtFirst() { // reading 73
        for (var uri : users("u", 200)) {
            core.when(uri, ScriptedCore.silence());
        }

        fanOut().start(message(users("u", 200)));
        assertThat(core.received()).hasSize(50);
        core.answerNow("sip:u7@home.example", 200);

        assertThat(core.received()).hasSize(51);
    }

    @Test
    void silentRecipientsDoNotHoldUpTheOthers() { // D1
        var users = users("u", 100);
        for (int i = 0; i < 60; i++) {
            core.when(users[i], ScriptedCore.silence());
        }
        fanOut().start(message(users));
        assertThat(core.received()).hasSize(50);

        clock.advance(Duration.ofMillis(500));

        assertThat(core.received()).hasSize(100);
        assertThat(deliveries).hasSize(40);
    }

    @Test
    void aShortListIsNotHeldUpByALongOne() { // O3
        for (var uri : users("long", 1000)) {
            core.when(uri, ScriptedCore.silence());
        }
        var fanOut = fanOut();
        fanOut.start(message(users("long", 1000)));
        fanOut.start(message(BOB, CAROL));
        assertThat(core.received()).hasSize(50);

        core.answerNow("sip:long0@home.example", 200);
        core.answerNow("sip:long1@home.example", 200);
        core.answerNow("sip:long2@home.example", 200);
        core.answerNow("sip:long3@home.example", 200);

        assertThat(core.uris()).contains(BOB, CAROL);
    }

    @Test
    void oneMessageCannotOpenAllLegsThatThereAre() {
        settings = settings.withMostOpen(100);
        for (var uri : users("long", 1000)) {
            core.when(uri, ScriptedCore.silence());
        }
        var fanOut = fanOut();
        fanOut.start(message(users("long", 1000)));
        clock.advance(Duration.ofSeconds(10));
        assertThat(core.received()).hasSizeBetween(70, 90);

        fanOut.start(message(BOB, CAROL));

        assertThat(deliveries).containsOnlyKeys("1 " + BOB, "1 " + CAROL);
    }

    @Test
    void neverTwoMessagesArePendingAtOneRecipient() { // RFC 3428 8, A4
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        fanOut.start(message(BOB));
        fanOut.start(message("sip:%62ob@HOME.example", CAROL));

        assertThat(core.uris()).containsExactly(BOB, CAROL);
        core.answerNow(BOB, 200);

        assertThat(core.uris()).containsExactly(BOB, CAROL, "sip:%62ob@HOME.example");
    }

    @Test
    void whoWaitsForARecipientComesInTheOrderOfArrival() {
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        for (int i = 0; i < 4; i++) {
            fanOut.start(message(BOB));
        }
        for (int i = 0; i < 4; i++) {
            assertThat(core.received()).hasSize(i + 1);
            core.answerNow(BOB, 200);
        }
        assertThat(core.received())
                .extracting(r -> r.request().header("Contribution-ID").orElseThrow())
                .containsExactly("c0", "c1", "c2", "c3");
    }

    @Test
    void notEverybodyMayWaitForOneRecipient() { // A4
        settings = settings.withMostWaitingAtRecipient(2);
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        for (int i = 0; i < 4; i++) {
            fanOut.start(message(BOB, CAROL));
        }

        assertThat(core.receivedBy(BOB)).hasSize(1);
        assertThat(core.receivedBy(CAROL)).hasSize(4);
        assertThat(deliveries.get("3 " + BOB))
                .isInstanceOfSatisfying(
                        Delivery.Failed.class,
                        failed -> assertThat(failed.status()).isEqualTo(480));
    }

    @Test
    void anAnswerThatComesAfterTheLegWasGivenUpCountsAndEndsTheTrying() { // D7
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        fanOut.start(message(BOB));
        var branch = core.receivedBy(BOB).getFirst().request().topBranch().ascii();
        core.timeOut(BOB);

        fanOut.late(branch, 200);
        fanOut.late(branch, 200);
        clock.advance(Duration.ofMinutes(20));

        assertThat(core.receivedBy(BOB)).hasSize(1);
        assertThat(deliveries.values()).containsExactly(new Delivery.Delivered(200));
        assertThat(fanOut.figures().ended()).containsOnly(Map.entry(OutcomeKind.DELIVERED, 1L));
    }

    @Test
    void aLateAnswerEndsItAlsoWhileTheNextAttemptIsUnderWay() { // D7
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        fanOut.start(message(BOB));
        var branch = core.receivedBy(BOB).getFirst().request().topBranch().ascii();
        core.timeOut(BOB);
        clock.advance(Duration.ofSeconds(2));
        assertThat(core.receivedBy(BOB)).hasSize(2);

        fanOut.late(branch, 202);
        core.timeOut(BOB);
        clock.advance(Duration.ofMinutes(20));

        assertThat(core.receivedBy(BOB)).hasSize(2);
        assertThat(deliveries.values()).containsExactly(new Delivery.Delivered(202));
        assertThat(fanOut.figures().open()).isZero();
    }

    @Test
    void aStrangersAnswerCountsForNothing() { // D7
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        fanOut.start(message(BOB));

        fanOut.late("z9hG4bK0123456789abcdef", 200);

        assertThat(deliveries).isEmpty();
    }

    @Test
    void aLegThatNobodyAnswersIsTriedAgainAsAnotherRequestOfTheSameMessage() { // D3
        core.when(BOB, ScriptedCore.silence(), ScriptedCore.answer(200));
        fanOut().start(message(BOB));

        core.timeOut(BOB);
        clock.advance(Duration.ofSeconds(2));

        var requests = core.receivedBy(BOB).stream().map(ScriptedCore.Received::request).toList();
        assertThat(requests).hasSize(2);
        assertThat(requests).extracting(SipRequest::callId).doesNotHaveDuplicates();
        assertThat(requests).extracting(r -> r.topBranch().ascii()).doesNotHaveDuplicates();
        assertThat(requests).extracting(r -> r.cseq().number()).containsExactly(1L, 2L);
        assertThat(requests)
                .extracting(r -> r.header("Contribution-ID").orElseThrow())
                .containsOnly("c0");
        assertThat(deliveries.values()).containsExactly(new Delivery.Delivered(200));
    }

    @Test
    void fiveRetriesAndNoMore() {
        core.when(BOB, ScriptedCore.unreachable());
        fanOut().start(message(BOB));

        clock.advance(Duration.ofHours(1));

        assertThat(core.received()).hasSize(6);
        assertThat(deliveries.values())
                .containsExactly(new Delivery.Failed(408, "next hop not reached"));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 504})
    void aServerErrorIsTriedAgain(int status) {
        core.answers(BOB, status, status, 200);

        fanOut().start(message(BOB));
        clock.advance(Duration.ofSeconds(10));

        assertThat(core.received()).hasSize(3);
        assertThat(deliveries.values()).containsExactly(new Delivery.Delivered(200));
    }

    @Test
    void retryAfterIsObeyed() {
        core.when(
                BOB,
                ScriptedCore.answer(503, r -> r.header("Retry-After", "60 (busy)")),
                ScriptedCore.answer(200));
        fanOut().start(message(BOB));

        clock.advance(Duration.ofSeconds(59));
        assertThat(core.received()).hasSize(1);
        clock.advance(Duration.ofSeconds(2));

        assertThat(core.received()).hasSize(2);
    }

    @Test
    void whileALegWaitsForItsRetryOthersReachTheRecipient() {
        core.answers(BOB, 503, 200);
        var fanOut = fanOut();
        fanOut.start(message(BOB));

        fanOut.start(message(BOB));

        assertThat(deliveries).containsOnlyKeys("1 " + BOB);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 401, 407, 403, 404, 480, 486, 501, 513, 600, 603})
    void everyOtherErrorIsTheEnd(int status) { // D10, A8, I12, readings 74, 75
        core.when(
                BOB,
                ScriptedCore.answer(
                        status,
                        r ->
                                r.header("Contact", "<sip:other@evil.example>")
                                        .header(
                                                "WWW-Authenticate",
                                                "Digest realm=\"home.example\"")));

        fanOut().start(message(BOB));
        clock.advance(Duration.ofHours(1));

        assertThat(core.uris()).containsExactly(BOB);
        assertThat(deliveries.values())
                .singleElement()
                .isInstanceOfSatisfying(
                        Delivery.Failed.class,
                        failed -> assertThat(failed.status()).isEqualTo(status));
    }

    @Test
    void aSecondFinalResponseIsIgnored() { // A8, D7
        core.when(BOB, ScriptedCore.silence());
        fanOut().start(message(BOB));
        core.answerNow(BOB, 404);
        core.answerNow(BOB, 200);

        assertThat(deliveries.values()).containsExactly(new Delivery.Failed(404, "Not Found"));
    }

    @Test
    void whatHasExpiredIsNotSent() { // W4
        for (var uri : users("u", 60)) {
            core.when(uri, ScriptedCore.silence());
        }
        var fanOut = fanOut();
        fanOut.start(
                message(
                        Distribution.Recipients.all(List.of(users("u", 60))),
                        Duration.ofMillis(100)));

        clock.advance(Duration.ofSeconds(1));

        assertThat(core.received()).hasSize(50);
        assertThat(deliveries.values()).hasSize(10).containsOnly(new Delivery.Expired());
    }

    @Test
    void aRetryThatWouldComeTooLateIsNotMade() {
        core.answers(BOB, 503);
        fanOut().start(message(Distribution.Recipients.all(List.of(BOB)), Duration.ofMillis(100)));

        assertThat(deliveries.values()).hasSize(1);
        clock.advance(Duration.ofHours(1));
        assertThat(core.received()).hasSize(1);
    }

    @Test
    void aHundredThousandLegsThatFailAtOnceDoNotOverflowTheStack() {
        var users = new ArrayList<String>();
        for (int i = 0; i < 100_000; i++) {
            users.add("mailto:u" + i + "@x.example");
        }

        fanOut().start(message(Distribution.Recipients.all(users)));

        assertThat(deliveries.values())
                .hasSize(100_000)
                .containsOnly(new Delivery.Failed(416, "Unsupported URI Scheme"));
    }

    @Test
    void aSuspectMessageGoesOneLegAtATime() { // R5
        for (var uri : users("u", 3)) {
            core.when(uri, ScriptedCore.silence());
        }
        fanOut().start(message(users("u", 3)).oneByOne());

        assertThat(core.received()).hasSize(1);
        core.answerNow("sip:u0@home.example", 200);
        assertThat(core.received()).hasSize(2);
    }

    @Test
    void afterTheEndNothingGoesOut() throws InterruptedException {
        core.when(BOB, ScriptedCore.silence());
        var fanOut = fanOut();
        fanOut.start(message(BOB));
        assertThat(fanOut.awaitIdle(Duration.ZERO)).isFalse();
        fanOut.close();
        core.answerNow(BOB, 503);
        clock.advance(Duration.ofMinutes(1));

        fanOut.start(message(CAROL));

        assertThat(core.uris()).containsExactly(BOB);
    }

    private static final Hop ISF = Hop.tcp(new InetSocketAddress("192.0.2.9", 5070));

    private void interworkingAt(Hop direct) {
        interworkingAt(direct, false);
    }

    private void interworkingAt(Hop direct, boolean knowsRepetitions) {
        var isf =
                new InterworkingSelection.Isf(
                        SipUri.parse("sip:192.0.2.9:5070;transport=tcp;lr"),
                        Optional.of(direct),
                        knowsRepetitions);
        settings =
                settings.withInterworking(
                        new InterworkingSelection(
                                Optional.of(isf), InterworkingSelection.LISTED_CODES));
    }

    @Clause("8.2.1.1/8.A.iv.2")
    @Test
    void theInterworkingFunctionMayBeANextHopOfItsOwn() {
        interworkingAt(ISF);
        core.answers(BOB, 404, 202);

        fanOut().start(message(BOB, CAROL));

        assertThat(core.receivedBy(BOB))
                .extracting(ScriptedCore.Received::hop)
                .containsExactly(ScriptedCore.HOP, ISF);
        assertThat(core.receivedBy(BOB).get(1).request().encoded().utf8())
                .contains("Via: SIP/2.0/TCP pf.example:5062;rport")
                .contains("Route: <sip:192.0.2.9:5070;transport=tcp;lr>\r\n");
        assertThat(deliveries.get("0 " + BOB)).isEqualTo(new Delivery.Interworked(202));
    }

    private static final String MAIL = "mailto:bob@mail.example";

    @Test
    void whatInterworkingHasPerhapsTakenIsNotSentAgain() { // K12, N4
        interworkingAt(ISF);
        core.when(MAIL, ScriptedCore.silence());
        fanOut().start(message(MAIL));

        core.timeOut(MAIL);
        clock.advance(Duration.ofHours(1));

        assertThat(core.receivedBy(MAIL)).hasSize(1);
        assertThat(deliveries.get("0 " + MAIL))
                .isEqualTo(new Delivery.Failed(408, "interworking outcome unknown"));
    }

    @Test
    void whatWasOnAnInterworkingConnectionThatEndedIsNotSentAgain() { // K12, N4
        interworkingAt(ISF);
        core.when(MAIL, ScriptedCore.cut(), ScriptedCore.answer(202));
        core.when(BOB, ScriptedCore.cut(), ScriptedCore.answer(200));
        fanOut().start(message(MAIL, BOB));

        clock.advance(Duration.ofHours(1));

        assertThat(core.receivedBy(MAIL)).hasSize(1);
        assertThat(deliveries)
                .containsEntry(
                        "0 " + MAIL, new Delivery.Failed(408, "interworking outcome unknown"))
                .containsEntry("0 " + BOB, new Delivery.Delivered(200)); // T5
    }

    @Test
    void anInterworkingFunctionThatIsNotReachedIsTriedAgain() { // N4
        interworkingAt(ISF);
        core.when(MAIL, ScriptedCore.unreachable(), ScriptedCore.answer(202));
        fanOut().start(message(MAIL));

        clock.advance(Duration.ofHours(1));

        assertThat(deliveries.get("0 " + MAIL)).isEqualTo(new Delivery.Interworked(202));
    }

    @Test
    void oneThatKnowsRepetitionsIsAskedAgain() {
        interworkingAt(ISF, true);
        core.when(MAIL, ScriptedCore.silence(), ScriptedCore.answer(202));
        fanOut().start(message(MAIL));

        core.timeOut(MAIL);
        clock.advance(Duration.ofHours(1));

        assertThat(deliveries.get("0 " + MAIL)).isEqualTo(new Delivery.Interworked(202));
    }

    @Test
    void aFullInterworkingFunctionDoesNotHoldUpTheCore() {
        interworkingAt(ISF);
        settings = settings.withParallelLegs(2);
        var mail = new String[10];
        for (int i = 0; i < mail.length; i++) {
            mail[i] = "mailto:u" + i + "@x.example";
            core.when(mail[i], ScriptedCore.silence());
        }
        var all = new ArrayList<>(List.of(mail));
        all.addAll(List.of(users("u", 5)));

        fanOut().start(message(Distribution.Recipients.all(all)));

        assertThat(core.uris())
                .containsExactlyInAnyOrder(
                        mail[0],
                        mail[1],
                        "sip:u0@home.example",
                        "sip:u1@home.example",
                        "sip:u2@home.example",
                        "sip:u3@home.example",
                        "sip:u4@home.example");
        core.answerNow(mail[0], 200);
        assertThat(core.uris()).contains(mail[2]).doesNotContain(mail[3]);
    }
}
