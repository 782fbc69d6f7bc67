package org.fanfare.peers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/// All recipients of large messages behind one SIP port and one MSRP port, over TCP, written
/// without any code of ours: takes every session, reads at a pace of its own, and notes what was
/// whole.
final class LargeCore implements AutoCloseable {

    /// A message that has come with its end.
    record Whole(String recipient, String contributionId, String content) {}

    private record Leg(String recipient, String contributionId) {}

    private final ServerSocket sip = listener();
    private final ServerSocket msrp = listener();
    private final Map<String, Leg> legs = new ConcurrentHashMap<>();
    private final List<Whole> wholes = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final int slowestChunkMicros;

    LargeCore(int slowestChunkMicros) throws IOException {
        this.slowestChunkMicros = slowestChunkMicros;
        Thread.ofVirtual().start(() -> accept(sip, this::serveSip));
        Thread.ofVirtual().start(() -> accept(msrp, this::serveMsrp));
    }

    private static ServerSocket listener() throws IOException {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        return socket;
    }

    int port() {
        return sip.getLocalPort();
    }

    List<Whole> wholes(String contributionId) {
        return wholes.stream().filter(w -> w.contributionId().equals(contributionId)).toList();
    }

    private interface Service {
        void serve(Socket connection) throws IOException, InterruptedException;
    }

    private static void accept(ServerSocket listener, Service service) {
        while (!listener.isClosed()) {
            try {
                var connection = listener.accept();
                Thread.ofVirtual().start(() -> serve(connection, service));
            } catch (IOException closed) {
                // closed, or killed between connecting and being accepted
            }
        }
    }

    private static void serve(Socket connection, Service service) {
        try (connection) {
            service.serve(connection);
        } catch (IOException gone) {
            // the other side has been killed: that is what the test does
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveSip(Socket connection) throws IOException {
        var in = new BufferedInputStream(connection.getInputStream());
        var out = connection.getOutputStream();
        for (var head = head(in); head.isPresent(); head = head(in)) {
            var text = head.get();
            in.readNBytes(
                    ScriptedCore.field(text, "Content-Length").map(Integer::parseInt).orElse(0));
            if (text.startsWith("INVITE ")) {
                send(out, answer(text, description(text)));
            } else if (!text.startsWith("ACK ") && !text.startsWith("SIP/2.0 ")) {
                send(out, answer(text, ""));
            }
        }
    }

    private String description(String invite) {
        var session = "leg" + sessions.incrementAndGet() + "abcdefghijklmnop";
        legs.put(
                session,
                new Leg(
                        invite.split(" ", 3)[1],
                        ScriptedCore.field(invite, "Contribution-ID").orElse("")));
        return """
        v=0
        o=- 1 1 IN IP4 127.0.0.1
        s=-
        c=IN IP4 127.0.0.1
        t=0 0
        m=message %1$d TCP/MSRP *
        a=recvonly
        a=accept-types:message/cpim
        a=accept-wrapped-types:*
        a=setup:passive
        a=path:msrp://127.0.0.1:%1$d/%2$s;tcp
        """
                .formatted(msrp.getLocalPort(), session)
                .replace("\n", "\r\n");
    }

    private static String answer(String request, String body) {
        var answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        for (var line : request.split("\r\n", -1)) {
            if (line.matches("(?i)(Via|From|Call-ID|CSeq|Record-Route):.*")) {
                answer.append(line).append("\r\n");
            } else if (line.startsWith("To:")) {
                answer.append(line).append(line.contains("tag=") ? "\r\n" : ";tag=r\r\n");
            }
        }
        answer.append("Contact: <sip:phone@127.0.0.1:9;transport=tcp>\r\n");
        if (!body.isEmpty()) {
            answer.append("Content-Type: application/sdp\r\n");
        }
        return answer + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /// Up to the empty line.
    static Optional<String> head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var octet = in.read();
            if (octet < 0) {
                return Optional.empty();
            }
            head.append((char) octet);
        }
        return Optional.of(head.toString());
    }

    static void send(OutputStream out, String text) throws IOException {
        synchronized (out) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    // ---- MSRP

    private void serveMsrp(Socket connection) throws IOException, InterruptedException {
        var in = new BufferedInputStream(connection.getInputStream());
        var out = connection.getOutputStream();
        var content = new StringBuilder();
        for (var first = line(in); first.isPresent(); first = line(in)) {
            var words = first.get().split(" ", 3);
            if (words.length < 3 || !words[2].equals("SEND")) {
                throw new IOException("unexpected: " + first.get());
            }
            var chunk = chunk(in, words[1]);
            var session = ScriptedCore.field(chunk.head, "To-Path").orElse("");
            if (!chunk.body.isEmpty()) {
                content.append(chunk.body);
                pause();
                if (chunk.flag == '$') {
                    var leg = legs.get(session.replaceAll(".*/(leg[a-z0-9]+);tcp", "$1"));
                    wholes.add(new Whole(leg.recipient, leg.contributionId, content.toString()));
                }
            }
            send(
                    out,
                    "MSRP %1$s 200 OK\r\nTo-Path: %2$s\r\nFrom-Path: %3$s\r\n-------%1$s$\r\n"
                            .formatted(
                                    words[1],
                                    ScriptedCore.field(chunk.head, "From-Path").orElse(""),
                                    session));
        }
    }

    private void pause() throws InterruptedException {
        Thread.sleep(
                Duration.ofNanos(1_000L * ThreadLocalRandom.current().nextInt(slowestChunkMicros)));
    }

    private record Chunk(String head, String body, char flag) {}

    private static Chunk chunk(InputStream in, String id) throws IOException {
        var head = new StringBuilder();
        var end = "-------" + id;
        while (true) {
            var next = line(in).orElseThrow(() -> new IOException("cut in a head"));
            if (next.startsWith(end)) {
                return new Chunk(head.toString(), "", next.charAt(end.length()));
            }
            if (next.isEmpty()) {
                return withBody(in, head.toString(), "\r\n" + end);
            }
            head.append(next).append("\r\n");
        }
    }

    private static Chunk withBody(InputStream in, String head, String end) throws IOException {
        var body = new StringBuilder();
        while (body.length() < end.length()
                || body.indexOf(end, body.length() - end.length()) < 0) {
            body.append((char) octet(in));
        }
        var flag = (char) octet(in);
        octet(in);
        octet(in);
        return new Chunk(head, body.substring(0, body.length() - end.length()), flag);
    }

    private static int octet(InputStream in) throws IOException {
        var octet = in.read();
        if (octet < 0) {
            throw new IOException("cut in a body");
        }
        return octet;
    }

    static Optional<String> line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (var octet = in.read(); octet >= 0; octet = in.read()) {
            if (octet == '\n') {
                var text = line.toString(StandardCharsets.ISO_8859_1);
                return Optional.of(text.substring(0, text.length() - 1));
            }
            line.write(octet);
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        sip.close();
        msrp.close();
    }
}
