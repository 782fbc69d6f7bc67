package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.awaitility.Awaitility;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Hop;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.UdpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Client transactions over UDP against a bare socket, with a clock turned by hand.
class ClientTransactionTest {

    private final ManualTimers timers = new ManualTimers();
    private final Node.Listener listener = new Node.Listener();
    private Node alice;
    private UdpPeer bob;
    private Hop hop;
    private int taken;

    @BeforeEach
    void start() throws IOException {
        alice = Node.listening(timers, "udp:127.0.0.1:0");
        bob = new UdpPeer();
        hop = Hop.udp(bob.address());
    }

    @AfterEach
    void stop() throws IOException {
        alice.close();
        bob.close();
    }

    private ClientTransaction send(SipRequest request) {
        return alice.layer.send(request, hop, listener);
    }

    private SipRequest takeRequest() throws IOException {
        taken++;
        return bob.takeRequest();
    }

    /// Turns the clock in steps of 100 ms; the times in seconds at which a datagram left, which
    /// then is waited for.
    private List<Double> timesOfDatagrams(int seconds) throws IOException {
        var times = new ArrayList<Double>();
        for (int tenths = 0; tenths <= 10 * seconds; tenths++) {
            while (taken < alice.layer.transport().counters().messagesSent()) {
                takeRequest();
                times.add(tenths / 10.0);
            }
            timers.advance(Duration.ofMillis(100));
        }
        assertThat(bob.poll()).isEmpty();
        return times;
    }

    // RFC 3261 17.1.2.2: T1, doubled up to T2, until 64 * T1
    @Test
    void aRequestWithoutAnyAnswerIsSentElevenTimesAndTimesOutAfter32Seconds() throws Exception {
        send(Node.message("hello"));
        assertThat(timesOfDatagrams(40))
                .containsExactly(0.0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5);
        assertThat(listener.timeouts).hasSize(1);
        assertThat(listener.finals).isEmpty();
        assertThat(alice.layer.openClientTransactions()).isZero();
        assertThat(timers.waiting()).isEmpty();
        assertThat(alice.layer.counters().clientTimeouts()).isOne();
    }

    @Test
    void afterAProvisionalResponseItIsSentEveryFourSeconds() throws Exception {
        send(Node.message("hello"));
        var request = takeRequest();
        bob.answer(request, 100);
        Node.take(listener.provisional);
        assertThat(timesOfDatagrams(33))
                .containsExactly(0.5, 4.5, 8.5, 12.5, 16.5, 20.5, 24.5, 28.5);
        assertThat(listener.timeouts).hasSize(1);
    }

    @Test
    void aFinalResponseEndsItAndTheSameAgainIsDroppedAndCounted() throws Exception {
        send(Node.message("hello"));
        var request = bob.takeRequest();
        bob.answer(request, 200);
        assertThat(listener.takeFinal().status()).isEqualTo(200);
        assertThat(timers.waiting()).isEmpty();

        bob.answer(request, 200);
        awaitUnmatched(1);
        assertThat(listener.finals).isEmpty();
    }

    private void awaitUnmatched(int count) {
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(alice.layer.counters().unmatchedResponses()).isEqualTo(count));
    }

    // M17
    @Test
    void aResponseFromAnotherAddressIsDropped() throws Exception {
        send(Node.message("hello"));
        var request = bob.takeRequest();
        try (var mallory = new UdpPeer("127.0.0.2")) {
            mallory.send(request.answer(200).toTag("m").build().encoded(), bob.source());
            awaitUnmatched(1);
        }
        bob.answer(request, 486);
        assertThat(listener.takeFinal().status()).isEqualTo(486);
    }

    // M17; RFC 3261 8.1.3.3
    @Test
    void aResponseWithOneViaTooManyIsDropped() throws Exception {
        send(Node.message("hello"));
        var request = bob.takeRequest();
        var twoVias =
                request.answer(200)
                        .toTag("b")
                        .header(HeaderName.VIA, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx");
        bob.send(twoVias.build().encoded(), bob.source());
        awaitUnmatched(1);
        assertThat(listener.finals).isEmpty();
    }

    // M17; RFC 3261 17.1.3
    @Test
    void aResponseOfAnotherMethodOrBranchIsDropped() throws Exception {
        send(Node.message("hello"));
        var request = bob.takeRequest();
        var otherMethod = request.answer(200).toTag("b").set(HeaderName.CSEQ, "1 OPTIONS").build();
        bob.send(otherMethod.encoded(), bob.source());
        awaitUnmatched(1);
        var otherBranch =
                request.answer(200)
                        .toTag("b")
                        .set(HeaderName.VIA, "SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKother")
                        .build();
        bob.send(otherBranch.encoded(), bob.source());
        awaitUnmatched(2);
        assertThat(listener.finals).isEmpty();
        assertThat(alice.layer.openClientTransactions()).isOne();
    }

    // RFC 3261 8.1.1.7, RFC 3581 3
    @Test
    void ourViaIsPutOnTopWithABranchThatIsUniqueAndRport() throws Exception {
        var proxied =
                Node.message("hello").toBuilder()
                        .header(HeaderName.VIA, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKfirst")
                        .build();
        var branch = send(proxied).branch();
        var received = bob.takeRequest();
        assertThat(received.vias()).hasSize(2);
        assertThat(received.topVia().branch()).hasValue(branch);
        assertThat(received.topVia().hasUniqueBranch()).isTrue();
        assertThat(received.topVia().wantsRport()).isTrue();
        assertThat(received.topVia().sentBy().toString())
                .isEqualTo("127.0.0.1:" + bob.source().getPort());
        bob.answer(received, 200);
        assertThat(listener.takeFinal().vias()).hasSize(2);
    }

    @Test
    void aBranchThatIsInUseIsRefused() {
        alice.layer.send(Node.message("one"), "z9hG4bKsame", hop, listener);
        var second = Node.message("two");
        assertThatThrownBy(() -> alice.layer.send(second, "z9hG4bKsame", hop, listener))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// Too large for a datagram.
    @Test
    void aRequestThatTheSocketDoesNotTakeHasNotLeft() throws Exception {
        var udpOnly = Hop.parse("sip:127.0.0.1:" + bob.port() + ";transport=udp;lr");
        alice.layer.send(Node.message("x".repeat(65_600)), udpOnly, listener);

        assertThat(Node.take(listener.failures)).isInstanceOf(NotSent.class);
    }

    @Test
    void whatFailsWhenItIsSentAgainMayHaveArrived() throws Exception {
        send(Node.message("hello"));
        bob.takeRequest();
        alice.close();
        timers.advance(Duration.ofMillis(500));

        assertThat(Node.take(listener.failures)).isNotInstanceOf(NotSent.class);
    }

    @Test
    void aRequestThatCannotBeSentIsATransportFailure() throws Exception {
        alice.close();
        send(Node.message("hello"));
        Node.take(listener.failures);
        assertThat(alice.layer.openClientTransactions()).isZero();
        assertThat(timers.waiting()).isEmpty();
    }

    // RFC 3261 17.1.1.2
    @Test
    void anInviteWithoutAnyAnswerIsSentSevenTimesAndTimesOutAfter32Seconds() throws Exception {
        send(Node.request(Method.INVITE).build());
        assertThat(timesOfDatagrams(33)).containsExactly(0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5);
        assertThat(listener.timeouts).hasSize(1);
    }

    @Test
    void anInviteThatRingsIsNeitherSentAgainNorTimesOut() throws Exception {
        send(Node.request(Method.INVITE).build());
        bob.answer(takeRequest(), 180);
        Node.take(listener.provisional);
        assertThat(timesOfDatagrams(60)).isEmpty();
        assertThat(listener.timeouts).isEmpty();
    }

    // RFC 3261 17.1.1.3
    @Test
    void aRefusedInviteIsAcknowledgedAndSoIsEachRefusalAgain() throws Exception {
        var invite =
                Node.request(Method.INVITE)
                        .header(HeaderName.ROUTE, "<sip:edge.home.example;lr>")
                        .build();
        send(invite);
        var received = bob.takeRequest();
        bob.answer(received, 486);
        assertThat(listener.takeFinal().status()).isEqualTo(486);
        var ack = bob.takeRequest();
        assertThat(ack.method()).isEqualTo(Method.ACK);
        assertThat(ack.topVia()).isEqualTo(received.topVia());
        assertThat(ack.to().tag()).hasValue("peer");
        assertThat(ack.from()).isEqualTo(received.from());
        assertThat(ack.callId()).isEqualTo(received.callId());
        assertThat(ack.cseq().number()).isEqualTo(received.cseq().number());
        assertThat(ack.cseq().method()).isEqualTo(Method.ACK);
        assertThat(ack.requestUri()).isEqualTo(received.requestUri());
        assertThat(ack.headerValues(HeaderName.ROUTE))
                .containsExactly("<sip:edge.home.example;lr>");

        bob.answer(received, 486);
        assertThat(bob.takeRequest().method()).isEqualTo(Method.ACK);
        assertThat(listener.finals).isEmpty();

        timers.advance(Duration.ofSeconds(32)); // Timer D
        assertThat(alice.layer.openClientTransactions()).isZero();
    }

    // RFC 6026 7.2
    @Test
    void everySuccessOfAnInviteIsPassedAndNoneAcknowledged() throws Exception {
        send(Node.request(Method.INVITE).build());
        var received = bob.takeRequest();
        bob.send(received.answer(200).toTag("one").build().encoded(), bob.source());
        assertThat(listener.takeFinal().to().tag()).hasValue("one");
        bob.send(received.answer(200).toTag("two").build().encoded(), bob.source());
        assertThat(listener.takeFinal().to().tag()).hasValue("two");
        assertThat(bob.poll()).isEmpty();

        timers.advance(Duration.ofSeconds(32)); // Timer M
        assertThat(alice.layer.openClientTransactions()).isZero();
    }

    // RFC 3261 9.1
    @Test
    void anInviteIsCancelledAsSoonAsItHasAProvisionalResponse() throws Exception {
        var transaction = send(Node.request(Method.INVITE).build());
        var invite = bob.takeRequest();
        transaction.cancel();
        transaction.cancel();
        assertThat(bob.poll()).isEmpty();

        bob.answer(invite, 180);
        var cancel = bob.takeRequest();
        assertThat(cancel.method()).isEqualTo(Method.CANCEL);
        assertThat(cancel.topVia()).isEqualTo(invite.topVia());
        assertThat(cancel.cseq().number()).isEqualTo(invite.cseq().number());
        assertThat(cancel.to()).isEqualTo(invite.to());
        bob.answer(cancel, 200);
        bob.answer(invite, 487);
        assertThat(listener.takeFinal().status()).isEqualTo(487);
        assertThat(bob.takeRequest().method()).isEqualTo(Method.ACK);
        timers.advance(Duration.ofSeconds(32));
        assertThat(alice.layer.openClientTransactions()).isZero();
    }

    @Test
    void cancellingAMessageDoesNothing() throws Exception {
        var transaction = send(Node.message("hello"));
        var message = bob.takeRequest();
        bob.answer(message, 100);
        Node.take(listener.provisional);
        transaction.cancel();
        assertThat(bob.poll()).isEmpty();
    }
}
