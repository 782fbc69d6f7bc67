package org.fanfare.cli.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The floor of this machine for large messages: the same octets, written to as many connections of
/// the process that receives the messages too, which reads them and answers one octet for each. A
/// virtual thread writes each connection, and all are there before the clock starts. No server that
/// sends content over TCP can be faster but by the system calls it saves.
final class StreamFloor {

    private static final int PIECE = 64 << 10;
    private static final Duration LEAST = Duration.ofMillis(1500);

    private final InetSocketAddress receivers;

    StreamFloor(InetSocketAddress receivers) {
        this.receivers = receivers;
    }

    /// Octets a second, all connections together.
    double measure(int connections, long octets) throws IOException, InterruptedException {
        var channels = new ArrayList<SocketChannel>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                var channel = SocketChannel.open(receivers);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channels.add(channel);
                channel.write(ByteBuffer.wrap(new byte[] {MsrpReceiving.FLOOR}));
            }
            var piece = ByteBuffer.allocateDirect(PIECE);
            round(threads, channels, piece, octets);
            long began = System.nanoTime();
            int rounds = 0;
            do {
                round(threads, channels, piece, octets);
                rounds++;
            } while (System.nanoTime() - began < LEAST.toNanos());
            double seconds = (System.nanoTime() - began) / 1e9;
            return (double) rounds * connections * octets / seconds;
        } finally {
            for (var channel : channels) {
                channel.close();
            }
        }
    }

    private static void round(
            ExecutorService threads, List<SocketChannel> channels, ByteBuffer piece, long octets)
            throws IOException, InterruptedException {
        var writes = new ArrayList<Future<Void>>();
        for (var channel : channels) {
            writes.add(
                    threads.submit(() -> {
                        write(channel, piece.duplicate(), octets);
                        return null;
                    }));
        }
        try {
            for (var write : writes) {
                write.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("the floor", e);
        }
    }

    private static void write(SocketChannel channel, ByteBuffer piece, long octets)
            throws IOException {
        channel.write(ByteBuffer.allocate(Long.BYTES).putLong(0, octets));
        for (long left = octets; left > 0; ) {
            piece.limit((int) Math.min(left, PIECE)).position(0);
            left -= piece.remaining();
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        }
        channel.read(ByteBuffer.allocate(1));
    }
}
