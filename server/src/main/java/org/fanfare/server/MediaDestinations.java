package org.fanfare.server;

import org.fanfare.sip.transport.ListenPoint;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Where the description of a recipient may send us: not to what only means something on this
/// machine or this link, and not to ourselves (reliability P12). A lab whose media listen on
/// loopback may have phones on this machine, at ports that no service has by convention.
final class MediaDestinations implements Predicate<InetSocketAddress> {

    private static final int FIRST_FREE_PORT = 1024;

    private static final String BROADCAST = "255.255.255.255";

    private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
    private final boolean loopback;

    /// @param media where we listen for MSRP
    /// @param own all that we listen on
    MediaDestinations(Collection<ListenPoint> media, Collection<InetSocketAddress> own) {
        addOwn(own);
        loopback =
                media.stream().anyMatch(point -> point.address().getAddress().isLoopbackAddress());
    }

    /// Where we listen as well.
    void addOwn(Collection<InetSocketAddress> own) {
        own.stream().map(InetSocketAddress::getPort).forEach(ownPorts::add);
    }

    @Override
    public boolean test(InetSocketAddress destination) {
        var address = destination.getAddress();
        if (address == null
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || address.getHostAddress().equals(BROADCAST)) {
            return false;
        }
        return !isOfThisMachine(address)
                || (loopback
                        && destination.getPort() >= FIRST_FREE_PORT
                        && !ownPorts.contains(destination.getPort()));
    }

    /// Where that cannot be found out, it might be.
    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true;
        }
    }
}
