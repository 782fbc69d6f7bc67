package org.fanfare.msrp;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

/// Which octets of a message a chunk holds (RFC 4975 7.1.1). Octets count from 1.
///
/// @param start the first octet, at least 1
/// @param end the last octet; `start - 1` for no octets; [#UNKNOWN] for `*`
/// @param total octets of the whole message; [#UNKNOWN] for `*`
public record ByteRange(long start, long end, long total) {

    /// Written as `*`.
    public static final long UNKNOWN = -1;

    /// What holds for a request without the field: `1-*/*`.
    public static final ByteRange UNSAID = new ByteRange(1, UNKNOWN, UNKNOWN);

    private static final String SECTION = "RFC 4975 7.1.1";

    public ByteRange {
        var fault = fault(start, end, total);
        if (!fault.isEmpty()) {
            throw new IllegalArgumentException(fault);
        }
    }

    /// Reads the value of the field.
    ///
    /// @throws MalformedMessage when it is no range, or contradicts itself, or a number is above
    ///   2^63 - 1
    public static ByteRange parse(String text) {
        var cursor = Cursor.over(text, "Byte-Range", SECTION);
        long start = number(cursor, "the first octet");
        cursor.expect('-', "after the first octet");
        long end = cursor.accept('*') ? UNKNOWN : number(cursor, "the last octet or *");
        cursor.expect('/', "after the last octet");
        long total = cursor.accept('*') ? UNKNOWN : number(cursor, "the total or *");
        cursor.expectEnd();
        var fault = fault(start, end, total);
        if (!fault.isEmpty()) {
            throw new MalformedMessage("Byte-Range: " + fault, 0, SECTION);
        }
        return new ByteRange(start, end, total);
    }

    private static long number(Cursor cursor, String what) {
        int from = cursor.position();
        while (!cursor.atEnd() && Cursor.isDigit((byte) cursor.peek())) {
            cursor.advance();
        }
        if (cursor.position() == from) {
            throw cursor.expected(what);
        }
        try {
            return Long.parseLong(cursor.textFrom(from));
        } catch (NumberFormatException e) {
            throw cursor.fault(from, "expected " + what + ", found a number beyond 2^63 - 1");
        }
    }

    private static String fault(long start, long end, long total) {
        if (start < 1) {
            return "expected a first octet from 1 on, found " + start;
        }
        if (end != UNKNOWN && end < start - 1) {
            return "expected a last octet not before the first, found " + start + "-" + end;
        }
        if (total != UNKNOWN && Math.max(end, start - 1) > total) {
            return "expected a total not below the octets, found "
                    + Math.max(end, start - 1)
                    + " of "
                    + total;
        }
        return end < UNKNOWN || total < UNKNOWN ? "expected no negative number" : "";
    }

    /// Octets in the chunk, or [#UNKNOWN].
    public long length() {
        return end == UNKNOWN ? UNKNOWN : end - start + 1;
    }

    @Override
    public String toString() {
        return start + "-" + text(end) + "/" + text(total);
    }

    private static String text(long number) {
        return number == UNKNOWN ? "*" : Long.toString(number);
    }
}
