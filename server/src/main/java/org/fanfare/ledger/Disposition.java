package org.fanfare.ledger;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// What a recipient, or somebody on the way to him, has reported about a message (RFC 5438 11.1.7).
public enum Disposition {
    DELIVERED(1),
    DISPLAYED(2),
    INTERWORKED(4),
    FAILED(8),
    PROCESSED(16),
    FORBIDDEN(32);

    /// In the octet that the ledger keeps.
    private final byte bit;

    Disposition(int bit) {
        this.bit = (byte) bit;
    }

    byte bit() {
        return bit;
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
