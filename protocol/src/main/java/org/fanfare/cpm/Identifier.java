package org.fanfare.cpm;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

import java.util.UUID;
import java.util.random.RandomGenerator;

/// What the identifiers of CPM have in common: tokens, opaque, compared as they are, in practice
/// UUIDs.
final class Identifier {

    static final int MAX_LENGTH = 128;

    private Identifier() {}

    static void check(String header, String value) {
        if (value.length() > MAX_LENGTH || !Cursor.isToken(value)) {
            throw new MalformedMessage(
                    header + ": expected a token of at most " + MAX_LENGTH + " characters",
                    0,
                    "CPM Appendix C");
        }
    }

    /// A version 4 UUID (RFC 4122 4.4).
    static String random(RandomGenerator random) {
        long high = (random.nextLong() & ~0xf000L) | 0x4000L;
        long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
