package org.fanfare.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.testing.StreamPeer;
import org.fanfare.testing.UdpPeer;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class TransportLayerTest {

    private final BlockingQueue<Flow> flows = new LinkedBlockingQueue<>();
    private final BlockingQueue<Flow> closed = new LinkedBlockingQueue<>();
    private final ArrayList<TransportLayer> layers = new ArrayList<>();

    private final MessageHandler handler =
            new MessageHandler() {
                @Override
                public void onMessage(SipMessage message, Flow flow) {
                    flows.add(flow);
                    if (message instanceof SipRequest request
                            && request.method().equals(Method.BYE)) {
                        throw new IllegalStateException("on purpose");
                    }
                }

                @Override
                public void onMalformed(MalformedSip malformed, Flow flow, int octets) {}

                @Override
                public void onClosed(Flow flow) {
                    closed.add(flow);
                }
            };

    @AfterEach
    void stop() {
        layers.forEach(TransportLayer::close);
    }

    private TransportLayer listening(String... points) throws IOException {
        var builder = TransportLayer.builder();
        for (var point : points) {
            builder.listen(ListenPoint.parse(point));
        }
        return started(builder);
    }

    private TransportLayer started(TransportLayer.Builder builder) throws IOException {
        var layer = builder.build(handler);
        layers.add(layer);
        layer.start();
        return layer;
    }

    @Test
    void freePortsForUdpAndTcpAtOneAddressAreTheSame() throws Exception {
        var points =
                listening("udp:127.0.0.1:0", "udp:[::1]:0", "tcp:127.0.0.1:0", "tls:127.0.0.1:0")
                        .listening();

        assertThat(points)
                .extracting(point -> point.protocol().parameter())
                .containsExactly("udp", "udp", "tcp", "tls");
        assertThat(points.get(0).address()).isEqualTo(points.get(2).address());
        assertThat(points.get(3).address()).isNotEqualTo(points.get(2).address());
    }

    private static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came in 10 s");
        }
        return next;
    }

    private static Octets request(Method method) {
        return SipRequest.builder(method, Uri.parse("sip:bob@home.example")).build().encoded();
    }

    @Test
    void aPortThatIsTakenIsNamedAndNothingStaysOpen() throws Exception {
        var first = listening("tcp:127.0.0.9:0");
        var taken = first.listening().getFirst();
        int free = freeUdpPort();
        assertThatThrownBy(() -> listening("udp:127.0.0.9:" + free, taken.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(taken.toString());
        listening("udp:127.0.0.9:" + free);
    }

    /// At an address of loopback where no other test takes a port meanwhile.
    private static int freeUdpPort() throws IOException {
        try (var peer = new UdpPeer("127.0.0.9")) {
            return peer.port();
        }
    }

    @Test
    void afterClosingEveryPortIsFreeAndEveryThreadGone() throws Exception {
        var layer = listening("udp:127.0.0.9:0", "tcp:127.0.0.9:0");
        var points = layer.listening();
        try (var peer = StreamPeer.connect(points.get(1).address())) {
            peer.send(request(Method.OPTIONS));
            take(flows);
            layer.close();
            assertThat(peer.isClosedByPeer()).isTrue();
        }
        take(closed);
        assertThat(layer.connections()).isZero();
        var reader = "sip-udp-" + points.getFirst().address().getPort();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals(reader));
        var again = listening(points.get(0).toString(), points.get(1).toString());
        assertThat(again.listening()).isEqualTo(points);
        assertThatThrownBy(
                        () -> layer.flowTo(Hop.udp(points.getFirst().address())).send(Octets.EMPTY))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> layer.flowTo(Hop.tcp(points.get(1).address())))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whatWaitsIsStillSentWhenTheLayerIsClosed() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var layer = listening();
            layer.flowTo(Hop.tcp((InetSocketAddress) server.getLocalSocketAddress()))
                    .send(request(Method.OPTIONS));
            layer.close();
            try (var peer = new StreamPeer(server.accept())) {
                assertThat(peer.takeRequest().method()).isEqualTo(Method.OPTIONS);
                assertThat(peer.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void aClientWithoutListenPointsSendsFromAPortOfItsOwn() throws Exception {
        var layer = listening();
        try (var peer = new UdpPeer()) {
            var flow = layer.flowTo(Hop.udp(peer.address()));
            flow.send(request(Method.OPTIONS));
            peer.take();
            assertThat(flow.local().getPort()).isEqualTo(peer.source().getPort());
            assertThat(layer.sentBy(flow)).hasToString("127.0.0.1:" + peer.source().getPort());
            peer.send(request(Method.OPTIONS), peer.source());
            assertThat(take(flows)).isEqualTo(flow);
        }
    }

    @Test
    void ofSeveralUdpSocketsAFlowCanBeChosenAndSaysWhichItIs() throws Exception {
        var layer = listening("udp:127.0.0.1:0", "udp:127.0.0.1:0");
        try (var peer = new UdpPeer()) {
            for (var point : layer.listening()) {
                layer.flowFrom(point, peer.address()).send(request(Method.OPTIONS));
                peer.take();
                assertThat(peer.source()).isEqualTo(point.address());
                peer.send(request(Method.OPTIONS), point.address());
                assertThat(take(flows)).isEqualTo(layer.flowFrom(point, peer.address()));
            }
            var foreign = new ListenPoint(TransportProtocol.UDP, peer.address());
            assertThatThrownBy(() -> layer.flowFrom(foreign, peer.address()))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    // RFC 3261 18.1.1
    @Test
    void sentByIsOurNameAndThePortWhereWeListenForTheProtocol() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var layer =
                    started(
                            TransportLayer.builder()
                                    .listen(ListenPoint.parse("udp:127.0.0.1:0"))
                                    .listen(ListenPoint.parse("tcp:127.0.0.1:0"))
                                    .host("pf.home.example"));
            var flow = layer.flowTo(Hop.tcp((InetSocketAddress) server.getLocalSocketAddress()));
            var port = layer.listening().get(1).address().getPort();
            assertThat(layer.sentBy(flow)).hasToString("pf.home.example:" + port);
        }
    }

    @Test
    void onTheWildcardAddressSentByIsTheAddressThatThePeerSees() throws Exception {
        var layer = listening("udp:0.0.0.0:0");
        try (var peer = new UdpPeer()) {
            var flow = layer.flowTo(Hop.udp(peer.address()));
            assertThat(layer.sentBy(flow).host()).isEqualTo("127.0.0.1");
        }
    }

    // RFC 5626 4.4.1
    @Test
    void aConnectionOfOursIsPingedWhenItIsIdleAndCutOffWithoutAnswer() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var layer = started(TransportLayer.builder().keepAlive(Duration.ofMillis(20)));
            var flow = layer.flowTo(Hop.tcp((InetSocketAddress) server.getLocalSocketAddress()));
            try (var peer = new StreamPeer(server.accept())) {
                assertThat(peer.take(4)).isEqualTo("\r\n\r\n");
                peer.send("\r\n");
                peer.send(request(Method.OPTIONS));
                take(flows); // so that the answer has been read
                long sent = layer.counters().messagesSent();
                // One may be on its way since before; the next one waits for an answer of its own.
                await().until(() -> layer.counters().messagesSent() > sent + 1);
                assertThat(flow.isOpen()).isTrue();
                // Not answered this time.
                ((StreamConnection) flow)
                        .sweep(System.nanoTime() + Duration.ofSeconds(11).toNanos());
                assertThat(take(closed)).isSameAs(flow);
                assertThat(flow.isOpen()).isFalse();
            }
        }
    }

    @Test
    void aPeerThatIsGoneIsNotTakenForOpen() throws Exception {
        try (var server = new ServerSocket(0, 2, InetAddress.ofLiteral("127.0.0.1"))) {
            var layer = listening();
            var hop = Hop.tcp((InetSocketAddress) server.getLocalSocketAddress());
            var first = layer.flowTo(hop);
            server.accept().close();
            assertThat(take(closed)).isSameAs(first);
            assertThat(layer.readyFlow(hop)).isEmpty();
            assertThat(layer.flowTo(hop)).isNotSameAs(first);
        }
    }

    // T1: in all; the one that was idle for longest makes room
    @Test
    void beyondTheMostConnectionsTheLongestIdleOneIsClosed() throws Exception {
        var layer =
                started(
                        TransportLayer.builder()
                                .listen(ListenPoint.parse("tcp:127.0.0.1:0"))
                                .limits(TransportLimits.DEFAULT.withConnections(100, 2)));
        var point = layer.listening().getFirst().address();
        try (var first = StreamPeer.connect(point);
                var second = StreamPeer.connect(point)) {
            isServed(first);
            isServed(second);
            isServed(first);
            try (var third = StreamPeer.connect(point)) {
                isServed(third);
                assertThat(second.isClosedByPeer()).isTrue();
                isServed(first);
            }
        }
    }

    /// Ends when nothing is on its way any more.
    private void isServed(StreamPeer peer) throws Exception {
        peer.send(request(Method.OPTIONS));
        await().until(((StreamConnection) take(flows))::isIdle);
    }

    // T3 towards a next hop: told, not closed
    @Test
    void aHopThatTakesNothingIsToldToTheSenderAndStaysOpen() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            var layer =
                    started(
                            TransportLayer.builder()
                                    .limits(TransportLimits.DEFAULT.withQueues(1, 100_000)));
            var flow = layer.flowTo(Hop.tcp((InetSocketAddress) server.getLocalSocketAddress()));
            var chunk = Octets.of(new byte[50_000]);
            assertThatThrownBy(
                            () -> {
                                for (int i = 0; i < 10_000; i++) {
                                    flow.send(chunk);
                                }
                            })
                    .isInstanceOf(SendQueueFull.class);
            assertThat(flow.isOpen()).isTrue();
            assertThat(layer.counters().sendQueuesFull()).isOne();
        }
    }

    @Test
    void aFaultInTheHandlerIsCountedAndTheNextDatagramRead() throws Exception {
        var layer = listening("udp:127.0.0.1:0", "tcp:127.0.0.1:0");
        try (var peer = new UdpPeer()) {
            peer.send(request(Method.BYE), layer.listening().getFirst().address());
            peer.send(request(Method.OPTIONS), layer.listening().getFirst().address());
            take(flows);
            take(flows);
        }
        try (var peer = StreamPeer.connect(layer.listening().get(1).address())) {
            peer.send(request(Method.BYE));
            assertThat(peer.isClosedByPeer()).isTrue();
        }
        await().untilAsserted(() -> assertThat(layer.counters().faults()).isEqualTo(2));
    }
}
