package org.fanfare.pf;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.ledger.Fenced;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.Outcome;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.ledger.StoredAnswer;
import org.fanfare.ledger.Unfinished;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.LegTemplate;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.spool.Spool;
import org.fanfare.spool.SpoolDamaged;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// Takes up what an earlier process, or another node, has left. So many legs at a time and no more,
/// so that new messages do not wait behind old ones; small messages many in one go, because each
/// claim and each answer waits for the disk (reliability R6). Its legs are what they were before,
/// octet for octet, by their derived identity.
final class Resumption {

    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    private static final int LEGS_AT_ONCE = 4 * Ledger.RANGE_SIZE;
    private static final int MAX_CLAIMED_AT_ONCE = 32;

    private final Ledger ledger;
    private final FanOut fanOut;
    private final Dispatch dispatch;
    private final NegativeDeliveries negativeDeliveries;
    private final InstantSource clock;
    private final Duration pause;
    private final @Nullable LargeMode large;
    private final Semaphore legs = new Semaphore(LEGS_AT_ONCE, true);
    private final Queue<Unfinished> unreadable = new ConcurrentLinkedQueue<>();
    private int claimedAtOnce = 1;

    /// @param pause between two looks for what other nodes have left
    Resumption(
            Ledger ledger,
            FanOut fanOut,
            Dispatch dispatch,
            NegativeDeliveries negativeDeliveries,
            InstantSource clock,
            Duration pause,
            @Nullable LargeMode large) {
        this.ledger = ledger;
        this.fanOut = fanOut;
        this.dispatch = dispatch;
        this.negativeDeliveries = negativeDeliveries;
        this.clock = clock;
        this.pause = pause;
        this.large = large;
    }

    /// Works until it is interrupted. One thread runs it.
    void run() {
        try {
            while (true) {
                if (!takeUpSome()) {
                    giveBack();
                    removeSpools();
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException _) {
            // the server stops
        }
    }

    /// What could not be read may be readable for another node, or for this one later. Not before
    /// the pause, in which others look, and not while there is something else to do.
    void giveBack() {
        for (var range = unreadable.poll(); range != null; range = unreadable.poll()) {
            try {
                ledger.giveBack(range);
            } catch (LedgerUnavailable e) {
                LOG.warn("message={} not given back: {}", range.message(), e.getMessage());
                unreadable.add(range);
                return;
            }
        }
    }

    /// Content that no recipient waits for any more: of messages that several ranges, or an earlier
    /// process, have finished.
    private void removeSpools() {
        if (large == null) {
            return;
        }
        try {
            large.spools().removeAllBut(ledger::spools);
        } catch (LedgerUnavailable e) {
            LOG.warn("content that nobody needs stays: {}", e.getMessage());
        }
    }

    /// Returns when the legs of what was claimed are under way. True when there was something.
    boolean takeUpSome() throws InterruptedException {
        var claimed = claim();
        var threads =
                claimed.stream()
                        .map(range -> Thread.startVirtualThread(() -> takeUpSafely(range)))
                        .toList();
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            threads.forEach(Thread::interrupt);
            throw e;
        }
        return !claimed.isEmpty();
    }

    private List<Unfinished> claim() {
        try {
            var claimed = ledger.claimUnfinished(claimedAtOnce);
            claimedAtOnce = next(claimed);
            return claimed;
        } catch (LedgerUnavailable | Fenced e) {
            LOG.warn("nothing taken up: {}", e.getMessage());
            return List.of();
        }
    }

    /// More each time; but what was in work when a process ended, one by one, because something in
    /// it may end this one too, and what was claimed with it would be suspected with it (R5).
    private int next(List<Unfinished> claimed) {
        return claimed.isEmpty() || claimed.stream().anyMatch(range -> range.starts() > 1)
                ? 1
                : Math.min(2 * claimedAtOnce, MAX_CLAIMED_AT_ONCE);
    }

    private void takeUpSafely(Unfinished range) {
        try {
            takeUp(range);
        } catch (InterruptedException _) {
            // the server stops; the range stays in the ledger
        } catch (LedgerUnavailable | Fenced e) {
            LOG.warn("message={} not taken up: {}", range.message(), e.getMessage());
        } catch (RuntimeException e) { // R5: the others must not wait for this one
            LOG.error("message={} cannot be taken up", range.message(), e);
        }
    }

    private void takeUp(Unfinished range) throws InterruptedException {
        if (range.isDropped()) {
            drop(range, "dropped");
            return;
        }
        try {
            takeUpWithContent(range);
        } catch (SpoolDamaged e) {
            LOG.error("message={} has lost its content: {}", range.message(), e.getMessage());
            if (large != null && large.spools().isOwn(range.head().spool().id())) {
                drop(range, "content lost");
            } else { // it may be whole where another node keeps it
                unreadable.add(range);
            }
        } catch (IOException e) {
            LOG.warn("message={} not taken up: {}", range.message(), e.getMessage());
            unreadable.add(range);
        }
    }

    private void takeUpWithContent(Unfinished range) throws InterruptedException, IOException {
        var spool = reopened(range);
        boolean started = false;
        try {
            started = takeUp(range, spool);
        } finally {
            if (!started && spool != null) {
                spool.close();
            }
        }
    }

    /// True when legs are under way.
    private boolean takeUp(Unfinished range, @Nullable Spool spool)
            throws InterruptedException, IOException {
        var head = range.head();
        var template = LegTemplate.parse(head.template());
        long deadline = dispatch.onOurClock(head.deadline());
        var report = negativeDeliveries.of(head, template, headers(spool));
        var reports =
                new Reports(report, range.message(), dispatch::deadlineOfReport, fanOut, ledger);
        reportOwed(range, reports);
        var ended = ended(range);
        int left = range.recipients().size() - ended.cardinality();
        LOG.info(
                "message={} range={} taken up: left={} starts={}",
                range.message(),
                range.range(),
                left,
                range.starts());
        if (left > 0) {
            var sending = sending(range, left, reports, spool);
            start(distribution(range, template, ended, deadline, sending), spool, left);
        }
        if (answer(range).isSuccess()) {
            reports.release();
        }
        return left > 0;
    }

    /// Waits until there is room for so many legs; they give it free when the last has ended.
    private void start(Distribution distribution, @Nullable Spool spool, int left)
            throws InterruptedException {
        legs.acquire(left);
        boolean started = false;
        try {
            startBy(distribution, spool);
            started = true;
        } finally {
            if (!started) {
                legs.release(left);
            }
        }
    }

    /// Ends what an operator has given up, or what cannot be sent any more. Nothing in the message
    /// is looked at, because it may be what ended the process; so no report is made either.
    private void drop(Unfinished range, String reason) {
        var dropped = new Outcome(OutcomeKind.FAILED, 500, reason, clock.instant(), 0);
        for (int i = 0; i < range.states().size(); i++) {
            int recipient = range.from() + i;
            if (!range.states().get(i).outcome().kind().isFinal()) {
                ledger.record(range.message(), recipient, dropped);
            }
            ledger.reported(range.message(), recipient);
        }
        answer(range);
        ledger.flush(range.message());
        LOG.warn("message={} range={} {}", range.message(), range.range(), reason);
    }

    private static void reportOwed(Unfinished range, Reports reports) {
        for (int i = 0; i < range.states().size(); i++) {
            var state = range.states().get(i);
            var kind = state.outcome().kind();
            if (kind.isFinal() && !kind.isSuccess() && !state.reported()) {
                reports.add(range.from() + i, range.recipients().get(i));
            }
        }
    }

    private static BitSet ended(Unfinished range) {
        var ended = new BitSet();
        for (int i = 0; i < range.states().size(); i++) {
            ended.set(i, range.states().get(i).outcome().kind().isFinal());
        }
        return ended;
    }

    private Sending sending(Unfinished range, int left, Reports reports, @Nullable Spool spool) {
        return new Sending(
                        ledger,
                        clock,
                        new Progress(left),
                        () -> {
                            legs.release(left);
                            if (spool != null) {
                                spool.close(); // other ranges may need it
                            }
                        })
                .accepted(range.message(), reports);
    }

    /// The content of a large message (K9).
    private @Nullable Spool reopened(Unfinished range) throws IOException {
        return large == null || range.head().spool().isNone()
                ? null
                : large.reopened(range.head().spool());
    }

    private Optional<CpimMessage> headers(@Nullable Spool spool) throws IOException {
        return large == null || spool == null
                ? Optional.empty()
                : Optional.of(large.headers(spool));
    }

    private void startBy(Distribution distribution, @Nullable Spool spool) {
        if (large == null || spool == null) {
            fanOut.start(distribution);
        } else {
            large.legs().start(distribution.by(large.carrier(spool, _ -> {})));
        }
    }

    private Distribution distribution(
            Unfinished range, LegTemplate template, BitSet ended, long deadline, Sending sending) {
        var recipients = new Distribution.Recipients(range.recipients(), range.from(), ended);
        var distribution =
                dispatch.limited(
                        new Distribution(range.message(), template, recipients, deadline, sending),
                        range.head().originator());
        if (isForAdHocGroup(range, template)) {
            distribution.byTheCoreAlone(); // 8.2.1.1/8.A.iii.adhoc
        }
        return range.starts() > 1 ? distribution.oneByOne() : distribution; // R5
    }

    /// A list goes along to nobody but who serves a group (reading 82).
    private boolean isForAdHocGroup(Unfinished range, LegTemplate template) {
        return range.recipients().size() == 1
                && SipParser.parse(template.sample(), negativeDeliveries.limits())
                        instanceof SipRequest request
                && !MessageContent.of(request, negativeDeliveries.limits()).lists().isEmpty();
    }

    /// Who had no answer is told, should he ask again, that the message is accepted and under way.
    private StoredAnswer answer(Unfinished range) {
        if (range.answer().isPresent()) {
            return range.answer().get();
        }
        var accepted = new StoredAnswer(202, "", "");
        if (range.range() == 0) {
            ledger.answered(range.message(), accepted);
        }
        return accepted;
    }
}
