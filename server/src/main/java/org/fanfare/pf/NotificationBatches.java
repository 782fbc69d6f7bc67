package org.fanfare.pf;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimBuilder;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.interworking.Report;
import org.fanfare.ledger.Dispositions.Asked;
import org.fanfare.ledger.MessageRef;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;

/// Notifications on their way to senders, those about one message gathered for a while and sent
/// together (RFC 5438 8.3): from the EXPLODER-URI, no larger than a message in Pager Mode. One that
/// stays alone goes on as it came.
///
/// What is gathered is in memory: a crash forgets it, the ledger knows what was reported all the
/// same.
final class NotificationBatches {

    /// Of all messages together; more are not passed on.
    private static final int MOST_WAITING = 50_000;

    /// One notification in an aggregate, its part headers included, and the head of all.
    private static final int OCTETS_EACH = 420;

    private static final int OCTETS_OF_HEAD = 400;

    private record Waiting(Imdn imdn, Uri reporter, CpimBuilder alone) {}

    /// Each one is itself and no other.
    private static final class Batch {
        final Asked about;
        final List<Waiting> waiting = new ArrayList<>();

        Batch(Asked about) {
            this.about = about;
        }
    }

    private final Self self;
    private final Duration gathering;
    private final int most;
    private final Timers timers;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Report.Sender sender;
    private final Map<MessageRef, Batch> batches = new LinkedHashMap<>();
    private final LongAdder dropped = new LongAdder();
    private int waiting;

    /// @param gathering from the first notification about a message to the request that has it
    /// @param octets that a request may have in its body
    NotificationBatches(
            Self self,
            Duration gathering,
            int octets,
            Timers timers,
            InstantSource clock,
            RandomGenerator random,
            Report.Sender sender) {
        this.self = self;
        this.gathering = gathering;
        this.most = Math.max(1, (octets - OCTETS_OF_HEAD) / OCTETS_EACH);
        this.timers = timers;
        this.clock = clock;
        this.random = random;
        this.sender = sender;
    }

    /// To be sent with others about the same message.
    ///
    /// @param alone the message that it came in, as it goes on when it stays alone
    void add(Asked about, Imdn imdn, Uri reporter, CpimBuilder alone) {
        Batch full = null;
        synchronized (this) {
            if (waiting >= MOST_WAITING) {
                dropped.increment();
                return;
            }
            waiting++;
            var batch = batches.get(about.message());
            if (batch == null) {
                batch = new Batch(about);
                batches.put(about.message(), batch);
                var begun = batch;
                timers.after(gathering, () -> due(begun));
            }
            batch.waiting.add(new Waiting(imdn, reporter, alone));
            if (batch.waiting.size() >= most) {
                batches.remove(about.message());
                full = batch;
            }
        }
        if (full != null) {
            send(full);
        }
    }

    private void due(Batch batch) {
        synchronized (this) {
            if (!batches.remove(batch.about.message(), batch)) {
                return; // was full before
            }
        }
        send(batch);
    }

    private void send(Batch batch) {
        var key = new byte[LegTemplate.KEY_LENGTH];
        random.nextBytes(key);
        var to = Uri.parse(batch.about.originator());
        var us = self.reporter(List.of());
        var first = batch.waiting.getFirst();
        var from = batch.waiting.size() == 1 ? first.reporter : us;
        var cpim =
                batch.waiting.size() == 1
                        ? first.alone.build()
                        : Imdns.carry(
                                        CpimAddress.of(us),
                                        CpimAddress.of(to),
                                        HexFormat.of().formatHex(key),
                                        clock.instant(),
                                        batch.waiting.stream().map(Waiting::imdn).toList())
                                .build();
        sender.send(
                new Report(Octets.of(key), from, to, batch.about.conversationId(), cpim),
                () -> ended(batch.waiting.size()));
    }

    private synchronized void ended(int count) {
        waiting -= count;
    }

    /// Notifications that were not passed on.
    long dropped() {
        return dropped.sum();
    }
}
