package org.fanfare.peers;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/// All recipients of a test behind one UDP and TCP port, written without any code of ours: notes
/// each copy before it answers 200 some milliseconds later, and loses one answer in a hundred over
/// UDP.
final class ScriptedCore implements AutoCloseable {

    /// One copy as it came in.
    record Copy(
            String recipient,
            String contributionId,
            String messageId,
            String callId,
            String text) {}

    private static final Pattern REQUEST_LINE = Pattern.compile("^MESSAGE (\\S+) SIP/2.0\r\n");

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Copy> copies = new CopyOnWriteArrayList<>();
    private final Queue<Socket> connections = new ConcurrentLinkedQueue<>();
    private final AtomicInteger copiesLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);
    private final int port;
    private final int slowestAnswerMillis;

    ScriptedCore(int slowestAnswerMillis) throws IOException {
        this(slowestAnswerMillis, Peers.freePort());
    }

    /// On a port that another one had.
    ScriptedCore(int slowestAnswerMillis, int port) throws IOException {
        this.port = port;
        this.slowestAnswerMillis = slowestAnswerMillis;
        udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        udp.setReceiveBufferSize(4 << 20);
        tcp = new ServerSocket();
        try {
            tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (BindException taken) {
            udp.close();
            throw taken;
        }
        Thread.ofVirtual().start(this::receiveDatagrams);
        Thread.ofVirtual().start(this::acceptConnections);
    }

    /// Takes no more after so many copies, as if what comes then was lost.
    void takesOnly(int count) {
        copiesLeft.set(count);
    }

    /// Whether it has taken as many as it takes.
    boolean hasTakenAll() {
        return copiesLeft.get() <= 0;
    }

    /// Falls silent after so many answers.
    void answersOnly(int count) {
        answersLeft.set(count);
    }

    int port() {
        return port;
    }

    List<Copy> copies() {
        return List.copyOf(copies);
    }

    private void receiveDatagrams() {
        while (!udp.isClosed()) {
            try {
                var packet = new DatagramPacket(new byte[65_535], 65_535);
                udp.receive(packet);
                var request =
                        new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                Thread.ofVirtual()
                        .start(() -> serve(request, answer -> sendDatagram(answer, packet)));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void sendDatagram(String answer, DatagramPacket request) throws IOException {
        var octets = answer.getBytes(StandardCharsets.UTF_8);
        if (ThreadLocalRandom.current().nextInt(100) > 0) {
            udp.send(new DatagramPacket(octets, octets.length, request.getSocketAddress()));
        }
    }

    private void acceptConnections() {
        while (!tcp.isClosed()) {
            try {
                var connection = tcp.accept();
                connections.add(connection);
                Thread.ofVirtual().start(() -> readConnection(connection));
            } catch (IOException aborted) {
                // closed, or killed between connecting and being accepted
            }
        }
    }

    private void readConnection(Socket connection) {
        try (connection) {
            var in = new BufferedInputStream(connection.getInputStream());
            for (var request = readRequest(in); request.isPresent(); request = readRequest(in)) {
                var text = request.get();
                Thread.ofVirtual()
                        .start(() -> serve(text, answer -> sendOnStream(answer, connection)));
            }
        } catch (IOException closed) {
            // the other side has been killed: that is what the test does
        }
    }

    private static void sendOnStream(String answer, Socket connection) throws IOException {
        synchronized (connection) {
            connection.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Optional<String> readRequest(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var octet = in.read();
            if (octet < 0) {
                return Optional.empty();
            }
            head.append((char) octet);
        }
        var length = field(head.toString(), "Content-Length").map(Integer::parseInt).orElse(0);
        return Optional.of(head + new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }

    private interface Reply {
        void send(String answer) throws IOException;
    }

    private void serve(String request, Reply reply) {
        var line = REQUEST_LINE.matcher(request);
        if (!line.find()) {
            return;
        }
        synchronized (copies) {
            if (hasTakenAll()) {
                return;
            }
            copies.add(
                    new Copy(
                            line.group(1),
                            field(request, "Contribution-ID").orElse(""),
                            field(request, "imdn.Message-ID").orElse(""),
                            field(request, "Call-ID").orElse(""),
                            request));
            copiesLeft.decrementAndGet();
        }
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(slowestAnswerMillis));
            if (answersLeft.getAndDecrement() > 0) {
                reply.send(answerTo(request));
            }
        } catch (IOException closed) {
            // the server that asked is gone; its successor will ask again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String answerTo(String request) {
        var answer = new StringBuilder("SIP/2.0 200 OK\r\n");
        for (var line : request.substring(0, request.indexOf("\r\n\r\n")).split("\r\n", -1)) {
            if (line.matches("(?i)(Via|From|Call-ID|CSeq):.*")) {
                answer.append(line).append("\r\n");
            } else if (line.startsWith("To:")) {
                answer.append(line).append(";tag=r\r\n");
            }
        }
        return answer.append("Content-Length: 0\r\n\r\n").toString();
    }

    static Optional<String> field(String message, String name) {
        var matcher =
                Pattern.compile("(?im)^" + Pattern.quote(name) + ": *([^\\r\\n]*)")
                        .matcher(message);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /// With everything that was on its way.
    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
            for (var connection : connections) {
                connection.close();
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
