package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What the builders of requests and responses share: a list of header fields and a body. Fields of
/// a received message stay the octets they were, folds and all.
public abstract sealed class MessageBuilder<B extends MessageBuilder<B>>
        permits SipRequest.Builder, SipResponse.Builder {

    private static final byte[] CRLF = {'\r', '\n'};

    private final List<Line> lines = new ArrayList<>(16);
    private Octets body = Octets.EMPTY;

    MessageBuilder() {}

    /// A header field as octets, without the CR LF at its end.
    private static final class Line {

        private final byte[] array;
        private final int nameStart;
        private final int nameEnd;
        private final int valueStart;
        private final int end;

        Line(byte[] array, int nameStart, int nameEnd, int valueStart, int end) {
            this.array = array;
            this.nameStart = nameStart;
            this.nameEnd = nameEnd;
            this.valueStart = valueStart;
            this.end = end;
        }

        static Line of(String name, String value) {
            if (!Cursor.isToken(name)) {
                throw new IllegalArgumentException("header field: its name is not a token");
            }
            checkWritable(name, value);
            var octets = (name + ": " + value).getBytes(StandardCharsets.UTF_8);
            int nameEnd = name.length();
            return new Line(octets, 0, nameEnd, nameEnd + 2, octets.length);
        }

        int length() {
            return end - nameStart;
        }

        boolean isNamed(String longName, char compact) {
            int length = nameEnd - nameStart;
            if (length == 1 && compact != 0) {
                return Cursor.lower(array[nameStart]) == compact;
            }
            return length == longName.length()
                    && new String(array, nameStart, length, StandardCharsets.US_ASCII)
                            .equalsIgnoreCase(longName);
        }

        String value() {
            return Headers.text(array, valueStart, end);
        }
    }

    /// A message as octets, with the places of its fields.
    record Written(Head head, Octets body, int end) {}

    abstract B self();

    static void checkWritable(String what, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException(what + ": CR, LF or NUL in the value");
            }
        }
    }

    /// Appends a field.
    public B header(String name, String value) {
        lines.add(Line.of(name, value));
        return self();
    }

    /// Appends a field: the value is what the object writes itself as.
    public B header(String name, Object value) {
        return header(name, value.toString());
    }

    /// Replaces all fields of this name by one, at the place of the first.
    public B set(String name, String value) {
        int at = indexOf(name);
        var line = Line.of(name, value);
        if (at < 0) {
            lines.add(line);
        } else {
            remove(name);
            lines.add(Math.min(at, lines.size()), line);
        }
        return self();
    }

    /// Adds to the value of the first field of this name.
    void extend(String name, String suffix) {
        checkWritable(name, suffix);
        int at = indexOf(name);
        var line = lines.get(at);
        var more = suffix.getBytes(StandardCharsets.UTF_8);
        var longer = Arrays.copyOfRange(line.array, line.nameStart, line.end + more.length);
        System.arraycopy(more, 0, longer, line.length(), more.length);
        int shift = line.nameStart;
        lines.set(
                at,
                new Line(longer, 0, line.nameEnd - shift, line.valueStart - shift, longer.length));
    }

    public B set(String name, Object value) {
        return set(name, value.toString());
    }

    /// Puts a field in front of all others of its name: a Via, a Record-Route.
    public B prepend(String name, String value) {
        lines.add(Math.max(0, indexOf(name)), Line.of(name, value));
        return self();
    }

    public B prepend(String name, Object value) {
        return prepend(name, value.toString());
    }

    /// Removes all fields of this name, in either form.
    public B remove(String name) {
        var longName = HeaderName.longForm(name);
        char compact = HeaderName.compactForm(longName);
        lines.removeIf(line -> line.isNamed(longName, compact));
        return self();
    }

    private int indexOf(String name) {
        var longName = HeaderName.longForm(name);
        char compact = HeaderName.compactForm(longName);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isNamed(longName, compact)) {
                return i;
            }
        }
        return -1;
    }

    /// The value of the first field of this name.
    public Optional<String> first(String name) {
        int at = indexOf(name);
        return at < 0 ? Optional.empty() : Optional.of(lines.get(at).value());
    }

    /// Copies the fields of one name from another message, octet by octet.
    public B copy(SipMessage from, String name) {
        var longName = HeaderName.longForm(name);
        copy(from.headers().head(), longName, HeaderName.compactForm(longName), true);
        return self();
    }

    void copy(Headers from, FieldGrammar<?> field, boolean all) {
        copy(from.head(), field.name(), field.compact(), all);
    }

    private void copy(Head head, String name, char compact, boolean all) {
        int field = head.find(name, compact, 0);
        while (field >= 0) {
            lines.add(line(head, field));
            field = all ? head.find(name, compact, field + 1) : -1;
        }
    }

    B copyAll(Headers from) {
        var head = from.head();
        for (int field = 0; field < head.count(); field++) {
            lines.add(line(head, field));
        }
        return self();
    }

    private static Line line(Head head, int field) {
        return new Line(
                head.array,
                head.nameStart(field),
                head.nameEnd(field),
                head.valueStart(field),
                Math.max(head.valueEnd(field), head.valueStart(field)));
    }

    public B body(String contentType, Octets content) {
        set(HeaderName.CONTENT_TYPE, contentType);
        return body(content);
    }

    /// Leaves Content-Type as it is.
    public B body(Octets content) {
        body = content;
        return self();
    }

    /// Takes the body away, and all fields that speak of it.
    public B withoutBody() {
        lines.removeIf(line ->
                line.isNamed(HeaderName.CONTENT_TYPE, 'c')
                        || line.isNamed(HeaderName.CONTENT_ENCODING, 'e')
                        || line.isNamed(HeaderName.CONTENT_DISPOSITION, (char) 0)
                        || line.isNamed("Content-Language", (char) 0));
        return body(Octets.EMPTY);
    }

    Written write(String startLine) {
        set(HeaderName.CONTENT_LENGTH, Integer.toString(body.length()));
        var first = startLine.getBytes(StandardCharsets.UTF_8);
        int headLength = first.length + 2 * CRLF.length;
        for (var line : lines) {
            headLength += line.length() + CRLF.length;
        }
        var array = new byte[headLength + body.length()];
        var head = new Head(array, 0, headLength, lines.size(), Limits.NONE);
        int at = append(array, 0, first, 0, first.length);
        head.finish(at - CRLF.length, headLength);
        for (var line : lines) {
            at = append(array, at, line, head);
        }
        System.arraycopy(CRLF, 0, array, at, CRLF.length);
        body.copyTo(array, headLength);
        var content = Octets.of(array, headLength, body.length());
        return new Written(head, content, array.length);
    }

    private static int append(byte[] array, int at, Line line, Head head) {
        int end = append(array, at, line.array, line.nameStart, line.length());
        int shift = at - line.nameStart;
        head.put(at, line.nameEnd + shift, line.valueStart + shift, end - CRLF.length);
        return end;
    }

    private static int append(byte[] array, int at, byte[] from, int start, int length) {
        System.arraycopy(from, start, array, at, length);
        System.arraycopy(CRLF, 0, array, at + length, CRLF.length);
        return at + length + CRLF.length;
    }
}
