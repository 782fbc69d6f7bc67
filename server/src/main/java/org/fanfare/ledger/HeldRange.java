package org.fanfare.ledger;

import java.util.function.Predicate;

/// A range that this node works on: its states in memory, ahead of the database by what is not
/// written yet.
final class HeldRange {

    /// What [WriterLane] has to do after a change.
    enum Change {
        NONE,
        /// Already waiting to be written.
        MORE,
        /// The first since the last write: must get in line.
        FIRST,
        /// Enough for a write at once.
        DUE
    }

    /// The columns of a write.
    static final class Snapshot {
        final HeldRange range;
        final byte[] states;
        final byte[] reasons;

        /// Recipients without an outcome, and in the first range the answer.
        final int pending;

        /// Nothing is pending, and no report owed.
        final boolean done;

        private Snapshot(HeldRange range, int duty) {
            this.range = range;
            this.states = range.states.states();
            this.reasons = range.states.reasons();
            this.pending = range.states.open(false) + duty;
            this.done = range.states.open(range.message.reportsOwed()) + duty == 0;
        }
    }

    private final HeldMessage message;
    private final int part;
    private final long epoch;
    private final StateArray states;
    private final int flushChanges;

    private int unwritten;
    private boolean inLine;
    private volatile boolean fenced;
    private volatile boolean done;

    HeldRange(HeldMessage message, int part, long epoch, StateArray states, int flushChanges) {
        this.message = message;
        this.part = part;
        this.epoch = epoch;
        this.states = states;
        this.flushChanges = flushChanges;
    }

    HeldMessage message() {
        return message;
    }

    int part() {
        return part;
    }

    long epoch() {
        return epoch;
    }

    synchronized Change set(int index, Outcome outcome) {
        return change(s -> s.set(index, outcome));
    }

    synchronized Change setReported(int index) {
        return change(s -> s.setReported(index));
    }

    private Change change(Predicate<StateArray> action) {
        if (!action.test(states)) {
            return Change.NONE;
        }
        unwritten++;
        if (!inLine) {
            inLine = true;
            return unwritten >= flushChanges ? Change.DUE : Change.FIRST;
        }
        return unwritten == flushChanges ? Change.DUE : Change.MORE;
    }

    /// Returns whether the range was not in line to be written before.
    synchronized boolean getInLine() {
        boolean first = !inLine;
        inLine = true;
        return first;
    }

    synchronized boolean hasUnwritten() {
        return unwritten > 0;
    }

    /// Everything so far; later changes get in line again.
    synchronized Snapshot snapshot() {
        inLine = false;
        unwritten = 0;
        return new Snapshot(this, part == 0 && message.answer() == null ? 1 : 0);
    }

    /// The snapshot was not written after all.
    synchronized void restore() {
        unwritten++;
    }

    boolean isFenced() {
        return fenced;
    }

    void fence() {
        fenced = true;
    }

    boolean isDone() {
        return done;
    }

    void written(Snapshot snapshot) {
        done = snapshot.done;
    }
}
