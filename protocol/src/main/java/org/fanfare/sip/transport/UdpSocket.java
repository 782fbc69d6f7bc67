package org.fanfare.sip.transport;

import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/// One UDP socket with one thread that reads it. Any thread may send.
final class UdpSocket implements AutoCloseable {

    private static final Logger LOG = System.getLogger(UdpSocket.class.getName());
    private static final int LONGEST_DATAGRAM = 65_535;

    private final DatagramChannel channel;
    private final InetSocketAddress local;
    private final Receiver receiver;
    private final TransportCounters counters;
    private @Nullable Thread reader;

    /// What is done with a datagram, on the reading thread.
    interface Receiver {

        void onDatagram(Octets datagram, UdpFlow flow);
    }

    UdpSocket(
            InetSocketAddress address,
            int bufferOctets,
            Receiver receiver,
            TransportCounters counters)
            throws IOException {
        this.receiver = receiver;
        this.counters = counters;
        var family =
                address.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6;
        channel = DatagramChannel.open(family);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, bufferOctets);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, bufferOctets);
            channel.bind(address);
            local = (InetSocketAddress) channel.getLocalAddress();
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
        channel.send(message.asByteBuffer(), remote);
        counters.messagesSent.increment();
    }

    /// Ends the reading thread too.
    @Override
    public void close() {
        try {
            channel.close();
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
        var buffer = ByteBuffer.allocateDirect(LONGEST_DATAGRAM);
        var last = new UdpFlow(this, local);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                var from = (InetSocketAddress) channel.receive(buffer);
                if (!from.equals(last.remote())) {
                    last = new UdpFlow(this, from);
                }
                receiver.onDatagram(Octets.copyOf(buffer.flip()), last);
            } catch (ClosedChannelException e) {
                return;
            } catch (PortUnreachableException e) {
                LOG.log(Level.DEBUG, "a peer of {0} is not there", local);
            } catch (IOException e) {
                LOG.log(Level.WARNING, "udp:" + local + ": reading failed: " + e.getMessage());
            } catch (RuntimeException | StackOverflowError e) {
                counters.faults.increment();
                LOG.log(Level.ERROR, "a datagram could not be handled", e);
            }
        }
    }
}
