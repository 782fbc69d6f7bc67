package org.fanfare.pf.fanout;

import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.sip.transport.Hop;

import java.time.Duration;

/// How copies go out.
///
/// @param core next hop for everything that goes towards users
/// @param interworking where a message goes that the core cannot deliver
/// @param sentBy our `host:port` in Via
/// @param parallelLegs how many legs a next hop gets before it has shown what it can take
/// @param mostOpen legs open at once, in all
/// @param mostWaitingAtRecipient legs that may wait for one recipient
/// @param retries when a leg is tried again
/// @param patience how long a leg that is not answered counts for the window of its next hop
public record FanOutSettings(
        Hop core,
        InterworkingSelection interworking,
        String sentBy,
        int parallelLegs,
        int mostOpen,
        int mostWaitingAtRecipient,
        RetryRules retries,
        Duration patience) {

    /// Timer T1 of RFC 3261: what an unreliable hop has not answered by then is retransmitted.
    private static final Duration T1 = Duration.ofMillis(500);

    /// The defaults of the limits (reliability 3.4).
    public static FanOutSettings defaults(Hop core, String sentBy) {
        return new FanOutSettings(
                core, InterworkingSelection.NONE, sentBy, 50, 10_000, 100, RetryRules.DEFAULT, T1);
    }

    Way toCore() {
        return new Way(sentBy, "");
    }

    /// With the interworking function on top of the route (references m).
    Way toInterworking() {
        var route = interworking.isf().map(isf -> "Route: <" + isf.uri() + ">\r\n").orElse("");
        return new Way(sentBy, route);
    }

    public FanOutSettings withInterworking(InterworkingSelection selection) {
        return new FanOutSettings(
                core,
                selection,
                sentBy,
                parallelLegs,
                mostOpen,
                mostWaitingAtRecipient,
                retries,
                patience);
    }

    public FanOutSettings withParallelLegs(int value) {
        return new FanOutSettings(
                core,
                interworking,
                sentBy,
                value,
                mostOpen,
                mostWaitingAtRecipient,
                retries,
                patience);
    }

    public FanOutSettings withMostOpen(int value) {
        return new FanOutSettings(
                core,
                interworking,
                sentBy,
                parallelLegs,
                value,
                mostWaitingAtRecipient,
                retries,
                patience);
    }

    public FanOutSettings withMostWaitingAtRecipient(int value) {
        return new FanOutSettings(
                core, interworking, sentBy, parallelLegs, mostOpen, value, retries, patience);
    }

    public FanOutSettings withRetries(RetryRules value) {
        return new FanOutSettings(
                core,
                interworking,
                sentBy,
                parallelLegs,
                mostOpen,
                mostWaitingAtRecipient,
                value,
                patience);
    }

    public FanOutSettings withPatience(Duration value) {
        return new FanOutSettings(
                core,
                interworking,
                sentBy,
                parallelLegs,
                mostOpen,
                mostWaitingAtRecipient,
                retries,
                value);
    }
}
