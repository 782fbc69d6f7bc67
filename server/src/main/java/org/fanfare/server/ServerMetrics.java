package org.fanfare.server;

import org.fanfare.admin.Metrics;
import org.fanfare.ledger.Ledger;
import org.fanfare.pf.ParticipatingFunction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.wire.Leniency;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// Gives names to what the parts count. Every label is from a small set (reliability C2).
final class ServerMetrics {

    private final Metrics metrics;

    ServerMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    void bind(Ledger ledger, TransactionLayer layer, ParticipatingFunction function) {
        transport(layer);
        transactions(layer);
        ledger(ledger);
        metrics.counters(
                "fanfare.leniency",
                "Deviations from the standards that were taken, by name.",
                "name",
                ServerMetrics::leniencies);
    }

    private void transport(TransactionLayer layer) {
        var seen = layer.transport().counters();
        metrics.counter("fanfare.messages.received", "SIP messages.", seen::messagesReceived);
        metrics.counter("fanfare.messages.sent", "SIP messages.", seen::messagesSent);
        metrics.counter("fanfare.keepalives", "Pings and empty datagrams.", seen::keepAlives);
        metrics.counter(
                "fanfare.connections.accepted", "Connections to us.", seen::connectionsAccepted);
        metrics.counter(
                "fanfare.connections.opened", "Connections of ours.", seen::connectionsOpened);
        metrics.counters(
                "fanfare.transport.drops",
                "What the transports threw away, by reason.",
                "reason",
                () ->
                        Map.of(
                                "malformed", seen.malformed(),
                                "connection-limit", seen.connectionsRefused(),
                                "overdue", seen.connectionsOverdue(),
                                "send-queue-full", seen.sendQueuesFull()));
    }

    private void transactions(TransactionLayer layer) {
        var seen = layer.counters();
        metrics.counter("fanfare.requests", "New requests.", seen::requestsReceived);
        metrics.gauge("fanfare.requests.open", "Without an answer.", layer::openServerTransactions);
        metrics.counter("fanfare.requests.sent", "Requests of ours.", seen::requestsSent);
        metrics.gauge(
                "fanfare.requests.sent.open", "Without an answer.", layer::openClientTransactions);
        metrics.counter(
                "fanfare.retransmissions.sent", "By the timers.", seen::retransmissionsSent);
        metrics.counter(
                "fanfare.retransmissions.received", "Absorbed.", seen::retransmissionsReceived);
        metrics.counter(
                "fanfare.requests.timeouts", "Of ours that nobody answered.", seen::clientTimeouts);
        metrics.counters(
                "fanfare.transaction.drops",
                "What the transactions threw away, by reason.",
                "reason",
                () ->
                        Map.of(
                                "unmatched-response", seen.unmatchedResponses(),
                                "stray-ack", seen.strayAcks(),
                                "stray-cancel", seen.strayCancels(),
                                "merged", seen.mergedRequests(),
                                "malformed", seen.malformed(),
                                "overload", seen.overload(),
                                "late-answer", seen.lateAnswers(),
                                "too-large-answer", seen.tooLargeAnswers()));
    }

    private void ledger(Ledger ledger) {
        metrics.counter("fanfare.ledger.accepted", "Messages.", () -> ledger.figures().accepted());
        metrics.counter(
                "fanfare.ledger.duplicates",
                "Messages answered from an earlier one.",
                () -> ledger.figures().duplicates());
        metrics.counter(
                "fanfare.ledger.refused",
                "Messages that could not be written.",
                () -> ledger.figures().refused());
        metrics.counter("fanfare.ledger.changes", "Outcomes.", () -> ledger.figures().changes());
        metrics.counter("fanfare.ledger.writes", "Packed arrays.", () -> ledger.figures().writes());
        metrics.counter(
                "fanfare.ledger.commits", "Waits for the disk.", () -> ledger.figures().commits());
        metrics.counter(
                "fanfare.ledger.fenced",
                "Ranges lost to another node.",
                () -> ledger.figures().fenced());
        metrics.counter(
                "fanfare.ledger.quarantined",
                "Ranges set aside.",
                () -> ledger.figures().quarantined());
        metrics.gauge("fanfare.ledger.held", "Messages in work.", () -> ledger.figures().held());
        metrics.gauge(
                "fanfare.ledger.waiting",
                "Messages waiting for the disk.",
                () -> ledger.figures().waiting());
        metrics.gauge("fanfare.ledger.healthy", "1 or 0.", () -> ledger.healthy() ? 1 : 0);
    }

    private static Map<String, Long> leniencies() {
        var counts = new HashMap<String, Long>();
        for (var leniency : Leniency.values()) {
            counts.put(leniency.name().toLowerCase(Locale.ROOT), leniency.count());
        }
        return counts;
    }
}
