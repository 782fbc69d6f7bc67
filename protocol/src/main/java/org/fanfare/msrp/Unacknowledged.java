package org.fanfare.msrp;

import java.util.Arrays;

/// The requests of one message that have no response yet, by their transaction numbers, which rise.
/// Guarded by its owner.
final class Unacknowledged {

    private static final int INITIAL = 64;
    private static final long OPEN = Long.MAX_VALUE;

    private int[] octets = new int[INITIAL];
    private long[] endedAt = new long[INITIAL];
    private boolean[] waits = new boolean[INITIAL];

    /// The numbers from `first` on, up to `next`, are in the arrays; those before have responses.
    private long first;

    private long next;
    private int waiting;
    private long octetsWaiting;
    private long acknowledged;

    /// @param first the lowest number that will come
    Unacknowledged(long first) {
        this.first = first;
        next = first;
    }

    /// A request; numbers that were left out are no requests.
    void add(long number, int count, long at) {
        while (next < number) {
            place(next, 0, 0, false);
        }
        place(number, count, at, true);
        waiting++;
        octetsWaiting += count;
        advance();
    }

    /// A request that has begun and whose content is still being written: no response is due.
    void addOpen(long number) {
        add(number, 0, OPEN);
    }

    /// More octets of one that has begun. They have been written, so that the response may be here.
    void more(long number, int count) {
        if (!isWaiting(number)) {
            acknowledged += count;
            return;
        }
        octets[slot(number)] += count;
        octetsWaiting += count;
    }

    /// It has ended; its response is due from now on.
    void ended(long number, long at) {
        if (isWaiting(number)) {
            endedAt[slot(number)] = at;
        }
    }

    private void place(long number, int count, long at, boolean waitsForResponse) {
        if (next - first == octets.length) {
            grow();
        }
        int slot = slot(number);
        octets[slot] = count;
        endedAt[slot] = at;
        waits[slot] = waitsForResponse;
        next = number + 1;
    }

    private void grow() {
        int length = octets.length;
        var moreOctets = new int[length * 2];
        var moreTimes = new long[length * 2];
        var moreWaits = new boolean[length * 2];
        for (long number = first; number < next; number++) {
            int from = slot(number);
            int to = (int) (number % (length * 2L));
            moreOctets[to] = octets[from];
            moreTimes[to] = endedAt[from];
            moreWaits[to] = waits[from];
        }
        octets = moreOctets;
        endedAt = moreTimes;
        waits = moreWaits;
    }

    private int slot(long number) {
        return (int) (number % octets.length);
    }

    private boolean isWaiting(long number) {
        return number >= first && number < next && waits[slot(number)];
    }

    /// A response has come.
    ///
    /// @return false when none is waited for
    boolean respond(long number, boolean success) {
        if (!isWaiting(number)) {
            return false;
        }
        int slot = slot(number);
        waits[slot] = false;
        waiting--;
        octetsWaiting -= octets[slot];
        if (success) {
            acknowledged += octets[slot];
        }
        advance();
        return true;
    }

    private void advance() {
        while (first < next && !waits[slot(first)]) {
            first++;
        }
    }

    boolean isEmpty() {
        return waiting == 0;
    }

    /// Octets without a response.
    long octets() {
        return octetsWaiting;
    }

    /// Octets with a 200.
    long acknowledged() {
        return acknowledged;
    }

    /// When the oldest of them ended; [Long#MAX_VALUE] when there is none, or it is still written.
    long oldest() {
        return waiting == 0 ? OPEN : endedAt[slot(first)];
    }

    @Override
    public String toString() {
        return waiting + " requests from " + first + Arrays.toString(waits);
    }
}
