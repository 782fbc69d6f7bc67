package org.fanfare.sip.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// The UDP sockets of one element, those it listens on first, and for each peer the one to send
/// from.
final class UdpSockets {

    private final TransportLimits limits;
    private final UdpSocket.Receiver receiver;
    private final TransportCounters counters;
    private final List<UdpSocket> sockets = new CopyOnWriteArrayList<>();
    private final Map<InetSocketAddress, UdpFlow> flows = new ConcurrentHashMap<>();

    private boolean closed;

    /// Next hops and phones; beyond it flows are made anew, which costs little.
    private static final int MOST_FLOWS = 100_000;

    UdpSockets(TransportLimits limits, UdpSocket.Receiver receiver, TransportCounters counters) {
        this.limits = limits;
        this.receiver = receiver;
        this.counters = counters;
    }

    UdpSocket open(InetSocketAddress address) throws IOException {
        var socket = new UdpSocket(address, limits, receiver, counters);
        sockets.add(socket);
        return socket;
    }

    void start() {
        sockets.forEach(UdpSocket::start);
    }

    /// From a socket that can reach the address; a new one with a free port where there is none.
    UdpFlow flowTo(InetSocketAddress remote) throws IOException {
        var ready = readyFlow(remote);
        return ready.isPresent() ? ready.get() : remember(new UdpFlow(opened(remote), remote));
    }

    Optional<UdpFlow> readyFlow(InetSocketAddress remote) {
        var known = flows.get(remote);
        if (known != null) {
            return Optional.of(known);
        }
        return socketFor(remote).map(socket -> remember(new UdpFlow(socket, remote)));
    }

    private UdpFlow remember(UdpFlow flow) {
        if (flows.size() >= MOST_FLOWS) {
            flows.clear();
        }
        flows.put(flow.remote(), flow);
        return flow;
    }

    private synchronized UdpSocket opened(InetSocketAddress remote) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        var made = socketFor(remote); // by another thread, meanwhile
        if (made.isPresent()) {
            return made.get();
        }
        var any = isIpv4(remote) ? "0.0.0.0" : "::";
        var socket = open(new InetSocketAddress(any, 0));
        socket.start();
        return socket;
    }

    private Optional<UdpSocket> socketFor(InetSocketAddress remote) {
        for (var socket : sockets) {
            if (reaches(socket.local(), remote)) {
                return Optional.of(socket);
            }
        }
        return Optional.empty();
    }

    /// From a loopback address only loopback addresses can be reached, and the other way round.
    private static boolean reaches(InetSocketAddress local, InetSocketAddress remote) {
        InetAddress from = local.getAddress();
        return isIpv4(local) == isIpv4(remote)
                && (from.isAnyLocalAddress()
                        || from.isLoopbackAddress() == remote.getAddress().isLoopbackAddress());
    }

    private static boolean isIpv4(InetSocketAddress address) {
        return address.getAddress() instanceof Inet4Address;
    }

    /// The socket that is bound to exactly this address.
    Optional<UdpSocket> boundTo(InetSocketAddress local) {
        return sockets.stream().filter(s -> s.local().equals(local)).findFirst();
    }

    synchronized void close() {
        closed = true;
        sockets.forEach(UdpSocket::close);
    }
}
