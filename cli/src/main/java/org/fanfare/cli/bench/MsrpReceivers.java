package org.fanfare.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The MSRP side of all recipients: one thread reads all connections. Those of the second port are
/// slow: their receive buffers are small, and they take a message in [#SLOW_SECONDS].
final class MsrpReceivers {

    /// What a slow recipient takes for one message.
    static final int SLOW_SECONDS = 4;

    private static final int BUFFER = 256 << 10;
    private static final int SLOW_BUFFER = 32 << 10;
    private static final int BACKLOG = 4096;
    private static final int PAUSE_MILLIS = 20;

    private final Legs legs;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel fast;
    private final ServerSocketChannel slow;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer answers = ByteBuffer.allocateDirect(BUFFER);
    private final Queue<SelectionKey> held = new ArrayDeque<>();
    private final List<SelectionKey> pausing = new ArrayList<>();
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private boolean holding;
    private long slowRate = Long.MAX_VALUE;

    MsrpReceivers(Legs legs) throws IOException {
        this.legs = legs;
        fast = listen(0);
        slow = listen(SLOW_BUFFER);
    }

    private ServerSocketChannel listen(int buffer) throws IOException {
        var channel = ServerSocketChannel.open();
        if (buffer > 0) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, buffer);
        }
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT, channel);
        return channel;
    }

    int port() throws IOException {
        return ((InetSocketAddress) fast.getLocalAddress()).getPort();
    }

    int slowPort() throws IOException {
        return ((InetSocketAddress) slow.getLocalAddress()).getPort();
    }

    /// Slow recipients read so many octets a second.
    void slowRate(long octets) {
        order(() -> slowRate = octets);
    }

    /// Connections are bound, and then not read any more.
    void hold() {
        order(() -> holding = true);
    }

    /// All are read again.
    void release() {
        order(() -> {
            holding = false;
            held.forEach(key -> key.interestOps(SelectionKey.OP_READ));
            held.clear();
        });
    }

    private void order(Runnable what) {
        orders.add(what);
        selector.wakeup();
    }

    /// Until the process ends.
    void run() throws IOException {
        while (true) {
            if (pausing.isEmpty()) {
                selector.select();
            } else {
                selector.select(PAUSE_MILLIS);
            }
            for (var order = orders.poll(); order != null; order = orders.poll()) {
                order.run();
            }
            for (var key : selector.selectedKeys()) {
                serve(key);
            }
            selector.selectedKeys().clear();
            goOnWithSlow();
        }
    }

    private void serve(SelectionKey key) throws IOException {
        if (key.attachment() instanceof MsrpReceiving receiving) {
            if (key.isValid()) {
                read(key, receiving);
            }
            return;
        }
        var listener = (ServerSocketChannel) key.channel();
        for (var channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            var receiving = new MsrpReceiving(legs, listener.equals(slow));
            channel.register(selector, SelectionKey.OP_READ, receiving);
        }
    }

    private void read(SelectionKey key, MsrpReceiving receiving) throws IOException {
        var channel = (SocketChannel) key.channel();
        try {
            in.clear();
            receiving.putRest(in);
            if (receiving.isSlow()) {
                in.limit(in.position() + Math.min(SLOW_BUFFER, in.remaining()));
            }
            int octets = channel.read(in);
            if (octets < 0) {
                channel.close();
                return;
            }
            answers.clear();
            boolean justBound = receiving.feed(in.flip(), answers);
            for (answers.flip(); answers.hasRemaining(); ) {
                channel.write(answers);
            }
            if (justBound && holding) {
                key.interestOps(0);
                held.add(key);
            } else if (receiving.isSlow() && receiving.isAhead(slowRate)) {
                key.interestOps(0);
                pausing.add(key);
            }
        } catch (IOException closed) {
            channel.close();
        }
    }

    private void goOnWithSlow() {
        pausing.removeIf(key -> {
            if (key.isValid() && ((MsrpReceiving) key.attachment()).isAhead(slowRate)) {
                return false;
            }
            if (key.isValid()) {
                key.interestOps(SelectionKey.OP_READ);
            }
            return true;
        });
    }
}
