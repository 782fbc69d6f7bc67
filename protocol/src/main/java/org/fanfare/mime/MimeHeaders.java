package org.fanfare.mime;

import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The header fields of a MIME entity in their order; names compare without regard to case.
public record MimeHeaders(List<Field> fields) implements Iterable<MimeHeaders.Field> {

    public static final MimeHeaders NONE = new MimeHeaders(List.of());

    private static final String SECTION = "RFC 2045 3";

    /// One field, its value unfolded; `offset` is where the value stood in what was received.
    public record Field(String name, String value, int offset) {

        public Field {
            if (name.isEmpty() || !name.chars().allMatch(FieldScanner::isTokenCharacter)) {
                throw new MalformedMessage(
                        "MIME header: expected a field name of token characters", offset, SECTION);
            }
            if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
                throw new MalformedMessage(
                        name + ": expected no control character", offset, SECTION);
            }
        }

        public boolean is(String other) {
            return name.equalsIgnoreCase(other);
        }
    }

    /// Fields and the place where the body starts.
    record Block(MimeHeaders headers, int bodyStart) {}

    public MimeHeaders {
        fields = List.copyOf(fields);
    }

    /// Reads the block that starts at `from`, folded lines and all; no empty line is needed where
    /// there is nothing after it.
    static Block parse(Octets octets, int from, Limits limits) {
        var lines = new HeaderLines(octets, from, "MIME header", SECTION, limits.cpimHeadOctets());
        var fields = new ArrayList<Field>();
        boolean more = lines.advance();
        while (more) {
            if (fields.size() == limits.partHeaderFields()) {
                throw lines.malformed(
                        "more than " + limits.partHeaderFields() + " fields", lines.start());
            }
            more = parseField(lines, fields);
        }
        return new Block(fields.isEmpty() ? NONE : new MimeHeaders(fields), lines.after());
    }

    private static boolean parseField(HeaderLines lines, List<Field> fields) {
        int colon = lines.colon();
        if (colon <= lines.start() || lines.isContinuation()) {
            throw lines.malformed("expected \"name: value\"", lines.start());
        }
        var name = lines.text(lines.start(), colon, true);
        var value = new StringBuilder(lines.text(colon + 1, lines.end(), true));
        boolean more = lines.advance();
        while (more && lines.isContinuation()) {
            value.append(' ').append(lines.text(lines.start(), lines.end(), true));
            more = lines.advance();
        }
        fields.add(new Field(name, value.toString().strip(), colon + 1));
        return more;
    }

    /// The first field of that name.
    public Optional<Field> field(String name) {
        for (var field : fields) {
            if (field.is(name)) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /// The value of the first field of that name.
    public Optional<String> first(String name) {
        return field(name).map(Field::value);
    }

    /// The values of all fields of that name, in order.
    public List<String> all(String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    @Override
    public Iterator<Field> iterator() {
        return fields.iterator();
    }

    /// As it is written: a line for each field, without the empty line.
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var field : fields) {
            text.append(field.name).append(": ").append(field.value).append("\r\n");
        }
        return text.toString();
    }
}
