package org.fanfare.uri;

/// Quoted strings (RFC 3261 25.1).
public final class QuotedText {

    private QuotedText() {}

    /// In quotes, with a backslash before quotes, backslashes and control characters.
    ///
    /// @throws IllegalArgumentException for CR and LF, which cannot be written at all
    public static String quote(String text) {
        var out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n') {
                throw new IllegalArgumentException("quoted string: CR or LF in it");
            }
            if (c == '"' || c == '\\' || (c < ' ' && c != '\t') || c == 0x7f) {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    /// Without the quotes and backslashes.
    static String undo(String quoted) {
        int end = quoted.endsWith("\"") ? quoted.length() - 1 : quoted.length();
        var out = new StringBuilder(quoted.length());
        for (int i = 1; i < end; i++) {
            char c = quoted.charAt(i);
            out.append(c == '\\' && i + 1 < end ? quoted.charAt(++i) : c);
        }
        return out.toString();
    }
}
