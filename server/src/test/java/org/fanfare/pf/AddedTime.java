package org.fanfare.pf;

import org.fanfare.sip.transaction.Timers;

import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// Real time, and what a test adds to it: so its limits may be far longer than any machine is slow,
/// and nobody waits for them.
final class AddedTime implements Timers {

    private record Waiting(long at, long number, Runnable task) {}

    private final Timers real;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicLong added = new AtomicLong();
    private final AtomicLong numbers = new AtomicLong();

    AddedTime(Timers real) {
        this.real = real;
    }

    @Override
    public Cancellable after(long millis, Runnable task) {
        var at = nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        var one = new Waiting(at, numbers.incrementAndGet(), task);
        waiting.add(one);
        var timer = real.after(millis, () -> run(one));
        return () -> {
            waiting.remove(one);
            timer.cancel();
        };
    }

    private void run(Waiting one) {
        if (waiting.remove(one)) {
            one.task.run();
        }
    }

    @Override
    public long nanoTime() {
        return real.nanoTime() + added.get();
    }

    /// What has become due runs on this thread.
    void add(Duration more) {
        added.addAndGet(more.toNanos());
        long now = nanoTime();
        waiting.stream()
                .filter(one -> one.at <= now)
                .sorted(Comparator.comparingLong(Waiting::at))
                .forEach(this::run);
    }
}
