package org.fanfare.ledger;

/// What a recipient has ended with before the message was accepted: a leg of a large message that
/// failed while it followed the upload.
///
/// @param index place in the list of recipients
public record KnownOutcome(int index, Outcome outcome) {

    public KnownOutcome {
        if (!outcome.kind().isFinal()) {
            throw new IllegalArgumentException("outcome: expected a final one, got " + outcome);
        }
    }
}
