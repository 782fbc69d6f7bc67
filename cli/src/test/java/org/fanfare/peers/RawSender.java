package org.fanfare.peers;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Sends one-to-many messages over UDP as the core would, written without any code of ours.
final class RawSender implements AutoCloseable {

    private final DatagramSocket socket;
    private final int port;

    RawSender(int port) throws IOException {
        this.port = port;
        socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static String recipient(int index) {
        return "sip:r" + index + "@home.example";
    }

    /// Sends the request and does not wait. A second call with the same id is a new transaction: a
    /// client that tries again.
    void send(String contributionId, int recipients) throws IOException {
        var entries = IntStream.range(0, recipients).mapToObj(RawSender::recipient).toList();
        send(contributionId, body(contributionId, entries, "", "Text of " + contributionId));
    }

    /// The same to recipients, with a text and CPIM header lines of the test's choice.
    void send(String contributionId, List<String> recipients, String headers, String text)
            throws IOException {
        send(contributionId, body(contributionId, recipients, headers, text));
    }

    private void send(String contributionId, String body) throws IOException {
        var octets = request(contributionId, body).getBytes(StandardCharsets.UTF_8);
        socket.send(
                new DatagramPacket(
                        octets,
                        octets.length,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /// The final status that comes within this time, if one comes.
    Optional<Integer> awaitFinal(Duration atMost) throws IOException {
        return awaitFinalResponse(atMost).map(RawSender::status);
    }

    /// The same, with all of the response.
    Optional<String> awaitFinalResponse(Duration atMost) throws IOException {
        var deadline = System.nanoTime() + atMost.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                socket.setSoTimeout((int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                var packet = new DatagramPacket(new byte[65_535], 65_535);
                socket.receive(packet);
                var response =
                        new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                if (status(response) >= 200) {
                    return Optional.of(response);
                }
            } catch (SocketTimeoutException nothing) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static int status(String response) {
        return Integer.parseInt(response.substring(8, 11));
    }

    private String request(String contributionId, String body) {
        var transaction = UUID.randomUUID().toString();
        return """
        MESSAGE sip:exploder@home.example SIP/2.0
        Via: SIP/2.0/UDP 127.0.0.1:%1$d;rport;branch=z9hG4bK%2$s
        Max-Forwards: 70
        From: <sip:alice@home.example>;tag=%2$s
        To: <sip:exploder@home.example>
        Call-ID: %2$s
        CSeq: 1 MESSAGE
        Accept-Contact: *;+g.3gpp.icsi-ref="urn%%3Aurn-7%%3A3gpp-service.ims.icsi.oma.cpm.msg"
        P-Asserted-Identity: <sip:alice@home.example>
        P-Preferred-Service: urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group
        Conversation-ID: conversation-%3$s
        Contribution-ID: %3$s
        User-Agent: CPM-client/OMA2.2
        Require: recipient-list-message
        Content-Type: multipart/mixed;boundary="b1"
        Content-Length: %4$d

        """
                        .formatted(
                                socket.getLocalPort(),
                                transaction,
                                contributionId,
                                body.getBytes(StandardCharsets.UTF_8).length)
                        .replace("\n", "\r\n")
                + body;
    }

    private static String body(
            String contributionId, List<String> recipients, String headers, String text) {
        var entries =
                recipients.stream()
                        .map(recipient -> "<entry uri=\"" + recipient + "\"/>")
                        .collect(Collectors.joining());
        return """
        --b1
        Content-Type: application/resource-lists+xml
        Content-Disposition: recipient-list

        <?xml version="1.0" encoding="UTF-8"?>
        <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>%2$s</list></resource-lists>
        --b1
        Content-Type: message/cpim

        From: <sip:alice@home.example>
        To: <sip:exploder@home.example>
        DateTime: 2026-03-01T12:00:00Z
        NS: imdn <urn:ietf:params:imdn>
        imdn.Message-ID: m-%1$s
        %3$s
        Content-Type: text/plain;charset=UTF-8

        %4$s
        --b1--
        """
                .formatted(contributionId, entries, headers, text)
                .replace("\n", "\r\n");
    }

    @Override
    public void close() {
        socket.close();
    }
}
