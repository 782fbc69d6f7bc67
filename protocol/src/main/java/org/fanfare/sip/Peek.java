package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;

/// Takes single values out of a head without reading the fields they stand in: what a transaction
/// is found by. Never throws; what cannot be read is empty.
final class Peek {

    private static final byte[] BRANCH = "branch".getBytes(StandardCharsets.US_ASCII);
    private static final Method NONE = Method.of("-");
    private static final char CSEQ_COMPACT = 0;

    private Peek() {}

    /// The branch of the first value of the first Via.
    static Octets topBranch(Head head) {
        int field = head.firstVia();
        if (field < 0) {
            return Octets.EMPTY;
        }
        int end = head.valueEnd(field);
        int at = head.valueStart(field);
        while (at < end && head.array[at] != ',') {
            if (head.array[at] == '"') {
                at = skipQuoted(head.array, at, end);
            } else if (head.array[at++] == ';') {
                int value = branchValue(head.array, at, end);
                if (value >= 0) {
                    return Octets.of(head.array, value, endOfToken(head.array, value, end) - value);
                }
            }
        }
        return Octets.EMPTY;
    }

    /// Commas outside quotes of Via lines, and the lines themselves.
    static int viaCount(Head head) {
        int count = 0;
        for (int field = head.firstVia();
                field >= 0;
                field = head.find(HeaderName.VIA, 'v', field + 1)) {
            count += values(head.array, head.valueStart(field), head.valueEnd(field));
        }
        return count;
    }

    private static int values(byte[] array, int from, int end) {
        int count = 1;
        int at = from;
        while (at < end) {
            if (array[at] == '"') {
                at = skipQuoted(array, at, end);
            } else if (array[at++] == ',') {
                count++;
            }
        }
        return count;
    }

    private static int skipQuoted(byte[] array, int from, int end) {
        int at = from + 1;
        while (at < end && array[at] != '"') {
            at += array[at] == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, end);
    }

    /// Where the value begins when the parameter at `from` is the branch, or -1.
    private static int branchValue(byte[] array, int from, int end) {
        int at = skipBlanks(array, from, end);
        for (byte expected : BRANCH) {
            if (at >= end || Cursor.lower(array[at++]) != expected) {
                return -1;
            }
        }
        at = skipBlanks(array, at, end);
        return at < end && array[at] == '=' ? skipBlanks(array, at + 1, end) : -1;
    }

    private static int skipBlanks(byte[] array, int from, int end) {
        int at = from;
        while (at < end
                && (array[at] == ' '
                        || array[at] == '\t'
                        || array[at] == '\r'
                        || array[at] == '\n')) {
            at++;
        }
        return at;
    }

    private static int endOfToken(byte[] array, int from, int end) {
        int at = from;
        while (at < end && Cursor.isTokenOctet(array[at])) {
            at++;
        }
        return at;
    }

    /// The method in CSeq, or `-` when there is none.
    static Method cseqMethod(Head head) {
        int field = head.find(HeaderName.CSEQ, CSEQ_COMPACT, 0);
        if (field < 0) {
            return NONE;
        }
        int end = head.valueEnd(field);
        int at = head.valueStart(field);
        while (at < end && Cursor.isDigit(head.array[at])) {
            at++;
        }
        int from = skipBlanks(head.array, at, end);
        int to = endOfToken(head.array, from, end);
        return to > from ? Method.of(head.array, from, to) : NONE;
    }
}
