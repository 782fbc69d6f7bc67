package org.fanfare.sip;

import org.fanfare.uri.Parameters;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// When to try again (RFC 3261 20.33). The comment is not kept.
public record RetryAfter(long seconds, Parameters parameters) {

    static RetryAfter read(Cursor cursor, Limits limits) {
        long seconds = cursor.expectNumber("seconds", Fields.MAX_SECONDS);
        cursor.skipBlanks();
        if (cursor.peek() == '(') {
            skipComment(cursor);
        }
        return new RetryAfter(seconds, Parameters.readOfHeader(cursor, limits));
    }

    /// Comments may hold comments (RFC 3261 25.1).
    private static void skipComment(Cursor cursor) {
        int depth = 0;
        do {
            switch (cursor.peek()) {
                case '(' -> depth++;
                case ')' -> depth--;
                case '\\' -> cursor.advance();
                case -1 -> throw cursor.expected("\")\" that ends the comment");
                default -> {}
            }
            cursor.advance();
        } while (depth > 0);
    }
}
