package org.fanfare.sip;

import org.fanfare.uri.Parameters;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// A token with parameters: Reason (RFC 3326), Event and Subscription-State (RFC 6665),
/// Content-Disposition (RFC 3261 20.11), Accept-Contact (RFC 3841 9.2, where the token is `*`).
public record Valued(String token, Parameters parameters) {

    static Valued read(Cursor cursor, Limits limits) {
        var token = cursor.expectToken("a token");
        return new Valued(token, Parameters.readOfHeader(cursor, limits));
    }

    public boolean is(String other) {
        return token.equalsIgnoreCase(other);
    }

    @Override
    public String toString() {
        return token + parameters;
    }
}
