package org.fanfare.sip.transport;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// Counts the connections that others made to us, for each source and in all (T1).
public final class AcceptedConnections {

    private final int mostPerSource;
    private final int mostInAll;
    private final Predicate<InetAddress> trusted;
    private final Map<InetAddress, Integer> bySource = new ConcurrentHashMap<>();
    private int inAll;

    /// @param trusted sources that may have as many as they like
    public AcceptedConnections(int mostPerSource, int mostInAll, Predicate<InetAddress> trusted) {
        this.mostPerSource = mostPerSource;
        this.mostInAll = mostInAll;
        this.trusted = trusted;
    }

    /// False when the address has as many as it may.
    public boolean countSource(InetAddress source) {
        int now = bySource.merge(source, 1, Integer::sum);
        if (now <= mostPerSource || trusted.test(source)) {
            return true;
        }
        releaseSource(source);
        return false;
    }

    /// False when there are as many as may be.
    public synchronized boolean countInAll() {
        if (inAll >= mostInAll) {
            return false;
        }
        inAll++;
        return true;
    }

    public void releaseSource(InetAddress source) {
        bySource.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }

    public synchronized void releaseInAll() {
        inAll--;
    }
}
