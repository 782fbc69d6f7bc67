package org.fanfare.msrp;

/// What came of one message.
///
/// @param status of MSRP: 200, the first other response, 408 when none came in time; 0 when the
///   connection ended or we gave up
/// @param reason for people
/// @param acknowledged octets of the content for which a 200 has come
public record SendResult(Outcome outcome, int status, String reason, long acknowledged) {

    public enum Outcome {
        /// All chunks have their 200.
        COMPLETE,
        /// The peer answered something else than 200.
        REFUSED,
        /// A response did not come in time.
        TIMED_OUT,
        /// The connection ended.
        DISCONNECTED,
        /// We gave up: the source failed, or [MsrpSession#abort] or [MsrpSession#close] was called.
        ABORTED
    }

    public boolean isComplete() {
        return outcome == Outcome.COMPLETE;
    }
}
