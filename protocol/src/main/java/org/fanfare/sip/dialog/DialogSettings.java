package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderField;
import org.fanfare.sip.Method;

import java.time.Duration;
import java.util.List;

/// What differs between elements, and the limits of this layer.
///
/// @param guard how long an INVITE of ours may go without a final response; then it is cancelled
/// @param interval of a session where we are free to choose it (RFC 4028)
/// @param least the shortest interval that we take, at least 90 s
/// @param sessions how many there may be; beyond it an INVITE is answered 503
/// @param earlyDialogs how many branches of one INVITE are followed
/// @param attempts how often an INVITE is sent again, because of 401, 407 or 422
/// @param allow the methods that are served
/// @param inRequests fields of every request that this layer makes, as User-Agent
/// @param inResponses fields of every response that this layer makes, as Server
public record DialogSettings(
        Duration guard,
        Duration interval,
        Duration least,
        int sessions,
        int earlyDialogs,
        int attempts,
        List<Method> allow,
        List<HeaderField> inRequests,
        List<HeaderField> inResponses) {

    public static final DialogSettings DEFAULT =
            new DialogSettings(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(1800),
                    SessionTimer.LEAST,
                    20_000,
                    16,
                    3,
                    List.of(
                            Method.INVITE,
                            Method.ACK,
                            Method.CANCEL,
                            Method.BYE,
                            Method.UPDATE,
                            Method.OPTIONS,
                            Method.MESSAGE),
                    List.of(),
                    List.of());

    public DialogSettings {
        allow = List.copyOf(allow);
        inRequests = List.copyOf(inRequests);
        inResponses = List.copyOf(inResponses);
        if (least.compareTo(SessionTimer.LEAST) < 0 || interval.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    "session interval: expected 90 s <= least <= interval, found "
                            + least
                            + ", "
                            + interval);
        }
        if (guard.toMillis() < 1 || sessions < 1 || earlyDialogs < 1 || attempts < 0) {
            throw new IllegalArgumentException("dialog settings: must be at least 1");
        }
    }

    public DialogSettings withGuard(Duration other) {
        return new DialogSettings(
                other,
                interval,
                least,
                sessions,
                earlyDialogs,
                attempts,
                allow,
                inRequests,
                inResponses);
    }

    public DialogSettings withInterval(Duration other, Duration shortest) {
        return new DialogSettings(
                guard,
                other,
                shortest,
                sessions,
                earlyDialogs,
                attempts,
                allow,
                inRequests,
                inResponses);
    }

    public DialogSettings withSessions(int most) {
        return new DialogSettings(
                guard,
                interval,
                least,
                most,
                earlyDialogs,
                attempts,
                allow,
                inRequests,
                inResponses);
    }

    /// With fields for the messages that this layer makes.
    ///
    /// @param requests as User-Agent
    /// @param responses as Server
    public DialogSettings withFields(List<HeaderField> requests, List<HeaderField> responses) {
        return new DialogSettings(
                guard,
                interval,
                least,
                sessions,
                earlyDialogs,
                attempts,
                allow,
                requests,
                responses);
    }
}
