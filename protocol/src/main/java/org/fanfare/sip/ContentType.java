package org.fanfare.sip;

import org.fanfare.uri.Parameters;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

import java.util.Locale;
import java.util.Optional;

/// A media type with parameters, as in Content-Type and Accept (RFC 3261 20.15).
///
/// @param type both halves in lower case: `multipart/mixed`; in Accept also `*/*` and `text/*`
public record ContentType(String type, Parameters parameters) {

    static final String SECTION = "RFC 3261 20.15";

    public static ContentType of(String type) {
        return parse(type);
    }

    public static ContentType parse(String text) {
        var cursor = Cursor.over(text, HeaderName.CONTENT_TYPE, SECTION);
        var type = read(cursor, Limits.DEFAULT);
        cursor.expectEnd();
        return type;
    }

    static ContentType read(Cursor cursor, Limits limits) {
        var major = cursor.expectToken("a media type");
        if (!cursor.acceptSeparator('/')) {
            throw cursor.expected("\"/\" after the media type");
        }
        var minor = cursor.expectToken("a media subtype");
        var parameters = Parameters.readOfHeader(cursor, limits);
        return new ContentType((major + "/" + minor).toLowerCase(Locale.ROOT), parameters);
    }

    /// Whether the type is this one; parameters do not matter.
    public boolean is(String other) {
        return type.equalsIgnoreCase(other);
    }

    public boolean isMultipart() {
        return type.startsWith("multipart/");
    }

    /// As an entry of Accept: whether it takes the given type.
    public boolean accepts(String other) {
        return type.equals("*/*")
                || type.equalsIgnoreCase(other)
                || (type.endsWith("/*")
                        && other.toLowerCase(Locale.ROOT)
                                .startsWith(type.substring(0, type.length() - 1)));
    }

    public Optional<String> parameter(String name) {
        return parameters.value(name);
    }

    @Override
    public String toString() {
        return type + parameters;
    }
}
