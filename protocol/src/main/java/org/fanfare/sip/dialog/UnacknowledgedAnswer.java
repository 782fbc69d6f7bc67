package org.fanfare.sip.dialog;

import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TimerValues;
import org.fanfare.sip.transaction.Timers;
import org.jspecify.annotations.Nullable;

/// Our 2xx to an INVITE, which is sent again until its ACK is here, whatever the transport (RFC
/// 3261 13.3.1.4): after T1, then twice as long each time up to T2, for 64 * T1.
final class UnacknowledgedAnswer {

    private final ServerTransaction invite;
    private final SipResponse success;
    private final Timers timers;
    private final TimerValues values;
    private final Runnable onNoAck;
    private long interval;
    private long left;
    private Timers.@Nullable Cancellable next;
    private boolean done;

    UnacknowledgedAnswer(
            ServerTransaction invite,
            SipResponse success,
            Timers timers,
            TimerValues values,
            Runnable onNoAck) {
        this.invite = invite;
        this.success = success;
        this.timers = timers;
        this.values = values;
        this.onNoAck = onNoAck;
        interval = values.t1().toMillis();
        left = 64 * interval;
    }

    long number() {
        return invite.request().cseq().number();
    }

    /// The first one is sent now.
    synchronized void start() {
        long wait = Math.min(interval, left);
        left -= wait;
        next = timers.after(wait, this::due);
    }

    private void due() {
        boolean over;
        synchronized (this) {
            if (done) {
                return;
            }
            over = left <= 0;
            done = over;
            if (!over) {
                interval = Math.min(2 * interval, values.t2().toMillis());
                start();
            }
        }
        if (over) {
            onNoAck.run();
        } else {
            invite.respond(success);
        }
    }

    synchronized void stop() {
        done = true;
        if (next != null) {
            next.cancel();
        }
    }
}
