package org.fanfare.sip.transaction;

import org.fanfare.sip.transport.Hop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Next hops that take large requests by UDP only: told so, or found so a short while ago.
final class UdpOnlyHops {

    private static final Logger LOG = System.getLogger(UdpOnlyHops.class.getName());
    private static final long BELIEVED = TimeUnit.SECONDS.toNanos(60);
    private static final int MOST = 10_000;

    private final Timers timers;
    private final Map<InetSocketAddress, Long> until = new ConcurrentHashMap<>();
    private final Set<InetSocketAddress> warned = ConcurrentHashMap.newKeySet();

    UdpOnlyHops(Timers timers) {
        this.timers = timers;
    }

    /// It refused a connection just now.
    void add(Hop hop) {
        if (until.size() >= MOST) {
            until.clear();
        }
        until.put(hop.address(), timers.nanoTime() + BELIEVED);
    }

    boolean contains(Hop hop) {
        var end = until.get(hop.address());
        if (end == null) {
            return false;
        }
        if (timers.nanoTime() - end < 0) {
            return true;
        }
        until.remove(hop.address(), end);
        return false;
    }

    void warnOnce(Hop hop, int octets) {
        if (warned.size() < MOST && warned.add(hop.address())) {
            LOG.log(
                    Level.WARNING,
                    "{0} takes UDP only: requests over 1300 octets (now {1}) go in datagrams, which"
                            + " may be cut into fragments and lost (RFC 3261 18.1.1)",
                    hop,
                    Integer.toString(octets));
        }
    }
}
