package org.fanfare.cli.conformance;

import org.fanfare.sip.SipRequest;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/// The same octets twice in datagrams, as if the first response was lost.
final class Twice {

    private static final int STATUS = "SIP/2.0 ".length();

    private Twice() {}

    /// Waits for a final response, and gives its status.
    static String send(Target target, SipRequest request) throws Mismatch {
        var host = target.listen().host();
        try (var socket = new DatagramSocket(new InetSocketAddress(host, 0))) {
            var via =
                    "SIP/2.0/UDP %s:%d;rport;branch=z9hG4bK%s"
                            .formatted(host, socket.getLocalPort(), UUID.randomUUID());
            var octets = request.toBuilder().prepend("Via", via).build().encoded().toByteArray();
            var datagram = new DatagramPacket(octets, octets.length, target.hop().address());
            socket.send(datagram);
            socket.send(datagram);
            socket.setSoTimeout(Math.toIntExact(target.timeout().toMillis()));
            var answer = new DatagramPacket(new byte[65_535], 65_535);
            do {
                socket.receive(answer);
            } while (answer.getData()[STATUS] == '1');
            return new String(answer.getData(), STATUS, 3, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new Mismatch("a final response to the MESSAGE", String.valueOf(e.getMessage()));
        }
    }
}
