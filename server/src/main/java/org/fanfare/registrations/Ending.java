package org.fanfare.registrations;

import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;

import java.time.Duration;
import java.util.Set;

/// How a subscription has ended, and what may come after it (RFC 6665 4.1.3).
///
/// @param again a new one is to be made at once
/// @param pause before a new one may be made
/// @param reason for the log
record Ending(boolean again, Duration pause, String reason) {

    /// There is nothing more to tell, or nobody who wants to know.
    static final Ending OVER = new Ending(false, Duration.ZERO, "over");

    /// As we wanted it; somebody may want it again meanwhile.
    static final Ending LEFT = new Ending(true, Duration.ZERO, "left");

    private static final Set<Integer> ENDS_WHAT_IS_REFRESHED =
            Set.of(
                    StatusCode.NOT_FOUND,
                    StatusCode.METHOD_NOT_ALLOWED,
                    StatusCode.GONE,
                    StatusCode.UNSUPPORTED_URI_SCHEME,
                    StatusCode.TEMPORARILY_UNAVAILABLE,
                    StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST,
                    StatusCode.LOOP_DETECTED,
                    StatusCode.TOO_MANY_HOPS,
                    StatusCode.ADDRESS_INCOMPLETE,
                    StatusCode.AMBIGUOUS,
                    StatusCode.BAD_EVENT,
                    StatusCode.NOT_IMPLEMENTED,
                    StatusCode.DOES_NOT_EXIST_ANYWHERE);

    boolean isFailure() {
        return !equals(OVER) && !equals(LEFT);
    }

    /// Whether a subscription has ended by this answer to its refresh (RFC 6665 4.1.2.2).
    static boolean isToldBy(int status) {
        return ENDS_WHAT_IS_REFRESHED.contains(status);
    }

    static Ending failed(String reason) {
        return new Ending(false, SubscriptionSettings.PAUSE, reason);
    }

    /// A SUBSCRIBE was answered with a failure. The core that knows no such subscription any more
    /// was started again.
    static Ending refused(SipResponse response) {
        var reason = "answered " + response.status();
        if (response.status() == StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST) {
            return new Ending(true, SubscriptionSettings.PAUSE, reason);
        }
        long seconds =
                response.retryAfter()
                        .map(wanted -> wanted.seconds())
                        .orElse(SubscriptionSettings.PAUSE.toSeconds());
        return new Ending(false, atMost(seconds), reason);
    }

    /// The core ends it by a NOTIFY.
    static Ending terminated(NotifiedState state) {
        return switch (state.reason()) {
            case "deactivated", "timeout" ->
                    new Ending(true, SubscriptionSettings.PAUSE, state.reason());
            case "noresource" -> OVER;
            case "rejected", "invariant" ->
                    new Ending(false, SubscriptionSettings.LONG_PAUSE, state.reason());
            default ->
                    new Ending(
                            false,
                            atMost(
                                    state.retryAfter()
                                            .orElse(SubscriptionSettings.PAUSE.toSeconds())),
                            "terminated");
        };
    }

    private static Duration atMost(long seconds) {
        return Duration.ofSeconds(Math.min(seconds, SubscriptionSettings.LONG_PAUSE.toSeconds()));
    }
}
