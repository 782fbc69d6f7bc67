package org.fanfare.server;

import org.fanfare.admin.Metrics;
import org.fanfare.interworking.InterworkingFunction;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.pf.MessageStore;
import org.fanfare.pf.ParticipatingFunction;
import org.fanfare.registrations.Registrations;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.spool.SpoolStore;
import org.fanfare.wire.Leniency;
import org.fanfare.xdm.XdmFigures;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Gives names to what the parts count. Every label is from a small set (reliability C2).
final class ServerMetrics {

    private static final List<Integer> FREQUENT_REFUSALS = List.of(400, 403, 480, 486, 500, 503);

    private static final List<OutcomeKind> SETTLED =
            Stream.of(OutcomeKind.values()).filter(OutcomeKind::isFinal).toList();

    private final Metrics metrics;

    ServerMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    void bind(Ledger ledger, TransactionLayer layer, ParticipatingFunction function) {
        transport(layer);
        transactions(layer);
        service(function);
        recordings(function);
        ledger(ledger);
        metrics.counters(
                "fanfare.leniency",
                "Deviations from the standards that were taken, by name.",
                "name",
                ServerMetrics::leniencies);
    }

    private void service(ParticipatingFunction function) {
        metrics.counters(
                "fanfare.imdn",
                "Disposition notifications that came by way of us: noted and passed on, repeated,"
                        + " about nothing of ours (stray), or too many to pass on (dropped).",
                "result",
                function::notifications);
        metrics.counters(
                "fanfare.refusals",
                "Messages that were refused and sent to nobody, by status of the answer.",
                "status",
                () -> byText(FREQUENT_REFUSALS, function.figures().refusals()));
        metrics.counters(
                "fanfare.legs",
                "Recipients that are settled, by outcome.",
                "outcome",
                () -> byText(SETTLED, function.figures().legs().ended()));
        metrics.counter(
                "fanfare.legs.sent",
                "Copies sent, repeated ones included.",
                () -> function.figures().legs().sent());
        metrics.counter(
                "fanfare.legs.retries",
                "Copies sent again after a failure that may pass.",
                () -> function.figures().legs().retries());
        metrics.gauge(
                "fanfare.legs.open",
                "Copies on their way.",
                () -> function.figures().legs().open());
        metrics.gauge(
                "fanfare.legs.waiting",
                "Copies that wait for another one to their recipient.",
                () -> function.figures().legs().waiting());
        metrics.gauge(
                "fanfare.messages.open",
                "Messages whose copies are on their way.",
                () -> function.figures().legs().messages());
        metrics.counters(
                "fanfare.direct.deliveries",
                "Copies for other devices of senders, by what became of them; skipped ones are"
                        + " messages for which no other device is known.",
                "outcome",
                () -> function.directDelivery().byOutcome());
        metrics.gauges(
                "fanfare.window",
                "How many copies a next hop may have open.",
                "hop",
                () -> function.figures().legs().windows());
    }

    /// What the message store does.
    void bind(Optional<MessageStore> store) {
        Supplier<MessageStore.Figures> figures =
                () -> store.map(MessageStore::figures).orElse(MessageStore.Figures.NONE);
        metrics.counters(
                "fanfare.store.operations",
                "What was done in the message store: objects stored, found there when they were"
                        + " to be stored again, and fetched; operations that failed.",
                "outcome",
                () -> {
                    var seen = figures.get();
                    return Map.of(
                            "stored", seen.stored(),
                            "found", seen.found(),
                            "fetched", seen.fetched(),
                            "failed", seen.failed());
                });
        metrics.gauge(
                "fanfare.store.connections",
                "Connections to the message store.",
                () -> figures.get().connections());
        metrics.gauge(
                "fanfare.store.away",
                "1 while the message store is left alone because it does not answer.",
                () -> figures.get().away() ? 1 : 0);
    }

    private void recordings(ParticipatingFunction function) {
        metrics.counters(
                "fanfare.recordings",
                "Messages for the message store: recorded, recorded only after their sender had"
                        + " the answer, and given up.",
                "outcome",
                () -> {
                    var seen = function.recordings();
                    return Map.of(
                            "recorded", seen.recorded(),
                            "late", seen.late(),
                            "given-up", seen.givenUp());
                });
        metrics.gauge(
                "fanfare.recordings.waiting",
                "Messages that are still to be recorded, as far as is known here.",
                () -> function.recordings().waiting());
    }

    /// Numbers and constants as labels; some are there from the start, at 0.
    private static Map<String, Long> byText(List<?> always, Map<?, Long> counts) {
        var named = new HashMap<String, Long>();
        always.forEach(key -> named.put(key.toString().toLowerCase(Locale.ROOT), 0L));
        counts.forEach((key, count) -> named.put(key.toString().toLowerCase(Locale.ROOT), count));
        return named;
    }

    private void transport(TransactionLayer layer) {
        var seen = layer.transport().counters();
        metrics.counter(
                "fanfare.messages.received", "SIP messages that came.", seen::messagesReceived);
        metrics.counter("fanfare.messages.sent", "SIP messages that went.", seen::messagesSent);
        metrics.counter("fanfare.keepalives", "Pings and empty datagrams.", seen::keepAlives);
        metrics.counter(
                "fanfare.connections.accepted",
                "Connections that others opened.",
                seen::connectionsAccepted);
        metrics.counter(
                "fanfare.connections.opened",
                "Connections that we opened.",
                seen::connectionsOpened);
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
        metrics.counter(
                "fanfare.requests",
                "Requests that came, without retransmissions.",
                seen::requestsReceived);
        metrics.gauge(
                "fanfare.requests.open",
                "Requests that came and wait for an answer.",
                layer::openServerTransactions);
        metrics.counter(
                "fanfare.requests.sent",
                "Requests that went, without retransmissions.",
                seen::requestsSent);
        metrics.gauge(
                "fanfare.requests.sent.open",
                "Requests that went and wait for an answer.",
                layer::openClientTransactions);
        metrics.counter(
                "fanfare.retransmissions.sent",
                "Requests sent again by the timers of SIP.",
                seen::retransmissionsSent);
        metrics.counter(
                "fanfare.retransmissions.received",
                "Requests that came again and were absorbed.",
                seen::retransmissionsReceived);
        metrics.counter(
                "fanfare.requests.timeouts",
                "Requests that nobody answered.",
                seen::clientTimeouts);
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
        metrics.counter(
                "fanfare.ledger.accepted", "Messages accepted.", () -> ledger.figures().accepted());
        metrics.counter(
                "fanfare.ledger.duplicates",
                "Messages answered from an earlier one.",
                () -> ledger.figures().duplicates());
        metrics.counter(
                "fanfare.ledger.refused",
                "Messages that could not be written.",
                () -> ledger.figures().refused());
        metrics.counter(
                "fanfare.ledger.changes", "Outcomes noted.", () -> ledger.figures().changes());
        metrics.counter(
                "fanfare.ledger.writes",
                "Arrays of outcomes written.",
                () -> ledger.figures().writes());
        metrics.counter(
                "fanfare.ledger.commits",
                "Transactions, each one wait for the disk.",
                () -> ledger.figures().commits());
        metrics.counter(
                "fanfare.ledger.commit.seconds",
                "Time spent in transactions.",
                () -> ledger.figures().commitNanos() / 1e9);
        metrics.counter(
                "fanfare.ledger.fenced",
                "Ranges of recipients lost to another node.",
                () -> ledger.figures().fenced());
        metrics.counter(
                "fanfare.ledger.quarantined",
                "Ranges of recipients set aside.",
                () -> ledger.figures().quarantined());
        metrics.gauge("fanfare.ledger.held", "Messages in work.", () -> ledger.figures().held());
        metrics.gauge(
                "fanfare.ledger.waiting",
                "Messages waiting for the disk.",
                () -> ledger.figures().waiting());
        metrics.gauge(
                "fanfare.ledger.healthy",
                "1 while messages can be accepted, else 0.",
                () -> ledger.healthy() ? 1 : 0);
    }

    /// What large messages take.
    void bind(MsrpEndpoint media, SpoolStore spools) {
        var counters = media.counters();
        metrics.gauge("fanfare.msrp.sessions", "Sessions for large messages.", media::openSessions);
        metrics.gauge("fanfare.msrp.connections", "MSRP connections.", media::openConnections);
        metrics.counter(
                "fanfare.msrp.received.bytes",
                "Content of large messages from senders.",
                counters.octetsReceived::sum);
        metrics.counter(
                "fanfare.msrp.sent.bytes",
                "Content of large messages to recipients.",
                counters.octetsSent::sum);
        metrics.counter(
                "fanfare.msrp.destinations.refused",
                "Recipients that named an address where nothing is sent.",
                counters.destinationsRefused::sum);
        metrics.counter(
                "fanfare.msrp.malformed",
                "MSRP messages that could not be read.",
                counters.malformed::sum);
        metrics.gauge(
                "fanfare.spool.messages", "Large messages in work.", () -> spools.figures().open());
        metrics.gauge(
                "fanfare.spool.bytes",
                "Content of large messages in memory and on disk.",
                () -> spools.figures().octets());
        metrics.counter(
                "fanfare.spool.refused",
                "Large messages for which there was no room.",
                () -> spools.figures().full());
    }

    /// Who is registered.
    void bind(Registrations registrations) {
        metrics.gauge(
                "fanfare.registrations.devices",
                "Devices of users that the core has told of.",
                registrations::devices);
        metrics.gauge(
                "fanfare.registrations.subscriptions",
                "Subscriptions to registrations of users at the core.",
                registrations::subscriptions);
        metrics.counters(
                "fanfare.registrations.notifications",
                "What the core has notified of registrations, by what became of it: taken, or"
                        + " rejected because it is of no subscription or says nothing; failed are"
                        + " subscriptions that could not be had or kept.",
                "result",
                registrations::notifications);
    }

    /// How it goes with preferences.
    void bind(XdmFigures preferences) {
        metrics.counters(
                "fanfare.xdm.requests",
                "Requests for preferences of users, by result; skipped ones were not sent.",
                "result",
                preferences::byResult);
    }

    /// What goes to an SMSC, where the interworking function is ours.
    void bind(InterworkingFunction function) {
        var counters = function.counters();
        metrics.gauge(
                "fanfare.smsc.bound",
                "1 while there is a session with the SMSC, else 0.",
                () -> function.isBound() ? 1 : 0);
        metrics.counters(
                "fanfare.smsc.submissions",
                "Short messages, by what the SMSC said to them; later: busy or away, tried again.",
                "result",
                counters::submissions);
        metrics.counters(
                "fanfare.smsc.receipts",
                "Receipts of the SMSC by what they tell; stray: of messages that are not known"
                        + " yet.",
                "outcome",
                counters::receipts);
    }

    private static Map<String, Long> leniencies() {
        var counts = new HashMap<String, Long>();
        for (var leniency : Leniency.values()) {
            counts.put(leniency.name().toLowerCase(Locale.ROOT), leniency.count());
        }
        return counts;
    }
}
