package org.fanfare.registrations;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.Valued;
import org.fanfare.wire.MalformedMessage;

import java.util.OptionalLong;

/// What a NOTIFY says of its subscription (RFC 6665 8.2.3).
///
/// @param expires seconds that it lasts
/// @param reason why it ends, as `deactivated`; or empty
/// @param retryAfter seconds until a new one may be tried
record NotifiedState(
        boolean isTerminated, OptionalLong expires, String reason, OptionalLong retryAfter) {

    /// @throws MalformedMessage when it says nothing of it
    static NotifiedState of(SipRequest notify) {
        Valued state =
                notify.subscriptionState()
                        .orElseThrow(() ->
                                new MalformedMessage(
                                        "Subscription-State: expected in a NOTIFY, found none",
                                        0,
                                        "RFC 6665 4.1.3"));
        var parameters = state.parameters();
        return new NotifiedState(
                state.is("terminated"),
                parameters.number("expires"),
                parameters.value("reason").orElse(""),
                parameters.number("retry-after"));
    }
}
