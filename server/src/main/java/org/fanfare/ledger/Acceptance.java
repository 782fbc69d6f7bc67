package org.fanfare.ledger;

import java.util.Optional;

/// What [Ledger#accept] found.
public sealed interface Acceptance {

    MessageRef message();

    /// The message is new and on stable storage; this node holds all its ranges.
    record Accepted(MessageRef message) implements Acceptance {}

    /// The same message was accepted before.
    ///
    /// @param answer absent while the first one is still being worked on
    record Duplicate(MessageRef message, Optional<StoredAnswer> answer) implements Acceptance {}
}
