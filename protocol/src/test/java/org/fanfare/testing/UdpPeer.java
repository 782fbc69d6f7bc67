package org.fanfare.testing;

import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Optional;

/// A bare UDP socket on loopback that plays the other side: it answers nothing by itself.
public final class UdpPeer implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 10_000;

    private final DatagramChannel channel;
    private final Selector selector;
    private InetSocketAddress source;

    public UdpPeer() throws IOException {
        this("127.0.0.1");
    }

    /// On an address of loopback, with a free port.
    public UdpPeer(String host) throws IOException {
        this(host, 0);
    }

    public UdpPeer(String host, int port) throws IOException {
        channel = DatagramChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.ofLiteral(host), port));
        channel.configureBlocking(false);
        selector = Selector.open();
        channel.register(selector, SelectionKey.OP_READ);
        source = address();
    }

    public InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    public int port() {
        return address().getPort();
    }

    /// Where the last datagram came from.
    public InetSocketAddress source() {
        return source;
    }

    /// What has arrived already.
    public Optional<Octets> poll() throws IOException {
        var buffer = ByteBuffer.allocate(65_536);
        var from = channel.receive(buffer);
        if (from == null) {
            return Optional.empty();
        }
        source = (InetSocketAddress) from;
        return Optional.of(Octets.copyOf(buffer.flip()));
    }

    /// The next datagram, waited for.
    public Octets take() throws IOException {
        long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        for (var datagram = poll(); ; datagram = poll()) {
            if (datagram.isPresent()) {
                return datagram.get();
            }
            if (System.nanoTime() > until) {
                throw new AssertionError("no datagram came in " + PATIENCE_MILLIS + " ms");
            }
            selector.select(PATIENCE_MILLIS / 10);
            selector.selectedKeys().clear();
        }
    }

    public SipRequest takeRequest() throws IOException {
        return (SipRequest) parse(take());
    }

    public SipResponse takeResponse() throws IOException {
        return (SipResponse) parse(take());
    }

    /// How many datagrams have arrived already; they are thrown away.
    public int drain() throws IOException {
        int count = 0;
        while (poll().isPresent()) {
            count++;
        }
        return count;
    }

    private static SipMessage parse(Octets datagram) {
        return SipParser.parse(datagram, Limits.DEFAULT);
    }

    public void send(String text, InetSocketAddress to) throws IOException {
        send(Octets.utf8(text), to);
    }

    public void send(Octets octets, InetSocketAddress to) throws IOException {
        channel.send(octets.asByteBuffer(), to);
    }

    /// Answers to where the last datagram came from.
    public void answer(SipRequest request, int status) throws IOException {
        send(request.answer(status).toTag("peer").build().encoded(), source);
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }
}
