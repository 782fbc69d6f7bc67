package org.fanfare.pf;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/// Large messages whose content is still to come, by sender and Contribution-ID. A client that lost
/// its connection tries again, maybe before we know that it is lost; if both attempts called the
/// recipients, they would be called twice. So an attempt waits until it is known what has become of
/// the one before: accepted, or come to nothing (reading 77).
final class Attempts {

    private record Key(String originator, String contributionId) {}

    private final Map<Key, ArrayDeque<LargeSession>> underWay = new HashMap<>();

    /// True when it is its turn at once; else [LargeSession#onTurn] tells.
    synchronized boolean enter(StandaloneMessage message, LargeSession attempt) {
        var attempts = underWay.computeIfAbsent(key(message), _ -> new ArrayDeque<>(1));
        attempts.add(attempt);
        return attempts.size() == 1;
    }

    /// It is over, or accepted. Nothing happens to one that has left before.
    void leave(StandaloneMessage message, LargeSession attempt) {
        var next = remove(key(message), attempt);
        if (next != null) {
            Thread.ofVirtual().name("turn").start(next::onTurn);
        }
    }

    private synchronized @Nullable LargeSession remove(Key key, LargeSession attempt) {
        var attempts = underWay.get(key);
        if (attempts == null) {
            return null;
        }
        boolean wasItsTurn = attempts.peek() == attempt;
        attempts.remove(attempt);
        if (attempts.isEmpty()) {
            underWay.remove(key);
        }
        return wasItsTurn ? attempts.peek() : null;
    }

    private static Key key(StandaloneMessage message) {
        return new Key(message.originator().key(), message.contributionId().value());
    }
}
