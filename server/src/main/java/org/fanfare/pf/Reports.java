package org.fanfare.pf;

import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.MessageRef;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.FanOut;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.LongSupplier;

/// Tells the sender which recipients a message has not reached, if he asked for it: one IMDN for
/// each, one after the other (reading 2, RFC 5438 12.2). Nothing is told before the sender has a
/// 2xx.
final class Reports {

    private record Failure(int recipient, String uri) {}

    private final @Nullable NegativeDelivery report;
    private final MessageRef message;
    private final LongSupplier deadline;
    private final FanOut fanOut;
    private final Ledger ledger;
    private final ArrayDeque<Failure> failures = new ArrayDeque<>();
    private boolean released;
    private boolean sending;

    /// @param report how to make them; nothing when the sender did not ask
    /// @param deadline until when one that goes now is tried: it may be that the message failed
    ///   because its own time was over
    Reports(
            @Nullable NegativeDelivery report,
            MessageRef message,
            LongSupplier deadline,
            FanOut fanOut,
            Ledger ledger) {
        this.report = report;
        this.message = message;
        this.deadline = deadline;
        this.fanOut = fanOut;
        this.ledger = ledger;
    }

    void add(int recipient, String uri) {
        if (report != null) {
            synchronized (this) {
                failures.add(new Failure(recipient, uri));
            }
            sendNext();
        }
    }

    /// The sender has been told that the message is on its way.
    void release() {
        synchronized (this) {
            released = true;
        }
        sendNext();
    }

    private void sendNext() {
        Failure failure;
        synchronized (this) {
            if (report == null || !released || sending || failures.isEmpty()) {
                return;
            }
            sending = true;
            failure = failures.remove();
        }
        fanOut.start(
                new Distribution(
                        message,
                        report.about(failure.recipient, failure.uri),
                        Distribution.Recipients.all(List.of(report.sender())),
                        deadline.getAsLong(),
                        (_, _, _, _) -> reported(failure)));
    }

    private void reported(Failure failure) {
        ledger.reported(message, failure.recipient);
        synchronized (this) {
            sending = false;
        }
        sendNext();
    }
}
