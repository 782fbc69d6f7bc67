package org.fanfare.testing;

import org.fanfare.sip.transaction.Timers;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/// Timers whose clock a test turns. Tasks run on the thread that turns it, in the order they are
/// due.
public final class ManualTimers implements Timers {

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::number));
    private long now;
    private long number;

    private record Task(long at, long number, Runnable run) {}

    @Override
    public synchronized Cancellable after(long millis, Runnable task) {
        var waiting = new Task(now + TimeUnit.MILLISECONDS.toNanos(millis), number++, task);
        tasks.add(waiting);
        return () -> cancel(waiting);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    /// Turns the clock; on the way everything that becomes due runs at its time.
    public void advance(Duration by) {
        long until = nanoTime() + by.toNanos();
        for (var task = next(until); task != null; task = next(until)) {
            task.run().run();
        }
        synchronized (this) {
            now = until;
        }
    }

    private synchronized @Nullable Task next(long until) {
        if (tasks.isEmpty() || tasks.element().at() > until) {
            return null;
        }
        var task = tasks.remove();
        now = Math.max(now, task.at());
        return task;
    }

    /// When the tasks that wait are due, from now, the next one first.
    public synchronized List<Duration> waiting() {
        var due = new ArrayList<Duration>();
        tasks.stream()
                .sorted(Comparator.comparingLong(Task::at))
                .forEach(task -> due.add(Duration.ofNanos(task.at() - now)));
        return due;
    }
}
