package org.fanfare.ledger;

import java.util.HexFormat;

/// The ledger's own name of an accepted message; unique among all nodes that share the database.
///
/// Ordered by time of acceptance. Leg identities are derived from it, so it never changes.
public record MessageRef(long value) implements Comparable<MessageRef> {

    @Override
    public int compareTo(MessageRef other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
