package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.ledger.Command.Answer;
import org.fanfare.ledger.Command.Flush;
import org.fanfare.ledger.Command.Task;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for a [WriterLane]: commands in their order, and ranges with something to write, each
/// with the time when that is due. The lane takes from it what fits into one transaction.
final class LaneQueue {

    private static final int MAX_COMMANDS = 512;
    private static final long MAX_OCTETS = 4L << 20;
    private static final long RETRY_NANOS = 100_000_000L;

    private final LedgerSettings settings;
    private final Health health;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Command> commands = new ArrayDeque<>();

    /// Ranges with something to write, and when (nanoTime) that is due; in the order of that time,
    /// but for those that became due early.
    private final Map<HeldRange, Long> unwritten = new LinkedHashMap<>();

    private boolean urgent;
    private boolean closing;
    private long notBefore = System.nanoTime();
    private int waitingAccepts;
    private long waitingOctets;

    LaneQueue(LedgerSettings settings, Health health) {
        this.settings = settings;
        this.health = health;
    }

    /// @throws LedgerUnavailable at once, if too much waits already (S4)
    void submitAccept(Accept accept) {
        lock.lock();
        try {
            checkOpen();
            if (waitingAccepts >= settings.maxWaitingAccepts()
                    || (waitingAccepts > 0
                            && waitingOctets + accept.octets() > settings.maxWaitingOctets())) {
                throw new LedgerUnavailable(
                        "ledger: %d messages (%d octets) wait for the disk already"
                                .formatted(waitingAccepts, waitingOctets));
            }
            waitingAccepts++;
            waitingOctets += accept.octets();
            commands.add(accept);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    void submit(Command command) {
        lock.lock();
        try {
            checkOpen();
            commands.add(command);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closing) {
            throw new LedgerUnavailable("ledger: closed");
        }
    }

    /// The range has changed as said.
    void changed(HeldRange range, HeldRange.Change change) {
        if (change != HeldRange.Change.FIRST && change != HeldRange.Change.DUE) {
            return;
        }
        boolean due = change == HeldRange.Change.DUE;
        lock.lock();
        try {
            boolean idle = unwritten.isEmpty();
            long now = System.nanoTime();
            unwritten.put(range, due ? now : now + settings.flush().delay().toNanos());
            urgent |= due;
            if (idle || due) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waitingAccepts;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more comes; what waits is still given out.
    void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for work; null when there is none and will be none.
    @Nullable Batch next() {
        lock.lock();
        try {
            while (true) {
                long now = System.nanoTime();
                long wait = nanosToWait(now);
                if (wait <= 0) {
                    return take(now);
                }
                if (closing && commands.isEmpty() && (unwritten.isEmpty() || health.isBroken())) {
                    return null;
                }
                if (closing && notBefore - now <= 0) {
                    return take(Long.MAX_VALUE);
                }
                work.awaitNanos(wait);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a writer", e);
        } finally {
            lock.unlock();
        }
    }

    private long nanosToWait(long now) {
        long held = notBefore - now;
        if (!commands.isEmpty() || urgent) {
            return held;
        }
        if (unwritten.isEmpty() || health.isBroken()) {
            return Long.MAX_VALUE;
        }
        return Math.max(held, unwritten.values().iterator().next() - now);
    }

    private Batch take(long now) {
        var batch = new Batch();
        long octets = 0;
        for (var command = commands.peek();
                command != null && batch.size() < MAX_COMMANDS && octets < MAX_OCTETS;
                command = commands.peek()) {
            if (command instanceof Task<?> && batch.size() > 0) {
                break;
            }
            commands.remove();
            switch (command) {
                case Accept accept -> {
                    batch.accepts.add(accept);
                    octets += accept.octets();
                    waitingAccepts--;
                    waitingOctets -= accept.octets();
                }
                case Flush flush -> batch.flushes.add(flush);
                case Answer answer -> batch.answers.add(answer);
                case Task<?> task -> batch.task = task;
            }
            if (batch.task != null) {
                return batch;
            }
        }
        takeDue(batch, now);
        return batch;
    }

    private void takeDue(Batch batch, long now) {
        urgent = false;
        for (Iterator<Map.Entry<HeldRange, Long>> i = unwritten.entrySet().iterator();
                i.hasNext() && batch.ranges.size() < MAX_COMMANDS; ) {
            var entry = i.next();
            if (now == Long.MAX_VALUE || entry.getValue() - now <= 0) {
                batch.ranges.add(entry.getKey());
                i.remove();
            }
        }
    }

    /// These are being written.
    void takeOut(Set<HeldRange> ranges) {
        lock.lock();
        try {
            ranges.forEach(unwritten::remove);
        } finally {
            lock.unlock();
        }
    }

    /// These could not be written; they are due again later.
    void putBack(Set<HeldRange> ranges) {
        lock.lock();
        try {
            add(ranges, System.nanoTime() + 10 * RETRY_NANOS);
        } finally {
            lock.unlock();
        }
    }

    /// Not when closing: what is not written then is found pending by the next start.
    private void add(Set<HeldRange> ranges, long due) {
        if (closing) {
            return;
        }
        for (var range : ranges) {
            range.restore();
            range.getInLine();
            unwritten.put(range, due);
        }
    }

    /// Nothing can be written now: flushes and answers wait as long as is configured, ranges
    /// without end.
    void postpone(Batch batch, LedgerUnavailable reason) {
        long now = System.nanoTime();
        lock.lock();
        try {
            for (var answer : batch.answers.reversed()) {
                if (isPatient(answer.since(), now)) {
                    commands.addFirst(answer);
                } else {
                    answer.message().withdrawAnswer();
                    answer.fail(reason);
                }
            }
            for (var flush : batch.flushes.reversed()) {
                if (isPatient(flush.since(), now)) {
                    commands.addFirst(flush);
                } else {
                    flush.fail(reason);
                }
            }
            notBefore = now + RETRY_NANOS;
            add(batch.ranges, notBefore);
        } finally {
            lock.unlock();
        }
    }

    private boolean isPatient(long since, long now) {
        return !closing && now - since < settings.patience().toNanos();
    }
}
