package org.fanfare.msrp;

import java.nio.ByteBuffer;

/// Looks once at content that many get, whether an end line can stand in it at all: each has
/// another one, but all begin with seven hyphens in a row (RFC 4975 9). Fed by one thread.
public final class EndLineWatch {

    private static final int HYPHENS = ChunkHead.HYPHENS;

    private volatile boolean seen;

    /// Hyphens that the content ended with so far.
    private int run;

    /// The octets that come next, which stay in the buffer.
    public void add(ByteBuffer octets) {
        if (seen) {
            return;
        }
        int from = octets.position();
        int to = octets.limit();
        int leading = 0;
        while (from + leading < to && octets.get(from + leading) == '-') {
            leading++;
        }
        if (run + leading >= HYPHENS || isWithin(octets, from, to)) {
            seen = true;
        } else if (from + leading == to) {
            run += leading;
        } else {
            run = trailing(octets, from, to);
        }
    }

    /// Of seven octets in a row one is looked at: between two that are no hyphens no seven fit.
    private static boolean isWithin(ByteBuffer octets, int from, int to) {
        int at = from + HYPHENS - 1;
        while (at < to) {
            if (octets.get(at) != '-') {
                at += HYPHENS;
                continue;
            }
            int behind = at + 1;
            while (behind < to && octets.get(behind) == '-') {
                behind++;
            }
            int hyphens = trailing(octets, from, behind);
            if (hyphens >= HYPHENS) {
                return true;
            }
            at = behind + HYPHENS;
        }
        return false;
    }

    private static int trailing(ByteBuffer octets, int from, int to) {
        int hyphens = 0;
        while (hyphens < to - from && octets.get(to - 1 - hyphens) == '-') {
            hyphens++;
        }
        return hyphens;
    }

    /// False when no end line can stand in what was added until now.
    public boolean mayHoldEndLine() {
        return seen;
    }
}
