package org.fanfare.cli.bench;

import org.fanfare.sip.transport.TlsSettings;
import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/// The recipients of a load test behind one UDP and one TCP or TLS port. Runs until its process
/// ends.
///
/// A datagram that begins with the octet [#FLOOR] is no SIP: it gets as many octets back as its
/// next four say, and nothing else is done. That is the floor: what these two processes can
/// exchange at all. A connection that begins with it is one of [FloorOverStream].
public final class Responder {

    static final byte FLOOR = 0;

    private static final int SOCKET_BUFFER = 8 << 20;

    private final DatagramChannel udp;
    private final ServerSocket stream;
    private final LongAdder answered = new LongAdder();
    private volatile Sizes sizes = new Sizes(0, 0);

    /// Octets of a copy and of its answer.
    record Sizes(int request, int answer) {}

    /// @param tls null for TCP
    public Responder(@Nullable TlsSettings tls) throws IOException {
        var loopback = InetAddress.getLoopbackAddress();
        stream =
                tls == null
                        ? new ServerSocket(0, 64, loopback)
                        : tls.context()
                                .getServerSocketFactory()
                                .createServerSocket(0, 64, loopback);
        udp = DatagramChannel.open();
        udp.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        udp.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
        udp.bind(new InetSocketAddress(loopback, stream.getLocalPort()));
    }

    /// Says its port, then answers each line that comes in, until none comes any more: with the
    /// number of its answers, and the sizes of the last copy and its answer.
    public void run(BufferedReader in, Consumer<String> out) throws IOException {
        Thread.ofPlatform().daemon().start(this::acceptConnections);
        Thread.ofPlatform().daemon().start(this::answerDatagrams);
        out.accept(Integer.toString(stream.getLocalPort()));
        while (in.readLine() != null) {
            var last = sizes;
            out.accept(answered.sum() + " " + last.request() + " " + last.answer());
        }
    }

    private void answerDatagrams() {
        try {
            answer(new Answerer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(StreamAnswerer answerer) throws IOException {
        var in = ByteBuffer.allocateDirect(65_536);
        var out = ByteBuffer.allocateDirect(65_536);
        var octets = new byte[65_536];
        while (true) {
            in.clear();
            var sender = udp.receive(in);
            in.flip();
            out.clear();
            if (in.get(0) == FLOOR) {
                out.limit(in.getInt(1));
                udp.send(out, sender);
                continue;
            }
            int length = in.remaining();
            in.get(octets, 0, length);
            if (answerer.answer(octets, 0, length, out)) {
                udp.send(out.flip(), sender);
                note(length, out.limit());
            }
        }
    }

    private void note(int request, int answer) {
        answered.increment();
        var last = sizes;
        if (last.request() != request || last.answer() != answer) {
            sizes = new Sizes(request, answer);
        }
    }

    private void acceptConnections() {
        try {
            while (true) {
                var connection = stream.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the process ends
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = new PushbackInputStream(connection.getInputStream());
            int first = in.read();
            if (first == FLOOR) {
                FloorOverStream.respond(in, connection.getOutputStream());
                return;
            }
            if (first < 0) {
                return;
            }
            in.unread(first);
            new StreamResponder(in, connection.getOutputStream(), counted(new Answerer())).run();
        } catch (IOException closed) {
            // the server under test has gone
        }
    }

    private StreamAnswerer counted(StreamAnswerer answerer) {
        return (octets, from, to, answer) -> {
            int before = answer.position();
            boolean has = answerer.answer(octets, from, to, answer);
            if (has) {
                note(to - from, answer.position() - before);
            }
            return has;
        };
    }
}
