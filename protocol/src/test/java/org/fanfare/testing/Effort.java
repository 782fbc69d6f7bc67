package org.fanfare.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// What a piece of work costs at best in processor time, so that other work on the machine hardly
/// counts.
public final class Effort {

    private static final int ATTEMPTS = 30;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private Effort() {}

    /// The best of many attempts, in milliseconds; no more attempts than it takes to come below
    /// `enough`. The work must do the same every time, and all of it in the thread that calls.
    public static long millis(long enough, Runnable work) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && best >= enough; i++) {
            long start = THREADS.getCurrentThreadCpuTime();
            work.run();
            best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1_000_000);
        }
        return best;
    }
}
