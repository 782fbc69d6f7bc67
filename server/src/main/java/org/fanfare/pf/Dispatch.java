package org.fanfare.pf;

import org.fanfare.ledger.AcceptRecord;
import org.fanfare.ledger.Acceptance;
import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.Fenced;
import org.fanfare.ledger.KnownOutcome;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.MessageHead;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.PreFailed;
import org.fanfare.ledger.SpoolReference;
import org.fanfare.ledger.StoredAnswer;
import org.fanfare.pf.fanout.Delivery;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.SessionCarrier;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.spool.Spool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/// Ledger first, network second: what has passed the checks is put on stable storage, then goes to
/// its recipients, and then its sender has an answer.
final class Dispatch {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private static final String PAGER = "pager";
    private static final String LARGE = "large";
    private static final Duration COME_BACK = Duration.ofSeconds(30);

    private final Policy policy;
    private final Ledger ledger;
    private final FanOut fanOut;
    private final Timers timers;
    private final InstantSource clock;
    private final Quotas quotas;
    private final InterworkingQuota interworking;
    private final NegativeDeliveries negativeDeliveries;
    private final Recorder recorder;
    private final @Nullable LargeMode large;
    private final DirectDelivery direct;
    private final Map<MessageRef, Sending> underWay = new ConcurrentHashMap<>();

    Dispatch(
            Policy policy,
            Ledger ledger,
            FanOut fanOut,
            Timers timers,
            InstantSource clock,
            NegativeDeliveries negativeDeliveries,
            Recorder recorder,
            @Nullable LargeMode large,
            DirectDelivery direct) {
        this.policy = policy;
        this.ledger = ledger;
        this.fanOut = fanOut;
        this.timers = timers;
        this.clock = clock;
        this.quotas = new Quotas(policy, timers);
        this.interworking = new InterworkingQuota(policy.interworkedPerDay(), timers);
        this.negativeDeliveries = negativeDeliveries;
        this.recorder = recorder;
        this.large = large;
        this.direct = direct;
    }

    /// Returns when the sender can be answered.
    Answer send(Outgoing outgoing) throws Refusal, InterruptedException {
        enter(outgoing);
        @Nullable Spool spool = null;
        boolean accepted = false;
        try {
            spool = spooled(outgoing);
            var head = head(outgoing, reference(spool));
            var report = negativeDeliveries.of(head, outgoing);
            var acceptance = accept(head, outgoing, List.of());
            accepted = acceptance instanceof Acceptance.Accepted;
            return switch (acceptance) {
                case Acceptance.Accepted(var id) -> fanOut(id, head, outgoing, report, spool);
                case Acceptance.Duplicate(var id, var answer) -> // reading 77
                        Answer.of(answer.isPresent() ? answer.get() : answerToBe(id));
            };
        } catch (IOException e) {
            throw notStored(outgoing, e);
        } finally {
            if (!accepted) {
                refund(outgoing);
                discard(spool);
            }
        }
    }

    private static void discard(@Nullable Spool spool) {
        if (spool != null) {
            spool.abort();
            spool.close();
        }
    }

    /// The content of a message that goes on by Large Message Mode (8.2.1.1/8.B).
    private @Nullable Spool spooled(Outgoing outgoing) throws IOException {
        var content = outgoing.large();
        return large == null || content.isEmpty()
                ? null
                : large.spooled(content.get(), outgoing.message().originator().key());
    }

    private static SpoolReference reference(@Nullable Spool spool) throws IOException {
        return spool == null ? SpoolReference.NONE : spool.complete();
    }

    private static Refusal notStored(Outgoing outgoing, Exception cause) {
        LOG.warn(
                "contribution={} not accepted: {}",
                outgoing.message().contributionId(),
                cause.getMessage());
        return new Refusal(500, "Message not stored").retryAfter(COME_BACK);
    }

    private MessageHead head(Outgoing outgoing, SpoolReference spool) {
        var message = outgoing.message();
        var content = message.content();
        return new MessageHead(
                message.originator().key(),
                message.contributionId().value(),
                message.conversationId(),
                content.notifications().messageId(),
                ContentHash.of(outgoing, spool),
                spool.isNone() ? PAGER : LARGE,
                outgoing.template().toOctets(),
                spool,
                message.lifetime().receivedAt(),
                message.lifetime().deadline(policy.messageLife()),
                policy.negativeDelivery() && content.asksForNegativeDelivery());
    }

    /// One more message of its originator; [#leave] when he has his answer.
    ///
    /// @throws Refusal when that is one too many
    void enter(Outgoing outgoing) throws Refusal {
        quotas.enter(outgoing.message().originator().key(), outgoing.recipients().size());
    }

    /// Messages that wait for their answer.
    int openMessages() {
        return quotas.open();
    }

    void leave(Outgoing outgoing) {
        quotas.leave(outgoing.message().originator().key());
    }

    /// It comes to nothing.
    void refund(Outgoing outgoing) {
        quotas.refund(outgoing.message().originator().key(), outgoing.recipients().size());
    }

    /// On stable storage, or refused: then nobody gets it (reliability S1, S3).
    private Acceptance accept(MessageHead head, Outgoing outgoing, List<KnownOutcome> known)
            throws Refusal {
        try {
            return ledger.accept(
                    new AcceptRecord(
                            head,
                            outgoing.recipients(),
                            outgoing.invalid(),
                            known,
                            recorder.history(outgoing, !head.spool().isNone())));
        } catch (LedgerUnavailable e) {
            throw notStored(outgoing, e);
        }
    }

    private Answer fanOut(
            MessageRef id,
            MessageHead head,
            Outgoing outgoing,
            @Nullable NegativeDelivery report,
            @Nullable Spool spool)
            throws InterruptedException, IOException {
        long answerBy = timers.nanoTime() + policy.collectingTime().toNanos();
        var progress = new Progress(outgoing.recipients().size());
        var recording = recorder.begin(id, outgoing, progress, spool);
        var reports = new Reports(report, id, this::deadlineOfReport, fanOut, ledger);
        var sending =
                sending(
                        progress,
                        () -> {
                            ended(id, head, progress);
                            if (spool != null) {
                                release(id, spool, recording);
                            }
                        });
        sending.accepted(id, reports);
        underWay.put(id, sending);
        try {
            var distribution = distribution(outgoing, id, sending);
            start(distribution, outgoing, sending, spool);
            neverSent(outgoing, sending);
            int status = statusFor(progress);
            var uid = recording.uid(patience(answerBy)); // 8.2.1.1/9.i.b
            var answer = answered(id, new StoredAnswer(status, "", uid));
            distribution.senderIsAnswered();
            sending.answered(answer);
            return new Answer(answer, () -> afterwards(reports, answer));
        } finally {
            underWay.remove(id); // from now on the ledger knows what to tell a duplicate
            leave(outgoing);
        }
    }

    /// Waiting for the store never delays an answer beyond the collecting time (reading 40).
    private Duration patience(long answerBy) {
        var left = Duration.ofNanos(answerBy - timers.nanoTime());
        return left.compareTo(recorder.patience()) < 0 ? left : recorder.patience();
    }

    private void start(
            Distribution distribution, Outgoing outgoing, Sending sending, @Nullable Spool spool)
            throws IOException {
        if (large == null || spool == null) {
            sending.whenDelivered( // 8.2.1.1/dd.check
                    () -> direct.ofMessage(outgoing.message(), deadline(outgoing)));
            fanOut.start(distribution);
        } else {
            spool.accepted();
            var carrier = large.carrier(spool, _ -> {});
            large.legs().start(distribution.by(deliversDirectly(carrier, outgoing, spool)));
        }
    }

    /// With copies for other devices of the sender when the first recipient takes content
    /// (8.2.1.1/9.iv, 8.2.1.1/9.iv.dd, 8.2.1.2/dd.check).
    SessionCarrier deliversDirectly(SessionCarrier carrier, Outgoing outgoing, Spool spool) {
        return carrier.whenTaken(() -> direct.ofLargeMessage(outgoing, spool, deadline(outgoing)));
    }

    private long deadline(Outgoing outgoing) {
        return onOurClock(outgoing.message().lifetime().deadline(policy.messageLife()));
    }

    /// What is told how it ends with each recipient.
    Sending sending(Progress progress, Runnable whenEnded) {
        return new Sending(ledger, clock, progress, whenEnded);
    }

    Distribution distribution(Outgoing outgoing, Object name, Sending sending) {
        var message = outgoing.message();
        var distribution =
                limited(
                        new Distribution(
                                name,
                                outgoing.template(),
                                recipients(outgoing),
                                deadline(outgoing),
                                sending),
                        message.originator().key());
        if (!outgoing.toMany()) {
            distribution.passingErrorsOn(); // 8.2.1.1/8.A.v
        }
        if (outgoing.whateverScheme()) {
            distribution.byTheCoreAlone(); // 8.2.1.1/8.A.iii.adhoc
        }
        return distribution;
    }

    /// What no request can be sent to, fails.
    static void neverSent(Outgoing outgoing, Sending sending) {
        for (var invalid : outgoing.invalid()) {
            var uri = outgoing.recipients().get(invalid.index());
            sending.neverSent(invalid.index(), uri, new Delivery.Failed(484, invalid.reason()));
        }
    }

    // ---- large messages, whose content comes after their legs have begun

    /// What the ledger says about a large message whose content is here.
    sealed interface Entry {}

    /// It is in the ledger now.
    record Accepted(MessageRef id, MessageHead head, Reports reports, Recording recording)
            implements Entry {}

    /// It was there before, and its sender is to have the same answer again.
    record SentBefore(StoredAnswer answer) implements Entry {}

    /// Whether its sender has sent it before (reading 77).
    ///
    /// @throws Refusal the same that he had then, if nobody got it
    boolean isSentBefore(StandaloneMessage message) throws Refusal {
        try {
            var earlier =
                    ledger.earlier(message.originator().key(), message.contributionId().value());
            var failed = earlier.flatMap(e -> e.answer()).filter(answer -> !answer.isSuccess());
            if (failed.isPresent()) {
                throw new Refusal(failed.get().status(), "Failed before");
            }
            return earlier.isPresent();
        } catch (LedgerUnavailable e) {
            LOG.warn("contribution={}: {}", message.contributionId(), e.getMessage());
            throw new Refusal(500, "Message not stored").retryAfter(COME_BACK);
        }
    }

    /// On stable storage when this returns, unless it was there before: the same content from the
    /// same sender to the same recipients (reading 77). Then that is waited for.
    Entry accept(Outgoing outgoing, Spool spool, SpoolReference content, Sending sending)
            throws Refusal, InterruptedException {
        var head = head(outgoing, content);
        var report = negativeDeliveries.of(head, outgoing);
        return switch (accept(head, outgoing, sending.known())) {
            case Acceptance.Duplicate(var id, var answer) ->
                    new SentBefore(answer.isPresent() ? answer.get() : answerToBe(id));
            case Acceptance.Accepted(var id) -> {
                underWay.put(id, sending);
                var reports = new Reports(report, id, this::deadlineOfReport, fanOut, ledger);
                var recording = recorder.begin(id, outgoing, sending.progress(), spool);
                yield new Accepted(id, head, reports, recording);
            }
        };
    }

    /// The UID of a message that somebody has, when it is recorded in time (8.2.1.2/bye.1.uid).
    String messageUid(Accepted message) throws InterruptedException {
        return message.recording.uid(recorder.patience());
    }

    /// The answer of the sender, which is on stable storage when this returns.
    void answered(Accepted message, int status, String uid, Outgoing outgoing, Sending sending) {
        var answer = answered(message.id, new StoredAnswer(status, "", uid));
        sending.answered(answer);
        underWay.remove(message.id); // from now on the ledger knows what to tell a duplicate
        CrashPoint.BEFORE_LAST_MSRP_200.visit();
        leave(outgoing);
        if (answer.isSuccess()) {
            message.reports.release();
        }
    }

    /// It has ended with the last recipient.
    void ended(Accepted message, Progress progress, Spool spool) {
        ended(message.id, message.head, progress);
        release(message.id, spool, message.recording);
    }

    /// The content goes when it is on stable storage that nobody waits for it any more; else a
    /// start after a crash would look for it (K10).
    private void release(MessageRef id, Spool spool, Recording recording) {
        Thread.ofVirtual()
                .name("release")
                .start(() -> {
                    try {
                        ledger.flush(id);
                        if (recording.awaitSettled()) {
                            spool.remove();
                        } else {
                            spool.close(); // to be recorded later
                        }
                    } catch (RuntimeException e) {
                        LOG.warn("message={} its content stays: {}", id, e.getMessage());
                        spool.close();
                    }
                });
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

    /// A report has a life of its own: what it tells of may be the end of the message's.
    long deadlineOfReport() {
        return timers.nanoTime() + policy.messageLife().toNanos();
    }

    /// Deadlines are kept by the time of day, and waited for by a clock that nobody sets (W1).
    long onOurClock(Instant deadline) {
        var left = Duration.between(clock.instant(), deadline);
        return timers.nanoTime() + left.toNanos();
    }
}
