package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;

/// The ledger cannot promise durability now: disk full, write error, database gone, too much
/// waiting.
///
/// Nothing of the call is half written. The sender gets 500 + Retry-After (reliability 3.5).
public final class LedgerUnavailable extends RuntimeException {

    LedgerUnavailable(String message) {
        this(message, null);
    }

    LedgerUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }
}
