package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.UdpPeer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Where the machine has IPv6 at all.
class Ipv6Test {

    @BeforeAll
    static void needsIpv6() {
        assumeTrue(hasIpv6(), "no IPv6 here");
    }

    private static boolean hasIpv6() {
        try (var socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("::1"), 0))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportProtocol.class,
            names = {"UDP", "TCP"})
    void aMessageIsAnswered(TransportProtocol protocol) throws Exception {
        try (var timers = new WheelTimers();
                var bob = Node.listening(timers, "udp:[::1]:0", "tcp:[::1]:0", "udp:127.0.0.1:0");
                var alice = Node.listening(timers, "udp:127.0.0.1:0", "udp:[::1]:0")) {
            var listener = new Node.Listener();
            var hop = protocol == TransportProtocol.UDP ? bob.udp() : bob.tcp();
            alice.layer.send(Node.message("hello"), hop, listener);
            var received = bob.takeRequest();
            assertThat(received.request().topVia().sentBy().host()).isEqualTo("[::1]");
            received.respond(received.request().answer(200).build());
            assertThat(listener.takeFinal().topVia().received()).hasValue("::1");
        }
    }

    // RFC 5118 4.5
    @Test
    void receivedHasNoBrackets() throws Exception {
        try (var timers = new WheelTimers();
                var bob = Node.listening(timers, "udp:[::1]:0");
                var alice = new UdpPeer("::1")) {
            var via = "SIP/2.0/UDP pc.home.example;branch=z9hG4bK6;rport";
            var request = Node.message("hello").toBuilder().prepend(HeaderName.VIA, via).build();
            alice.send(request.encoded(), bob.address(TransportProtocol.UDP));
            var transaction = bob.takeRequest();
            transaction.respond(transaction.request().answer(200).build());
            assertThat(alice.takeResponse().header(HeaderName.VIA).orElseThrow())
                    .contains(";received=::1");
        }
    }
}
