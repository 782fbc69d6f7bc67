package org.fanfare.sip.transaction;

import java.time.Duration;

/// The three values from which all timers come (RFC 3261 17 and table 4).
///
/// @param t1 estimate of the round trip
/// @param t2 longest interval between retransmissions of a non-INVITE request or an INVITE response
/// @param t4 the longest that a message stays in the network
public record TimerValues(Duration t1, Duration t2, Duration t4) {

    public static final TimerValues DEFAULT =
            new TimerValues(Duration.ofMillis(500), Duration.ofSeconds(4), Duration.ofSeconds(5));

    /// Never: the timer is not used over this transport.
    static final long NEVER = -1;

    private static final long LEAST_D = 32_000;
    private static final long INVITE_TRYING = 200;

    public TimerValues {
        if (t1.toMillis() < 1 || t2.compareTo(t1) < 0 || t4.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "timers: expected 1 ms <= T1 <= T2 and T4 >= 1 ms, found "
                            + t1
                            + ", "
                            + t2
                            + ", "
                            + t4);
        }
    }

    /// Milliseconds from the start of the timer until it fires first, or [#NEVER].
    long first(Timer timer, boolean reliable) {
        return switch (timer) {
            case A, E, G -> reliable ? NEVER : t1.toMillis();
            case B, F, H, L, M, EXPIRY -> 64 * t1.toMillis();
            case D -> reliable ? 0 : Math.max(LEAST_D, 64 * t1.toMillis()); // RFC 6026 8.4
            case I, K -> reliable ? 0 : t4.toMillis();
            case J -> reliable ? 0 : 64 * t1.toMillis();
            case INVITE_TRYING -> INVITE_TRYING;
            case TRYING -> untilT2();
        };
    }

    /// The interval that follows `last`: twice as long, for E and G not beyond T2.
    long next(Timer timer, long last) {
        return timer == Timer.A ? 2 * last : Math.min(2 * last, t2.toMillis());
    }

    /// How long it takes until Timer E of the client is set to T2 (RFC 4320 4.1): 3.5 s by default.
    private long untilT2() {
        long sum = 0;
        for (long e = t1.toMillis(); e < t2.toMillis(); e *= 2) {
            sum += e;
        }
        return sum;
    }
}
