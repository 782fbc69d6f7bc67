package org.fanfare.pf;

import org.fanfare.ledger.Fenced;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.StoredAnswer;
import org.fanfare.pf.fanout.Delivery;
import org.fanfare.pf.fanout.Distribution;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A message under way: notes in the ledger how it ended with each recipient, counts, and has
/// failures reported.
final class Sending implements Distribution.Listener {

    private final MessageRef id;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Progress progress;
    private final Reports reports;
    private final Runnable whenEnded;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<StoredAnswer> answer = new CompletableFuture<>();

    /// @param whenEnded runs when it has ended with the last recipient
    Sending(
            MessageRef id,
            Ledger ledger,
            InstantSource clock,
            Progress progress,
            Reports reports,
            Runnable whenEnded) {
        this.id = id;
        this.ledger = ledger;
        this.clock = clock;
        this.progress = progress;
        this.reports = reports;
        this.whenEnded = whenEnded;
    }

    @Override
    public void onDelivery(int recipient, String uri, Delivery delivery, int attempts) {
        try {
            ledger.record(id, recipient, delivery.outcome(clock.instant(), attempts));
        } catch (Fenced e) {
            progress.timeIsUp(); // another node goes on with it
            end();
            throw e;
        }
        note(recipient, uri, delivery);
    }

    /// It ended with a recipient before anything was sent; the ledger knows.
    void note(int recipient, String uri, Delivery delivery) {
        if (!delivery.isSuccess()) {
            reports.add(recipient, uri);
        }
        progress.add(delivery);
        if (progress.allEnded()) {
            end();
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            whenEnded.run();
        }
    }

    /// What the sender has been told; duplicates that come before wait for it.
    CompletableFuture<StoredAnswer> answer() {
        return answer;
    }

    void answered(StoredAnswer given) {
        answer.complete(given);
    }
}
