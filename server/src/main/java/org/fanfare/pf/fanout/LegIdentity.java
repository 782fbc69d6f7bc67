package org.fanfare.pf.fanout;

import java.nio.charset.StandardCharsets;

/// What tells one leg's request from all others: its Call-ID (RFC 3261 8.1.1.4), the tag of its
/// From (19.3), the branch of its Via (8.1.1.7) and its CSeq number.
///
/// Derived, not stored: a keyed hash of (message, recipient, attempt). After a crash the same leg
/// is the same request, which the far side takes for a retransmission or knows by its ids; so a leg
/// needs no write before it is sent. The values tell nothing about the originator, and nobody
/// without the message's key can guess them.
///
/// @param call of what Call-ID is made
/// @param transaction of what tag and branch are made
/// @param sequenceNumber number in `CSeq`: the attempt
record LegIdentity(SipHash.Hash call, SipHash.Hash transaction, int sequenceNumber) {

    /// Octets of a branch: the magic cookie and 16 digits.
    static final int BRANCH_LENGTH = 7 + 16;

    static final int TAG_LENGTH = 16;
    static final int CALL_ID_LENGTH = 32;

    private static final byte[] COOKIE = "z9hG4bK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /// The identity of one attempt; attempts count from 1.
    static LegIdentity of(SipHash message, int recipient, int attempt) {
        long leg = ((long) recipient << 32) | attempt;
        return new LegIdentity(message.of(leg, 1), message.of(leg, 2), attempt);
    }

    byte[] callId() {
        var callId = new byte[CALL_ID_LENGTH];
        putHex(call.high(), callId, 0);
        putHex(call.low(), callId, 16);
        return callId;
    }

    byte[] fromTag() {
        var tag = new byte[TAG_LENGTH];
        putHex(transaction.high(), tag, 0);
        return tag;
    }

    byte[] branch() {
        var branch = new byte[BRANCH_LENGTH];
        System.arraycopy(COOKIE, 0, branch, 0, COOKIE.length);
        putHex(transaction.low(), branch, COOKIE.length);
        return branch;
    }

    private static void putHex(long word, byte[] target, int at) {
        for (int i = 0; i < 16; i++) {
            target[at + i] = DIGITS[(int) (word >>> (60 - 4 * i)) & 0xf];
        }
    }
}
