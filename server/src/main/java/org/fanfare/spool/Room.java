package org.fanfare.spool;

import java.util.HashMap;
import java.util.Map;

/// Counts what the spools take of what [SpoolLimits] allow.
final class Room {

    private final SpoolLimits limits;
    private final Map<String, Long> byOriginator = new HashMap<>();
    private long all;
    private long memory;
    private long refusals;

    Room(SpoolLimits limits) {
        this.limits = limits;
    }

    /// Takes room for more content.
    ///
    /// @param had octets that the content has already
    synchronized void take(String originator, long had, long more) throws SpoolFull {
        check("the message", had, more, limits.ofMessage());
        check(
                "its originator",
                byOriginator.getOrDefault(originator, 0L),
                more,
                limits.ofOriginator());
        check("the spool", all, more, limits.inAll());
        occupy(originator, more);
    }

    private void check(String whose, long has, long more, long limit) throws SpoolFull {
        if (more > limit - has) {
            refusals++;
            throw new SpoolFull(
                    "%s has %d octets, %d more would pass the limit of %d"
                            .formatted(whose, has, more, limit));
        }
    }

    /// Counts what is there already, whatever the limits say.
    synchronized void occupy(String originator, long octets) {
        byOriginator.merge(originator, octets, Long::sum);
        all += octets;
    }

    synchronized void giveBack(String originator, long octets) {
        all -= octets;
        byOriginator.computeIfPresent(
                originator, (_, had) -> had > octets ? Long.valueOf(had - octets) : null);
    }

    /// False when the content has to go to disk.
    synchronized boolean takeMemory(long octets) {
        if (octets > limits.memoryInAll() - memory) {
            return false;
        }
        memory += octets;
        return true;
    }

    synchronized void giveMemoryBack(long octets) {
        memory -= octets;
    }

    synchronized void refused() {
        refusals++;
    }

    synchronized SpoolFigures figures(int open, int readers) {
        return new SpoolFigures(open, readers, memory, all, refusals);
    }
}
