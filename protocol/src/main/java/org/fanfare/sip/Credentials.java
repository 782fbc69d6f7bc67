package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// A challenge or credentials as they came: the scheme, and all behind it unread (RFC 3261 20.44,
/// 20.7). An unknown scheme is no fault of the message (RFC 4475 3.3.7).
public record Credentials(String scheme, String rest) {

    static Credentials read(Cursor cursor, Limits limits) {
        var scheme = cursor.expectToken("an authentication scheme");
        int blank = cursor.position();
        cursor.skipBlanks();
        if (cursor.position() == blank) {
            throw cursor.expected("a blank after the authentication scheme");
        }
        int from = cursor.position();
        skipParameters(cursor);
        return new Credentials(scheme, cursor.unfolded(from));
    }

    private static void skipParameters(Cursor cursor) {
        int from = cursor.position();
        while (!cursor.atEnd()) {
            if (cursor.peek() == '"') {
                cursor.skipQuotedString();
            } else if (Cursor.isControl((byte) cursor.peek()) && cursor.peek() != '\r') {
                throw cursor.expected("no control octet");
            } else {
                cursor.advance();
            }
        }
        if (cursor.position() == from) {
            throw cursor.expected("parameters after the authentication scheme");
        }
    }

    public boolean isDigest() {
        return scheme.equalsIgnoreCase("Digest");
    }

    @Override
    public String toString() {
        return scheme + " " + rest;
    }
}
