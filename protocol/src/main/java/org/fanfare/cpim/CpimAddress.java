package org.fanfare.cpim;

import org.fanfare.uri.Uri;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;

/// What From, To and cc hold: a URI and perhaps a display name in front of it (RFC 3862 4.1), which
/// is empty where there is none.
public record CpimAddress(String displayName, Uri uri) {

    private static final String SECTION = "RFC 3862 4.1";

    public static CpimAddress of(Uri uri) {
        return new CpimAddress("", uri);
    }

    /// Reads a header value. `field` and `offset` say what it is and where it stood.
    public static CpimAddress parse(String text, String field, int offset) {
        var value = text.strip();
        int open = value.startsWith("\"") ? afterQuotes(value, field, offset) : value.indexOf('<');
        if (open < 0) {
            Leniency.CPIM_BARE_ADDRESS.taken();
            return new CpimAddress("", uri(value, field, offset));
        }
        int close = value.length() - 1;
        if (value.charAt(close) != '>') {
            throw new MalformedMessage(
                    field + ": expected \">\" at the end of the address", offset + close, SECTION);
        }
        return new CpimAddress(
                displayName(value.substring(0, open).strip()),
                uri(value.substring(open + 1, close), field, offset + open + 1));
    }

    /// The place of the `<` that follows a quoted name.
    private static int afterQuotes(String value, String field, int offset) {
        int i = 1;
        while (i < value.length() && value.charAt(i) != '"') {
            i += value.charAt(i) == '\\' ? 2 : 1;
        }
        i++;
        while (i < value.length() && value.charAt(i) == ' ') {
            i++;
        }
        if (i >= value.length() || value.charAt(i) != '<') {
            throw new MalformedMessage(
                    field + ": expected \"<\" after the display name", offset + i, SECTION);
        }
        return i;
    }

    private static String displayName(String raw) {
        if (raw.startsWith("\"")) {
            return CpimEscapes.unescape(raw.substring(1, raw.length() - 1));
        }
        if (!raw.chars().allMatch(c -> c == ' ' || CpimHeader.isTokenCharacter(c))) {
            Leniency.CPIM_DISPLAY_NAME.taken();
        }
        return CpimEscapes.unescape(raw);
    }

    private static Uri uri(String text, String field, int offset) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c == '<' || c == '>') {
                throw new MalformedMessage(
                        field + ": expected a URI without blanks and angle brackets",
                        offset + i,
                        SECTION);
            }
        }
        try {
            return Uri.parse(text);
        } catch (MalformedMessage e) {
            throw new MalformedMessage(field + ": " + e.reason(), offset + e.offset(), e.section());
        }
    }

    /// As it stands in a header.
    @Override
    public String toString() {
        if (displayName.isEmpty()) {
            return "<" + uri + ">";
        }
        boolean tokens =
                displayName.chars().allMatch(c -> c == ' ' || CpimHeader.isTokenCharacter(c))
                        && displayName.equals(displayName.strip());
        return (tokens ? displayName : CpimEscapes.quote(displayName)) + " <" + uri + ">";
    }
}
