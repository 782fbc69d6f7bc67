package org.fanfare.uri;

import org.fanfare.wire.Cursor;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Escapes of the form `%41` (RFC 3261 19.1.2).
final class Escapes {

    private static final String HEX = "0123456789ABCDEF";

    private Escapes() {}

    /// Undone once, never again on the result (RFC 4475 3.1.1.3). A `%` without two hexadecimal
    /// digits stays as it is.
    static byte[] decode(String text) {
        var in = text.getBytes(StandardCharsets.UTF_8);
        var out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && isEscape(in, i)) {
                out[length++] = (byte) (value(in[i + 1]) << 4 | value(in[i + 2]));
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return Arrays.copyOf(out, length);
    }

    static String decodeText(String text) {
        return text.indexOf('%') < 0 ? text : new String(decode(text), StandardCharsets.UTF_8);
    }

    /// Escapes every octet that is neither a letter, a digit nor in `allowed`.
    static String encode(byte[] octets, String allowed) {
        var out = new StringBuilder(octets.length);
        for (byte octet : octets) {
            if (Cursor.isAlphanumeric(octet) || (octet > 0 && allowed.indexOf(octet) >= 0)) {
                out.append((char) octet);
            } else {
                out.append('%')
                        .append(HEX.charAt((octet >> 4) & 15))
                        .append(HEX.charAt(octet & 15));
            }
        }
        return out.toString();
    }

    private static boolean isEscape(byte[] text, int at) {
        return at + 2 < text.length
                && Cursor.isHexDigit(text[at + 1])
                && Cursor.isHexDigit(text[at + 2]);
    }

    private static int value(byte digit) {
        return Character.digit(digit, 16);
    }

    /// Takes letters, digits, the octets of `allowed`, and well-formed escapes.
    static void skip(Cursor cursor, String allowed) {
        while (!cursor.atEnd()) {
            int octet = cursor.peek();
            if (octet == '%') {
                skipEscape(cursor);
            } else if (octet < 128
                    && (Cursor.isAlphanumeric((byte) octet) || allowed.indexOf(octet) >= 0)) {
                cursor.advance();
            } else {
                return;
            }
        }
    }

    private static void skipEscape(Cursor cursor) {
        cursor.advance();
        for (int i = 0; i < 2; i++) {
            int octet = cursor.peek();
            if (octet < 0 || !Cursor.isHexDigit((byte) octet)) {
                throw cursor.expected("two hexadecimal digits after \"%\"");
            }
            cursor.advance();
        }
    }

    /// Undoes the escapes of characters that need none, and writes the others in upper case.
    static String undoUnreserved(String text) {
        var out = new StringBuilder(text.length());
        var in = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '%' && isEscape(in, i)) {
                byte octet = (byte) (value(in[i + 1]) << 4 | value(in[i + 2]));
                out.append(encode(new byte[] {octet}, "-_.!~*'()"));
                i += 2;
            } else {
                out.append((char) (in[i] & 0xff));
            }
        }
        return out.toString();
    }
}
