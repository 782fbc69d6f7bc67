package org.fanfare.sdp;

import org.fanfare.wire.Cursor;
import org.fanfare.wire.MalformedMessage;

/// Who describes a session, and which version of it (RFC 8866 5.2): a description that changes has
/// the version after (RFC 3264 8).
///
/// @param user `-` for none
/// @param address of the one who describes it: an IP address without brackets, or a name
public record Origin(String user, long sessionId, long version, String address) {

    private static final String SECTION = "RFC 8866 5.2";

    static Origin read(Line line) {
        var words = line.value().split(" ", -1);
        if (words.length != 6) {
            throw new MalformedMessage(
                    "o=: expected user, id, version, network type, address type and address",
                    line.offset(),
                    SECTION);
        }
        return new Origin(words[0], number(line, words[1]), number(line, words[2]), words[5]);
    }

    private static long number(Line line, String text) {
        try {
            var cursor = Cursor.over(text, "o=", SECTION);
            long number = cursor.expectNumber("a number", Long.MAX_VALUE / 10 - 1);
            cursor.expectEnd();
            return number;
        } catch (MalformedMessage fault) {
            throw new MalformedMessage(fault.reason(), line.offset(), SECTION);
        }
    }

    /// The same session changed.
    public Origin next() {
        return new Origin(user, sessionId, version + 1, address);
    }

    @Override
    public String toString() {
        return user + " " + sessionId + " " + version + " " + Connection.of(address);
    }
}
