package org.fanfare.spool;

import java.io.IOException;

/// What a ledger record names is missing or is not what was written.
public final class SpoolDamaged extends IOException {

    SpoolDamaged(String id, String how) {
        super("spool %s: %s; its message cannot go to anybody else".formatted(id, how));
    }
}
