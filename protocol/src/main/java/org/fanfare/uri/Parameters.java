package org.fanfare.uri;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The `;name=value` parameters of a URI or of a header field value, in order. Names have no case,
/// and none occurs twice (RFC 3261 7.3.1, 19.1.1).
public record Parameters(List<Parameter> list) implements Iterable<Parameters.Parameter> {

    public static final Parameters NONE = new Parameters(List.of());

    private static final String URI_OCTETS = "-_.!~*'()[]/:&+$";

    public Parameters {
        list = List.copyOf(list);
    }

    /// One parameter.
    ///
    /// @param name as written
    /// @param raw as written: a token, a host, a quoted string with its quotes; empty without value
    public record Parameter(String name, String raw) {

        public Parameter {
            checkWritable(name);
            checkWritable(raw);
        }

        /// Without quotes and backslashes when it is a quoted string.
        public String value() {
            return raw.startsWith("\"") ? QuotedText.undo(raw) : raw;
        }

        public boolean hasValue() {
            return !raw.isEmpty();
        }

        @Override
        public String toString() {
            return hasValue() ? name + "=" + raw : name;
        }

        private static void checkWritable(String text) {
            for (int i = 0; i < text.length(); i++) {
                if (text.charAt(i) == '\r' || text.charAt(i) == '\n') {
                    throw new IllegalArgumentException("parameter: CR or LF in it");
                }
            }
        }
    }

    /// Reads the parameters of a header field value, each with its semicolon, and stops behind
    /// them.
    ///
    /// @throws MalformedMessage when a parameter is malformed, comes twice, or is one too many
    public static Parameters readOfHeader(Cursor cursor, Limits limits) {
        if (!cursor.acceptSeparator(';')) {
            return NONE;
        }
        var list = new ArrayList<Parameter>(4);
        do {
            int at = cursor.position();
            var name = cursor.expectToken("a parameter name");
            var raw = cursor.acceptSeparator('=') ? expectHeaderValue(cursor) : "";
            add(list, new Parameter(name, raw), cursor, at, limits);
        } while (cursor.acceptSeparator(';'));
        return new Parameters(list);
    }

    private static String expectHeaderValue(Cursor cursor) {
        int from = cursor.position();
        if (cursor.peek() == '"') {
            cursor.skipQuotedString();
            return cursor.unfolded(from);
        }
        while (isHeaderValueOctet(cursor.peek())) {
            cursor.advance();
        }
        if (cursor.position() == from) {
            throw cursor.expected("a parameter value");
        }
        return cursor.textFrom(from);
    }

    /// A token, or a host: IPv6 addresses come with and without brackets (RFC 5118 4.5).
    private static boolean isHeaderValueOctet(int octet) {
        return octet == ':'
                || octet == '['
                || octet == ']'
                || (octet >= 0 && octet < 128 && Cursor.isTokenOctet((byte) octet));
    }

    /// Reads the parameters of a `sip` URI and stops behind them.
    static Parameters readOfUri(Cursor cursor, Limits limits) {
        if (cursor.peek() != ';') {
            return NONE;
        }
        var list = new ArrayList<Parameter>(4);
        while (cursor.accept(';')) {
            int at = cursor.position();
            var name = expectUriText(cursor, "a URI parameter name");
            var raw = cursor.accept('=') ? expectUriText(cursor, "a URI parameter value") : "";
            add(list, new Parameter(name, raw), cursor, at, limits);
        }
        return new Parameters(list);
    }

    private static String expectUriText(Cursor cursor, String what) {
        int from = cursor.position();
        Escapes.skip(cursor, URI_OCTETS);
        if (cursor.position() == from) {
            throw cursor.expected(what);
        }
        return cursor.textFrom(from);
    }

    private static void add(
            List<Parameter> list, Parameter parameter, Cursor cursor, int at, Limits limits) {
        if (list.size() >= limits.uriParameters()) {
            throw cursor.fault(
                    at, "expected at most " + limits.uriParameters() + " parameters, found more");
        }
        for (var other : list) {
            if (other.name().equalsIgnoreCase(parameter.name())) {
                throw cursor.fault(at, "expected each parameter once, found one again");
            }
        }
        list.add(parameter);
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    public int size() {
        return list.size();
    }

    public boolean has(String name) {
        return find(name).isPresent();
    }

    /// The value, unquoted; empty when there is no such parameter or it has no value.
    public Optional<String> value(String name) {
        return find(name).filter(Parameter::hasValue).map(Parameter::value);
    }

    /// The value as a number, when it is one that fits.
    public OptionalLong number(String name) {
        var text = value(name).orElse("");
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits && text.length() <= 18
                ? OptionalLong.of(Long.parseLong(text))
                : OptionalLong.empty();
    }

    public Optional<Parameter> find(String name) {
        for (var parameter : list) {
            if (parameter.name().equalsIgnoreCase(name)) {
                return Optional.of(parameter);
            }
        }
        return Optional.empty();
    }

    /// Sets a parameter, in its place or at the end. The value is written as it is given: see
    /// [#withQuoted] for any text.
    public Parameters with(String name, String raw) {
        return withParameter(new Parameter(name, raw));
    }

    /// Sets a parameter that has no value.
    public Parameters with(String name) {
        return withParameter(new Parameter(name, ""));
    }

    /// Sets a parameter of a header field to a quoted string.
    public Parameters withQuoted(String name, String text) {
        return withParameter(new Parameter(name, QuotedText.quote(text)));
    }

    private Parameters withParameter(Parameter parameter) {
        var changed = new ArrayList<>(list);
        for (int i = 0; i < changed.size(); i++) {
            if (changed.get(i).name().equalsIgnoreCase(parameter.name())) {
                changed.set(i, parameter);
                return new Parameters(changed);
            }
        }
        changed.add(parameter);
        return new Parameters(changed);
    }

    public Parameters without(String name) {
        return has(name)
                ? new Parameters(
                        list.stream().filter(p -> !p.name().equalsIgnoreCase(name)).toList())
                : this;
    }

    @Override
    public Iterator<Parameter> iterator() {
        return list.iterator();
    }

    /// Each with its semicolon in front, as on the wire.
    @Override
    public String toString() {
        if (list.isEmpty()) {
            return "";
        }
        var out = new StringBuilder();
        list.forEach(parameter -> out.append(';').append(parameter));
        return out.toString();
    }
}
