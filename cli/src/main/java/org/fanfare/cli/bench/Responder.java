package org.fanfare.cli.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/// The recipients of a load test behind one UDP and one TCP port. Runs until its process ends.
///
/// A datagram that begins with the octet [#FLOOR] is no SIP: it gets as many octets back as its
/// next four say, and nothing else is done. That is the floor: what these two processes can
/// exchange at all. One that begins with [#SIZES] is told how many octets the last request and its
/// answer had.
public final class Responder {

    static final byte FLOOR = 0;
    static final byte SIZES = 1;

    /// Where none comes as a datagram: the sizes of a copy and of its answer.
    private static final int COPY = 1_050;

    private static final int ANSWER = 420;
    private static final int SOCKET_BUFFER = 8 << 20;

    private final DatagramChannel udp;
    private final ServerSocket tcp;

    public Responder() throws IOException {
        tcp = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        udp = DatagramChannel.open();
        udp.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
        udp.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
        udp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort()));
    }

    public int port() {
        return tcp.getLocalPort();
    }

    public void run() throws IOException {
        Thread.ofPlatform().daemon().start(this::acceptConnections);
        var in = ByteBuffer.allocateDirect(65_536);
        var out = ByteBuffer.allocateDirect(65_536);
        var octets = new byte[65_536];
        var sizes = ByteBuffer.allocateDirect(2 * Integer.BYTES);
        sizes.putInt(0, COPY).putInt(Integer.BYTES, ANSWER);
        var answerer = new Answerer();
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
            if (in.get(0) == SIZES) {
                udp.send(sizes.rewind(), sender);
                continue;
            }
            int length = in.remaining();
            in.get(octets, 0, length);
            if (answerer.answer(octets, 0, length, out)) {
                udp.send(out.flip(), sender);
                sizes.putInt(0, length).putInt(Integer.BYTES, out.limit());
            }
        }
    }

    private void acceptConnections() {
        try {
            while (true) {
                var connection = tcp.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the process ends
        }
    }

    private static void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            new StreamResponder(
                            new BufferedInputStream(connection.getInputStream(), 1 << 16),
                            connection.getOutputStream(),
                            new Answerer())
                    .run();
        } catch (IOException closed) {
            // the server under test has gone
        }
    }
}
