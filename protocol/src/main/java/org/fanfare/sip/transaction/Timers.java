package org.fanfare.sip.transaction;

import java.time.Duration;

/// What a transaction waits with. [WheelTimers] in production; tests turn the clock by hand.
public interface Timers {

    /// Runs the task once, `millis` from now or a little later, on a thread of the timers: it must
    /// not block.
    Cancellable after(long millis, Runnable task);

    default Cancellable after(Duration delay, Runnable task) {
        return after(delay.toMillis(), task);
    }

    /// Never goes back and knows nothing of the time of day (W1).
    long nanoTime();

    /// A task that has not run yet.
    @FunctionalInterface
    interface Cancellable {

        /// Afterwards the task does not start any more; when it has started it is not stopped.
        void cancel();
    }
}
