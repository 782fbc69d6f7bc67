package org.fanfare.sip.dialog;

import org.fanfare.wire.Octets;

/// By which two descriptions of one session are told apart: a description that differs has another
/// version in its o= line (RFC 3264 8).
final class Origin {

    private Origin() {}

    /// The first o= line, wherever it stands in the body; the whole body where there is none.
    static Octets of(Octets body) {
        int from = 0;
        while (from < body.length()) {
            int end = body.indexOf((byte) '\n', from);
            int to = end < 0 ? body.length() : end;
            if (to - from > 2 && body.at(from) == 'o' && body.at(from + 1) == '=') {
                return body.slice(from, body.at(to - 1) == '\r' ? to - 1 : to);
            }
            from = to + 1;
        }
        return body;
    }
}
