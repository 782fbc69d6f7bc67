package org.fanfare.interworking;

import org.fanfare.imdn.DispositionNotification;
import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.Submission;
import org.fanfare.ledger.Submission.Part;
import org.fanfare.ledger.Submission.State;
import org.fanfare.ledger.Submissions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// Texts out as short messages, receipts back; what is told of it is the affair of [OwedReports].
///
/// Every part is noted as unknown before it is submitted: one whose fate is not known afterwards,
/// because the connection broke or this process did, is never submitted again (K12). What the SMSC
/// did not take may be asked for again, and then only the missing parts go.
final class ShortMessageService {

    private static final Logger LOG = LoggerFactory.getLogger(ShortMessageService.class);

    /// Longer than a message lives here or an SMSC tries.
    private static final Duration REMEMBERED = Duration.ofDays(3);

    private static final int MOST_EARLY = 10_000;

    /// One text for one recipient.
    ///
    /// @param key the same when the same comes again
    record Text(
            String key,
            SmsAddress from,
            SmsAddress to,
            List<ShortMessage> parts,
            ReportRequest about) {}

    private final Submissions submissions;
    private final Submitting smsc;
    private final OwedReports reports;
    private final InstantSource clock;
    private final SmsCounters counters;
    private final Set<String> inWork = Collections.synchronizedSet(new HashSet<>());
    private final Object writing = new Object();

    /// Receipts that came before the response which names the message, oldest first.
    private final Map<String, Receipt.Outcome> early = new LinkedHashMap<>();

    ShortMessageService(
            Submissions submissions,
            Submitting smsc,
            Report.Sender reports,
            InstantSource clock,
            SmsCounters counters) {
        this.submissions = submissions;
        this.smsc = smsc;
        this.reports = new OwedReports(submissions, reports, clock, writing);
        this.clock = clock;
        this.counters = counters;
    }

    /// What is to be answered about a text.
    ///
    /// @param retryAfter seconds, 0 for none
    record Answer(int status, String reason, int retryAfter) {

        static Answer later(String reason, int seconds) {
            return new Answer(503, reason, seconds);
        }
    }

    /// Reports that a stop or a crash has left over (K11).
    void resume() {
        reports.resume();
    }

    /// Submits what is not submitted yet, and returns when the SMSC has answered for all of it.
    Answer send(Text text) throws InterruptedException {
        if (!inWork.add(text.key)) {
            return Answer.later("under way", 10);
        }
        try {
            var before = claimed(text);
            if (before.hasAny(State.WAITING)) {
                CrashPoint.BEFORE_SUBMISSION.visit();
                return answer(noted(text.key, submitted(text, before)));
            }
            return answer(new Noted(before, null));
        } catch (LedgerUnavailable e) {
            LOG.warn("event=sms-not-noted reason=\"{}\"", e.getMessage());
            return Answer.later("not stored", 30);
        } finally {
            inWork.remove(text.key);
        }
    }

    /// As it was before, with what was waiting on stable storage as unknown.
    private Submission claimed(Text text) {
        synchronized (writing) {
            var before =
                    submissions
                            .find(text.key)
                            .filter(s -> s.parts().size() == text.parts.size())
                            .orElseGet(() -> fresh(text));
            if (before.hasAny(State.WAITING) && !before.hasAny(State.UNKNOWN)) {
                submissions.put(
                        before.withParts(
                                before.parts().stream()
                                        .map(p -> p.state() == State.WAITING ? UNKNOWN : p)
                                        .toList()));
                return before;
            }
            return before.hasAny(State.UNKNOWN) ? withoutWaiting(before) : before;
        }
    }

    private static final Part UNKNOWN = new Part(State.UNKNOWN, "");

    /// A text of which a part may be lost is not completed any more.
    private static Submission withoutWaiting(Submission before) {
        return before.withParts(
                before.parts().stream()
                        .map(p -> p.state() == State.WAITING ? UNKNOWN : p)
                        .toList());
    }

    private Submission fresh(Text text) {
        return new Submission(
                text.key,
                Collections.nCopies(text.parts.size(), Part.WAITING),
                0,
                text.about.toText(),
                clock.instant().plus(REMEMBERED));
    }

    /// The parts that waited, all at once.
    private AtomicReferenceArray<@Nullable Submitted> submitted(Text text, Submission before)
            throws InterruptedException {
        var results = new AtomicReferenceArray<@Nullable Submitted>(text.parts.size());
        var waiting = new ArrayList<Integer>();
        for (int i = 0; i < text.parts.size(); i++) {
            if (before.parts().get(i).state() == State.WAITING) {
                waiting.add(i);
            }
        }
        var done = new CountDownLatch(waiting.size());
        for (int i : waiting) {
            Thread.ofVirtual()
                    .name("sms")
                    .start(() -> {
                        try {
                            results.set(i, submit(text, i));
                        } finally {
                            done.countDown();
                        }
                    });
        }
        done.await();
        CrashPoint.AFTER_SUBMISSION.visit();
        return results;
    }

    private Submitted submit(Text text, int part) {
        boolean receipt =
                text.about.wants(DispositionNotification.POSITIVE_DELIVERY)
                        || text.about.wants(DispositionNotification.NEGATIVE_DELIVERY);
        try {
            var result = smsc.submit(text.from, text.to, text.parts.get(part), receipt);
            counters.submitted(result);
            return result;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Submitted.Later("stopping");
        } catch (RuntimeException e) {
            LOG.error("event=sms-fault", e);
            return new Submitted.Unknown("a fault of ours");
        }
    }

    /// What is known now, on stable storage.
    ///
    /// @param worst what spoke against one of the parts; nothing when nothing did
    private record Noted(Submission submission, @Nullable Submitted worst) {}

    private Noted noted(String key, AtomicReferenceArray<@Nullable Submitted> results) {
        Submission after;
        int owed;
        Submitted worst = null;
        synchronized (writing) {
            var current = submissions.find(key).orElseThrow();
            var parts = new ArrayList<>(current.parts());
            for (int i = 0; i < results.length(); i++) {
                var result = results.get(i);
                if (result != null) {
                    parts.set(i, part(result));
                    worst = worse(worst, result);
                }
            }
            after = OwedReports.noted(current, current.withParts(parts));
            owed = after.owed() & ~current.owed();
            submissions.put(after);
        }
        reports.send(after, owed);
        return new Noted(after, worst);
    }

    private Part part(Submitted result) {
        return switch (result) {
            case Submitted.Taken(var id) -> taken(Receipt.name(id));
            case Submitted.Refused _ -> new Part(State.REFUSED, "");
            case Submitted.Later _ -> Part.WAITING;
            case Submitted.Unknown _ -> UNKNOWN;
        };
    }

    private Part taken(String name) {
        var outcome = early.remove(name);
        return new Part(outcome == null ? State.TAKEN : state(outcome), name);
    }

    private static State state(Receipt.Outcome outcome) {
        return switch (outcome) {
            case DELIVERED -> State.DELIVERED;
            case UNDELIVERED -> State.UNDELIVERED;
        };
    }

    private static @Nullable Submitted worse(@Nullable Submitted one, Submitted other) {
        return one == null || badness(other) > badness(one) ? other : one;
    }

    private static int badness(Submitted result) {
        return switch (result) {
            case Submitted.Taken _ -> 0;
            case Submitted.Later _ -> 1;
            case Submitted.Refused _ -> 2;
            case Submitted.Unknown _ -> 3;
        };
    }

    /// Whoever asks has an answer for the whole text: a part that is unknown makes it unknown, and
    /// one that is refused makes it refused.
    private static Answer answer(Noted noted) {
        var parts = noted.submission;
        if (parts.hasAny(State.UNKNOWN)) {
            return new Answer(502, "SMSC outcome unknown", 0);
        }
        if (parts.hasAny(State.REFUSED)) {
            return noted.worst instanceof Submitted.Refused(var status)
                    ? new Answer(SmsStatus.sip(status), "SMSC refused 0x%x".formatted(status), 0)
                    : new Answer(403, "SMSC refused", 0);
        }
        if (parts.hasAny(State.WAITING)) {
            return noted.worst instanceof Submitted.Later(var reason)
                    ? Answer.later(reason, 5)
                    : Answer.later("not submitted", 5);
        }
        return new Answer(202, "Accepted", 0); // the SMSC has it, the phone not yet
    }

    /// The SMSC tells what became of a short message.
    ///
    /// @throws LedgerUnavailable when it cannot be noted now
    void received(Receipt receipt) {
        if (receipt.outcome().isEmpty()) {
            return; // still on its way
        }
        var outcome = receipt.outcome().get();
        Submission after;
        int owed;
        synchronized (writing) {
            var found = submissions.named(receipt.id());
            if (found.isEmpty()) {
                keepEarly(receipt.id(), outcome);
                return;
            }
            var before = found.get();
            after = OwedReports.noted(before, withOutcome(before, receipt.id(), outcome));
            if (after.equals(before)) {
                return; // told twice (N8)
            }
            owed = after.owed() & ~before.owed();
            submissions.put(after);
        }
        counters.receipt(outcome);
        reports.send(after, owed);
    }

    private void keepEarly(String id, Receipt.Outcome outcome) {
        counters.strayReceipt();
        early.put(id, outcome);
        if (early.size() > MOST_EARLY) {
            early.remove(early.keySet().iterator().next());
        }
    }

    /// The first word counts.
    private static Submission withOutcome(Submission before, String id, Receipt.Outcome outcome) {
        return before.withParts(
                before.parts().stream()
                        .map(p ->
                                p.name().equals(id) && p.state() == State.TAKEN
                                        ? new Part(state(outcome), id)
                                        : p)
                        .toList());
    }
}
