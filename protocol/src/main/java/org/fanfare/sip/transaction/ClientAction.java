package org.fanfare.sip.transaction;

/// What a client transaction does on an arrow.
enum ClientAction {
    SEND_REQUEST,
    /// ACK for a final response that is not 2xx (RFC 3261 17.1.1.3).
    SEND_ACK,
    START_A,
    START_B,
    START_D,
    START_E,
    START_F,
    START_K,
    START_M,
    /// Timer A or E again, twice as long; E not longer than T2.
    RESET_DOUBLED,
    /// Timer E again, with T2.
    RESET_TO_T2,
    /// Nothing is retransmitted and nothing times out any more.
    STOP_TIMERS,
    INFORM_RESPONSE,
    INFORM_TIMEOUT,
    INFORM_TRANSPORT_ERROR
}
