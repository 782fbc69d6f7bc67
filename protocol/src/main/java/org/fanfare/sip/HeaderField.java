package org.fanfare.sip;

/// One line of a message head: name and value as they were written, without the blanks around the
/// value and with folds undone (RFC 3261 7.3.1).
public record HeaderField(String name, String value) {

    /// The long form of the name.
    public String longName() {
        return HeaderName.longForm(name);
    }

    public boolean isNamed(String other) {
        return longName().equalsIgnoreCase(HeaderName.longForm(other));
    }

    @Override
    public String toString() {
        return name + ": " + value;
    }
}
