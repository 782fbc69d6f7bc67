package org.fanfare.ledger;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// A message as status queries see it; as durable at the time of the query.
///
/// @param outcomes number of recipients by kind, every kind present
/// @param failures number of failed recipients by SIP status, 0 for those without a response
/// @param quarantined ranges set aside because work on them ended the process several times, or
///   because they are damaged
public record MessageSummary(
        MessageRef message,
        String originator,
        String contributionId,
        String conversationId,
        String mode,
        int recipients,
        Map<OutcomeKind, Integer> outcomes,
        SortedMap<Integer, Integer> failures,
        int quarantined,
        Instant acceptedAt,
        Instant deadline,
        Optional<StoredAnswer> answer) {

    public int count(OutcomeKind kind) {
        return outcomes.getOrDefault(kind, 0);
    }
}
