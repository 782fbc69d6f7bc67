package org.fanfare.sip.transaction;

/// The timers of RFC 3261 table 4 and RFC 6026, and three that the text demands without a letter.
enum Timer {
    /// INVITE request retransmission.
    A,
    /// INVITE transaction timeout.
    B,
    /// Wait for retransmitted responses to INVITE.
    D,
    /// Non-INVITE request retransmission.
    E,
    /// Non-INVITE transaction timeout.
    F,
    /// INVITE response retransmission.
    G,
    /// Wait for the ACK.
    H,
    /// Wait for retransmitted ACKs.
    I,
    /// Wait for retransmitted non-INVITE requests.
    J,
    /// Wait for retransmitted non-INVITE responses.
    K,
    /// Wait for retransmitted INVITEs after a 2xx, and for 2xx from the user (RFC 6026).
    L,
    /// Wait for retransmitted 2xx, and for 2xx of other branches (RFC 6026).
    M,
    /// 100 for an INVITE whose user did not answer within 200 ms (RFC 3261 17.2.1).
    INVITE_TRYING,
    /// 100 for another request whose user did not answer yet (RFC 4320 4.1).
    TRYING,
    /// Nobody listens any more for the final response to a non-INVITE request (RFC 4320 4.2).
    EXPIRY
}
