package org.fanfare.resourcelists;

import org.fanfare.wire.MalformedMessage;

/// The list holds more entries, duplicates counted, than anybody needs for the number of recipients
/// that is allowed: reading stopped there. The answer is that for too many recipients (L6).
public final class TooManyEntries extends MalformedMessage {

    private static final int BUSY_HERE = 486;

    TooManyEntries(int most, int offset) {
        super(
                "resource-lists: expected at most " + most + " entries, found more",
                offset,
                "RFC 5363 5.3",
                BUSY_HERE);
    }
}
