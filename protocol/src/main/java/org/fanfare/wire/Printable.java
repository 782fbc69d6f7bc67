package org.fanfare.wire;

/// Text from outside made safe for error texts and logs: no control characters, bounded.
public final class Printable {

    private Printable() {}

    /// At most `max` characters, with `...` where something was cut; controls as `\x01`.
    public static String cut(String text, int max) {
        var out = new StringBuilder(Math.min(text.length(), max) + 8);
        for (int i = 0; i < text.length() && i < max; i++) {
            append(out, text.charAt(i));
        }
        if (text.length() > max) {
            out.append("...");
        }
        return out.toString();
    }

    /// One octet as it may stand in a message for people: `"a"`, `octet 0x01`.
    public static String octet(byte octet) {
        return octet > ' ' && octet < 0x7f
                ? "\"" + (char) octet + "\""
                : "octet 0x%02x".formatted(octet & 0xff);
    }

    private static void append(StringBuilder out, char c) {
        if (c < ' ' || c == 0x7f) {
            out.append("\\x").append(Character.forDigit(c >> 4, 16));
            out.append(Character.forDigit(c & 15, 16));
        } else if (isInvisible(c)) {
            out.append("\\u%04x".formatted((int) c));
        } else {
            out.append(c);
        }
    }

    /// C1 controls, line separators and what turns the direction of writing.
    private static boolean isInvisible(char c) {
        return (c >= 0x80 && c < 0xa0)
                || (c >= 0x2028 && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
