package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportLimits;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.StreamPeer;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.UnaryOperator;

/// What a TCP listener bears from those who connect to it.
class StreamLimitsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(100);

    /// For what must succeed within it, and is waited for.
    private static final Duration ENOUGH = Duration.ofSeconds(3);

    private final ManualTimers timers = new ManualTimers();
    private final ArrayList<StreamPeer> peers = new ArrayList<>();
    private final ArrayList<Node> nodes = new ArrayList<>();

    private void listen(UnaryOperator<TransportLayer.Builder> settings) throws IOException {
        nodes.add(
                new Node(
                        builder ->
                                settings.apply(
                                        builder.listen(ListenPoint.parse("tcp:127.0.0.1:0"))),
                        timers,
                        TransactionLayer.Settings.DEFAULT));
    }

    private Node node() {
        return nodes.getLast();
    }

    private void listen(TransportLimits limits) throws IOException {
        listen(builder -> builder.limits(limits));
    }

    @AfterEach
    void stop() throws IOException {
        for (var peer : peers) {
            peer.close();
        }
        nodes.forEach(Node::close);
    }

    private InetSocketAddress address() {
        return node().address(TransportProtocol.TCP);
    }

    private StreamPeer connect() throws IOException {
        var peer = StreamPeer.connect(address());
        peers.add(peer);
        return peer;
    }

    private static SipRequest options(int number) {
        return Node.request(Method.OPTIONS)
                .prepend(HeaderName.VIA, "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKlimit" + number)
                .build();
    }

    private int number;

    /// One exchange: proves that the connection is served.
    private void exchange(StreamPeer peer) throws Exception {
        number++;
        peer.send(options(number).encoded());
        var transaction = node().takeRequest();
        transaction.respond(transaction.request().answer(200).build());
        assertThat(peer.takeResponse().status()).isEqualTo(200);
    }

    // T1: N, N + 1 for each source, and N again when one has gone
    @Test
    void anAddressHasAtMostSoManyConnections() throws Exception {
        listen(TransportLimits.DEFAULT.withConnections(2, 100));
        var first = connect();
        exchange(first);
        exchange(connect());
        assertThat(connect().isClosedByPeer()).isTrue();
        assertThat(node().layer.transport().counters().connectionsRefused()).isOne();

        first.close();
        Node.take(node().closed);
        exchange(connect());
    }

    @Test
    void aTrustedAddressMayHaveMore() throws Exception {
        listen(builder ->
                builder.limits(TransportLimits.DEFAULT.withConnections(2, 100)).trusted(_ -> true));
        for (int i = 0; i < 4; i++) {
            exchange(connect());
        }
    }

    @Test
    void whereNoneIsIdleTheNewConnectionIsClosed() throws Exception {
        listen(TransportLimits.DEFAULT.withConnections(100, 1));
        var busy = connect();
        exchange(busy);
        busy.send("\r\n\r\nOPTIONS sip:bob@home.example SIP/2.0\r\n");
        assertThat(busy.take(2)).as("what came with the ping is read").isEqualTo("\r\n");
        assertThat(connect().isClosedByPeer()).isTrue();
        busy.send(
                options(77)
                        .encoded()
                        .utf8()
                        .substring("OPTIONS sip:bob@home.example SIP/2.0\r\n".length()));
        node().takeRequest();
    }

    // T1, P13
    @Test
    void whoConnectsAndSaysNothingIsClosed() throws Exception {
        listen(TransportLimits.DEFAULT.withTimes(SHORT, LONG, LONG, LONG));
        var silent = connect();
        assertThat(silent.isClosedByPeer()).isTrue();
        assertThat(node().layer.transport().counters().connectionsOverdue()).isOne();
    }

    @Test
    void pingsAreNoMessageAndAMessageIsEnoughForAlways() throws Exception {
        listen(TransportLimits.DEFAULT.withTimes(ENOUGH, LONG, LONG, LONG));
        var good = connect();
        exchange(good);
        var pinging = connect();
        pinging.send("\r\n\r\n");
        assertThat(pinging.take(2)).isEqualTo("\r\n");
        assertThat(pinging.isClosedByPeer()).isTrue();
        exchange(good);
    }

    // M11
    @Test
    void aHeadThatNeverEndsIsClosedWithoutAnswer() throws Exception {
        listen(TransportLimits.DEFAULT.withTimes(LONG, SHORT, LONG, LONG));
        var slow = connect();
        exchange(slow);
        slow.send("OPTIONS sip:bob@home.example SIP/2.0\r\nVia: ");
        assertThat(slow.isClosedByPeer()).isTrue();
    }

    // M8
    @Test
    void aBodyThatDoesNotComeIsClosed() throws Exception {
        listen(TransportLimits.DEFAULT.withTimes(LONG, LONG, SHORT, LONG));
        var slow = connect();
        exchange(slow);
        slow.send(
                options(900).encoded().utf8().replace("Content-Length: 0", "Content-Length: 10")
                        + "12345");
        assertThat(slow.isClosedByPeer()).isTrue();
    }

    // M16; RFC 5626 4.4.1
    @Test
    void aDoubleLineEndIsAnsweredWithOne() throws Exception {
        listen(TransportLimits.DEFAULT);
        var peer = connect();
        peer.send("\r\n\r\n");
        assertThat(peer.take(2)).isEqualTo("\r\n");
        exchange(peer);
        peer.send("\r\n\r\n");
        assertThat(peer.take(2)).isEqualTo("\r\n");
    }

    // M16
    @Test
    void aStreamCutAtEveryOctetGivesTheSameMessages() throws Exception {
        listen(TransportLimits.DEFAULT);
        var peer = connect();
        peer.socket().setTcpNoDelay(true);
        var octets =
                Node.message("h\u00e9llo").toBuilder()
                        .prepend(HeaderName.VIA, "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKcut")
                        .build()
                        .encoded();
        for (int i = 0; i < octets.length(); i++) {
            peer.send(octets.slice(i, i + 1));
        }
        assertThat(node().takeRequest().request().body().utf8()).isEqualTo("h\u00e9llo");
    }

    // M16
    @Test
    void manyMessagesInOneSegmentAreManyMessages() throws Exception {
        listen(TransportLimits.DEFAULT);
        var peer = connect();
        var all = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            all.append(options(1000 + i).encoded().utf8()).append("\r\n\r\n");
        }
        peer.send(all.toString());
        for (int i = 0; i < 20; i++) {
            node().takeRequest();
        }
    }

    // M19
    @Test
    void whatIsNoSipIsClosedAtItsFirstLine() throws Exception {
        listen(TransportLimits.DEFAULT);
        for (var text :
                new String[] {
                    "GET / HTTP/1.1\r\n",
                    "\u0016\u0003\u0001\u0002",
                    "MSRP a786 SEND\r\n",
                    "{\"a\":1}\r\n"
                }) {
            var peer = connect();
            peer.send(text);
            assertThat(peer.isClosedByPeer()).as(text).isTrue();
        }
        exchange(connect());
    }

    // M7
    @Test
    void aContentLengthThatIsNoneIsAnsweredAndTheConnectionClosed() throws Exception {
        listen(TransportLimits.DEFAULT);
        for (var length : new String[] {"-1", "+1", "99999999999999999999", "2147483648", "x"}) {
            var peer = connect();
            number++;
            peer.send(
                    options(number)
                            .encoded()
                            .utf8()
                            .replace("Content-Length: 0", "Content-Length: " + length));
            assertThat(peer.takeResponse().status()).as(length).isEqualTo(400);
            assertThat(peer.isClosedByPeer()).isTrue();
        }
    }

    // 3.4: the whole message at N and N + 1
    @Test
    void aMessageThatIsTooLargeIsAnswered513AndTheConnectionClosed() throws Exception {
        listen(builder -> builder.limits(Limits.DEFAULT.with("messageOctets", 1000)));
        var good = connect();
        good.send(ofLength(1000, 1));
        assertThat(node().takeRequest().request().encoded().length()).isGreaterThanOrEqualTo(1000);

        var peer = connect();
        peer.send(ofLength(1001, 2));
        peer.send(Octets.of(new byte[100_000])); // it goes on as it announced, more or less
        assertThat(peer.takeResponse().status()).isEqualTo(513);
        assertThat(peer.isClosedByPeer()).isTrue();
    }

    private static Octets ofLength(int octets, int number) {
        var via = "SIP/2.0/TCP 127.0.0.1;branch=z9hG4bKlarge" + number;
        var empty = Node.message("").toBuilder().prepend(HeaderName.VIA, via).build();
        int body = octets - empty.encoded().length();
        var request = empty.toBuilder().body(Octets.utf8("x".repeat(body - 2))).build();
        assertThat(request.encoded().length()).isEqualTo(octets);
        return request.encoded();
    }

    // M7: the fault of one message does not close the stream
    @Test
    void aMalformedMessageIsAnsweredAndTheNextOneServed() throws Exception {
        listen(TransportLimits.DEFAULT);
        var peer = connect();
        number++;
        peer.send(options(number).encoded().utf8().replace("Max-Forwards: 70", "Max-Forwards: x"));
        assertThat(peer.takeResponse().status()).isEqualTo(400);
        exchange(peer);
    }

    // T3
    @Test
    void whoReadsNoneOfOurAnswersIsClosed() throws Exception {
        listen(
                TransportLimits.DEFAULT
                        .withQueues(50_000, 50_000)
                        .withTimes(LONG, LONG, LONG, LONG));
        var deaf = connect();
        exchange(deaf);
        var answering = Thread.startVirtualThread(this::answerAll);
        try {
            for (int i = 0; i < 100_000 && node().closed.isEmpty(); i++) {
                deaf.send(options(10_000 + i).encoded());
            }
        } catch (IOException e) {
            // Closed while we were sending.
        }
        Node.take(node().closed);
        answering.interrupt();
        answering.join(); // else it might still take the request of the next exchange
        for (var left = node().requests.poll(); left != null; left = node().requests.poll()) {
            answer(left);
        }
        exchange(connect());
    }

    private void answerAll() {
        try {
            while (true) {
                answer(node().requests.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(ServerTransaction transaction) {
        var large = Octets.utf8("x".repeat(2_000));
        transaction.respond(transaction.request().answer(200).body("text/plain", large).build());
    }

    // T3: also while there is room in the queue
    @Test
    void whoTakesNothingForTooLongIsClosed() throws Exception {
        listen(
                TransportLimits.DEFAULT
                        .withQueues(100_000_000, 100_000_000)
                        .withTimes(LONG, LONG, SHORT, LONG));
        var deaf = connect();
        exchange(deaf);
        deaf.send(options(5000).encoded());
        var flow = node().takeRequest().flow();
        flow.send(Octets.of(new byte[20_000_000]));
        Node.take(node().closed);
    }
}
