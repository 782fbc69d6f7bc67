package org.fanfare.interworking;

import java.time.Duration;

/// When the next submission may go: so many a second, and for a while none when the SMSC says that
/// it has too many. The pause doubles as long as it says so.
final class Pace {

    private static final long FIRST_PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(30).toNanos();

    private final long interval;
    private long next;
    private long pause = FIRST_PAUSE;

    Pace(int perSecond, long now) {
        interval = Duration.ofSeconds(1).toNanos() / perSecond;
        next = now;
    }

    /// Takes a turn and returns how long to wait for it, or -1 when that would be too long and no
    /// turn is taken.
    synchronized long take(long now, long longest) {
        long turn = Math.max(next, now);
        if (turn - now > longest) {
            return -1;
        }
        next = turn + interval;
        return turn - now;
    }

    synchronized void throttled(long now) {
        next = Math.max(next, now + pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
    }

    synchronized void taken() {
        pause = FIRST_PAUSE;
    }
}
