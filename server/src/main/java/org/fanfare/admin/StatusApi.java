package org.fanfare.admin;

import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.MessageSummary;
import org.fanfare.ledger.Outcome;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.ledger.RecipientRow;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What became of messages and of each recipient: `/v1/messages` and below.
final class StatusApi {

    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;

    private final Ledger ledger;

    StatusApi(Ledger ledger) {
        this.ledger = ledger;
    }

    /// The newest messages.
    HttpResponse recent(Map<String, String> parameters) throws HttpRefusal {
        checkKnown(parameters, Set.of("limit"));
        var messages = ledger.recent(limit(parameters));
        return HttpResponse.json(
                200, Json.object(json -> json.list("messages", messages, StatusApi::write)));
    }

    HttpResponse message(String contributionId, Map<String, String> parameters) throws HttpRefusal {
        checkKnown(parameters, Set.of());
        var message = find(contributionId);
        return HttpResponse.json(200, Json.object(json -> write(json, message)));
    }

    /// Recipients in the order of the list, those of one outcome or all.
    HttpResponse recipients(String contributionId, Map<String, String> parameters)
            throws HttpRefusal {
        checkKnown(parameters, Set.of("outcome", "after", "limit"));
        var only = outcome(parameters);
        var after = number(parameters, "after", -1, -1, Integer.MAX_VALUE);
        var limit = limit(parameters);
        var message = find(contributionId);
        var page = ledger.recipients(contributionId, only, after, limit);
        var next = page.next().isPresent() ? (Integer) page.next().getAsInt() : null;
        return HttpResponse.json(
                200,
                Json.object(json ->
                        json.text("contributionId", message.contributionId())
                                .list(
                                        "recipients",
                                        page.rows(),
                                        (row, recipient) -> write(row, message, recipient))
                                .number("next", next)));
    }

    /// Ends the quarantine of a message (reliability R5).
    HttpResponse endQuarantine(String contributionId, Map<String, String> parameters)
            throws HttpRefusal {
        checkKnown(parameters, Set.of("action"));
        var action = parameters.getOrDefault("action", "");
        if (!Set.of("release", "drop").contains(action)) {
            throw new HttpRefusal(400, "action: expected release or drop, found " + action);
        }
        var ranges = ledger.release(find(contributionId).message(), action.equals("drop"));
        return HttpResponse.json(200, Json.object(json -> json.number("ranges", ranges)));
    }

    private MessageSummary find(String contributionId) throws HttpRefusal {
        return ledger.message(contributionId)
                .orElseThrow(() ->
                        new HttpRefusal(
                                404, "no message has the Contribution-ID " + contributionId));
    }

    private static void write(Json json, MessageSummary message) {
        json.text("contributionId", message.contributionId())
                .text("originator", message.originator())
                .text("mode", message.mode())
                .number("recipients", message.recipients())
                .object("outcomes", outcomes -> writeOutcomes(outcomes, message));
        if (message.quarantined() > 0) {
            json.number("quarantined", message.quarantined());
        }
    }

    private static void writeOutcomes(Json json, MessageSummary message) {
        for (var kind : OutcomeKind.values()) {
            json.number(nameOf(kind), message.count(kind));
        }
    }

    private static void write(Json json, MessageSummary message, RecipientRow row) {
        var outcome = row.outcome();
        json.text("uri", row.uri())
                .text("outcome", nameOf(outcome.kind()))
                .number(
                        "sipStatus",
                        outcome.sipStatus() == 0 ? null : (Integer) outcome.sipStatus())
                .text("reason", outcome.reason().isEmpty() ? null : outcome.reason())
                .time("accepted", message.acceptedAt())
                .time("ended", endOf(outcome))
                .number("attempts", outcome.attempts())
                .list(
                        "imdn",
                        row.dispositions().stream().sorted().toList(),
                        (imdn, disposition) -> imdn.text("state", disposition.toString()));
    }

    private static @Nullable Instant endOf(Outcome outcome) {
        return outcome.kind().isFinal() ? outcome.at() : null;
    }

    private static Optional<OutcomeKind> outcome(Map<String, String> parameters)
            throws HttpRefusal {
        var name = parameters.get("outcome");
        if (name == null) {
            return Optional.empty();
        }
        for (var kind : OutcomeKind.values()) {
            if (nameOf(kind).equals(name)) {
                return Optional.of(kind);
            }
        }
        throw new HttpRefusal(
                400,
                "outcome: expected one of %s, found %s"
                        .formatted(
                                Arrays.stream(OutcomeKind.values())
                                        .map(StatusApi::nameOf)
                                        .collect(Collectors.joining(", ")),
                                name));
    }

    private static String nameOf(OutcomeKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static int limit(Map<String, String> parameters) throws HttpRefusal {
        return number(parameters, "limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    }

    private static int number(
            Map<String, String> parameters, String name, int otherwise, int least, int most)
            throws HttpRefusal {
        var text = parameters.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw new HttpRefusal(
                400,
                "%s: expected a number from %d to %d, found %s".formatted(name, least, most, text));
    }

    private static void checkKnown(Map<String, String> parameters, Set<String> known)
            throws HttpRefusal {
        for (var name : parameters.keySet()) {
            if (!known.contains(name)) {
                throw new HttpRefusal(400, "there is no parameter " + name);
            }
        }
    }
}
