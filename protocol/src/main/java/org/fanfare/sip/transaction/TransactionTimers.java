package org.fanfare.sip.transaction;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/// The timers of one transaction, on one entry of the wheel. At most two run at a time: one for
/// what is to be sent again or soon (A, E, G, and the two that send 100), one that ends a state
/// (all others).
///
/// For one thread at a time: the transaction's lock guards it.
final class TransactionTimers {

    private final Timers timers;
    private final TimerValues values;
    private final Runnable onDue;
    private Timers.@Nullable Cancellable entry;
    private @Nullable Timer sending;
    private @Nullable Timer lastSending;
    private long interval;
    private long sendingAt;
    private @Nullable Timer ending;
    private long endingAt;

    TransactionTimers(Timers timers, TimerValues values, Runnable onDue) {
        this.timers = timers;
        this.values = values;
        this.onDue = onDue;
    }

    /// Does nothing for a timer that this kind of transport does not need.
    void start(Timer timer, boolean reliable) {
        long millis = values.first(timer, reliable);
        if (millis == TimerValues.NEVER) {
            return;
        }
        if (isSending(timer)) {
            lastSending = timer;
            sendAgainAfter(millis);
        } else {
            ending = timer;
            endingAt = inMillis(millis);
        }
    }

    private static boolean isSending(Timer timer) {
        return switch (timer) {
            case A, E, G, INVITE_TRYING, TRYING -> true;
            case B, D, F, H, I, J, K, L, M, EXPIRY -> false;
        };
    }

    /// The timer that fired last again, with the interval that follows (RFC 3261 17.1.1.2,
    /// 17.1.2.2, 17.2.1).
    void lengthen() {
        if (lastSending != null) {
            sendAgainAfter(values.next(lastSending, interval));
        }
    }

    /// The timer that fired last again, with T2.
    void againAfterT2() {
        sendAgainAfter(values.t2().toMillis());
    }

    private void sendAgainAfter(long millis) {
        interval = millis;
        sending = lastSending;
        sendingAt = inMillis(millis);
    }

    private long inMillis(long millis) {
        return timers.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    void stop() {
        sending = null;
        ending = null;
    }

    /// The timer that is due, which then runs no more; null when it is too early for any.
    @Nullable Timer takeDue() {
        long now = timers.nanoTime();
        if (ending != null && now - endingAt >= 0) {
            var due = ending;
            ending = null;
            return due;
        }
        if (sending != null && now - sendingAt >= 0) {
            var due = sending;
            sending = null;
            return due;
        }
        return null;
    }

    /// Asks to be woken when the next timer is due; must follow every change.
    void arm() {
        if (entry != null) {
            entry.cancel();
            entry = null;
        }
        if (sending == null && ending == null) {
            return;
        }
        long now = timers.nanoTime();
        long nanos = ending == null ? Long.MAX_VALUE : endingAt - now;
        if (sending != null) {
            nanos = Math.min(nanos, sendingAt - now);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(Math.max(0, nanos) + 999_999);
        entry = timers.after(millis, onDue);
    }
}
