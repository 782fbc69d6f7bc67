package org.fanfare.sip;

import java.util.List;

/// Splits a list at its commas, without looking at what the values mean (RFC 3261 7.3.1).
final class CommaList {

    private CommaList() {}

    /// Adds each value, trimmed; empty ones are left out.
    static void split(byte[] array, int from, int to, List<String> values) {
        int start = from;
        while (start <= to) {
            int end = endOfValue(array, start, to);
            var value = Headers.text(array, start, end).strip();
            if (!value.isEmpty()) {
                values.add(value);
            }
            start = end + 1;
        }
    }

    /// The index of the next comma outside quotes and angle brackets, or `to`.
    static int endOfValue(byte[] array, int from, int to) {
        boolean quoted = false;
        boolean bracketed = false;
        for (int i = from; i < to; i++) {
            byte octet = array[i];
            if (quoted) {
                if (octet == '\\') {
                    i++;
                } else {
                    quoted = octet != '"';
                }
            } else if (octet == '"') {
                quoted = true;
            } else if (octet == '<') {
                bracketed = true;
            } else if (octet == '>') {
                bracketed = false;
            } else if (octet == ',' && !bracketed) {
                return i;
            }
        }
        return to;
    }
}
