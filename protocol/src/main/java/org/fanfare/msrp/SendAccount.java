package org.fanfare.msrp;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// What has come of a message that is being sent: which chunks wait for a response, how much is
/// acknowledged, and why it has failed. The thread that sends writes into it and waits for it,
/// responses come from the one that reads.
final class SendAccount {

    private static final long AWAKE = -1;
    private static final long ABORT_WITHIN = 1_000_000_000L;

    /// What the source of the content is told, outside of any lock.
    interface Listener {

        /// The first 200 for content has come.
        void onFirstAcknowledged();

        /// No more of it will be sent.
        void onFailed();
    }

    private final boolean answered;
    private final Duration responseWithin;
    private final Listener listener;

    // Guarded by this.
    private final Unacknowledged waiting;
    private long lastResponse = System.nanoTime();
    private @Nullable SendResult failure;
    private long failedAt;
    private long wakeAt = AWAKE;
    private boolean finished;

    private volatile long acknowledged;
    private volatile long lastProgress = System.nanoTime();

    /// @param first number of the first chunk
    /// @param answered whether every chunk has a response; what is written counts as acknowledged
    ///   otherwise
    /// @param responseWithin how long a response may take
    SendAccount(long first, boolean answered, Duration responseWithin, Listener listener) {
        waiting = new Unacknowledged(first);
        this.answered = answered;
        this.responseWithin = responseWithin;
        this.listener = listener;
    }

    // ---- what is sent

    /// A whole chunk.
    synchronized void add(long number, int octets) {
        if (answered) {
            waiting.add(number, octets, System.nanoTime());
        }
    }

    /// A chunk whose content is still to be written.
    synchronized void addOpen(long number) {
        if (answered) {
            waiting.addOpen(number);
        }
    }

    /// Content of the open chunk is about to be written.
    synchronized void more(long number, int octets) {
        if (answered) {
            waiting.more(number, octets);
        }
    }

    /// The end line of the open chunk is written.
    synchronized void ended(long number) {
        waiting.ended(number, System.nanoTime());
    }

    /// All octets before that are written.
    void written(long upTo) {
        lastProgress = System.nanoTime();
        if (!answered) {
            acknowledged = upTo;
        }
    }

    /// Octets without a response.
    synchronized long waiting() {
        return waiting.octets();
    }

    /// Until no more than so many octets wait, with 0 until no response does; or it has failed.
    synchronized void awaitAtMost(long most) throws InterruptedException {
        wakeAt = most;
        try {
            while (failure == null && isAbove(most)) {
                wait(); // whoever sweeps sees to the time
            }
        } finally {
            wakeAt = AWAKE;
        }
    }

    private boolean isAbove(long most) {
        return most > 0 ? waiting.octets() > most : !waiting.isEmpty();
    }

    // ---- what comes

    /// A response has come: false when it is to none of our requests, or a second one.
    boolean onResponse(long to, MsrpResponse response) {
        boolean success = response.status() == MsrpStatus.OK;
        boolean first = false;
        synchronized (this) {
            boolean known = waiting.respond(to, success);
            if (!known && (success || answered)) {
                return false;
            }
            lastResponse = System.nanoTime();
            if (success) {
                first = acknowledged == 0 && waiting.acknowledged() > 0;
                acknowledged = waiting.acknowledged();
                lastProgress = System.nanoTime();
                if (wakeAt != AWAKE && !isAbove(wakeAt)) {
                    notifyAll();
                }
            }
        }
        if (first) {
            listener.onFirstAcknowledged();
        }
        if (!success) {
            var comment = response.comment().isEmpty() ? "" : " " + response.comment();
            fail(SendResult.Outcome.REFUSED, response.status(), response.status() + comment);
        }
        return true;
    }

    /// The first reason counts.
    void fail(SendResult.Outcome outcome, int status, String reason) {
        synchronized (this) {
            if (failure != null || finished) {
                return;
            }
            failure = new SendResult(outcome, status, reason, acknowledged);
            failedAt = System.nanoTime();
            notifyAll();
        }
        listener.onFailed();
    }

    /// Times out what is overdue.
    void sweep(long now) {
        boolean late;
        synchronized (this) {
            long oldest = waiting.oldest();
            // A slow peer that goes on answering is not late with what waits behind it.
            long since = Math.max(oldest, lastResponse);
            late = oldest != Long.MAX_VALUE && now - since > responseWithin.toNanos();
        }
        if (late) {
            fail(
                    SendResult.Outcome.TIMED_OUT,
                    MsrpStatus.REQUEST_TIMEOUT,
                    "no response to a chunk in " + responseWithin.toSeconds() + " s");
        }
    }

    // ---- the result

    synchronized @Nullable SendResult failure() {
        return failure;
    }

    /// Whether it has failed some time ago and the one who sends has not noticed.
    synchronized boolean isFailedInVain(long now) {
        return failure != null && !finished && now - failedAt > ABORT_WITHIN;
    }

    /// Nothing more will be sent.
    synchronized SendResult finish() {
        finished = true;
        var why = failure;
        return why == null
                ? new SendResult(SendResult.Outcome.COMPLETE, MsrpStatus.OK, "", acknowledged)
                : new SendResult(why.outcome(), why.status(), why.reason(), acknowledged);
    }

    /// Octets with a 200.
    long acknowledged() {
        return acknowledged;
    }

    /// [System#nanoTime()] when something was last written or acknowledged.
    long lastProgress() {
        return lastProgress;
    }
}
