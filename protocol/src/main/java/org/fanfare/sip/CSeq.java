package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// Number and method of a request within its dialog (RFC 3261 20.16).
public record CSeq(long number, Method method) {

    /// Less than 2^31 (RFC 3261 8.1.1.5).
    private static final long MAX = (1L << 31) - 1;

    public CSeq {
        if (number < 0 || number > MAX) {
            throw new IllegalArgumentException("CSeq: number must be less than 2^31: " + number);
        }
    }

    static CSeq read(Cursor cursor, Limits limits) {
        long number = cursor.expectNumber("a number", MAX);
        int blank = cursor.position();
        cursor.skipBlanks();
        if (cursor.position() == blank) {
            throw cursor.expected("a blank and the method after the number");
        }
        return new CSeq(number, Method.of(cursor.expectToken("a method")));
    }

    @Override
    public String toString() {
        return number + " " + method;
    }
}
