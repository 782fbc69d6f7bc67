package org.fanfare.ledger;

import java.time.Clock;
import java.util.random.RandomGenerator;

/// Makes references: milliseconds since 2020 above 22 random bits, always growing in one process.
///
/// Two nodes may meet in one by chance; the database refuses the second, which then gets a new one.
final class RefSource {

    private static final long EPOCH_2020 = 1_577_836_800_000L;
    private static final int RANDOM_BITS = 22;

    private final Clock clock;
    private final RandomGenerator random;
    private long last;

    RefSource(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    synchronized MessageRef next() {
        long time = Math.max(0, clock.millis() - EPOCH_2020);
        last = Math.max(last + 1, time << RANDOM_BITS | random.nextLong(1L << RANDOM_BITS));
        return new MessageRef(last);
    }
}
