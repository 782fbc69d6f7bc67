package org.fanfare.sip;

import org.fanfare.uri.QuotedText;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;

/// Why a request was not done as wanted, for the one who sent it (RFC 3261 20.43).
///
/// @param agent the host, or a name, of who says so
public record Warning(int code, String agent, String text) {

    private static final int MAX = 999;

    public static Warning parse(String text) {
        var cursor = Cursor.over(text, HeaderName.WARNING, "RFC 3261 20.43");
        var warning = read(cursor, Limits.DEFAULT);
        cursor.expectEnd();
        return warning;
    }

    static Warning read(Cursor cursor, Limits limits) {
        int from = cursor.position();
        int code = (int) cursor.expectNumber("a code of three digits", MAX);
        if (cursor.position() - from != 3) {
            throw cursor.fault(from, "expected a code of three digits");
        }
        cursor.expect(' ', "after the code");
        int agent = cursor.position();
        while (!cursor.atEnd() && cursor.peek() > ' ' && cursor.peek() != ',') {
            cursor.advance();
        }
        if (cursor.position() == agent) {
            throw cursor.expected("who warns");
        }
        var name = cursor.textFrom(agent);
        cursor.expect(' ', "before the text");
        return new Warning(code, name, cursor.expectQuotedString());
    }

    @Override
    public String toString() {
        return code + " " + agent + " " + QuotedText.quote(text);
    }
}
