package org.fanfare.ledger;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What a recipient, or somebody on the way to him, has reported about a message (RFC 5438 11.1.7).
public enum Disposition {
    DELIVERED,
    DISPLAYED,
    INTERWORKED,
    FAILED,
    PROCESSED,
    FORBIDDEN;

    byte bit() {
        return (byte) (1 << ordinal());
    }

    static Set<Disposition> of(byte bits) {
        var set = EnumSet.noneOf(Disposition.class);
        for (var disposition : values()) {
            if ((bits & disposition.bit()) != 0) {
                set.add(disposition);
            }
        }
        return set;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
