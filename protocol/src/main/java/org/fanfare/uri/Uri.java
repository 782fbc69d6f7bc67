package org.fanfare.uri;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

/// A URI as it stands in a request line, a header field or a list: `sip`, `sips` and `tel` are
/// understood, others are kept as they are.
public sealed interface Uri permits SipUri, TelUri, OpaqueUri {

    /// With the limits that are the default.
    ///
    /// @throws MalformedMessage when the text is no URI
    static Uri parse(String text) {
        return parse(text, Limits.DEFAULT);
    }

    /// With given limits.
    ///
    /// @throws MalformedMessage when the text is no URI, or larger than the limits
    static Uri parse(String text, Limits limits) {
        var cursor = Cursor.over(text, "URI", "RFC 3261 19.1.1");
        return read(cursor, limits);
    }

    /// Reads all that the cursor holds as one URI.
    static Uri read(Cursor cursor, Limits limits) {
        if (cursor.end() - cursor.position() > limits.uriOctets()) {
            throw cursor.fault(
                    cursor.position(),
                    "expected a URI of at most " + limits.uriOctets() + " octets, found more");
        }
        if (cursor.acceptIgnoringCase("sip:")) {
            return SipUri.read(false, cursor, limits);
        } else if (cursor.acceptIgnoringCase("sips:")) {
            return SipUri.read(true, cursor, limits);
        } else if (cursor.acceptIgnoringCase("tel:")) {
            return TelUri.read(cursor, limits);
        }
        return OpaqueUri.read(expectScheme(cursor), cursor);
    }

    private static String expectScheme(Cursor cursor) {
        int from = cursor.position();
        if (!Cursor.isAlpha((byte) cursor.peek())) {
            throw cursor.expected("a URI scheme");
        }
        while (isSchemeOctet((byte) cursor.peek())) {
            cursor.advance();
        }
        var scheme = cursor.textFrom(from);
        cursor.expect(':', "after the URI scheme");
        return scheme;
    }

    private static boolean isSchemeOctet(byte octet) {
        return Cursor.isAlphanumeric(octet) || octet == '+' || octet == '-' || octet == '.';
    }

    /// In lower case.
    String scheme();

    /// As it is written on the wire.
    @Override
    String toString();

    /// Whether both are the same by the rules of their scheme (RFC 3261 19.1.4, RFC 3966 4). The
    /// relation is not transitive for `sip`: as a key use [#canonical].
    boolean matches(Uri other);

    /// The key by which duplicates are found and policy is applied. Escapes are undone once and
    /// made again where they must be, the host is in lower case, a default port, parameters that
    /// say nothing about who is meant, password and headers are out. `sip:+1-555@any;user=phone`
    /// and `tel:+1555` have the same key.
    String canonical();
}
