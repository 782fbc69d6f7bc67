package org.fanfare.sip.digest;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `Digest name=value, name="value"...`, the common grammar of challenges and answers (RFC 3261
/// 25.1, `challenge` and `credentials`).
record DigestParameters(Map<String, String> values) {

    private static final String SECTION = "RFC 3261 20.7";
    private static final int MOST = 32;

    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String required(String name) {
        return value(name)
                .orElseThrow(() ->
                        new MalformedMessage("Digest: expected parameter " + name, 0, SECTION));
    }

    /// Empty for another scheme than Digest.
    ///
    /// @throws MalformedMessage when it is Digest and cannot be read, or names a parameter twice
    static Optional<DigestParameters> parse(String text) {
        var trimmed = text.strip();
        int end = 0;
        while (end < trimmed.length() && isToken(trimmed.charAt(end))) {
            end++;
        }
        return trimmed.substring(0, end).equalsIgnoreCase("Digest")
                ? Optional.of(new DigestParameters(new Reader(trimmed, end).parameters()))
                : Optional.empty();
    }

    private static boolean isToken(char c) {
        return c < 128 && Cursor.isTokenOctet((byte) c);
    }

    /// Writes what [#parse] reads.
    static final class Writer {

        private final StringBuilder text = new StringBuilder("Digest");

        Writer token(String name, String value) {
            return append(name).raw(value);
        }

        Writer quoted(String name, String value) {
            append(name).raw("\"");
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if (c < ' ' || c == 0x7F) {
                    throw new IllegalArgumentException(
                            "Digest: control character in the value of " + name);
                }
                raw(c == '"' || c == '\\' ? "\\" + c : String.valueOf(c));
            }
            return raw("\"");
        }

        private Writer append(String name) {
            return raw(text.length() == "Digest".length() ? " " : ", ").raw(name).raw("=");
        }

        private Writer raw(String piece) {
            text.append(piece);
            return this;
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    private static final class Reader {

        private final String text;
        private int at;

        Reader(String text, int at) {
            this.text = text;
            this.at = at;
        }

        Map<String, String> parameters() {
            var found = new LinkedHashMap<String, String>();
            skipBlanks();
            while (at < text.length()) {
                var name = expectToken().toLowerCase(Locale.ROOT);
                expectEquals();
                if (found.put(name, value()) != null || found.size() > MOST) {
                    throw malformed("expected each parameter once, found again " + name);
                }
                skipBlanks();
                acceptCommas();
            }
            return Map.copyOf(found);
        }

        private void acceptCommas() {
            if (at < text.length() && text.charAt(at) != ',') {
                throw malformed("expected \",\"");
            }
            while (at < text.length() && text.charAt(at) == ',') {
                at++;
                skipBlanks();
            }
        }

        private void expectEquals() {
            skipBlanks();
            if (at >= text.length() || text.charAt(at) != '=') {
                throw malformed("expected \"=\"");
            }
            at++;
            skipBlanks();
        }

        private String value() {
            return at < text.length() && text.charAt(at) == '"' ? quotedString() : expectToken();
        }

        private String expectToken() {
            int from = at;
            while (at < text.length() && isToken(text.charAt(at))) {
                at++;
            }
            if (at == from) {
                throw malformed("expected a token");
            }
            return text.substring(from, at);
        }

        private String quotedString() {
            var value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value.toString();
                }
                if (c == '\\' && at + 1 < text.length()) {
                    at++;
                    c = text.charAt(at);
                }
                value.append(c);
            }
            throw malformed("expected a closing quotation mark");
        }

        private void skipBlanks() {
            while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
        }

        private MalformedMessage malformed(String what) {
            return new MalformedMessage("Digest: " + what, at, SECTION);
        }
    }
}
