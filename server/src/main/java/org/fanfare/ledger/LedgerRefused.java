package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;

/// The ledger cannot be opened, and starting empty instead would lose messages. The text is for the
/// operator: what was found, where, and what to do.
public final class LedgerRefused extends Exception {

    LedgerRefused(String message) {
        this(message, null);
    }

    LedgerRefused(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
