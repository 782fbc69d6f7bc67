package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.UdpPeer;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;

/// Server transactions over UDP against a bare socket, with a clock turned by hand.
class ServerTransactionTest {

    private final ManualTimers timers = new ManualTimers();
    private Node bob;
    private UdpPeer alice;
    private InetSocketAddress to;
    private int branches;

    @BeforeEach
    void start() throws IOException {
        bob = Node.listening(timers, "udp:127.0.0.1:0");
        alice = new UdpPeer();
        to = bob.address(TransportProtocol.UDP);
    }

    @AfterEach
    void stop() throws IOException {
        bob.close();
        alice.close();
    }

    private SipRequest withVia(SipRequest request) {
        branches++;
        return withVia(
                request, "SIP/2.0/UDP 127.0.0.1:" + alice.port() + ";branch=z9hG4bK" + branches);
    }

    private static SipRequest withVia(SipRequest request, String via) {
        return request.toBuilder().prepend(HeaderName.VIA, via).build();
    }

    private SipRequest send(SipRequest request) throws IOException {
        alice.send(request.encoded(), to);
        return request;
    }

    private SipRequest sendMessage() throws IOException {
        return send(withVia(Node.message("hello")));
    }

    private static void answer(ServerTransaction transaction, int status) {
        transaction.respond(transaction.request().answer(status).build());
    }

    private TransactionCounters counters() {
        return bob.layer.counters();
    }

    private void awaitRetransmissions(int count) {
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(counters().retransmissionsReceived()).isEqualTo(count));
    }

    // A11; RFC 3261 17.2.2
    @Test
    void aRequestThatComesElevenTimesIsServedOnceAndAnsweredEachTime() throws Exception {
        var request = sendMessage();
        var transaction = bob.takeRequest();
        for (int i = 0; i < 5; i++) {
            send(request);
        }
        awaitRetransmissions(5);
        assertThat(alice.poll()).isEmpty();
        answer(transaction, 200);
        var answer = alice.take();
        for (int i = 0; i < 5; i++) {
            send(request);
            assertThat(alice.take()).isEqualTo(answer);
        }
        assertThat(bob.requests).isEmpty();
        assertThat(counters().requestsReceived()).isOne();
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    @Test
    void whoStaysSilentSendsNoTryingEither() throws Exception {
        var request = sendMessage();
        bob.takeRequest().staySilent();
        timers.advance(Duration.ofSeconds(31));
        send(request);
        awaitRetransmissions(1);

        assertThat(alice.poll()).isEmpty();
        assertThat(bob.requests).isEmpty();

        timers.advance(Duration.ofSeconds(1));
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    @Test
    void afterTimerJItIsANewRequest() throws Exception {
        var request = sendMessage();
        answer(bob.takeRequest(), 200);
        alice.take();
        timers.advance(Duration.ofMillis(31_999));
        send(request);
        alice.take();
        assertThat(bob.requests).isEmpty();

        timers.advance(Duration.ofMillis(1));
        send(request);
        answer(bob.takeRequest(), 200);
    }

    // RFC 4320 4.1
    @Test
    void aMessageThatIsNotAnsweredGets100AfterThreeAndAHalfSecondsAndNotBefore() throws Exception {
        var request = sendMessage();
        bob.takeRequest();
        timers.advance(Duration.ofMillis(3_499));
        assertThat(alice.poll()).isEmpty();
        timers.advance(Duration.ofMillis(1));
        assertThat(alice.takeResponse().status()).isEqualTo(100);

        send(request);
        assertThat(alice.takeResponse().status()).isEqualTo(100);
    }

    // RFC 4320 4.1, 4.2
    @Test
    void provisionalResponsesAnd408OfTheUserAreNotSent() throws Exception {
        sendMessage();
        var transaction = bob.takeRequest();
        answer(transaction, 100);
        answer(transaction, 180);
        answer(transaction, 408);
        assertThat(alice.poll()).isEmpty();
        assertThat(counters().lateAnswers()).isEqualTo(3);
        answer(transaction, 480);
        assertThat(alice.takeResponse().status()).isEqualTo(480);
    }

    // RFC 4320 4.2
    @Test
    void after32SecondsNoAnswerIsSentAndTheUserIsTold() throws Exception {
        sendMessage();
        var transaction = bob.takeRequest();
        timers.advance(Duration.ofSeconds(32));
        assertThat(alice.takeResponse().status()).isEqualTo(100);
        assertThat(Node.take(bob.timeouts)).isSameAs(transaction);
        answer(transaction, 200);
        assertThat(alice.poll()).isEmpty();
        assertThat(bob.layer.openServerTransactions()).isZero();
        assertThat(timers.waiting()).isEmpty();
    }

    @Test
    void onlyTheFirstFinalAnswerIsSent() throws Exception {
        sendMessage();
        var transaction = bob.takeRequest();
        answer(transaction, 200);
        answer(transaction, 500);
        assertThat(alice.takeResponse().status()).isEqualTo(200);
        assertThat(alice.poll()).isEmpty();
        assertThat(transaction.lastFinal())
                .hasValueSatisfying(r -> assertThat(r.status()).isEqualTo(200));
    }

    @Test
    void aUserThatThrowsAnswers500() throws Exception {
        var failing =
                new TransactionUser() {
                    @Override
                    public void onRequest(ServerTransaction transaction) {
                        throw new IllegalStateException("on purpose");
                    }
                };
        try (var layer =
                new TransactionLayer(
                        TransportLayer.builder().listen(ListenPoint.parse("udp:127.0.0.1:0")),
                        failing,
                        timers)) {
            layer.start();
            var request = withVia(Node.message("hello"));
            alice.send(request.encoded(), layer.listening().getFirst().address());
            assertThat(alice.takeResponse().status()).isEqualTo(500);
        }
    }

    // RFC 3581 4
    @Test
    void withRportTheAnswerGoesToThePortItCameFrom() throws Exception {
        send(withVia(Node.message("hello"), "SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKr;rport"));
        answer(bob.takeRequest(), 200);
        var via = alice.takeResponse().topVia();
        assertThat(via.rport()).hasValue(alice.port());
        assertThat(via.received()).hasValue("127.0.0.1");
    }

    // RFC 3261 18.2.2
    @Test
    void withoutRportTheAnswerGoesToThePortOfSentBy() throws Exception {
        try (var elsewhere = new UdpPeer()) {
            var via = "SIP/2.0/UDP pc.home.example:" + elsewhere.port() + ";branch=z9hG4bKs";
            send(withVia(Node.message("hello"), via));
            answer(bob.takeRequest(), 200);
            assertThat(elsewhere.takeResponse().topVia().received()).hasValue("127.0.0.1");
            assertThat(alice.poll()).isEmpty();
        }
    }

    // A2
    @Test
    void neitherMaddrNorReceivedNorSentByOfTheRequestAimsTheAnswerElsewhere() throws Exception {
        try (var victim = new UdpPeer("127.0.0.3")) {
            var port = victim.port();
            for (var parameters :
                    new String[] {
                        "maddr=127.0.0.3", "received=127.0.0.3", "received=127.0.0.3;rport=" + port
                    }) {
                branches++;
                var via =
                        "SIP/2.0/UDP 127.0.0.3:"
                                + port
                                + ";branch=z9hG4bKm"
                                + branches
                                + ";"
                                + parameters;
                send(withVia(Node.message("hello"), via));
                answer(bob.takeRequest(), 200);
            }
            // The last one has rport, so its answer comes back; the others go to that port of ours.
            assertThat(alice.takeResponse().topVia().received()).hasValue("127.0.0.1");
            assertThat(victim.poll()).isEmpty();
        }
    }

    // RFC 3261 17.2.3
    @Test
    void theSameBranchFromAnotherSentByOrOfAnotherMethodIsAnotherTransaction() throws Exception {
        var via = "SIP/2.0/UDP 127.0.0.1:" + alice.port() + ";branch=z9hG4bKsame";
        send(withVia(Node.message("one"), via));
        send(withVia(Node.message("two"), via.replace("127.0.0.1", "pc.home.example")));
        send(withVia(Node.request(Method.OPTIONS).build(), via));
        var bodies = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            bodies.add(bob.takeRequest().request().body().utf8());
        }
        assertThat(bodies).containsExactlyInAnyOrder("one", "two", "");
    }

    // RFC 3261 17.2.3
    @Test
    void withoutTheMagicCookieTheOldRulesMatch() throws Exception {
        var old = withVia(Node.message("old"), "SIP/2.0/UDP 127.0.0.1:" + alice.port());
        send(old);
        bob.takeRequest();
        send(old);
        awaitRetransmissions(1);
        var next = old.toBuilder().set(HeaderName.CSEQ, "2 MESSAGE").build();
        send(next);
        assertThat(bob.takeRequest().request().cseq().number()).isEqualTo(2);
    }

    // A11; RFC 3261 8.2.2.2
    @Test
    void aRequestThatComesByAnotherPathIsRefusedWith482() throws Exception {
        var request = Node.message("hello");
        send(withVia(request));
        var first = bob.takeRequest();
        send(withVia(request));
        assertThat(alice.takeResponse().status()).isEqualTo(482);
        answer(first, 200);
        assertThat(alice.takeResponse().status()).isEqualTo(200);
        send(withVia(request));
        assertThat(alice.takeResponse().status()).isEqualTo(482);
        assertThat(counters().mergedRequests()).isEqualTo(2);

        timers.advance(Duration.ofSeconds(32));
        send(withVia(request));
        bob.takeRequest();
    }

    @Test
    void aProxyTakesMergedRequests() throws Exception {
        try (var proxy =
                new Node(
                        builder -> builder.listen(ListenPoint.parse("udp:127.0.0.1:0")),
                        timers,
                        TransactionLayer.Settings.DEFAULT.withoutMergeDetection())) {
            var request = Node.message("hello");
            var there = proxy.address(TransportProtocol.UDP);
            alice.send(withVia(request).encoded(), there);
            alice.send(withVia(request).encoded(), there);
            proxy.takeRequest();
            proxy.takeRequest();
        }
    }

    // A12
    @Test
    void aCancelForNothingIsAnswered481AndAnAckForNothingNotAtAll() throws Exception {
        send(withVia(Node.request(Method.ACK).build()));
        Node.take(bob.acks);
        assertThat(alice.poll()).isEmpty();
        send(withVia(Node.request(Method.CANCEL).build()));
        assertThat(alice.takeResponse().status()).isEqualTo(481);
        assertThat(counters().strayAcks()).isOne();
        assertThat(counters().strayCancels()).isOne();
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    // RFC 3261 9.2, 17.2.1; RFC 6026
    @Test
    void anInviteIsCancelledAndItsRefusalSentUntilTheAck() throws Exception {
        var invite = withVia(Node.request(Method.INVITE).build());
        send(invite);
        var transaction = bob.takeRequest();
        timers.advance(Duration.ofMillis(200));
        assertThat(alice.takeResponse().status()).isEqualTo(100);

        send(of(Method.CANCEL, invite, invite.to().toString()));
        assertThat(alice.takeResponse().cseqMethod()).isEqualTo(Method.CANCEL);
        assertThat(Node.take(bob.cancelled)).isSameAs(transaction);

        answer(transaction, 487);
        var refusal = alice.takeResponse();
        assertThat(refusal.status()).isEqualTo(487);
        timers.advance(Duration.ofMillis(500));
        assertThat(alice.takeResponse()).isEqualTo(refusal); // Timer G
        timers.advance(Duration.ofSeconds(1));
        assertThat(alice.takeResponse()).isEqualTo(refusal);

        send(of(Method.ACK, invite, refusal.to().toString()));
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(timers.waiting()).containsExactly(Duration.ofSeconds(5)));
        timers.advance(Duration.ofSeconds(5)); // Timer I
        assertThat(alice.poll()).isEmpty();
        assertThat(bob.acks).isEmpty();
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    private static SipRequest of(Method method, SipRequest invite, String recipient) {
        return invite.toBuilder()
                .method(method)
                .set(HeaderName.TO, recipient)
                .set(HeaderName.CSEQ, "1 " + method)
                .build();
    }

    @Test
    void aRefusalWithoutAckIsSentElevenTimesAndTheUserIsTold() throws Exception {
        send(withVia(Node.request(Method.INVITE).build()));
        var transaction = bob.takeRequest();
        answer(transaction, 486);
        timers.advance(Duration.ofSeconds(32));
        Node.take(bob.timeouts);
        assertThat(bob.layer.transport().counters().messagesSent()).isEqualTo(11);
        for (int i = 0; i < 11; i++) {
            assertThat(alice.takeResponse().status()).isEqualTo(486);
        }
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    // RFC 6026 7.1
    @Test
    void afterASuccessTheInviteIsAbsorbedAndTheAckAndEachSuccessAgainPass() throws Exception {
        var invite = withVia(Node.request(Method.INVITE).build());
        send(invite);
        var transaction = bob.takeRequest();
        answer(transaction, 200);
        var success = alice.takeResponse();
        send(invite);
        awaitRetransmissions(1);
        assertThat(alice.poll()).isEmpty();
        answer(transaction, 200);
        assertThat(alice.takeResponse()).isEqualTo(success);
        send(of(Method.ACK, invite, success.to().toString()));
        assertThat(Node.take(bob.acks).method()).isEqualTo(Method.ACK);
        timers.advance(Duration.ofSeconds(32)); // Timer L
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    // The cap of open transactions at N and N + 1 (reliability 3.4)
    @Test
    void beyondTheMostOpenTransactionsTheAnswerIs503WithoutRetryAfter() throws Exception {
        try (var small =
                new Node(
                        builder -> builder.listen(ListenPoint.parse("udp:127.0.0.1:0")),
                        timers,
                        TransactionLayer.Settings.DEFAULT.withLimits(
                                new TransactionLimits(2, 10)))) {
            var there = small.address(TransportProtocol.UDP);
            alice.send(withVia(Node.message("one")).encoded(), there);
            alice.send(withVia(Node.message("two")).encoded(), there);
            var first = small.takeRequest();
            small.takeRequest();
            alice.send(withVia(Node.message("three")).encoded(), there);
            var refusal = alice.takeResponse();
            assertThat(refusal.status()).isEqualTo(503);
            assertThat(refusal.header(HeaderName.RETRY_AFTER)).isEmpty();
            assertThat(small.layer.counters().overload()).isOne();

            answer(first, 200);
            alice.take();
            alice.send(withVia(Node.message("four")).encoded(), there);
            small.takeRequest();
        }
    }

    @Test
    void beyondTheMostKeptAnswersTheOldestIsForgotten() throws Exception {
        try (var small =
                new Node(
                        builder -> builder.listen(ListenPoint.parse("udp:127.0.0.1:0")),
                        timers,
                        TransactionLayer.Settings.DEFAULT.withLimits(
                                new TransactionLimits(10, 2)))) {
            var there = small.address(TransportProtocol.UDP);
            var requests = new ArrayList<SipRequest>();
            for (int i = 0; i < 3; i++) {
                requests.add(withVia(Node.message("n" + i)));
                alice.send(requests.get(i).encoded(), there);
                answer(small.takeRequest(), 200);
                alice.take();
            }
            alice.send(requests.get(1).encoded(), there);
            alice.take();
            assertThat(small.requests).isEmpty();
            alice.send(requests.get(0).encoded(), there);
            assertThat(small.takeRequest().request().body().utf8()).isEqualTo("n0");
        }
    }

    // A1, G20; RFC 3261 26.3.2.4
    @Test
    void aStatelessRefusalKeepsNothingAndIsNeverLargerThanTheRequest() throws Exception {
        var request = sendMessage();
        for (int i = 0; i < 2; i++) {
            var transaction = bob.takeRequest();
            var refusal =
                    transaction
                            .request()
                            .answer(403, "Forbidden because of a long story ".repeat(20))
                            .build();
            transaction.respondStatelessly(refusal);
            var answer = alice.take();
            assertThat(answer.length()).isLessThanOrEqualTo(request.encoded().length());
            assertThat(answer.utf8()).startsWith("SIP/2.0 403 Forbidden");
            assertThat(bob.layer.openServerTransactions()).isZero();
            send(request);
        }
        assertThat(timers.waiting()).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void aTrustedAddressGetsTheWholeAnswer() throws Exception {
        try (var trusting =
                new Node(
                        builder ->
                                builder.listen(ListenPoint.parse("udp:127.0.0.1:0"))
                                        .trusted(address -> address.isLoopbackAddress()),
                        timers,
                        TransactionLayer.Settings.DEFAULT)) {
            alice.send(
                    withVia(Node.message("hello")).encoded(),
                    trusting.address(TransportProtocol.UDP));
            var transaction = trusting.takeRequest();
            var text = "Forbidden because of a long story ".repeat(20).strip();
            transaction.respondStatelessly(transaction.request().answer(403, text).build());
            assertThat(alice.takeResponse().reason()).isEqualTo(text);
        }
    }

    // M4, 3.5: syntax is answered once, without state
    @Test
    void aMalformedRequestIsAnswered400EachTimeWithoutState() throws Exception {
        var bad =
                withVia(Node.message("hello".repeat(50)))
                        .encoded()
                        .utf8()
                        .replace("Max-Forwards: 70", "Max-Forwards: 999");
        for (int i = 0; i < 2; i++) {
            alice.send(bad, to);
            var answer = alice.take();
            assertThat(answer.utf8()).startsWith("SIP/2.0 400 Bad Request - Max-Forwards");
            assertThat(answer.length()).isLessThanOrEqualTo(bad.length());
        }
        assertThat(bob.requests).isEmpty();
        assertThat(counters().malformed()).isEqualTo(2);
    }

    // M13
    @Test
    void anotherVersionOfSipIsAnswered505() throws Exception {
        var other =
                withVia(Node.message("hello"))
                        .encoded()
                        .utf8()
                        .replace(" SIP/2.0\r\n", " SIP/7.0\r\n");
        alice.send(other, to);
        assertThat(alice.take().utf8()).startsWith("SIP/2.0 505 ");
    }

    // M4: without a Via that can be read there is nobody to answer
    @Test
    void whatHasNoUsableViaAndWhatIsNoSipIsDropped() throws Exception {
        var request = Node.message("hello").encoded().utf8();
        alice.send(request, to);
        alice.send(request.replace("Max-Forwards", "Via: SIP/2.0/UDP\r\nMax-Forwards"), to);
        alice.send("GET / HTTP/1.1\r\n\r\n", to);
        alice.send(Octets.of(new byte[] {22, 3, 1, 0, 0}), to);
        alice.send("\r\n\r\n", to);
        sendMessage();
        bob.takeRequest();
        assertThat(alice.poll()).isEmpty();
        assertThat(bob.layer.transport().counters().keepAlives()).isOne();
    }

    // I4: the Via of a response that would be larger than the request is not sent at all
    @Test
    void aTinyRequestGetsNoAnswerThatWouldBeLarger() throws Exception {
        alice.send("X a SIP/2.0\r\nv:SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKt;rport\r\n\r\n", to);
        Awaitility.await().untilAsserted(() -> assertThat(counters().tooLargeAnswers()).isOne());
        assertThat(alice.poll()).isEmpty();
    }
}
