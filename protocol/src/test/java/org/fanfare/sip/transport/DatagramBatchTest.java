package org.fanfare.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/// Against real sockets of the system.
@EnabledOnOs(OS.LINUX)
class DatagramBatchTest {

    private static final int AT_ONCE = 8;
    private static final int PATIENCE_MILLIS = 20_000;

    private static InetAddress loopback(String family) throws IOException {
        var ipv6 = new byte[16];
        ipv6[15] = 1;
        return InetAddress.getByAddress(family.equals("ipv4") ? new byte[] {127, 0, 0, 1} : ipv6);
    }

    private static DatagramSocket peer(String family) throws IOException {
        var socket = new DatagramSocket(new InetSocketAddress(loopback(family), 0));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static DatagramChannel channel() throws IOException {
        return DatagramChannel.open(StandardProtocolFamily.INET)
                .bind(new InetSocketAddress(loopback("ipv4"), 0));
    }

    private static DatagramBatch batch(Arena arena, DatagramChannel channel) throws IOException {
        var local = (InetSocketAddress) channel.getLocalAddress();
        return Objects.requireNonNull(DatagramBatch.in(arena, local, 4));
    }

    private static Octets text(int length, char letter) {
        return Octets.utf8(Character.toString(letter).repeat(length));
    }

    private static List<String> received(DatagramSocket socket, int count) throws IOException {
        var texts = new ArrayList<String>();
        var packet = new DatagramPacket(new byte[65_535], 65_535);
        for (int i = 0; i < count; i++) {
            packet.setLength(65_535);
            socket.receive(packet);
            texts.add(
                    Octets.copyOf(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()))
                            .ascii());
        }
        Collections.sort(texts);
        return texts;
    }

    /// Answers every datagram with itself, and one to somebody else.
    private static UdpSocket echo(
            InetAddress address, InetSocketAddress other, CountDownLatch mayRead)
            throws IOException {
        var limits = TransportLimits.DEFAULT.withDatagramsAtOnce(AT_ONCE);
        UdpSocket.Receiver receiver =
                (datagram, flow) -> {
                    try {
                        mayRead.await();
                        flow.send(datagram);
                        flow.send(text(3, 'x'));
                        new UdpFlow(flow.socket(), other).send(datagram);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                };
        return new UdpSocket(
                new InetSocketAddress(address, 0), limits, receiver, new TransportCounters());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ipv4", "ipv6"})
    void whatCameTogetherIsAnsweredTogetherWhateverItsSizeAndDestination(String family)
            throws Exception {
        var lengths = List.of(900, 900, 5, 900, 1300, 1301, 900, 20_000, 1, 900, 900, 900, 5);
        var mayRead = new CountDownLatch(1);
        try (var peer = peer(family);
                var other = peer(family);
                var socket =
                        echo(
                                loopback(family),
                                (InetSocketAddress) other.getLocalSocketAddress(),
                                mayRead)) {
            socket.start();
            var expected = new ArrayList<String>();
            for (int i = 0; i < lengths.size(); i++) {
                var datagram = text(lengths.get(i), (char) ('a' + i));
                expected.add(datagram.ascii());
                var octets = datagram.toByteArray();
                peer.send(new DatagramPacket(octets, octets.length, socket.local()));
            }
            mayRead.countDown();

            assertThat(received(other, lengths.size())).isEqualTo(expected);
            expected.addAll(Collections.nCopies(lengths.size(), "xxx"));
            Collections.sort(expected);
            assertThat(received(peer, 2 * lengths.size())).isEqualTo(expected);
        }
    }

    @Test
    void aSocketIsFoundByItsAddress() throws Exception {
        try (var arena = Arena.ofConfined();
                var one = channel()) {
            var batch = batch(arena, one);
            assertThat(batch.receive()).isZero();
            var nobody = new InetSocketAddress(loopback("ipv6"), 9);
            assertThat(DatagramBatch.in(arena, nobody, 4)).isNull();
        }
    }

    @Test
    void whatTheSystemDoesNotTakeIsSentAlone() throws Exception {
        try (var peer = peer("ipv4");
                var from = channel();
                var arena = Arena.ofConfined()) {
            var batch = batch(arena, from);
            var nowhere = new InetSocketAddress(peer.getLocalAddress(), 0); // no port: EINVAL
            var alone = new LinkedBlockingQueue<String>();
            batch.add(text(10, 'a'), (InetSocketAddress) peer.getLocalSocketAddress());
            batch.add(text(10, 'b'), nowhere);
            batch.add(text(10, 'c'), nowhere);
            batch.add(text(10, 'd'), (InetSocketAddress) peer.getLocalSocketAddress());

            batch.flush((datagram, _) -> alone.add(Octets.copyOf(datagram).ascii()));

            assertThat(received(peer, 2)).containsExactly("a".repeat(10), "d".repeat(10));
            assertThat(alone).containsExactly("b".repeat(10), "c".repeat(10));
        }
    }

    @Test
    void aSocketThatIsClosedWhileItIsBusyEndsItsThread() throws Exception {
        var handled = new CountDownLatch(1);
        var limits = TransportLimits.DEFAULT.withDatagramsAtOnce(AT_ONCE);
        var socket =
                new UdpSocket(
                        new InetSocketAddress(loopback("ipv4"), 0),
                        limits,
                        (_, _) -> handled.countDown(),
                        new TransportCounters());
        socket.start();
        Thread sender;
        try (var peer = peer("ipv4")) {
            sender = Thread.ofVirtual().start(() -> flood(peer, socket.local()));
            assertThat(handled.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
            socket.close(); // waits for its thread
        }
        assertThat(sender.join(Duration.ofMillis(PATIENCE_MILLIS))).isTrue();
        assertThat(socket.isOpen()).isFalse();
    }

    private static void flood(DatagramSocket from, InetSocketAddress to) {
        var packet = new DatagramPacket(new byte[700], 700, to);
        try {
            while (!from.isClosed()) {
                from.send(packet);
            }
        } catch (SocketException closed) {
            // the end
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void addressesComeOutAsTheyWentIn() throws Exception {
        try (var arena = Arena.ofConfined()) {
            var room = arena.allocate(SocketAddresses.OCTETS, Long.BYTES);
            for (var family : List.of("ipv4", "ipv6")) {
                for (int port : IntStream.of(1, 5060, 65_535).toArray()) {
                    var address = new InetSocketAddress(loopback(family), port);
                    SocketAddresses.write(address, room);
                    assertThat(SocketAddresses.read(room)).isEqualTo(address);
                }
            }
        }
    }
}
