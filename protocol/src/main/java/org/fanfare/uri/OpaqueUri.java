package org.fanfare.uri;

import org.fanfare.wire.Cursor;

import java.util.Locale;

/// A URI of another scheme (RFC 3986): kept as it is, compared octet by octet but for the scheme.
///
/// @param scheme in lower case
/// @param rest all behind the colon, as written
public record OpaqueUri(String scheme, String rest) implements Uri {

    private static final String OCTETS = "-_.!~*'();/?:@&=+$,[]#";

    static OpaqueUri read(String scheme, Cursor cursor) {
        int from = cursor.position();
        Escapes.skip(cursor, OCTETS);
        if (cursor.position() == from) {
            throw cursor.expected("something after the URI scheme");
        }
        if (!cursor.atEnd()) {
            throw cursor.expected("end of the URI");
        }
        return new OpaqueUri(scheme.toLowerCase(Locale.ROOT), cursor.textFrom(from));
    }

    @Override
    public boolean matches(Uri other) {
        return canonical().equals(other.canonical());
    }

    @Override
    public String canonical() {
        return scheme + ":" + (rest.indexOf('%') < 0 ? rest : Escapes.undoUnreserved(rest));
    }

    @Override
    public String toString() {
        return scheme + ":" + rest;
    }
}
