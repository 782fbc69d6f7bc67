package org.fanfare.sdp;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.Cursor;

/// What offer and answer must know of an MSRP URI (RFC 4975 6): whether it is for TLS, and where it
/// leads. All of it is read by whoever makes the connection.
record PathUri(boolean secure, HostPort at) {

    private static final int DEFAULT_PORT = 2855;

    static PathUri read(String text) {
        var cursor = Cursor.over(text, "a=path", "RFC 4975 6");
        boolean secure = cursor.acceptIgnoringCase("msrps://");
        if (!secure && !cursor.acceptIgnoringCase("msrp://")) {
            throw cursor.expected("msrp:// or msrps://");
        }
        int user = text.indexOf('@');
        if (user >= 0) {
            cursor.moveTo(user + 1);
        }
        var at = HostPort.read(cursor, false);
        cursor.expect('/', "before the session of an MSRP URI");
        int session = cursor.position();
        while (!cursor.atEnd() && cursor.peek() != ';') {
            checkVisible(cursor);
        }
        if (cursor.position() == session) {
            throw cursor.expected("the session of an MSRP URI");
        }
        expectTcp(cursor);
        return new PathUri(secure, at.hasPort() ? at : new HostPort(at.host(), DEFAULT_PORT));
    }

    private static void checkVisible(Cursor cursor) {
        if (cursor.peek() <= ' ' || cursor.peek() > '~') {
            throw cursor.expected("an MSRP URI of ASCII");
        }
        cursor.advance();
    }

    private static void expectTcp(Cursor cursor) {
        cursor.expect(';', "before the transport of an MSRP URI");
        if (!cursor.acceptIgnoringCase("tcp")) {
            throw cursor.expected("the transport tcp");
        }
        if (!cursor.atEnd() && cursor.peek() != ';') {
            throw cursor.expected("\";\" or the end of an MSRP URI");
        }
        while (!cursor.atEnd()) {
            checkVisible(cursor);
        }
    }
}
