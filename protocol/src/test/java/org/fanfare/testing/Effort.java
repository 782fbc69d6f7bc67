package org.fanfare.testing;

/// What a piece of work costs at best, so that other work on the machine hardly counts.
public final class Effort {

    private static final int ATTEMPTS = 30;

    private Effort() {}

    /// The best of many attempts, in milliseconds; no more attempts than it takes to come below
    /// `enough`. The work must do the same every time.
    public static long millis(long enough, Runnable work) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && best >= enough; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.min(best, (System.nanoTime() - start) / 1_000_000);
        }
        return best;
    }
}
