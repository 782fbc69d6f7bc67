package org.fanfare.interworking;

import org.fanfare.imdn.DispositionNotification;
import org.fanfare.imdn.Imdn;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.Submission;
import org.fanfare.ledger.Submission.State;
import org.fanfare.ledger.Submissions;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// What the senders of texts are still to be told: owed in the ledger from the change on that is to
/// be told, until the notification of it has been taken.
///
/// @param writing who holds it alone changes what is in the ledger
record OwedReports(
        Submissions submissions, Report.Sender sender, InstantSource clock, Object writing) {

    private static final Logger LOG = LoggerFactory.getLogger(OwedReports.class);

    private static final int AT_ONCE = 1_000;

    // As bits of Submission#owed.
    private static final int INTERWORKED = 1;
    private static final int DELIVERED = 2;
    private static final int FAILED = 4;

    /// Those that a stop or a crash has left over (K11).
    void resume() {
        try {
            submissions.owing(AT_ONCE).forEach(s -> send(s, s.owed()));
        } catch (LedgerUnavailable e) {
            LOG.warn("event=reports-left-over reason=\"{}\"", e.getMessage());
        }
    }

    /// With what is to be reported now and was not before: at most one of a kind (RFC 5438 7.2.1).
    static Submission noted(Submission before, Submission after) {
        var about = ReportRequest.parse(after.about());
        int owed = before.owed();
        if (isTaken(after)
                && !isTaken(before)
                && about.wants(DispositionNotification.INTERWORKING)) {
            owed |= INTERWORKED;
        }
        if (isDelivered(after)
                && !isDelivered(before)
                && about.wants(DispositionNotification.POSITIVE_DELIVERY)) {
            owed |= DELIVERED;
        }
        if (after.hasAny(State.UNDELIVERED)
                && !before.hasAny(State.UNDELIVERED)
                && about.wants(DispositionNotification.NEGATIVE_DELIVERY)) {
            owed |= FAILED;
        }
        return after.withOwed(owed);
    }

    private static boolean isTaken(Submission submission) {
        return submission.parts().stream()
                .allMatch(p ->
                        switch (p.state()) {
                            case TAKEN, DELIVERED, UNDELIVERED -> true;
                            case WAITING, UNKNOWN, REFUSED -> false;
                        });
    }

    private static boolean isDelivered(Submission submission) {
        return submission.parts().stream().allMatch(p -> p.state() == State.DELIVERED);
    }

    /// Returns at once.
    ///
    /// @param owed which of them
    void send(Submission submission, int owed) {
        for (int one : List.of(INTERWORKED, DELIVERED, FAILED)) {
            if ((owed & one) != 0) {
                sendOne(submission, one);
            }
        }
    }

    private void sendOne(Submission submission, int one) {
        var about = ReportRequest.parse(submission.about());
        var imdn =
                switch (one) {
                    case INTERWORKED -> about.imdn(Imdn.Kind.INTERWORKING, Imdn.Status.LEGACY_SMS);
                    case DELIVERED -> about.imdn(Imdn.Kind.DELIVERY, Imdn.Status.DELIVERED);
                    default -> about.imdn(Imdn.Kind.DELIVERY, Imdn.Status.FAILED);
                };
        var name = (submission.key() + " " + one).getBytes(StandardCharsets.UTF_8);
        sender.send(
                Report.of(Octets.of(Sha256.of(name), 0, 16), about, imdn, clock.instant()),
                () -> sent(submission.key(), one));
    }

    private void sent(String key, int one) {
        try {
            synchronized (writing) {
                var current = submissions.find(key);
                current.ifPresent(s -> submissions.put(s.withOwed(s.owed() & ~one)));
            }
        } catch (LedgerUnavailable e) {
            LOG.warn(
                    "event=report-not-noted reason=\"{}\"", e.getMessage()); // sent again, the same
        }
    }
}
