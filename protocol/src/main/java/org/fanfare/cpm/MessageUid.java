package org.fanfare.cpm;

import org.fanfare.wire.MalformedMessage;

/// The UID of a message in its sender's store (C.1.6, RFC 9051 2.3.1.1).
public record MessageUid(long value) {

    private static final long MAX = 0xffff_ffffL;

    public MessageUid {
        if (value < 1 || value > MAX) {
            throw malformed();
        }
    }

    /// Reads a field value; what follows a semicolon is not looked at.
    public static MessageUid parse(String text) {
        int semicolon = text.indexOf(';');
        var digits = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
        if (digits.isEmpty()
                || digits.length() > 10
                || !digits.chars().allMatch(MessageUid::isDigit)) {
            throw malformed();
        }
        return new MessageUid(Long.parseLong(digits));
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static MalformedMessage malformed() {
        return new MalformedMessage(
                "Message-UID: expected a number from 1 to " + MAX, 0, "CPM Appendix C.1.6");
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
