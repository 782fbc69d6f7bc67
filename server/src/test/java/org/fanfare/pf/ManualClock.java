package org.fanfare.pf;

import org.fanfare.sip.transaction.Timers;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Time that stands still until a test moves it: the time of day and the timers.
public final class ManualClock extends Clock implements Timers {

    private static final Instant START = Instant.parse("2026-03-02T10:15:30Z");

    private record Due(long at, long order, Runnable task) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long nanos = 1_000_000_000L;
    private long order;
    private Duration shift = Duration.ZERO;

    @Override
    public synchronized Cancellable after(long millis, Runnable task) {
        var entry = new Due(nanos + Duration.ofMillis(millis).toNanos(), order++, task);
        due.add(entry);
        return () -> {
            synchronized (this) {
                due.remove(entry);
            }
        };
    }

    /// Lets time pass; what becomes due runs in its order, at its time.
    public void advance(Duration duration) {
        long end;
        synchronized (this) {
            end = nanos + duration.toNanos();
        }
        for (var next = nextUntil(end); next != null; next = nextUntil(end)) {
            next.task.run();
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Due nextUntil(long end) {
        var next = due.peek();
        if (next == null || next.at > end) {
            nanos = end;
            return null;
        }
        due.remove();
        nanos = next.at;
        return next;
    }

    /// Somebody sets the clock on the wall; timers do not notice.
    public synchronized void shiftTimeOfDay(Duration by) {
        shift = shift.plus(by);
    }

    @Override
    public synchronized long nanoTime() {
        return nanos;
    }

    @Override
    public synchronized Instant instant() {
        return START.plusNanos(nanos - 1_000_000_000L).plus(shift);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
