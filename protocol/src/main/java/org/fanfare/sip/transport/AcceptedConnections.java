package org.fanfare.sip.transport;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Counts the connections that others made to us, for each source and in all (T1).
final class AcceptedConnections {

    private final TransportLimits limits;
    private final Predicate<InetAddress> trusted;
    private final Map<InetAddress, Integer> bySource = new ConcurrentHashMap<>();
    private int inAll;

    AcceptedConnections(TransportLimits limits, Predicate<InetAddress> trusted) {
        this.limits = limits;
        this.trusted = trusted;
    }

    /// False when the address has as many as it may.
    boolean countSource(InetAddress source) {
        int now = bySource.merge(source, 1, Integer::sum);
        if (now <= limits.connectionsPerSource() || trusted.test(source)) {
            return true;
        }
        releaseSource(source);
        return false;
    }

    /// False when there are as many as may be.
    synchronized boolean countInAll() {
        if (inAll >= limits.connections()) {
            return false;
        }
        inAll++;
        return true;
    }

    void releaseSource(InetAddress source) {
        bySource.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }

    synchronized void releaseInAll() {
        inAll--;
    }
}
