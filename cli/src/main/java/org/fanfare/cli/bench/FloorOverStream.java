package org.fanfare.cli.bench;

import org.fanfare.sip.transport.TlsSettings;
import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

import javax.net.ssl.SSLSocket;

/// The floor over TCP or TLS: requests and answers of the sizes of a copy and of its answer on one
/// connection, a window of them under way, one thread on each side. What one read brings is
/// answered with one write, so that both sides save system calls, and records of TLS, as they can.
final class FloorOverStream {

    private static final int BUFFER = 1 << 17;

    private final InetSocketAddress responder;
    private final @Nullable TlsSettings tls;

    /// @param tls null for TCP
    FloorOverStream(InetSocketAddress responder, @Nullable TlsSettings tls) {
        this.responder = responder;
        this.tls = tls;
    }

    /// Requests answered in a second, over the time given after half a second of warming up.
    double measure(Responder.Sizes sizes, Duration time) throws IOException {
        try (var connection = connected()) {
            connection.setTcpNoDelay(true);
            var out = new DataOutputStream(connection.getOutputStream());
            out.writeByte(Responder.FLOOR);
            out.writeInt(sizes.request());
            out.writeInt(sizes.answer());
            out.write(new byte[Floor.WINDOW * sizes.request()]);
            out.flush();
            var exchange = new Exchange(connection.getInputStream(), connection.getOutputStream());
            exchange.answering(sizes.answer(), sizes.request(), Duration.ofMillis(500));
            return exchange.answering(sizes.answer(), sizes.request(), time);
        }
    }

    private Socket connected() throws IOException {
        if (tls == null) {
            return new Socket(responder.getAddress(), responder.getPort());
        }
        var socket = tls.context().getSocketFactory();
        var connection =
                (SSLSocket) socket.createSocket(responder.getAddress(), responder.getPort());
        tls.asClient(connection);
        return connection;
    }

    /// The other side: answers until the connection ends.
    static void respond(InputStream in, OutputStream out) throws IOException {
        var sizes = new DataInputStream(in);
        int request = sizes.readInt();
        int answer = sizes.readInt();
        new Exchange(in, out).answering(request, answer, Duration.ofDays(1));
    }

    private static final class Exchange {

        private final InputStream in;
        private final OutputStream out;
        private final byte[] read = new byte[BUFFER];
        private final byte[] written = new byte[4 * BUFFER];
        private int rest;

        Exchange(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        /// Answers messages of one size with messages of another; how many in a second.
        double answering(int size, int answer, Duration time) throws IOException {
            long began = System.nanoTime();
            long answered = 0;
            while (System.nanoTime() - began < time.toNanos()) {
                int count = in.read(read);
                if (count < 0) {
                    throw new EOFException("the other side of the floor has gone");
                }
                int messages = (rest + count) / size;
                rest = (rest + count) % size;
                out.write(written, 0, messages * answer);
                answered += messages;
            }
            return answered * 1e9 / (System.nanoTime() - began);
        }
    }
}
