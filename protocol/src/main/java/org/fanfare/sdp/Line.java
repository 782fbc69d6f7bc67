package org.fanfare.sdp;

/// One line of a session description (RFC 8866 5).
///
/// @param type its letter
/// @param value what stands behind the `=`, as it is
/// @param offset of its first octet in the description
public record Line(char type, String value, int offset) {

    public Line {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\r' || c == '\n' || c == 0) {
                throw new IllegalArgumentException(type + "=: CR, LF or NUL in the value");
            }
        }
    }

    /// A line that is not read but made.
    static Line of(char type, String value) {
        return new Line(type, value, 0);
    }

    /// Of an attribute: what stands before the first colon, or everything.
    String attribute() {
        int colon = value.indexOf(':');
        return colon < 0 ? value : value.substring(0, colon);
    }

    /// Of an attribute: what stands behind the first colon, or nothing.
    String attributeValue() {
        int colon = value.indexOf(':');
        return colon < 0 ? "" : value.substring(colon + 1);
    }

    @Override
    public String toString() {
        return type + "=" + value;
    }
}
