package org.fanfare.pf.fanout;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/// When a leg that found no answer, or one that may be different the next time, is sent again.
///
/// Again: nobody answered, 500, 503, 504. Final: every 4xx and 6xx, 3xx (readings 74, 75) and the
/// other 5xx, which say that the next time would be no better.
///
/// @param retries how often at most, beyond the first time
/// @param first the wait before the first retry; every further one is four times as long
/// @param longest no wait is longer, unless the far side asks for it by Retry-After
public record RetryRules(int retries, Duration first, Duration longest) {

    public static final RetryRules DEFAULT =
            new RetryRules(5, Duration.ofSeconds(1), Duration.ofMinutes(5));

    /// Nanoseconds to wait before attempt `attempt + 1`, or nothing when there is none.
    ///
    /// @param attempt the one that has just failed, from 1
    /// @param retryAfterSeconds the far side's Retry-After, 0 when there was none
    /// @param lifeLeft nanoseconds until the message expires: what would come later is not tried
    OptionalLong waitAfter(
            int attempt, long retryAfterSeconds, long lifeLeft, RandomGenerator random) {
        if (attempt > retries) {
            return OptionalLong.empty();
        }
        long asked =
                Math.multiplyExact(Math.min(retryAfterSeconds, Integer.MAX_VALUE), 1_000_000_000L);
        long wait = Math.max(asked, backoff(attempt, random));
        return wait < lifeLeft ? OptionalLong.of(wait) : OptionalLong.empty();
    }

    /// Between half and one and a half of the nominal wait, so that legs which failed together do
    /// not come back together.
    private long backoff(int attempt, RandomGenerator random) {
        long nominal =
                Math.min(first.toNanos() << Math.min(2 * (attempt - 1), 20), longest.toNanos());
        return nominal / 2 + random.nextLong(Math.max(nominal, 1));
    }

    /// Whether another attempt may end better than this status (RFC 3261 21.5.1, 21.5.4, 21.5.5).
    static boolean mayEndBetter(int status) {
        return status == 500 || status == 503 || status == 504;
    }
}
