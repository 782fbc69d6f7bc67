package org.fanfare.registrations;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.Uri;

import java.time.Duration;

/// How the core is asked for registrations, and the limits.
///
/// @param outlet where SUBSCRIBE goes: to the core
/// @param self who asks
/// @param contact where the core notifies us
public record SubscriptionSettings(Outlet outlet, Uri self, Uri contact, Timers timers) {

    /// Beyond it users are known by third-party REGISTER alone.
    static final int MOST = 20_000;

    /// SUBSCRIBEs whose notification has not come yet.
    static final int MOST_OPENING = 200;

    /// How long a SUBSCRIBE may be without notification: Timer N (RFC 6665 4.1.2.4).
    static final Duration PATIENCE = Duration.ofSeconds(32);

    /// How long a copy for another device waits for the core to say which there are.
    static final Duration WAIT = Duration.ofSeconds(2);

    /// After a failure, unless the core says how long (Retry-After).
    static final Duration PAUSE = Duration.ofMinutes(5);

    /// After a refusal for good, and at most.
    static final Duration LONG_PAUSE = Duration.ofHours(1);

    /// Sends a request towards the core. What becomes of it is told to the listener, once, perhaps
    /// before this returns.
    @FunctionalInterface
    public interface Outlet {
        void send(SipRequest request, ResponseListener listener);
    }
}
