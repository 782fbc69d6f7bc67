package org.fanfare.sip.transaction;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// One thread and a hashed wheel: starting and cancelling a timer costs the same however many are
/// running, and a cancelled one leaves nothing behind.
///
/// A timer runs at the first tick after it is due, never before. Longer delays than one turn of the
/// wheel wait in their slot for their turn. While no timer is running the thread sleeps.
public final class WheelTimers implements Timers, AutoCloseable {

    private static final Logger LOG = System.getLogger(WheelTimers.class.getName());
    private static final Duration TICK = Duration.ofMillis(10);

    /// A power of two; one turn is 41 s, more than 64 * T1.
    private static final int SLOTS = 4096;

    private final long start = System.nanoTime();
    private final long tickNanos;
    private final Slot[] slots;
    private final AtomicLong running = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    public WheelTimers() {
        this(TICK, SLOTS);
    }

    /// @param size a power of two
    WheelTimers(Duration tick, int size) {
        tickNanos = tick.toNanos();
        slots = new Slot[size];
        for (int i = 0; i < size; i++) {
            slots[i] = new Slot();
        }
        thread = Thread.ofPlatform().name("sip-timers").daemon().start(this::turn);
    }

    @Override
    public Cancellable after(long millis, Runnable task) {
        var entry = new Entry(task, running);
        do {
            // One more than the whole ticks: never before its time.
            entry.dueTick = ticks(millis) + 1;
        } while (!slotOf(entry.dueTick).add(entry));
        if (running.getAndIncrement() == 0) {
            LockSupport.unpark(thread);
        }
        return entry;
    }

    private long ticks(long millis) {
        return (System.nanoTime() - start + TimeUnit.MILLISECONDS.toNanos(millis)) / tickNanos;
    }

    private Slot slotOf(long tick) {
        return slots[(int) tick & (slots.length - 1)];
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    /// Timers that have not run yet nor been cancelled.
    public long running() {
        return running.get();
    }

    /// What has not run yet never will.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /// Waits for the end of the thread.
    boolean joined(Duration atMost) throws InterruptedException {
        return thread.join(atMost);
    }

    private void turn() {
        var due = new ArrayList<Entry>();
        long tick = 0;
        while (!closed) {
            long now = ticks(0);
            // After a long pause every slot is visited once, whatever the number of missed ticks.
            tick = Math.max(tick, now - slots.length);
            while (tick <= now) {
                slotOf(tick).takeDue(tick, due);
                run(due);
                tick++;
            }
            sleepUntil(tick);
        }
    }

    private void sleepUntil(long tick) {
        if (running.get() == 0) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, tick * tickNanos - (System.nanoTime() - start));
        }
    }

    private void run(List<Entry> due) {
        for (var entry : due) {
            try {
                entry.run();
            } catch (RuntimeException | StackOverflowError e) {
                LOG.log(Level.ERROR, "a timer failed", e);
            }
        }
        due.clear();
    }

    /// A ring of entries around itself, guarded by its monitor.
    private static final class Slot {

        private final Entry ring = new Entry(() -> {}, new AtomicLong());
        private long visited = -1;

        Slot() {
            ring.next = ring;
            ring.previous = ring;
        }

        /// False when the wheel has passed the tick already: the caller was held up.
        synchronized boolean add(Entry entry) {
            if (entry.dueTick <= visited) {
                return false;
            }
            entry.slot = this;
            entry.next = ring;
            entry.previous = ring.previous;
            ring.previous.next = entry;
            ring.previous = entry;
            return true;
        }

        synchronized void takeDue(long tick, List<Entry> due) {
            visited = tick;
            for (var entry = ring.next; entry != ring; ) {
                var next = entry.next;
                if (entry.dueTick <= tick) {
                    unlink(entry);
                    due.add(entry);
                }
                entry = next;
            }
        }

        static void unlink(Entry entry) {
            entry.previous.next = entry.next;
            entry.next.previous = entry.previous;
            entry.next = entry;
            entry.previous = entry;
            entry.slot = null;
        }
    }

    private static final class Entry implements Cancellable {

        private final AtomicLong running;
        private volatile @Nullable Runnable task;
        private volatile @Nullable Slot slot;
        private Entry next = this;
        private Entry previous = this;
        private long dueTick;

        Entry(Runnable task, AtomicLong running) {
            this.task = task;
            this.running = running;
        }

        @Override
        public void cancel() {
            task = null;
            var in = slot;
            if (in == null) {
                return;
            }
            synchronized (in) {
                if (slot == in) {
                    Slot.unlink(this);
                    running.getAndDecrement();
                }
            }
        }

        void run() {
            running.getAndDecrement();
            var waiting = task;
            if (waiting != null) {
                task = null;
                waiting.run();
            }
        }
    }
}
