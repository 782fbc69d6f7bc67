package org.fanfare.sip;

import org.fanfare.uri.Parameters;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// Seconds with parameters: Session-Expires, Min-SE (RFC 4028 4, 5).
public record Interval(long seconds, Parameters parameters) {

    static Interval read(Cursor cursor, Limits limits) {
        long seconds = cursor.expectNumber("seconds", Fields.MAX_SECONDS);
        return new Interval(seconds, Parameters.readOfHeader(cursor, limits));
    }

    @Override
    public String toString() {
        return seconds + parameters.toString();
    }
}
