package org.fanfare.mime;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Printable;

import java.util.ArrayList;

/// Reads the value of a structured MIME field: tokens, quoted strings, comments and parameters (RFC
/// 2045 5.1, RFC 822 3.3).
final class FieldScanner {

    private static final String SECTION = "RFC 2045 5.1";
    private static final int MAX_PARAMETERS = 64;

    private final String field;
    private final String text;
    private final int base;
    private int position;

    /// `field` names what is read and `base` says where its value starts, both for the complaint.
    FieldScanner(String field, String text, int base) {
        this.field = field;
        this.text = text;
        this.base = base;
    }

    /// A token character of RFC 2045: printable US-ASCII but for blanks and tspecials.
    static boolean isTokenCharacter(int c) {
        return c > ' ' && c < 0x7f && "()<>@,;:\\\"/[]?=".indexOf(c) < 0;
    }

    String expectToken(String what) {
        skipBlanks();
        int start = position;
        while (position < text.length() && isTokenCharacter(text.charAt(position))) {
            position++;
        }
        if (start == position) {
            throw malformed("expected " + what);
        }
        return text.substring(start, position);
    }

    void expect(char c) {
        if (!accept(c)) {
            throw malformed("expected \"" + c + "\"");
        }
    }

    boolean accept(char c) {
        skipBlanks();
        if (position < text.length() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }

    /// Everything up to the end; a semicolon with nothing behind it is what some phones send (B8).
    MimeParameters expectParameters() {
        var list = new ArrayList<MimeParameters.Parameter>();
        while (accept(';')) {
            if (atEnd() || text.charAt(position) == ';') {
                Leniency.EMPTY_PARAMETER.taken();
                continue;
            }
            if (list.size() == MAX_PARAMETERS) {
                throw malformed("more than " + MAX_PARAMETERS + " parameters");
            }
            var name = expectToken("parameter name");
            expect('=');
            list.add(new MimeParameters.Parameter(name, expectValue()));
        }
        if (!atEnd()) {
            throw malformed("expected \";\" or the end of the value");
        }
        return list.isEmpty() ? MimeParameters.NONE : new MimeParameters(list);
    }

    private String expectValue() {
        skipBlanks();
        if (position < text.length() && text.charAt(position) == '"') {
            return expectQuoted();
        }
        return expectLooseToken();
    }

    /// A value without quotes that should have them (a boundary with `=` or `/`, a media type) has
    /// one reading all the same: up to the next semicolon or blank.
    private String expectLooseToken() {
        int start = position;
        boolean loose = false;
        while (position < text.length() && !endsLooseToken(text.charAt(position))) {
            loose |= !isTokenCharacter(text.charAt(position));
            position++;
        }
        if (start == position) {
            throw malformed("expected parameter value");
        }
        if (loose) {
            Leniency.UNQUOTED_PARAMETER.taken();
        }
        return text.substring(start, position);
    }

    private static boolean endsLooseToken(char c) {
        return c <= ' ' || c == ';' || c == '"' || c == '(' || c == ',' || c == 0x7f;
    }

    private String expectQuoted() {
        var value = new StringBuilder();
        position++;
        while (position < text.length()) {
            char c = text.charAt(position++);
            if (c == '"') {
                return value.toString();
            }
            if (c == '\\' && position < text.length()) {
                c = text.charAt(position++);
            }
            value.append(c);
        }
        throw malformed("expected the closing quote");
    }

    boolean atEnd() {
        skipBlanks();
        return position == text.length();
    }

    /// Blanks and comments, which may nest.
    private void skipBlanks() {
        int depth = 0;
        int start = position;
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '(') {
                depth++;
            } else if (depth > 0 && c == ')') {
                depth--;
            } else if (depth > 0 && c == '\\') {
                position++;
            } else if (depth == 0 && c != ' ' && c != '\t') {
                return;
            }
            position++;
        }
        if (depth > 0) {
            position = start;
            throw malformed("expected the end of the comment");
        }
        position = text.length();
    }

    MalformedMessage malformed(String expected) {
        var came =
                position < text.length()
                        ? "found \""
                                + Printable.cut(text.substring(position, position + 1), 1)
                                + "\""
                        : "found the end of the value";
        return new MalformedMessage(
                field + ": " + expected + ", " + came, base + position, SECTION);
    }
}
