package org.fanfare.sip.dialog;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;

import java.io.IOException;
import java.util.Optional;

/// Why a session is over, or never was.
public sealed interface SessionEnd {

    /// The INVITE was answered with 300 to 699; or it was we who did.
    record Refused(SipResponse response) implements SessionEnd {}

    /// We gave up before there was an answer, or the caller did.
    record Cancelled() implements SessionEnd {}

    /// No answer in time.
    record NoAnswer() implements SessionEnd {}

    /// The INVITE could not be sent, or its connection ended before an answer came.
    record Unreachable(IOException cause) implements SessionEnd {}

    /// The other side has ended it.
    record ByeReceived(SipRequest bye) implements SessionEnd {}

    /// We have ended it.
    ///
    /// @param answer empty when none came
    record ByeSent(Optional<SipResponse> answer) implements SessionEnd {}

    /// The ACK for our 2xx never came; we have sent a BYE (RFC 3261 13.3.1.4).
    record Unacknowledged() implements SessionEnd {}

    /// It was not refreshed in time; we have sent a BYE (RFC 4028 10).
    record Expired() implements SessionEnd {}

    /// Whether there was a session, if only for a moment.
    default boolean wasAnswered() {
        return switch (this) {
            case Refused _, Cancelled _, NoAnswer _, Unreachable _ -> false;
            case ByeReceived _, ByeSent _, Unacknowledged _, Expired _ -> true;
        };
    }
}
