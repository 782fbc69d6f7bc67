package org.fanfare.ledger;

import java.util.List;
import java.util.Optional;

/// A range of up to 1,000 recipients that an earlier process left, now held by this node.
///
/// A range may come without anything pending: then only the answer (first range) or reports are
/// owed.
///
/// @param range number of the range in its message; the holder of range 0 gives the answer
/// @param from index in the message of the first recipient of the range
/// @param recipients Request-URI texts of the range
/// @param states for each recipient of the range, in order
/// @param total recipients of the whole message
/// @param answer the answer given so far, if any
/// @param starts how often the range has been claimed since it last made progress, 0 when it is
///   dropped: from 2 on something in it may be what ends the process, and one leg at a time is the
///   way to find out
public record Unfinished(
        MessageRef message,
        MessageHead head,
        int range,
        int from,
        List<String> recipients,
        List<State> states,
        int total,
        Optional<StoredAnswer> answer,
        int starts) {

    /// Whether an operator has given it up: nothing more is sent for it.
    public boolean isDropped() {
        return starts < 1;
    }

    /// A recipient of the range.
    ///
    /// @param reported the report owed for the failure has been sent
    public record State(Outcome outcome, boolean reported) {}
}
