package org.fanfare.pf;

import org.fanfare.ledger.Fenced;
import org.fanfare.ledger.KnownOutcome;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.StoredAnswer;
import org.fanfare.pf.fanout.Delivery;
import org.fanfare.pf.fanout.Distribution;
import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/// A message under way: notes in the ledger how it ended with each recipient, counts, and has
/// failures reported. Legs of a large message begin before it is accepted; what has ended until
/// then is noted afterwards.
final class Sending implements Distribution.Listener {

    /// What it is in the ledger.
    private record Accepted(MessageRef id, Reports reports) {}

    private record Early(int recipient, String uri, Delivery delivery, KnownOutcome outcome) {}

    private final Ledger ledger;
    private final InstantSource clock;
    private final Progress progress;
    private final Runnable whenEnded;
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CompletableFuture<StoredAnswer> answer = new CompletableFuture<>();
    private final List<Early> early = new ArrayList<>();
    private volatile @Nullable Accepted accepted;
    private final AtomicBoolean delivered = new AtomicBoolean();
    private volatile Runnable whenDelivered = () -> {};

    /// @param whenEnded runs when it has ended with the last recipient
    Sending(Ledger ledger, InstantSource clock, Progress progress, Runnable whenEnded) {
        this.ledger = ledger;
        this.clock = clock;
        this.progress = progress;
        this.whenEnded = whenEnded;
    }

    /// Is told once, when the first recipient has it; must not block. To be set before the first
    /// leg.
    void whenDelivered(Runnable listener) {
        whenDelivered = listener;
    }

    /// The ledger has it.
    Sending accepted(MessageRef id, Reports reports) {
        List<Early> before;
        synchronized (early) {
            accepted = new Accepted(id, reports);
            before = List.copyOf(early);
            early.clear();
        }
        for (var end : before) {
            ledger.record(id, end.recipient, end.outcome.outcome());
            report(reports, end.recipient, end.uri, end.delivery);
        }
        return this;
    }

    /// How it has ended with recipients before it was accepted.
    List<KnownOutcome> known() {
        synchronized (early) {
            return early.stream().map(Early::outcome).toList();
        }
    }

    @Override
    public void onDelivery(int recipient, String uri, Delivery delivery, int attempts) {
        try {
            note(recipient, uri, delivery, attempts);
        } catch (Fenced e) {
            progress.lose(); // another node goes on with it
            end();
            throw e;
        }
        count(delivery);
    }

    private void note(int recipient, String uri, Delivery delivery, int attempts) {
        var outcome = delivery.outcome(clock.instant(), attempts);
        var now = accepted;
        if (now == null) {
            synchronized (early) {
                now = accepted;
                if (now == null) {
                    early.add(
                            new Early(
                                    recipient,
                                    uri,
                                    delivery,
                                    new KnownOutcome(recipient, outcome)));
                    return;
                }
            }
        }
        ledger.record(now.id, recipient, outcome);
        report(now.reports, recipient, uri, delivery);
    }

    private static void report(Reports reports, int recipient, String uri, Delivery delivery) {
        if (!delivery.isSuccess()) {
            reports.add(recipient, uri);
        }
    }

    /// It ended with a recipient before anything was sent; the ledger knows, or is about to.
    void neverSent(int recipient, String uri, Delivery delivery) {
        var now = accepted;
        if (now == null) {
            onDelivery(recipient, uri, delivery, 0);
        } else {
            report(now.reports, recipient, uri, delivery);
            count(delivery);
        }
    }

    private void count(Delivery delivery) {
        if (delivery.isSuccess() && delivered.compareAndSet(false, true)) {
            whenDelivered.run();
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

    Progress progress() {
        return progress;
    }

    /// What the sender has been told; duplicates that come before wait for it.
    CompletableFuture<StoredAnswer> answer() {
        return answer;
    }

    void answered(StoredAnswer given) {
        answer.complete(given);
    }
}
