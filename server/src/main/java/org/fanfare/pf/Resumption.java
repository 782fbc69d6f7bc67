package org.fanfare.pf;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.concurrent.Semaphore;

/// Takes up what an earlier process, or another node, has left: range by range, few at a time, so
/// that new messages do not wait behind old ones (reliability R6). Its legs are what they were
/// before, octet for octet, by their derived identity.
final class Resumption {

    private static final Logger LOG = LoggerFactory.getLogger(Resumption.class);

    private static final int RANGES_AT_ONCE = 4;

    private final Ledger ledger;
    private final FanOut fanOut;
    private final Dispatch dispatch;
    private final NegativeDeliveries negativeDeliveries;
    private final InstantSource clock;
    private final Duration pause;
    private final Semaphore free = new Semaphore(RANGES_AT_ONCE);

    /// @param pause between two looks for what other nodes have left
    Resumption(
            Ledger ledger,
            FanOut fanOut,
            Dispatch dispatch,
            NegativeDeliveries negativeDeliveries,
            InstantSource clock,
            Duration pause) {
        this.ledger = ledger;
        this.fanOut = fanOut;
        this.dispatch = dispatch;
        this.negativeDeliveries = negativeDeliveries;
        this.clock = clock;
        this.pause = pause;
    }

    /// Works until it is interrupted.
    void run() {
        try {
            while (true) {
                if (!takeUpOne()) {
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException _) {
            // the server stops
        }
    }

    /// True when there was something.
    boolean takeUpOne() throws InterruptedException {
        free.acquire();
        boolean begun = false;
        try {
            var claimed = ledger.claimUnfinished(1);
            for (var range : claimed) {
                begun = takeUp(range);
            }
            return !claimed.isEmpty();
        } catch (LedgerUnavailable | Fenced e) {
            LOG.warn("nothing taken up: {}", e.getMessage());
            return false;
        } catch (RuntimeException e) { // R5: the others must not wait for this one
            LOG.error("a range cannot be taken up", e);
            return true;
        } finally {
            if (!begun) {
                free.release();
            }
        }
    }

    /// True when legs of it are under way, which give the place free when they have ended.
    private boolean takeUp(Unfinished range) {
        if (range.isDropped()) {
            drop(range);
            return false;
        }
        var head = range.head();
        var template = LegTemplate.parse(head.template());
        long deadline = dispatch.onOurClock(head.deadline());
        var report = negativeDeliveries.of(head, template);
        var reports = new Reports(report, range.message(), deadline, fanOut, ledger);
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
            fanOut.start(
                    distribution(range, template, ended, deadline, sending(range, left, reports)));
        }
        if (answer(range).isSuccess()) {
            reports.release();
        }
        return left > 0;
    }

    /// Ends what an operator has given up. Nothing in the message is looked at, because it may be
    /// what ended the process; so no report is made either.
    private void drop(Unfinished range) {
        var dropped = new Outcome(OutcomeKind.FAILED, 500, "dropped", clock.instant(), 0);
        for (int i = 0; i < range.states().size(); i++) {
            int recipient = range.from() + i;
            if (!range.states().get(i).outcome().kind().isFinal()) {
                ledger.record(range.message(), recipient, dropped);
            }
            ledger.reported(range.message(), recipient);
        }
        answer(range);
        ledger.flush(range.message());
        LOG.warn("message={} range={} dropped", range.message(), range.range());
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

    private Sending sending(Unfinished range, int left, Reports reports) {
        return new Sending(
                range.message(), ledger, clock, new Progress(left), reports, free::release);
    }

    private Distribution distribution(
            Unfinished range, LegTemplate template, BitSet ended, long deadline, Sending sending) {
        var recipients = new Distribution.Recipients(range.recipients(), range.from(), ended);
        var distribution =
                dispatch.limited(
                        new Distribution(range.message(), template, recipients, deadline, sending),
                        range.head().originator());
        return range.starts() > 1 ? distribution.oneByOne() : distribution; // R5
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
