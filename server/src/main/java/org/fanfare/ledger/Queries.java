package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads the ledger, a range at a time, so that memory does not grow with the length of a list.
final class Queries {

    private static final Logger LOG = LoggerFactory.getLogger(Queries.class);

    private static final int RANGES_AT_ONCE = 32;

    private final Engine engine;

    Queries(Engine engine) {
        this.engine = engine;
    }

    /// A range with the message that it belongs to.
    record Range(Rows.Message message, List<String> recipients, StateArray states) {}

    /// @param before a range read before: its message is not read again
    Range range(Upkeep.Claim claim, @Nullable Range before) throws SQLException {
        try (var connection = engine.reader()) {
            var message =
                    before != null && before.message().ref().equals(claim.message())
                            ? before.message()
                            : readMessage(connection, claim.message());
            return range(connection, message, claim.part());
        }
    }

    private static Range range(Connection connection, Rows.Message message, int part)
            throws SQLException {
        var ref = message.ref();
        var recipients = readRecipients(connection, ref, part);
        var states = readStates(connection, message, part);
        if (recipients.size() != states.size()) {
            throw new DamagedRecord("message %s, range %d".formatted(ref, part));
        }
        return new Range(message, recipients, states);
    }

    private static Rows.Message readMessage(Connection connection, MessageRef ref)
            throws SQLException {
        return findMessage(connection, ref)
                .orElseThrow(() -> new DamagedRecord("message %s (missing)".formatted(ref)));
    }

    private static Optional<Rows.Message> findMessage(Connection connection, MessageRef ref)
            throws SQLException {
        try (var select = connection.prepareStatement(Sql.SELECT_MESSAGE)) {
            select.setLong(1, ref.value());
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(Rows.message(row)) : Optional.empty();
            }
        }
    }

    static List<String> readRecipients(Connection connection, MessageRef ref, int part)
            throws SQLException {
        try (var select = connection.prepareStatement(Sql.SELECT_RECIPIENTS)) {
            select.setLong(1, ref.value());
            select.setInt(2, part);
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    throw new DamagedRecord(
                            "message %s, range %d (recipients missing)".formatted(ref, part));
                }
                var text = row.getBytes(2);
                if (row.getLong(1) != Checksum.of(ref.value(), part).and(text).value()) {
                    throw new DamagedRecord(
                            "message %s, range %d, recipients".formatted(ref, part));
                }
                return RecipientText.decode(text);
            }
        }
    }

    private static StateArray readStates(Connection connection, Rows.Message message, int part)
            throws SQLException {
        long ref = message.ref().value();
        try (var select = connection.prepareStatement(Sql.SELECT_STATE)) {
            select.setLong(1, ref);
            select.setInt(2, part);
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    throw new DamagedRecord(
                            "message %s, range %d (states missing)".formatted(message.ref(), part));
                }
                var states = row.getBytes(2);
                var reasons = row.getBytes(3);
                if (row.getLong(1) != Checksum.of(ref, part).and(states).and(reasons).value()) {
                    throw new DamagedRecord(
                            "message %s, range %d, states".formatted(message.ref(), part));
                }
                return StateArray.of(message.head().acceptedAt(), states, reasons);
            }
        }
    }

    /// Reads every unfinished range once.
    ///
    /// @throws DamagedRecord for the first that is not what was written
    void checkUnfinished() throws SQLException {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(Sql.SELECT_OPEN);
                var row = select.executeQuery()) {
            Rows.Message message = null;
            while (row.next()) {
                var ref = new MessageRef(row.getLong(1));
                if (message == null || !message.ref().equals(ref)) {
                    message = readMessage(connection, ref);
                }
                range(connection, message, row.getInt(2));
            }
        }
    }

    Optional<MessageSummary> message(String contributionId) throws SQLException {
        try (var connection = engine.reader()) {
            var ref = newest(connection, contributionId);
            return ref.isEmpty() ? Optional.empty() : summary(connection, ref.get());
        }
    }

    Optional<MessageSummary> message(MessageRef ref) throws SQLException {
        try (var connection = engine.reader()) {
            return summary(connection, ref);
        }
    }

    List<MessageSummary> recent(int limit) throws SQLException {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(Sql.SELECT_RECENT)) {
            select.setInt(1, limit);
            var refs = new ArrayList<MessageRef>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    refs.add(new MessageRef(row.getLong(1)));
                }
            }
            var summaries = new ArrayList<MessageSummary>();
            for (var ref : refs) {
                try {
                    summary(connection, ref).ifPresent(summaries::add);
                } catch (DamagedRecord e) {
                    LOG.warn("ledger: {}: left out", e.getMessage());
                }
            }
            return summaries;
        }
    }

    /// @param after a message accepted and answered before that does not count any more
    Optional<Acceptance.Duplicate> earlier(String originator, String contributionId, Instant after)
            throws SQLException {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(Sql.SELECT_EARLIER)) {
            select.setString(1, contributionId);
            select.setString(2, originator);
            select.setLong(3, after.toEpochMilli());
            select.setLong(4, after.toEpochMilli());
            try (var row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Acceptance.Duplicate(
                                        new MessageRef(row.getLong(1)), Rows.answer(row, 2)))
                        : Optional.empty();
            }
        }
    }

    Set<String> spools(Instant now) throws SQLException {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(Sql.SELECT_SPOOLS)) {
            select.setLong(1, now.toEpochMilli());
            try (var row = select.executeQuery()) {
                var found = new HashSet<String>();
                while (row.next()) {
                    found.add(row.getString(1));
                }
                return found;
            }
        }
    }

    /// What is to be recorded of a message; empty when that is done.
    Optional<Unrecorded> unrecorded(MessageRef ref) throws SQLException {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(Sql.SELECT_HISTORY)) {
            select.setLong(1, ref.value());
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                var head = readMessage(connection, ref).head();
                return Optional.of(new Unrecorded(ref, head, Rows.history(row, ref)));
            }
        }
    }

    private static Optional<MessageRef> newest(Connection connection, String contributionId)
            throws SQLException {
        try (var select = connection.prepareStatement(Sql.SELECT_NEWEST)) {
            select.setString(1, contributionId);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(new MessageRef(row.getLong(1))) : Optional.empty();
            }
        }
    }

    private static Optional<MessageSummary> summary(Connection connection, MessageRef ref)
            throws SQLException {
        var found = findMessage(connection, ref);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        var message = found.get();
        var head = message.head();
        var tally = new Tally();
        for (int part = 0; part < HeldMessage.parts(message.recipients()); ) {
            part += tally.add(connection, message, part);
        }
        return Optional.of(
                new MessageSummary(
                        ref,
                        head.originator(),
                        head.contributionId(),
                        head.conversationId(),
                        head.mode(),
                        message.recipients(),
                        tally.outcomes,
                        tally.failures,
                        tally.quarantined,
                        head.acceptedAt(),
                        head.deadline(),
                        message.answer()));
    }

    private static final class Tally {
        final Map<OutcomeKind, Integer> outcomes = new EnumMap<>(OutcomeKind.class);
        final SortedMap<Integer, Integer> failures = new TreeMap<>();
        int quarantined;

        Tally() {
            for (var kind : OutcomeKind.values()) {
                outcomes.put(kind, 0);
            }
        }

        int add(Connection connection, Rows.Message message, int from) throws SQLException {
            try (var select = connection.prepareStatement(Sql.SELECT_STATES)) {
                select.setLong(1, message.ref().value());
                select.setInt(2, from);
                select.setInt(3, RANGES_AT_ONCE);
                try (var row = select.executeQuery()) {
                    while (row.next()) {
                        quarantined += row.getInt(2);
                        add(
                                StateArray.of(
                                        message.head().acceptedAt(),
                                        row.getBytes(3),
                                        row.getBytes(4)));
                    }
                }
            }
            return RANGES_AT_ONCE;
        }

        private void add(StateArray states) {
            for (int i = 0; i < states.size(); i++) {
                var kind = states.kind(i);
                outcomes.merge(kind, 1, Integer::sum);
                if (kind == OutcomeKind.FAILED) {
                    failures.merge(states.sipStatus(i), 1, Integer::sum);
                }
            }
        }
    }

    Page<RecipientRow> recipients(
            String contributionId, Optional<OutcomeKind> only, int after, int limit)
            throws SQLException {
        try (var connection = engine.reader()) {
            var ref = newest(connection, contributionId);
            var message =
                    ref.isPresent()
                            ? findMessage(connection, ref.get())
                            : Optional.<Rows.Message>empty();
            return message.isPresent()
                    ? recipients(connection, message.get(), only, after, limit)
                    : new Page<>(List.of(), OptionalInt.empty());
        }
    }

    private static Page<RecipientRow> recipients(
            Connection connection,
            Rows.Message message,
            Optional<OutcomeKind> only,
            int after,
            int limit)
            throws SQLException {
        var rows = new ArrayList<RecipientRow>();
        int first = Math.max(0, after + 1);
        int parts = HeldMessage.parts(message.recipients());
        for (int part = first / Ledger.RANGE_SIZE; part < parts; part++) {
            var states = readStates(connection, message, part);
            var reported = SqlDispositions.of(connection, message.ref(), part);
            List<String> recipients = null;
            for (int i = 0; i < states.size(); i++) {
                int index = part * Ledger.RANGE_SIZE + i;
                if (index < first || (only.isPresent() && only.get() != states.kind(i))) {
                    continue;
                }
                if (rows.size() == limit) {
                    return new Page<>(rows, OptionalInt.of(rows.getLast().index()));
                }
                if (recipients == null) {
                    recipients = readRecipients(connection, message.ref(), part);
                }
                rows.add(
                        new RecipientRow(
                                index,
                                recipients.get(i),
                                states.outcome(i),
                                states.isReported(i),
                                i < reported.size() ? reported.get(i) : Set.of()));
            }
        }
        return new Page<>(rows, OptionalInt.empty());
    }
}
