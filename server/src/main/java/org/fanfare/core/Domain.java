package org.fanfare.core;

import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.uri.HostPort;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The one domain that the core is responsible for: its name, and the addresses that the core
/// itself listens on. Names are compared, never looked up.
final class Domain {

    private final String name;
    private volatile List<InetSocketAddress> addresses = List.of();

    Domain(String name) {
        this.name = name;
    }

    /// Known only when the core listens.
    void listensOn(Collection<ListenPoint> points) {
        addresses = points.stream().map(ListenPoint::address).toList();
    }

    String name() {
        return name;
    }

    /// Whether a SIP URI with this host is of the domain.
    boolean holds(HostPort hostPort) {
        return hostPort.sameHost(HostPort.of(name)) || isCore(hostPort);
    }

    /// Whether host and port are the core itself.
    boolean isCore(HostPort hostPort) {
        int port = hostPort.portOr(5060);
        return literal(hostPort)
                .filter(address -> addresses.stream().anyMatch(own -> isAt(own, address, port)))
                .isPresent();
    }

    private static boolean isAt(InetSocketAddress own, InetAddress address, int port) {
        return own.getPort() == port
                && (own.getAddress().isAnyLocalAddress()
                        ? isOfThisMachine(address)
                        : own.getAddress().equals(address));
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    /// The address that a host is, unless it is a name.
    static Optional<InetAddress> literal(HostPort hostPort) {
        try {
            return Optional.of(InetAddress.ofLiteral(hostPort.hostWithoutBrackets()));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }
}
