package org.fanfare.pf;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Leaves a system of the network alone that does not answer: after some failures in a row nobody
/// asks it for a while, then one does, and the others follow when that works (reliability N7).
public final class Breaker {

    private final int failuresInARow;
    private final Duration pause;
    private final InstantSource clock;
    private int failures;
    private Instant openUntil = Instant.MIN;

    public Breaker(int failuresInARow, Duration pause, InstantSource clock) {
        this.failuresInARow = failuresInARow;
        this.pause = pause;
        this.clock = clock;
    }

    /// Whether to ask. After the pause only the first one may, until that one's answer is known.
    public synchronized boolean admits() {
        if (!isOpen()) {
            return true;
        }
        var now = clock.instant();
        if (now.isBefore(openUntil)) {
            return false;
        }
        openUntil = now.plus(pause);
        return true;
    }

    /// It has answered, whatever. True when it is this answer that ends the pause.
    public synchronized boolean answered() {
        boolean wasOpen = isOpen();
        failures = 0;
        return wasOpen;
    }

    /// It has not. True when it is this failure that begins the pause.
    public synchronized boolean failed() {
        failures++;
        openUntil = clock.instant().plus(pause);
        return failures == failuresInARow;
    }

    public synchronized boolean isOpen() {
        return failures >= failuresInARow;
    }
}
