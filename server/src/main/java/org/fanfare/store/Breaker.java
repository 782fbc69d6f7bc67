package org.fanfare.store;

import org.fanfare.pf.StoreFailure;

import java.time.Duration;
import java.util.function.LongSupplier;

/// Leaves a store alone that does not answer: after some failures in a row nobody asks it for a
/// while, then one does, and the others follow when that works (reliability N7).
final class Breaker {

    private static final int FAILURES = 3;

    private final Duration pause;
    private final LongSupplier nanoTime;
    private int failures;
    private long askAgainAt;
    private boolean probing;

    Breaker(Duration pause, LongSupplier nanoTime) {
        this.pause = pause;
        this.nanoTime = nanoTime;
    }

    /// Before each operation.
    synchronized void enter() throws StoreFailure {
        if (!isAway()) {
            return;
        }
        if (probing || nanoTime.getAsLong() - askAgainAt < 0) {
            throw new StoreFailure(
                    StoreFailure.Reason.UNAVAILABLE, "the message store does not answer");
        }
        probing = true;
    }

    /// It has answered, whatever.
    synchronized void answered() {
        failures = 0;
        probing = false;
    }

    /// It has not.
    synchronized void failed() {
        failures++;
        probing = false;
        askAgainAt = nanoTime.getAsLong() + pause.toNanos();
    }

    synchronized boolean isAway() {
        return failures >= FAILURES;
    }
}
