package org.fanfare.pf;

import org.fanfare.interworking.Report;
import org.fanfare.pf.fanout.Distribution;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.sip.transaction.Timers;

import java.time.Duration;
import java.util.List;

/// Sends notifications of others by the core, with the retries of any leg.
record ReportMessages(FanOut fanOut, Timers timers) implements Report.Sender {

    /// Nobody waits longer for one; it is sent again after the next start.
    private static final Duration LIFE = Duration.ofHours(24);

    @Override
    public void send(Report report, Runnable ended) {
        var request =
                NotificationRequest.of(
                        report.key().toByteArray(),
                        report.from(),
                        report.conversationId(),
                        report.cpim());
        fanOut.start(
                new Distribution(
                                "report",
                                request,
                                Distribution.Recipients.all(List.of(report.to().toString())),
                                timers.nanoTime() + LIFE.toNanos(),
                                (_, _, _, _) -> Thread.ofVirtual().name("reported").start(ended))
                        .byTheCoreAlone()
                        .interworkingIf(() -> false));
    }
}
