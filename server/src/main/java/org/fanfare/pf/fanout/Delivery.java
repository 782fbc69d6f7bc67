package org.fanfare.pf.fanout;

import org.fanfare.ledger.Outcome;
import org.fanfare.ledger.OutcomeKind;

import java.time.Instant;

/// How it ended with one recipient.
public sealed interface Delivery {

    /// The recipient's network took the message.
    ///
    /// @param status 2xx
    record Delivered(int status) implements Delivery {}

    /// The interworking function took the message.
    ///
    /// @param status 2xx
    record Interworked(int status) implements Delivery {}

    /// Nobody took it, and nobody will be asked again.
    ///
    /// @param status of the last answer, or the one that says best what happened
    /// @param reason in words
    record Failed(int status, String reason) implements Delivery {}

    /// The message's life was over before anybody took it (RFC 3428 section 7).
    record Expired() implements Delivery {}

    /// Which of the ends it is.
    default OutcomeKind kind() {
        return switch (this) {
            case Delivered _ -> OutcomeKind.DELIVERED;
            case Interworked _ -> OutcomeKind.INTERWORKED;
            case Failed _ -> OutcomeKind.FAILED;
            case Expired _ -> OutcomeKind.EXPIRED;
        };
    }

    /// Whether the recipient has the message, as far as we can know.
    default boolean isSuccess() {
        return kind().isSuccess();
    }

    /// The entry of the ledger.
    default Outcome outcome(Instant at, int attempts) {
        return switch (this) {
            case Delivered(var status) -> new Outcome(kind(), status, "", at, attempts);
            case Interworked(var status) -> new Outcome(kind(), status, "", at, attempts);
            case Failed(var status, var reason) ->
                    new Outcome(kind(), status, reason, at, attempts);
            case Expired() -> new Outcome(kind(), 0, "expired", at, attempts);
        };
    }
}
