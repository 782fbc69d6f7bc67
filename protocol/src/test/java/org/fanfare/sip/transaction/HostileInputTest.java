package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.Mutations;
import org.fanfare.testing.StreamPeer;
import org.fanfare.testing.UdpPeer;
import org.fanfare.testing.Vectors;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// Every SIP vector, whole and broken, over UDP and TCP: the element goes on, an unknown address
/// never gets more than it sent, and the next good request is answered. // M1, M14, G4, G20
class HostileInputTest {

    private static final int MUTATIONS = 10;

    private final ManualTimers timers = new ManualTimers();
    private TransactionLayer layer;
    private int good;

    /// Answers what this test means as a good request, and nothing else.
    private static void serve(ServerTransaction transaction) {
        if (transaction.request().callId().startsWith("good")) {
            transaction.respond(transaction.request().answer(200).build());
        }
    }

    @BeforeEach
    void start() throws IOException {
        layer =
                new TransactionLayer(
                        TransportLayer.builder()
                                .listen(ListenPoint.parse("udp:127.0.0.1:0"))
                                .listen(ListenPoint.parse("tcp:127.0.0.1:0")),
                        HostileInputTest::serve,
                        timers);
        layer.start();
    }

    @AfterEach
    void stop() {
        layer.close();
    }

    private InetSocketAddress address(TransportProtocol protocol) {
        return layer.listening().stream()
                .filter(point -> point.protocol() == protocol)
                .findFirst()
                .orElseThrow()
                .address();
    }

    private SipRequest goodRequest(String transport) {
        good++;
        var via = "SIP/2.0/" + transport + " 127.0.0.1;branch=z9hG4bKgood" + good + ";rport";
        return Node.request(Method.OPTIONS)
                .prepend(HeaderName.VIA, via)
                .set(HeaderName.CALL_ID, "good" + good)
                .build();
    }

    private static List<Octets> vectors() {
        return Vectors.of("sip").stream().map(Vectors.Vector::octets).toList();
    }

    private static List<Octets> mutations(Octets vector) {
        var mutations = new ArrayList<Octets>();
        Mutations.seeded(vector, vectors(), 1, MUTATIONS, mutations::add);
        return mutations;
    }

    @Test
    void overUdp() throws Exception {
        try (var mallory = new UdpPeer()) {
            for (var vector : vectors()) {
                sendAndCheck(mallory, vector);
            }
            for (var vector : vectors()) {
                for (var mutation : mutations(vector)) {
                    sendAndCheck(mallory, mutation);
                }
            }
        }
        assertThat(layer.transport().counters().faults()).isZero();
    }

    /// The socket is read in order: when the good request is answered, all that the other one
    /// brings without a user has come.
    private void sendAndCheck(UdpPeer mallory, Octets octets) throws IOException {
        var to = address(TransportProtocol.UDP);
        mallory.send(octets, to);
        var next = goodRequest("UDP");
        mallory.send(next.encoded(), to);
        int packets = 0;
        int length = 0;
        for (var answer = mallory.takeResponse();
                !answer.callId().equals(next.callId());
                answer = mallory.takeResponse()) {
            packets++;
            length += answer.encoded().length();
        }
        assertThat(packets).isLessThanOrEqualTo(1);
        assertThat(length).isLessThanOrEqualTo(octets.length());
    }

    @Test
    void overTcp() throws Exception {
        for (var vector : vectors()) {
            try (var mallory = StreamPeer.connect(address(TransportProtocol.TCP))) {
                sendAll(mallory, vector);
            }
            try (var alice = StreamPeer.connect(address(TransportProtocol.TCP))) {
                alice.send(goodRequest("TCP").encoded());
                assertThat(alice.takeResponse().status()).isEqualTo(200);
            }
        }
        assertThat(layer.transport().counters().faults()).isZero();
    }

    private static void sendAll(StreamPeer peer, Octets octets) {
        try {
            peer.send(octets);
        } catch (IOException e) {
            assertThat(e).as("it was closed while we were writing").isNotNull();
        }
    }
}
