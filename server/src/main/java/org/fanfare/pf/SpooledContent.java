package org.fanfare.pf;

import org.fanfare.spool.Spool;

import java.nio.ByteBuffer;

/// The content of a large message, for the message store.
final class SpooledContent {

    private static final int AT_ONCE = 64 << 10;

    private SpooledContent() {}

    static HistoryObject.Content of(Spool spool) {
        return out -> {
            var some = ByteBuffer.allocate(AT_ONCE);
            try (var reader = spool.reader()) {
                while (reader.read(some) >= 0) {
                    out.write(some.array(), 0, some.position());
                    some.clear();
                }
            }
        };
    }
}
