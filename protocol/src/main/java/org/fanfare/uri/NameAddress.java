package org.fanfare.uri;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.Optional;

/// A URI with a name for people and parameters, as in From, To, Contact, Route (RFC 3261 20.10).
///
/// @param displayName plain, without quotes; empty when there is none
/// @param parameters those of the header field value, not those of the URI
public record NameAddress(String displayName, Uri uri, Parameters parameters) {

    private static final String SECTION = "RFC 3261 20.10";

    public static NameAddress of(Uri uri) {
        return new NameAddress("", uri, Parameters.NONE);
    }

    /// One address, with the limits that are the default.
    ///
    /// @throws MalformedMessage when the text is anything but one name-addr or addr-spec
    public static NameAddress parse(String text) {
        var cursor = Cursor.over(text, "address", SECTION);
        var address = read(cursor, Limits.DEFAULT);
        cursor.expectEnd();
        return address;
    }

    /// Reads one address with its parameters and stops behind them: at the end or at a comma.
    public static NameAddress read(Cursor cursor, Limits limits) {
        cursor.skipBlanks();
        var displayName = acceptDisplayName(cursor);
        var uri = cursor.accept('<') ? expectBracketed(cursor, limits) : expectBare(cursor, limits);
        var parameters = Parameters.readOfHeader(cursor, limits);
        return new NameAddress(displayName, uri, parameters);
    }

    /// A quoted string or tokens, if `<` follows; else nothing, and the cursor stays.
    private static String acceptDisplayName(Cursor cursor) {
        if (cursor.peek() == '"') {
            var name = cursor.expectQuotedString();
            cursor.skipBlanks();
            if (cursor.peek() != '<') {
                throw cursor.expected("\"<\" after the display name");
            }
            return name;
        }
        int from = cursor.position();
        int end = from;
        while (!cursor.atEnd() && Cursor.isTokenOctet((byte) cursor.peek())) {
            cursor.skipToken();
            end = cursor.position();
            cursor.skipBlanks();
        }
        if (cursor.peek() == '<') {
            return Cursor.unfold(cursor.text(from, end));
        }
        cursor.moveTo(from);
        return "";
    }

    private static Uri expectBracketed(Cursor cursor, Limits limits) {
        int close = cursor.position();
        while (close < cursor.end() && cursor.octetAt(close) != '>') {
            close++;
        }
        var uri = Uri.read(cursor.until(close), limits);
        cursor.moveTo(close);
        cursor.expect('>', "after the URI");
        return uri;
    }

    /// Without brackets everything from the first semicolon on belongs to the header field; a comma
    /// or question mark must not be in it (RFC 3261 20).
    private static Uri expectBare(Cursor cursor, Limits limits) {
        int end = cursor.position();
        while (end < cursor.end() && !endsBare(cursor.octetAt(end))) {
            end++;
        }
        if (cursor.octetAt(end) == '?') {
            throw cursor.fault(end, "expected brackets around a URI that has \"?\"");
        }
        var uri = Uri.read(cursor.until(end), limits);
        cursor.moveTo(end);
        return uri;
    }

    private static boolean endsBare(int octet) {
        return switch (octet) {
            case ';', ',', '?', ' ', '\t', '\r', '\n', '<', '>', '"' -> true;
            default -> false;
        };
    }

    /// Of From and To: identifies the dialog (RFC 3261 19.3).
    public Optional<String> tag() {
        return parameters.value("tag");
    }

    public NameAddress withTag(String tag) {
        return withParameters(parameters.with("tag", tag));
    }

    public NameAddress withParameters(Parameters others) {
        return new NameAddress(displayName, uri, others);
    }

    public NameAddress withDisplayName(String name) {
        return new NameAddress(name, uri, parameters);
    }

    public NameAddress withUri(Uri other) {
        return new NameAddress(displayName, other, parameters);
    }

    /// Always with brackets, so that parameters of the URI stay with it.
    @Override
    public String toString() {
        var name = displayName.isEmpty() ? "" : QuotedText.quote(displayName) + " ";
        return name + "<" + uri + ">" + parameters;
    }
}
