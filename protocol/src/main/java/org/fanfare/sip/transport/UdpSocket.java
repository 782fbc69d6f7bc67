package org.fanfare.sip.transport;

import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/// One UDP socket with one thread that reads it. Any thread may send.
///
/// When several datagrams wait to be read, they are read together, and what is sent in answer to
/// them, by the reading thread, is sent together after the last of them ([DatagramBatch]). With
/// that a fan-out, whose copies leave as answers come, costs half the processor time. One that then
/// cannot be sent is lost like any datagram; its retransmission, by another thread, tells.
final class UdpSocket implements AutoCloseable {

    private static final Logger LOG = System.getLogger(UdpSocket.class.getName());
    private static final int LONGEST_DATAGRAM = 65_535;

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Receiver receiver;
    private final TransportCounters counters;
    private final int atOnce;

    /// The calls of a batch know the socket by a number that means another one when it is closed.
    private final Object closing = new Object();

    private @Nullable Thread reader;

    /// Of the reading thread alone.
    private @Nullable DatagramBatch batch;

    private UdpFlow last;

    /// What is done with a datagram, on the reading thread.
    interface Receiver {

        void onDatagram(Octets datagram, UdpFlow flow);
    }

    UdpSocket(
            InetSocketAddress address,
            TransportLimits limits,
            Receiver receiver,
            TransportCounters counters)
            throws IOException {
        this.atOnce = limits.datagramsAtOnce();
        this.receiver = receiver;
        this.counters = counters;
        var family =
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
        channel = DatagramChannel.open(family);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, limits.socketBufferOctets());
            channel.setOption(StandardSocketOptions.SO_SNDBUF, limits.socketBufferOctets());
            channel.bind(address);
            local = (InetSocketAddress) channel.getLocalAddress();
            last = new UdpFlow(this, local);
        } catch (IOException e) {
            channel.close();
            throw new IOException("udp:" + Addresses.hostPort(address) + ": " + e.getMessage(), e);
        }
    }

    void start() {
        reader = Thread.ofPlatform().name("sip-udp-" + local.getPort()).daemon().start(this::read);
    }

    InetSocketAddress local() {
        return local;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    void send(Octets message, InetSocketAddress remote) throws IOException {
        if (Thread.currentThread() != reader || !isSentTogether(message, remote)) {
            channel.send(message.asByteBuffer(), remote);
        }
        counters.messagesSent.increment();
    }

    private boolean isSentTogether(Octets message, InetSocketAddress remote) {
        var together = batch;
        if (together == null) {
            return false;
        }
        if (together.isFull()) {
            flush(together);
        }
        return together.add(message, remote);
    }

    /// Ends the reading thread too.
    @Override
    public void close() {
        try {
            synchronized (closing) {
                channel.close();
            }
            joinReader();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void joinReader() {
        var thread = reader;
        if (thread == null || thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (var arena = Arena.ofConfined()) {
            var together = atOnce > 1 ? DatagramBatch.in(arena, local, atOnce) : null;
            batch = together;
            var buffer = ByteBuffer.allocateDirect(LONGEST_DATAGRAM);
            while (channel.isOpen()) {
                try {
                    buffer.clear();
                    var from = (InetSocketAddress) channel.receive(buffer);
                    handle(Octets.copyOf(buffer.flip()), from);
                    if (together != null) {
                        readOn(together);
                    }
                } catch (ClosedChannelException e) {
                    return;
                } catch (PortUnreachableException e) {
                    LOG.log(Level.DEBUG, "a peer of {0} is not there", local);
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "udp:" + local + ": reading failed: " + e.getMessage());
                }
            }
        }
    }

    private void handle(Octets datagram, InetSocketAddress from) {
        try {
            if (!from.equals(last.remote())) {
                last = new UdpFlow(this, from);
            }
            receiver.onDatagram(datagram, last);
        } catch (RuntimeException | StackOverflowError e) {
            counters.faults.increment();
            LOG.log(Level.ERROR, "a datagram could not be handled", e);
        }
    }

    /// What came meanwhile, as long as there is so much.
    private void readOn(DatagramBatch together) {
        int count;
        do {
            synchronized (closing) {
                count = channel.isOpen() ? together.receive() : 0;
            }
            for (int i = 0; i < count; i++) {
                handle(together.datagram(i), together.remote(i));
            }
            flush(together);
        } while (together.wasFilledBy(count));
    }

    private void flush(DatagramBatch together) {
        synchronized (closing) {
            if (channel.isOpen()) {
                together.flush(this::sendAlone);
            }
        }
    }

    private void sendAlone(ByteBuffer datagram, InetSocketAddress remote) {
        try {
            channel.send(datagram, remote);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "UDP {0}: not sent: {1}", remote, e.getMessage());
        }
    }
}
