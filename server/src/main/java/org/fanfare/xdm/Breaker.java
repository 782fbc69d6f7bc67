package org.fanfare.xdm;

import java.time.Duration;
import java.time.Instant;

/// Keeps us from asking a server that does not answer (N3, N7): after some failures in a row nobody
/// asks for a while, then one does.
final class Breaker {

    private final int failuresInARow;
    private final Duration pause;
    private int failures;
    private Instant closedUntil = Instant.MIN;

    Breaker(int failuresInARow, Duration pause) {
        this.failuresInARow = failuresInARow;
        this.pause = pause;
    }

    /// Whether to ask. After the pause only the first one may, until that one's answer is known.
    synchronized boolean admits(Instant now) {
        if (failures < failuresInARow) {
            return true;
        }
        if (now.isBefore(closedUntil)) {
            return false;
        }
        closedUntil = now.plus(pause);
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    /// Whether it is this failure that ends the asking.
    synchronized boolean failed(Instant now) {
        failures++;
        closedUntil = now.plus(pause);
        return failures == failuresInARow;
    }

    synchronized boolean isOpen() {
        return failures >= failuresInARow;
    }
}
