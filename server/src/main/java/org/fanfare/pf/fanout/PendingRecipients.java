package org.fanfare.pf.fanout;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// At most one MESSAGE is pending at each recipient (RFC 3428 section 8): lists that name the same
/// person wait for each other there, and nowhere else. Not thread-safe: its fan-out guards it.
///
/// Recipients are told apart by the canonical form of their URI, so that no spelling gets round the
/// rule.
final class PendingRecipients {

    private final Set<String> pending = new HashSet<>();
    private final Map<String, ArrayDeque<Leg>> waiting = new HashMap<>();
    private final int mostWaiting;

    /// Nothing pending yet.
    ///
    /// @param mostWaiting legs that may wait at one recipient
    PendingRecipients(int mostWaiting) {
        this.mostWaiting = mostWaiting;
    }

    /// What a leg is to do at its recipient.
    enum Entrance {
        /// Nothing is pending there: go.
        FREE,
        /// Wait; [#leave] of another leg will name it.
        WAIT,
        /// Too many wait already (reliability case A4).
        CROWDED
    }

    Entrance enter(Leg leg) {
        if (pending.add(leg.recipientKey())) {
            return Entrance.FREE;
        }
        var queue = waiting.computeIfAbsent(leg.recipientKey(), _ -> new ArrayDeque<>(2));
        if (queue.size() >= mostWaiting) {
            return Entrance.CROWDED;
        }
        queue.add(leg);
        return Entrance.WAIT;
    }

    /// The leg is no longer pending; the one that waited longest, if any, is now in its place.
    @Nullable Leg leave(Leg leg) {
        var queue = waiting.get(leg.recipientKey());
        var next = queue == null ? null : queue.poll();
        if (next == null) {
            pending.remove(leg.recipientKey());
            waiting.remove(leg.recipientKey());
        }
        return next;
    }

    /// Legs that wait for another.
    int waiting() {
        return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
    }
}
