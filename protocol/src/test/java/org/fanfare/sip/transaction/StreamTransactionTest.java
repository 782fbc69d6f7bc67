package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.StreamPeer;
import org.fanfare.testing.UdpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;

/// Transactions over TCP against bare sockets.
class StreamTransactionTest {

    private final ManualTimers timers = new ManualTimers();
    private final Node.Listener listener = new Node.Listener();
    private Node alice;
    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        alice = Node.listening(timers, "udp:127.0.0.1:0", "tcp:127.0.0.1:0");
        listen();
    }

    private void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    }

    @AfterEach
    void stop() throws IOException {
        alice.close();
        server.close();
    }

    private InetSocketAddress serverAddress() {
        return (InetSocketAddress) server.getLocalSocketAddress();
    }

    private StreamPeer accept() throws IOException {
        server.setSoTimeout(10_000);
        return new StreamPeer(server.accept());
    }

    @Test
    void nothingIsRetransmittedAndItTimesOutAfter32Seconds() throws Exception {
        alice.layer.send(Node.message("hello"), Hop.tcp(serverAddress()), listener);
        try (var bob = accept()) {
            var request = bob.takeRequest();
            assertThat(request.topVia().transport()).isEqualTo("TCP");
            timers.advance(Duration.ofMillis(31_999));
            assertThat(listener.timeouts).isEmpty();
            timers.advance(Duration.ofMillis(1));
            assertThat(listener.timeouts).hasSize(1);
            assertThat(bob.socket().getInputStream().available()).isZero();
        }
    }

    // RFC 3261 18.1.1
    @Test
    void requestsToTheSameHopShareOneConnection() throws Exception {
        var hop = Hop.tcp(serverAddress());
        alice.layer.send(Node.message("one"), hop, listener);
        try (var bob = accept()) {
            assertThat(bob.takeRequest().body().utf8()).isEqualTo("one");
            alice.layer.send(Node.message("two"), hop, listener);
            assertThat(bob.takeRequest().body().utf8()).isEqualTo("two");
            assertThat(alice.layer.transport().counters().connectionsOpened()).isOne();
        }
    }

    @Test
    void manyRequestsAtOnceToANewHopMakeOneConnection() throws Exception {
        var hop = Hop.tcp(serverAddress());
        for (int i = 0; i < 50; i++) {
            alice.layer.send(Node.message("n" + i), hop, listener);
        }
        try (var bob = accept()) {
            for (int i = 0; i < 50; i++) {
                bob.send(bob.takeRequest().answer(200).toTag("b").build().encoded());
            }
            for (int i = 0; i < 50; i++) {
                listener.takeFinal();
            }
            assertThat(alice.layer.transport().counters().connectionsOpened()).isOne();
        }
    }

    // T5; RFC 3261 17.1.4
    @Test
    void whenTheConnectionEndsAllThatIsOpenOnItFails() throws Exception {
        var hop = Hop.tcp(serverAddress());
        for (int i = 0; i < 3; i++) {
            alice.layer.send(Node.message("n" + i), hop, listener);
        }
        try (var bob = accept()) {
            bob.send(bob.takeRequest().answer(200).toTag("b").build().encoded());
            bob.takeRequest();
            bob.takeRequest();
            listener.takeFinal();
        }
        Node.take(listener.failures);
        Node.take(listener.failures);
        assertThat(alice.layer.openClientTransactions()).isZero();
        assertThat(timers.waiting()).isEmpty();

        alice.layer.send(Node.message("again"), hop, listener);
        try (var bob = accept()) {
            assertThat(bob.takeRequest().body().utf8()).isEqualTo("again");
        }
    }

    @Test
    void whereNobodyListensItIsATransportFailure() throws Exception {
        server.close();
        alice.layer.send(Node.message("hello"), Hop.tcp(serverAddress()), listener);
        assertThat(Node.take(listener.failures))
                .isInstanceOf(NotSent.class)
                .hasCauseInstanceOf(ConnectException.class);
        assertThat(alice.layer.openClientTransactions()).isZero();
    }

    // RFC 3261 17.1.1.3: the ACK goes where the INVITE went
    @Test
    void theAckOfARefusedInviteTakesTheSameConnection() throws Exception {
        alice.layer.send(Node.request(Method.INVITE).build(), Hop.tcp(serverAddress()), listener);
        try (var bob = accept()) {
            bob.send(bob.takeRequest().answer(486).toTag("b").build().encoded());
            assertThat(bob.takeRequest().method()).isEqualTo(Method.ACK);
        }
    }

    // RFC 3261 18.1.1
    @Test
    void over1300OctetsTcpIsTakenInsteadOfUdp() throws Exception {
        try (var bob = udpBesideServer()) {
            var hop = Hop.udp(bob.address());
            assertThat(alice.layer.hopFor(hop, 1300)).isEqualTo(hop);
            assertThat(alice.layer.hopFor(hop, 1301).protocol()).isEqualTo(TransportProtocol.TCP);

            alice.layer.send(Node.message("x".repeat(1300)), hop, listener);
            try (var stream = accept()) {
                assertThat(stream.takeRequest().topVia().transport()).isEqualTo("TCP");
            }
            assertThat(bob.poll()).isEmpty();
        }
    }

    /// A UDP socket on the port of the server, which moves to one that is free for both.
    private UdpPeer udpBesideServer() throws IOException {
        while (true) {
            try {
                return new UdpPeer("127.0.0.1", server.getLocalPort());
            } catch (BindException taken) {
                server.close();
                listen();
            }
        }
    }

    // RFC 3261 18.1.1
    @Test
    void whereTcpIsRefusedALargeRequestGoesByUdpAfterAll() throws Exception {
        try (var bob = udpBesideServer()) {
            server.close();
            var hop = Hop.udp(bob.address());
            var large = Node.message("x".repeat(1300));
            alice.layer.send(large, hop, listener);
            var received = bob.takeRequest();
            assertThat(received.topVia().transport()).isEqualTo("UDP");
            bob.answer(received, 200);
            listener.takeFinal();

            // Believed for a minute.
            assertThat(alice.layer.hopFor(hop, 2000)).isEqualTo(hop);
            timers.advance(Duration.ofSeconds(60));
            assertThat(alice.layer.hopFor(hop, 2000).protocol()).isEqualTo(TransportProtocol.TCP);
        }
    }

    // RFC 3261 18.1.1
    @Test
    void aRequestWrittenForTcpGetsUdpInItsViaWhenTcpIsRefused() throws Exception {
        try (var bob = udpBesideServer()) {
            server.close();
            var hop = alice.layer.hopFor(Hop.udp(bob.address()), 2000);
            var request =
                    Node.message("SIP/2.0/TCP in the body stays").toBuilder()
                            .prepend(
                                    HeaderName.VIA,
                                    "SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKw;rport")
                            .build();
            alice.layer.send(
                    new OutgoingRequest(request.encoded(), "z9hG4bKw", Method.MESSAGE),
                    hop,
                    listener);
            var received = bob.takeRequest();
            assertThat(received.topVia().transport()).isEqualTo("UDP");
            assertThat(received.body()).isEqualTo(request.body());
            bob.answer(received, 200);
            listener.takeFinal();
        }
    }

    @Test
    void aHopThatIsUdpOnlyGetsLargeRequestsByUdp() throws Exception {
        try (var bob = udpBesideServer()) {
            var hop = Hop.parse("sip:127.0.0.1:" + bob.port() + ";transport=udp;lr");
            alice.layer.send(Node.message("x".repeat(5000)), hop, listener);
            assertThat(bob.takeRequest().topVia().transport()).isEqualTo("UDP");
        }
    }

    // RFC 3261 18.2.2
    @Test
    void theAnswerTakesTheConnectionOfTheRequestWhateverItsViaSays() throws Exception {
        try (var bob = StreamPeer.connect(alice.address(TransportProtocol.TCP))) {
            var request =
                    Node.message("hello").toBuilder()
                            .prepend(HeaderName.VIA, "SIP/2.0/TCP 192.0.2.9:1;branch=z9hG4bKt")
                            .build();
            bob.send(request.encoded());
            var transaction = alice.takeRequest();
            transaction.respond(transaction.request().answer(200).build());
            assertThat(bob.takeResponse().topVia().received()).hasValue("127.0.0.1");
        }
    }

    // RFC 3261 18.2.2, A2: same flow or nothing
    @Test
    void whenTheConnectionOfTheRequestHasEndedTheAnswerIsDroppedAndTheUserTold() throws Exception {
        ServerTransaction transaction;
        try (var bob = StreamPeer.connect(alice.address(TransportProtocol.TCP))) {
            var via = "SIP/2.0/TCP 127.0.0.1:" + server.getLocalPort() + ";branch=z9hG4bKt";
            bob.send(
                    Node.message("hello").toBuilder()
                            .prepend(HeaderName.VIA, via)
                            .build()
                            .encoded());
            transaction = alice.takeRequest();
        }
        Node.take(alice.closed);
        transaction.respond(transaction.request().answer(200).build());
        Node.take(alice.failures);
        assertThat(alice.layer.transport().counters().connectionsOpened()).isZero();
    }

    // RFC 5626: to a phone over the connection that it made
    @Test
    void aRequestCanTakeAConnectionThatTheOtherSideMade() throws Exception {
        try (var phone = StreamPeer.connect(alice.address(TransportProtocol.TCP))) {
            phone.send(
                    Node.request(Method.REGISTER)
                            .prepend(HeaderName.VIA, "SIP/2.0/TCP phone.invalid;branch=z9hG4bKp")
                            .build()
                            .encoded());
            var register = alice.takeRequest();
            register.respond(register.request().answer(200).build());
            phone.takeResponse();
            alice.layer.send(Node.message("to you"), register.flow(), listener);
            var message = phone.takeRequest();
            assertThat(message.body().utf8()).isEqualTo("to you");
            phone.send(message.answer(200).toTag("p").build().encoded());
            listener.takeFinal();
        }
    }
}
