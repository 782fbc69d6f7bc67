package org.fanfare.cpim;

/// The escape mechanism of CPIM header values (RFC 3862 2.3).
final class CpimEscapes {

    private CpimEscapes() {}

    /// An escape that is not known stands for the character after the backslash; a backslash at the
    /// very end stands for nothing (2.3.1).
    static String unescape(String raw) {
        int backslash = raw.indexOf('\\');
        if (backslash < 0) {
            return raw;
        }
        var plain = new StringBuilder(raw.length()).append(raw, 0, backslash);
        int i = backslash;
        while (i < raw.length()) {
            char c = raw.charAt(i++);
            if (c != '\\') {
                plain.append(c);
            } else if (i < raw.length()) {
                i = appendEscaped(raw, i, plain);
            }
        }
        return plain.toString();
    }

    /// `i` is the place behind the backslash; the place behind the escape comes back.
    private static int appendEscaped(String raw, int i, StringBuilder plain) {
        char c = raw.charAt(i);
        if (c == 'u' && isHex(raw, i + 1, i + 5)) {
            plain.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
            return i + 5;
        }
        plain.append(
                switch (c) {
                    case 'b' -> '\b';
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    default -> c;
                });
        return i + 1;
    }

    private static boolean isHex(String text, int from, int to) {
        if (to > text.length()) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (Character.digit(text.charAt(i), 16) < 0 || text.charAt(i) > 'f') {
                return false;
            }
        }
        return true;
    }

    /// Only what must be escaped is.
    static String escape(String plain) {
        return escape(plain, false);
    }

    /// Between double quotes, which are escaped inside.
    static String quote(String plain) {
        return '"' + escape(plain, true) + '"';
    }

    private static String escape(String plain, boolean quoted) {
        var raw = new StringBuilder(plain.length() + 2);
        for (int i = 0; i < plain.length(); i++) {
            char c = plain.charAt(i);
            switch (c) {
                case '\\' -> raw.append("\\\\");
                case '\b' -> raw.append("\\b");
                case '\t' -> raw.append("\\t");
                case '\n' -> raw.append("\\n");
                case '\r' -> raw.append("\\r");
                case '"' -> raw.append(quoted ? "\\\"" : "\"");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        raw.append("\\u%04x".formatted((int) c));
                    } else {
                        raw.append(c);
                    }
                }
            }
        }
        return raw.toString();
    }
}
