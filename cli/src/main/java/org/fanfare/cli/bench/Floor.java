package org.fanfare.cli.bench;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/// The floor of this machine: bare datagrams of the sizes of a copy and of its answer, to and from
/// the process that answers the copies too, a window of them under way, one thread, one system call
/// for each. Only who saves system calls can be faster over UDP than this.
final class Floor {

    static final int WINDOW = 64;
    private static final int SOCKET_BUFFER = 8 << 20;

    private final SocketAddress responder;

    Floor(SocketAddress responder) {
        this.responder = responder;
    }

    /// Requests answered in a second, over the time given after half a second of warming up.
    double measure(Responder.Sizes sizes, Duration time) throws IOException {
        try (var channel = DatagramChannel.open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SOCKET_BUFFER);
            channel.connect(responder);
            var request = ByteBuffer.allocateDirect(sizes.request());
            request.put(0, Responder.FLOOR).putInt(1, sizes.answer());
            for (int i = 0; i < WINDOW; i++) {
                channel.write(request.rewind());
            }
            exchange(channel, request, Duration.ofMillis(500));
            return exchange(channel, request, time);
        }
    }

    private double exchange(DatagramChannel channel, ByteBuffer request, Duration time)
            throws IOException {
        var answer = ByteBuffer.allocateDirect(65_536);
        long began = System.nanoTime();
        long ends = began + time.toNanos();
        long answered = 0;
        while (System.nanoTime() < ends) {
            channel.read(answer.clear());
            channel.write(request.rewind());
            answered++;
        }
        return answered * 1e9 / (System.nanoTime() - began);
    }
}
