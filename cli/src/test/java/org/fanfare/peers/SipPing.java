package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// An OPTIONS by hand, without any code of ours: is this port served yet?
final class SipPing {

    private SipPing() {}

    /// Returns when the program answers; one that does not is ended.
    static void awaitAnswer(int port, Duration atMost, PeerProcess process) throws IOException {
        process.orClosed(() -> await(port, atMost, process));
    }

    private static void await(int port, Duration atMost, PeerProcess process) throws IOException {
        var deadline = System.nanoTime() + atMost.toNanos();
        try (var socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            socket.setSoTimeout(100);
            for (int attempt = 0; System.nanoTime() < deadline && process.alive(); attempt++) {
                if (answers(socket, port, attempt)) {
                    return;
                }
            }
        }
        assertThat(process.output()).as("no answer on port %d", port).isNull();
    }

    private static boolean answers(DatagramSocket socket, int port, int attempt)
            throws IOException {
        var request =
                """
                OPTIONS sip:%1$s:%2$d SIP/2.0
                Via: SIP/2.0/UDP %1$s:%3$d;rport;branch=z9hG4bKping%4$d
                Max-Forwards: 70
                From: <sip:ping@%1$s>;tag=p
                To: <sip:%1$s:%2$d>
                Call-ID: ping-%3$d-%4$d
                CSeq: 1 OPTIONS
                Content-Length: 0

                """
                        .formatted(Peers.LOOPBACK, port, socket.getLocalPort(), attempt)
                        .replace("\n", "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        socket.send(
                new DatagramPacket(
                        request,
                        request.length,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        try {
            socket.receive(new DatagramPacket(new byte[4096], 4096));
            return true;
        } catch (SocketTimeoutException notYet) {
            return false;
        }
    }
}
