package org.fanfare.sip.transport;

/// When a connection must have given us more: the first message, the end of a head, the next octets
/// of a body. Knows no clock; times are those of `System.nanoTime`.
final class ReadPace {

    static final long NEVER = Long.MAX_VALUE;

    /// A body has to come with 1,000 octets a second over 30 seconds.
    private static final long WINDOW = 30_000_000_000L;

    private static final long WINDOW_OCTETS = 30_000;

    /// Where in a message the connection is.
    enum Place {
        BETWEEN,
        HEAD,
        BODY
    }

    private final TransportLimits limits;
    private final boolean accepted;
    private final long start;
    private boolean anyMessage;
    private Place place = Place.BETWEEN;
    private long headStart;
    private long windowStart;
    private long windowOctets;
    private boolean tooSlow;

    /// @param accepted whether the other side connected, and so has to say something soon
    ReadPace(TransportLimits limits, boolean accepted, long now) {
        this.limits = limits;
        this.accepted = accepted;
        start = now;
    }

    /// After each read; returns the time until which the next one must come.
    ///
    /// @param messages how many were completed by it
    long onRead(int octets, int messages, Place now, long at) {
        anyMessage |= messages > 0;
        boolean another = messages > 0 || now != place;
        place = now;
        if (now == Place.HEAD && another) {
            headStart = at;
        }
        if (now == Place.BODY) {
            onBody(octets, another, at);
        }
        return until(at);
    }

    private void onBody(int octets, boolean another, long at) {
        if (another) {
            windowStart = at;
            windowOctets = 0;
        } else {
            windowOctets += octets;
        }
        if (at - windowStart >= WINDOW) {
            tooSlow = windowOctets < WINDOW_OCTETS;
            windowStart = at;
            windowOctets = 0;
        }
    }

    /// As things stand, without a further read.
    long until(long at) {
        long first =
                anyMessage || !accepted ? NEVER : start + limits.firstMessageWithin().toNanos();
        return switch (place) {
            case BETWEEN -> first;
            case HEAD -> Math.min(first, headStart + limits.headWithin().toNanos());
            case BODY -> Math.min(first, tooSlow ? at : at + limits.progressWithin().toNanos());
        };
    }

    boolean isBetween() {
        return place == Place.BETWEEN;
    }
}
