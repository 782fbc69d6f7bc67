package org.fanfare.uri;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/// A `tel` URI (RFC 3966).
///
/// @param number as written, with its visual separators; begins with `+` when it is global
public record TelUri(String number, Parameters parameters) implements Uri {

    private static final String SEPARATORS = "-.()";
    private static final String LOCAL = "*#";

    /// A URI of this scheme.
    ///
    /// @throws MalformedMessage when it is no URI or one of another scheme
    public static TelUri parse(String text) {
        if (Uri.parse(text) instanceof TelUri uri) {
            return uri;
        }
        throw new MalformedMessage("URI: expected tel", 0, "RFC 3966 3", 416);
    }

    static TelUri read(Cursor cursor, Limits limits) {
        int from = cursor.position();
        boolean global = cursor.accept('+');
        int digits = skipDigits(cursor, !global);
        if (digits == 0) {
            throw cursor.expected("a telephone number");
        }
        var number = cursor.textFrom(from);
        var parameters = Parameters.readOfUri(cursor, limits);
        if (!cursor.atEnd()) {
            throw cursor.expected("end of the telephone number");
        }
        if (!global && parameters.value("phone-context").isEmpty()) {
            throw cursor.fault(from, "expected phone-context with a number that is not global");
        }
        return new TelUri(number, parameters);
    }

    private static int skipDigits(Cursor cursor, boolean local) {
        int digits = 0;
        while (!cursor.atEnd()) {
            int octet = cursor.peek();
            if (isDigit(octet, local)) {
                digits++;
            } else if (SEPARATORS.indexOf(octet) < 0) {
                break;
            }
            cursor.advance();
        }
        return digits;
    }

    private static boolean isDigit(int octet, boolean local) {
        return octet < 128
                && (Cursor.isDigit((byte) octet)
                        || (local
                                && (LOCAL.indexOf(octet) >= 0 || Cursor.isHexDigit((byte) octet))));
    }

    @Override
    public String scheme() {
        return "tel";
    }

    public boolean isGlobal() {
        return number.startsWith("+");
    }

    /// The number without visual separators.
    public String digits() {
        return withoutSeparators(number);
    }

    public Optional<String> phoneContext() {
        return parameters.value("phone-context");
    }

    @Override
    public boolean matches(Uri other) {
        return other instanceof TelUri that && canonical().equals(that.canonical());
    }

    @Override
    public String canonical() {
        return canonical(number + parameters);
    }

    /// Of a telephone-subscriber, which is also what stands before the `@` with `user=phone`.
    static String canonical(String subscriber) {
        var parts = subscriber.split(";", -1);
        var sorted = new TreeMap<String, String>();
        for (int i = 1; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            var name = equals < 0 ? parts[i] : parts[i].substring(0, equals);
            sorted.put(name.toLowerCase(Locale.ROOT), equals < 0 ? "" : parts[i].substring(equals));
        }
        var out = new StringBuilder("tel:").append(number(parts[0]));
        sorted.forEach((name, value) -> out.append(';').append(name).append(value(name, value)));
        return out.toString();
    }

    private static String number(String text) {
        return withoutSeparators(Escapes.decodeText(text)).toLowerCase(Locale.ROOT);
    }

    /// `ext`, `isub` and numbers in `phone-context` may have separators too.
    private static String value(String name, String value) {
        var lower = Escapes.undoUnreserved(value).toLowerCase(Locale.ROOT);
        boolean number = name.equals("ext") || lower.startsWith("=+");
        return number ? withoutSeparators(lower) : lower;
    }

    private static String withoutSeparators(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (SEPARATORS.indexOf(text.charAt(i)) < 0) {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return "tel:" + number + parameters;
    }
}
