package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// The header fields of a message in their order. They stay octets until somebody asks; names are
/// looked up without case, and a compact name is the same as its long form (RFC 3261 7.3).
public final class Headers implements Iterable<HeaderField> {

    private final Head head;

    Headers(Head head) {
        this.head = head;
    }

    Head head() {
        return head;
    }

    public int size() {
        return head.count();
    }

    public boolean has(String name) {
        return find(name, 0) >= 0;
    }

    private int find(String name, int from) {
        var longName = HeaderName.longForm(name);
        return head.find(longName, HeaderName.compactForm(longName), from);
    }

    /// The value of the first field of this name: trimmed, folds undone, nothing else.
    public Optional<String> first(String name) {
        int field = find(name, 0);
        return field < 0 ? Optional.empty() : Optional.of(value(field));
    }

    /// The values of all fields of this name, one for each line.
    public List<String> all(String name) {
        var values = new ArrayList<String>(2);
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            values.add(value(i));
        }
        return values;
    }

    /// All values, with lists split at commas outside quotes and brackets.
    public List<String> values(String name) {
        if (!HeaderName.isList(name)) {
            return all(name);
        }
        var values = new ArrayList<String>(4);
        for (int i = find(name, 0); i >= 0; i = find(name, i + 1)) {
            CommaList.split(head.array, head.valueStart(i), head.valueEnd(i), values);
        }
        return values;
    }

    private String value(int field) {
        return text(head.array, head.valueStart(field), head.valueEnd(field));
    }

    /// As UTF-8, with one blank for each fold.
    static String text(byte[] array, int from, int to) {
        return Cursor.unfold(new String(array, from, to - from, StandardCharsets.UTF_8));
    }

    /// The octets of the first value of this name, empty when there is none.
    Octets octets(String name) {
        int field = find(name, 0);
        return field < 0
                ? Octets.EMPTY
                : Octets.of(
                        head.array,
                        head.valueStart(field),
                        head.valueEnd(field) - head.valueStart(field));
    }

    Cursor cursor(int field, String name, String section) {
        return Cursor.over(
                head.array,
                head.valueStart(field),
                head.valueEnd(field),
                head.start,
                name,
                section);
    }

    /// The one value of a field that occurs once, or the first of several; later ones are not
    /// looked at.
    ///
    /// @throws MalformedMessage when it breaks its grammar
    <T> Optional<T> read(FieldGrammar<T> grammar) {
        int field = head.find(grammar.name(), grammar.compact(), 0);
        if (field < 0) {
            return Optional.empty();
        }
        var cursor = cursor(field, grammar.name(), grammar.section());
        if (cursor.atEnd() && grammar.occurs() == FieldGrammar.Occurs.LIST_OR_EMPTY) {
            return Optional.empty();
        }
        var value = grammar.reader().read(cursor, head.limits());
        if (!grammar.isList()) {
            cursor.expectEnd();
        }
        return Optional.of(value);
    }

    <T> T require(FieldGrammar<T> grammar) {
        return read(grammar).orElseThrow(() -> missing(grammar));
    }

    static MalformedMessage missing(FieldGrammar<?> grammar) {
        return new MalformedMessage(
                grammar.name() + ": expected one, found none", 0, "RFC 3261 8.1.1");
    }

    /// All values of all lines.
    ///
    /// @throws MalformedMessage when one of them breaks its grammar
    <T> List<T> readAll(FieldGrammar<T> grammar) {
        var values = new ArrayList<T>(4);
        int field = head.find(grammar.name(), grammar.compact(), 0);
        while (field >= 0) {
            readLine(field, grammar, head.limits(), values);
            field = head.find(grammar.name(), grammar.compact(), field + 1);
        }
        return values;
    }

    <T> void readLine(int field, FieldGrammar<T> grammar, Limits limits, List<? super T> values) {
        var cursor = cursor(field, grammar.name(), grammar.section());
        if (cursor.atEnd() && grammar.occurs() == FieldGrammar.Occurs.LIST_OR_EMPTY) {
            return;
        }
        do {
            values.add(grammar.reader().read(cursor, limits));
        } while (grammar.isList() && cursor.acceptSeparator(','));
        cursor.expectEnd();
    }

    HeaderField field(int field) {
        var name =
                new String(
                        head.array,
                        head.nameStart(field),
                        head.nameEnd(field) - head.nameStart(field),
                        StandardCharsets.US_ASCII);
        return new HeaderField(name, value(field));
    }

    @Override
    public Iterator<HeaderField> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < head.count();
            }

            @Override
            public HeaderField next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return field(next++);
            }
        };
    }
}
