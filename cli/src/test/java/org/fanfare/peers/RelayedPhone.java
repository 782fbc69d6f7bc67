package org.fanfare.peers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/// A recipient behind an MSRP relay, written without any code of ours: it reserves a path by AUTH,
/// puts the relay before its own URI into its answer, and takes one message. SIP over UDP, already
/// registered by others.
final class RelayedPhone implements AutoCloseable {

    /// One message as it came.
    ///
    /// @param content an octet a character
    /// @param toPaths the To-Path of each SEND
    record Received(String content, List<String> toPaths) {}

    private final DatagramSocket sip;
    private final Socket media;
    private final MsrpStream stream;
    private final String ownUri;
    private final String usePath;
    private final CompletableFuture<Received> received = new CompletableFuture<>();
    private final CompletableFuture<String> bye = new CompletableFuture<>();
    private volatile String offeredPath = "";

    RelayedPhone(int sipPort, int relayPort) throws IOException {
        sip = new DatagramSocket(sipPort, InetAddress.getLoopbackAddress());
        media = new Socket(InetAddress.getLoopbackAddress(), relayPort);
        stream = new MsrpStream(new BufferedInputStream(media.getInputStream()));
        ownUri = "msrp://127.0.0.1:" + media.getLocalPort() + "/behind;tcp";
        usePath = reserve("msrp://127.0.0.1:" + relayPort + ";tcp");
        Thread.ofVirtual().start(this::readSip);
        Thread.ofVirtual().start(this::readMedia);
    }

    /// RFC 4976 5.1.
    private String reserve(String relay) throws IOException {
        write(
                "MSRP auth1234 AUTH\r\nTo-Path: %s\r\nFrom-Path: %s\r\n-------auth1234$\r\n"
                        .formatted(relay, ownUri));
        var answer = stream.next().orElseThrow(() -> new IOException("the relay has closed"));
        if (!answer.startLine().startsWith("MSRP auth1234 200")) {
            throw new IOException("AUTH: " + answer.startLine());
        }
        return answer.field("Use-Path").orElseThrow();
    }

    /// The path of its answer.
    String path() {
        return usePath + " " + ownUri;
    }

    /// The path of the INVITE that came.
    String offeredPath() {
        return offeredPath;
    }

    CompletableFuture<Received> received() {
        return received;
    }

    /// The Reason of the BYE.
    CompletableFuture<String> bye() {
        return bye;
    }

    private void readMedia() {
        var content = new StringBuilder();
        var toPaths = new ArrayList<String>();
        try {
            for (var next = stream.next(); next.isPresent(); next = stream.next()) {
                var frame = next.get();
                if (!frame.isSend()) {
                    continue;
                }
                write(
                        "MSRP %1$s 200 OK\r\nTo-Path: %2$s\r\nFrom-Path: %3$s\r\n-------%1$s$\r\n"
                                .formatted(
                                        frame.transaction(),
                                        frame.field("From-Path").orElseThrow().split(" ", 2)[0],
                                        ownUri));
                toPaths.add(frame.field("To-Path").orElseThrow());
                content.append(frame.content());
                if (frame.flag() == '$' && content.length() > 0) {
                    received.complete(new Received(content.toString(), toPaths));
                }
            }
        } catch (IOException closed) {
            received.completeExceptionally(closed);
        }
    }

    private void write(String message) throws IOException {
        media.getOutputStream().write(message.getBytes(StandardCharsets.UTF_8));
    }

    private void readSip() {
        try {
            while (true) {
                var packet = new DatagramPacket(new byte[65_535], 65_535);
                sip.receive(packet);
                var request =
                        new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                var answer = answer(request);
                if (answer.isPresent()) {
                    var octets = answer.get().getBytes(StandardCharsets.UTF_8);
                    sip.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException closed) {
            // by the end of the test
        }
    }

    private Optional<String> answer(String request) {
        if (request.startsWith("INVITE ")) {
            var path = Pattern.compile("a=path:([^\\r\\n]+)").matcher(request);
            offeredPath = path.find() ? path.group(1) : "";
            return Optional.of(response(request, description()));
        }
        if (request.startsWith("BYE ")) {
            bye.complete(ScriptedCore.field(request, "Reason").orElse(""));
            return Optional.of(response(request, ""));
        }
        return Optional.empty();
    }

    private String description() {
        var relayPort = usePath.replaceFirst("msrp://[^:]+:(\\d+)/.*", "$1");
        return """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        c=IN IP4 127.0.0.1
        t=0 0
        m=message %s TCP/MSRP *
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=path:%s
        a=setup:passive
        a=recvonly
        """
                .formatted(relayPort, path())
                .replace("\n", "\r\n");
    }

    private String response(String request, String body) {
        var answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        for (var line : request.substring(0, request.indexOf("\r\n\r\n")).split("\r\n", -1)) {
            if (line.matches("(?i)(Via|From|Call-ID|CSeq|Record-Route):.*")) {
                answer.append(line).append("\r\n");
            } else if (line.startsWith("To:")) {
                answer.append(line).append(line.contains(";tag=") ? "" : ";tag=b").append("\r\n");
            }
        }
        if (!body.isEmpty()) {
            answer.append("Contact: <sip:127.0.0.1:" + sip.getLocalPort() + ">\r\n")
                    .append("Content-Type: application/sdp\r\n");
        }
        return answer + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    @Override
    public void close() throws IOException {
        sip.close();
        media.close();
    }
}
