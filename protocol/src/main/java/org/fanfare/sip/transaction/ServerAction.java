package org.fanfare.sip.transaction;

/// What a server transaction does on an arrow.
enum ServerAction {
    /// To the transaction user, once.
    PASS_REQUEST,
    /// An ACK for a 2xx is the user's (RFC 6026 7.1).
    PASS_ACK,
    /// The response that the user gave.
    SEND_RESPONSE,
    /// The last response again, if there was one.
    RESEND_RESPONSE,
    /// A 100 of our own.
    SEND_TRYING,
    START_G,
    START_H,
    START_I,
    START_J,
    START_L,
    START_TRYING,
    START_EXPIRY,
    /// Timer G again, twice as long, not longer than T2.
    RESET_G,
    /// Nothing that was started before fires any more.
    STOP_TIMERS,
    INFORM_TIMEOUT,
    INFORM_TRANSPORT_ERROR
}
