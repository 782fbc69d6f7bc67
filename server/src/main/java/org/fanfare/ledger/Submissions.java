package org.fanfare.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The [Submission]s that are remembered. Nodes that share a ledger share them. Every method throws
/// [LedgerUnavailable] when it cannot be done now.
public interface Submissions {

    Optional<Submission> find(String key);

    /// By what the other system calls a part of it; of several the last that was written.
    Optional<Submission> named(String name);

    /// Notes it, new or changed; on stable storage when this returns.
    void put(Submission submission);

    /// Up to `max` of which somebody is still to be told something.
    List<Submission> owing(int max);

    /// Forgets those whose time is over.
    int removeUntil(Instant now);
}
