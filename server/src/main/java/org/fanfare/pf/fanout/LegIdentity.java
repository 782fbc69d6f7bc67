package org.fanfare.pf.fanout;

import java.util.HexFormat;

/// What tells one leg's request from all others: its Call-ID, the tag of its From, the branch of
/// its Via, its CSeq number.
///
/// Derived, not stored: a keyed hash of (message, recipient, attempt). After a crash the same leg
/// is the same request, which the far side takes for a retransmission or knows by its ids; so a leg
/// needs no write before it is sent. The values tell nothing about the originator, and nobody
/// without the message's key can guess them.
///
/// @param callId `Call-ID` (RFC 3261 8.1.1.4)
/// @param fromTag tag of `From` (19.3)
/// @param branch branch of our `Via`, with the magic cookie (8.1.1.7)
/// @param sequenceNumber number in `CSeq`: the attempt
record LegIdentity(String callId, String fromTag, String branch, int sequenceNumber) {

    private static final HexFormat HEX = HexFormat.of();

    /// The identity of one attempt; attempts count from 1.
    static LegIdentity of(SipHash message, int recipient, int attempt) {
        long leg = ((long) recipient << 32) | attempt;
        var call = message.of(leg, 1);
        var transaction = message.of(leg, 2);
        return new LegIdentity(
                HEX.toHexDigits(call.high()) + HEX.toHexDigits(call.low()),
                HEX.toHexDigits(transaction.high()),
                "z9hG4bK" + HEX.toHexDigits(transaction.low()),
                attempt);
    }
}
