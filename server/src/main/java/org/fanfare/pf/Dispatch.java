package org.fanfare.pf;

import org.fanfare.cpm.MessageUid;
import org.fanfare.ledger.AcceptRecord;
import org.fanfare.ledger.Acceptance;
import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.Fenced;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.MessageHead;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.PreFailed;
import org.fanfare.ledger.StoredAnswer;
import org.fanfare.pf.fanout.Delivery;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.sip.transaction.Timers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// Ledger first, network second: what has passed the checks is put on stable storage, then goes to
/// its recipients, and then its sender has an answer.
final class Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private static final Duration COME_BACK = Duration.ofSeconds(30);

    private final Policy policy;
    private final Ledger ledger;
    private final FanOut fanOut;
    private final Timers timers;
    private final InstantSource clock;
    private final Quotas quotas;
    private final InterworkingQuota interworking;
    private final NegativeDeliveries negativeDeliveries;
    private final Optional<MessageStore> store;
    private final Map<MessageRef, Sending> underWay = new ConcurrentHashMap<>();

    Dispatch(
            Policy policy,
            Ledger ledger,
            FanOut fanOut,
            Timers timers,
            InstantSource clock,
            NegativeDeliveries negativeDeliveries,
            Optional<MessageStore> store) {
        this.policy = policy;
        this.ledger = ledger;
        this.fanOut = fanOut;
        this.timers = timers;
        this.clock = clock;
        this.quotas = new Quotas(policy, timers);
        this.interworking = new InterworkingQuota(policy.interworkedPerDay(), timers);
        this.negativeDeliveries = negativeDeliveries;
        this.store = store;
    }

    /// Returns when the sender can be answered.
    Answer send(Outgoing outgoing) throws Refusal, InterruptedException {
        var head = head(outgoing);
        var report = negativeDeliveries.of(head, outgoing);
        return switch (accept(head, outgoing)) {
            case Acceptance.Accepted(var id) -> fanOut(id, head, outgoing, report);
            case Acceptance.Duplicate(var id, var answer) -> // reading 77
                    Answer.of(answer.isPresent() ? answer.get() : answerToBe(id));
        };
    }

    private MessageHead head(Outgoing outgoing) {
        var message = outgoing.message();
        var content = message.content();
        return new MessageHead(
                message.originator().key(),
                message.contributionId().value(),
                message.conversationId(),
                content.notifications().messageId(),
                ContentHash.of(outgoing),
                "pager",
                outgoing.template().toOctets(),
                message.lifetime().receivedAt(),
                message.lifetime().deadline(policy.messageLife()),
                policy.negativeDelivery() && content.asksForNegativeDelivery());
    }

    /// On stable storage, or refused: then nobody gets it (reliability S1, S3).
    private Acceptance accept(MessageHead head, Outgoing outgoing) throws Refusal {
        int recipients = outgoing.recipients().size();
        quotas.enter(head.originator(), recipients);
        boolean accepted = false;
        try {
            var record = new AcceptRecord(head, outgoing.recipients(), outgoing.invalid());
            var acceptance = ledger.accept(record);
            accepted = acceptance instanceof Acceptance.Accepted;
            return acceptance;
        } catch (LedgerUnavailable e) {
            LOG.warn("contribution={} not accepted: {}", head.contributionId(), e.getMessage());
            throw new Refusal(500, "Message not stored").retryAfter(COME_BACK);
        } finally {
            if (!accepted) {
                quotas.refund(head.originator(), recipients);
            }
        }
    }

    private Answer fanOut(
            MessageRef id, MessageHead head, Outgoing outgoing, @Nullable NegativeDelivery report)
            throws InterruptedException {
        long deadline = onOurClock(head.deadline());
        var progress = new Progress(outgoing.recipients().size());
        var reports = new Reports(report, id, deadline, fanOut, ledger);
        var sending =
                new Sending(id, ledger, clock, progress, reports, () -> ended(id, head, progress));
        underWay.put(id, sending);
        try {
            var distribution = start(id, outgoing, deadline, sending);
            int status = statusFor(progress);
            var uid = status / 100 == 2 ? recorded(outgoing) : "";
            var answer = answered(id, new StoredAnswer(status, "", uid));
            distribution.senderIsAnswered();
            sending.answered(answer);
            return new Answer(answer, () -> afterwards(reports, answer));
        } finally {
            underWay.remove(id); // from now on the ledger knows what to tell a duplicate
            quotas.leave(head.originator());
        }
    }

    private Distribution start(MessageRef id, Outgoing outgoing, long deadline, Sending sending) {
        var distribution =
                limited(
                        new Distribution(
                                id, outgoing.template(), recipients(outgoing), deadline, sending),
                        outgoing.message().originator().key());
        if (!outgoing.toMany()) {
            distribution.passingErrorsOn(); // 8.2.1.1/8.A.v
        }
        if (outgoing.whateverScheme()) {
            distribution.byTheCoreAlone(); // 8.2.1.1/8.A.iii.adhoc
        }
        fanOut.start(distribution);
        for (var invalid : outgoing.invalid()) {
            var uri = outgoing.recipients().get(invalid.index());
            sending.note(invalid.index(), uri, new Delivery.Failed(484, invalid.reason()));
        }
        return distribution;
    }

    /// With what its originator may still spend on interworking.
    Distribution limited(Distribution distribution, String originator) {
        return distribution.interworkingIf(() -> interworking.take(originator));
    }

    private static Distribution.Recipients recipients(Outgoing outgoing) {
        var ended = new BitSet();
        outgoing.invalid().stream().map(PreFailed::index).forEach(ended::set);
        return new Distribution.Recipients(outgoing.recipients(), 0, ended);
    }

    /// The final answer (reading 1); 202 at once if the policy wants that.
    private int statusFor(Progress progress) throws InterruptedException {
        if (policy.answer() == Policy.Answer.ACCEPT_AT_ONCE) {
            return 202;
        }
        var collecting = timers.after(policy.collectingTime(), progress::timeIsUp);
        try {
            return progress.awaitAnswer();
        } finally {
            collecting.cancel();
        }
    }

    /// The UID of the message in its sender's store, where he wants it to be (8.2.1.1/9.i.a); empty
    /// otherwise, and when storing has failed (8.2.1.1/9.i.b.else).
    private String recorded(Outgoing outgoing) {
        var message = outgoing.message();
        return store.filter(_ -> message.recorded())
                .flatMap(s -> s.store(message.content(), message.originator().key()))
                .map(MessageUid::toString)
                .orElse("");
    }

    /// The answer claims what is on stable storage, and is there itself before it goes out.
    private StoredAnswer answered(MessageRef id, StoredAnswer answer) {
        try {
            ledger.answered(id, answer);
            return answer;
        } catch (Fenced e) {
            LOG.warn("message={} {}", id, e.getMessage());
            return new StoredAnswer(202, "", ""); // accepted; another node goes on with it
        } catch (LedgerUnavailable e) {
            LOG.error("message={} answer not stored: {}", id, e.getMessage());
            return answer.isSuccess() ? answer : new StoredAnswer(500, "", "");
        }
    }

    private static void afterwards(Reports reports, StoredAnswer answer) {
        CrashPoint.AFTER_ANSWER.visit();
        if (answer.isSuccess()) {
            reports.release();
        }
    }

    /// A duplicate of a message whose sender has no answer yet waits with it.
    private StoredAnswer answerToBe(MessageRef id) throws InterruptedException {
        var sending = underWay.get(id);
        if (sending == null) {
            return new StoredAnswer(202, "", ""); // taken up again after a restart
        }
        try {
            return sending.answer().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void ended(MessageRef id, MessageHead head, Progress progress) {
        LOG.info(
                "contribution={} message={} {} ms={}",
                head.contributionId(),
                id,
                progress,
                Duration.between(head.acceptedAt(), clock.instant()).toMillis());
    }

    /// Deadlines are kept by the time of day, and waited for by a clock that nobody sets (W1).
    long onOurClock(Instant deadline) {
        var left = Duration.between(clock.instant(), deadline);
        return timers.nanoTime() + left.toNanos();
    }
}
