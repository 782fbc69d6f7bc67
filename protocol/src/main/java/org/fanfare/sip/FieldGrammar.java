package org.fanfare.sip;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// How the values of one header field are read, how many there may be, and which section says so.
///
/// @param section where the field is defined, for errors
record FieldGrammar<T>(String name, char compact, String section, Occurs occurs, Reader<T> reader) {

    /// How often a field may be there.
    enum Occurs {
        /// One value in one line.
        ONCE,
        /// Several lines, each with values that commas separate.
        LIST,
        /// As [#LIST], and a line may be empty.
        LIST_OR_EMPTY,
        /// Several lines of one value each.
        LINES
    }

    /// Reads one value and stops behind it.
    @FunctionalInterface
    interface Reader<T> {
        T read(Cursor cursor, Limits limits);
    }

    static <T> FieldGrammar<T> of(String name, String section, Occurs occurs, Reader<T> reader) {
        return new FieldGrammar<>(name, HeaderName.compactForm(name), section, occurs, reader);
    }

    boolean isList() {
        return occurs == Occurs.LIST || occurs == Occurs.LIST_OR_EMPTY;
    }
}
