package org.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;

/// The SQL of the ledger: one text for SQLite and PostgreSQL, apart from the name of two types.
///
/// A subset on purpose: insert, update and delete by key, no triggers, no sequences, no locks by
/// name. Times are milliseconds since 1970. `part` is the number of a range in its message.
final class Sql {

    /// Written by this version. A database with a higher number is refused (R4, R8).
    static final int FORMAT = 4;

    private static final String INDEX_OF_SPOOLS =
            "CREATE INDEX ledger_message_spool ON ledger_message (id) WHERE spool <> ''";

    /// Makes format 2 of format 1, which had no large messages.
    static final List<String> FROM_FORMAT_1 =
            List.of(
                    "ALTER TABLE ledger_message ADD COLUMN spool TEXT NOT NULL DEFAULT ''",
                    "ALTER TABLE ledger_message ADD COLUMN spool_length BIGINT NOT NULL DEFAULT 0",
                    "ALTER TABLE ledger_message ADD COLUMN spool_checksum BIGINT NOT NULL DEFAULT"
                            + " 0",
                    INDEX_OF_SPOOLS);

    /// What format 3 has beside the messages: submissions to other systems, and what recipients
    /// have reported.
    private static List<String> besideMessages(String octets) {
        return List.of(
                """
                CREATE TABLE ledger_submission (
                    key TEXT PRIMARY KEY,
                    parts TEXT NOT NULL,
                    names TEXT NOT NULL,
                    owed INTEGER NOT NULL,
                    about TEXT NOT NULL,
                    until BIGINT NOT NULL)
                """,
                "CREATE INDEX ledger_submission_owed ON ledger_submission (until) WHERE owed <> 0",
                "CREATE INDEX ledger_submission_until ON ledger_submission (until)",
                """
                CREATE TABLE ledger_submission_name (
                    name TEXT PRIMARY KEY,
                    submission TEXT NOT NULL,
                    until BIGINT NOT NULL)
                """,
                "CREATE INDEX ledger_submission_name_until ON ledger_submission_name (until)",
                """
                CREATE TABLE ledger_reported (
                    message BIGINT NOT NULL,
                    part INTEGER NOT NULL,
                    states %s NOT NULL,
                    PRIMARY KEY (message, part))
                """
                        .formatted(octets),
                "CREATE INDEX ledger_message_imdn ON ledger_message (imdn_message_id)");
    }

    private Sql() {}

    /// What format 4 has beside: a row for each message that is still to be recorded.
    private static String history(String octets) {
        return """
        CREATE TABLE ledger_history (
            message BIGINT PRIMARY KEY,
            owner BIGINT NOT NULL,
            until BIGINT NOT NULL,
            checksum BIGINT NOT NULL,
            object %s NOT NULL)
        """
                .formatted(octets);
    }

    /// @param octets the type of octet strings
    /// @param key the type of a 64-bit primary key
    static List<String> schema(String octets, String key) {
        var tables =
                List.of(
                        "CREATE TABLE ledger_format (version INTEGER NOT NULL)",
                        """
                        CREATE TABLE ledger_node (
                            id %s PRIMARY KEY,
                            name TEXT NOT NULL,
                            lease BIGINT NOT NULL)
                        """
                                .formatted(key),
                        """
                        CREATE TABLE ledger_message (
                            id %2$s PRIMARY KEY,
                            originator TEXT NOT NULL,
                            contribution_id TEXT NOT NULL,
                            conversation_id TEXT NOT NULL,
                            imdn_message_id TEXT NOT NULL,
                            content_hash %1$s NOT NULL,
                            mode TEXT NOT NULL,
                            accepted_at BIGINT NOT NULL,
                            deadline BIGINT NOT NULL,
                            reports_wanted INTEGER NOT NULL,
                            recipients INTEGER NOT NULL,
                            answer_status INTEGER NOT NULL,
                            answer_warning TEXT NOT NULL,
                            answer_uid TEXT NOT NULL,
                            answered_at BIGINT NOT NULL,
                            checksum BIGINT NOT NULL,
                            spool TEXT NOT NULL,
                            spool_length BIGINT NOT NULL,
                            spool_checksum BIGINT NOT NULL,
                            template %1$s NOT NULL)
                        """
                                .formatted(octets, key),
                        INDEX_OF_SPOOLS,
                        "CREATE INDEX ledger_message_contribution ON ledger_message"
                                + " (contribution_id)",
                        "CREATE INDEX ledger_message_answered ON ledger_message (answered_at)",
                        """
                        CREATE TABLE ledger_recipients (
                            message BIGINT NOT NULL,
                            part INTEGER NOT NULL,
                            checksum BIGINT NOT NULL,
                            recipients %s NOT NULL,
                            PRIMARY KEY (message, part))
                        """
                                .formatted(octets),
                        """
                        CREATE TABLE ledger_state (
                            message BIGINT NOT NULL,
                            part INTEGER NOT NULL,
                            owner BIGINT NOT NULL,
                            epoch BIGINT NOT NULL,
                            starts INTEGER NOT NULL,
                            quarantined INTEGER NOT NULL,
                            pending INTEGER NOT NULL,
                            done INTEGER NOT NULL,
                            changed_at BIGINT NOT NULL,
                            checksum BIGINT NOT NULL,
                            states %1$s NOT NULL,
                            reasons %1$s NOT NULL,
                            PRIMARY KEY (message, part))
                        """
                                .formatted(octets),
                        "CREATE INDEX ledger_state_open ON ledger_state (message, part) WHERE done"
                                + " = 0",
                        """
                        CREATE TABLE ledger_seen (
                            key %s PRIMARY KEY,
                            source BIGINT NOT NULL,
                            message BIGINT NOT NULL,
                            until BIGINT NOT NULL)
                        """
                                .formatted(octets),
                        "CREATE INDEX ledger_seen_until ON ledger_seen (until)",
                        "CREATE INDEX ledger_seen_source ON ledger_seen (source, until)",
                        history(octets),
                        "INSERT INTO ledger_format (version) VALUES (" + FORMAT + ")");
        return Stream.concat(tables.stream(), besideMessages(octets).stream()).toList();
    }

    /// Brings the tables of an earlier format to [#FORMAT]; the caller commits.
    ///
    /// @param octets the type of octet strings
    /// @return whether there was anything to do
    static boolean migrate(Connection connection, String octets) throws SQLException {
        int from;
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(SELECT_FORMAT)) {
            from = row.next() ? row.getInt(1) : FORMAT;
        }
        if (from < 1 || from >= FORMAT) {
            return false;
        }
        try (var statement = connection.createStatement()) {
            for (var sql : from == 1 ? FROM_FORMAT_1 : List.<String>of()) {
                statement.execute(sql);
            }
            for (var sql : from <= 2 ? besideMessages(octets) : List.<String>of()) {
                statement.execute(sql);
            }
            statement.execute(history(octets));
            statement.execute("UPDATE ledger_format SET version = " + FORMAT);
        }
        return true;
    }

    static final String SELECT_FORMAT = "SELECT version FROM ledger_format";

    // Nodes.

    static final String INSERT_NODE = "INSERT INTO ledger_node (id, name, lease) VALUES (?, ?, ?)";

    /// An earlier process of the same name is over; should it live after all, the epochs fence it.
    static final String RETIRE_NODES =
            "UPDATE ledger_node SET lease = 0 WHERE name = ? AND id <> ?";

    static final String RENEW_LEASE =
            "UPDATE ledger_node SET lease = ? WHERE id = ? AND lease <> 0";

    static final String DELETE_NODES = "DELETE FROM ledger_node WHERE lease < ? AND id <> ?";

    static final String DELETE_NODE = "DELETE FROM ledger_node WHERE id = ?";

    // Acceptance.

    /// One row changed: the key is new, or its time is over. None: a duplicate.
    static final String INSERT_SEEN =
            """
            INSERT INTO ledger_seen (key, source, message, until) VALUES (?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE
                SET source = excluded.source, message = excluded.message, until = excluded.until
                WHERE ledger_seen.until <= ? AND NOT EXISTS (
                    SELECT 1 FROM ledger_message m
                    WHERE m.id = ledger_seen.message AND m.answered_at = 0)
            """;

    static final String SELECT_SEEN =
            """
            SELECT s.message, m.answer_status, m.answer_warning, m.answer_uid
            FROM ledger_seen s LEFT JOIN ledger_message m ON m.id = s.message
            WHERE s.key = ?
            """;

    static final String DELETE_SEEN =
            """
            DELETE FROM ledger_seen WHERE until <= ? AND NOT EXISTS (
                SELECT 1 FROM ledger_message m
                WHERE m.id = ledger_seen.message AND m.answered_at = 0)
            """;

    static final String SELECT_GREEDY_SOURCES =
            "SELECT source, COUNT(*) FROM ledger_seen GROUP BY source HAVING COUNT(*) > ?";

    static final String DELETE_OLDEST_SEEN =
            """
            DELETE FROM ledger_seen WHERE key IN (
                SELECT key FROM ledger_seen WHERE source = ? ORDER BY until LIMIT ?)
            """;

    static final String INSERT_MESSAGE =
            """
            INSERT INTO ledger_message (id, originator, contribution_id, conversation_id,
                imdn_message_id, content_hash, mode, accepted_at, deadline, reports_wanted, recipients,
                answer_status, answer_warning, answer_uid, answered_at, checksum, spool,
                spool_length, spool_checksum, template)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '', 0, ?, ?, ?, ?, ?)
            """;

    static final String INSERT_RECIPIENTS =
            "INSERT INTO ledger_recipients (message, part, checksum, recipients) VALUES (?, ?, ?,"
                    + " ?)";

    static final String INSERT_STATE =
            """
            INSERT INTO ledger_state (message, part, owner, epoch, starts, quarantined, pending, done,
                changed_at, checksum, states, reasons)
            VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?)
            """;

    static final String INSERT_HISTORY =
            "INSERT INTO ledger_history (message, owner, until, checksum, object) VALUES (?, ?, ?,"
                    + " ?, ?)";

    // Work. Progress clears the count of starts (R5).

    static final String UPDATE_STATE =
            """
            UPDATE ledger_state SET states = ?, reasons = ?, checksum = ?, pending = ?, done = ?,
                changed_at = ?, starts = 0
            WHERE message = ? AND part = ? AND epoch = ?
            """;

    static final String UPDATE_ANSWER =
            """
            UPDATE ledger_message
            SET answer_status = ?, answer_warning = ?, answer_uid = ?, answered_at = ?
            WHERE id = ? AND answered_at = 0
            """;

    // Taking over.

    static final String SELECT_ABANDONED =
            """
            SELECT s.message, s.part, s.epoch, s.starts FROM ledger_state s
            WHERE s.done = 0 AND s.quarantined = 0 AND s.owner <> ? AND NOT EXISTS (
                SELECT 1 FROM ledger_node n WHERE n.id = s.owner AND n.lease > ?)
            ORDER BY s.message, s.part LIMIT ?
            """;

    static final String SELECT_OWN =
            """
            SELECT message, part, epoch, starts FROM ledger_state
            WHERE done = 0 AND quarantined = 0 AND owner = ? ORDER BY message, part
            """;

    static final String CLAIM =
            """
            UPDATE ledger_state SET owner = ?, epoch = epoch + 1, starts = starts + 1
            WHERE message = ? AND part = ? AND epoch = ? AND quarantined = 0
            """;

    static final String QUARANTINE =
            """
            UPDATE ledger_state SET owner = 0, epoch = epoch + 1, quarantined = 1
            WHERE message = ? AND part = ? AND epoch = ?
            """;

    /// A start of -1 says that the next one is to drop it.
    static final String END_QUARANTINE =
            """
            UPDATE ledger_state SET quarantined = 0, starts = ? WHERE message = ? AND quarantined = 1
            """;

    /// A node that leaves in good order has not been ended by anything that it worked on.
    static final String RELEASE =
            """
            UPDATE ledger_state
            SET owner = 0, starts = CASE WHEN starts > 0 THEN starts - 1 ELSE 0 END
            WHERE done = 0 AND owner = ?
            """;

    static final String RELEASE_RANGE =
            """
            UPDATE ledger_state
            SET owner = 0, starts = CASE WHEN starts > 0 THEN starts - 1 ELSE 0 END
            WHERE message = ? AND part = ? AND done = 0 AND owner = ?
            """;

    // History.

    static final String SELECT_UNRECORDED =
            """
            SELECT h.message, h.owner FROM ledger_history h
            WHERE h.message > ? AND (h.owner = ? OR NOT EXISTS (
                SELECT 1 FROM ledger_node n WHERE n.id = h.owner AND n.lease > ?))
            ORDER BY h.message LIMIT ?
            """;

    static final String CLAIM_HISTORY =
            "UPDATE ledger_history SET owner = ? WHERE message = ? AND owner = ?";

    static final String SELECT_HISTORY =
            "SELECT until, checksum, object FROM ledger_history WHERE message = ?";

    static final String DELETE_HISTORY = "DELETE FROM ledger_history WHERE message = ?";

    static final String RELEASE_HISTORY = "UPDATE ledger_history SET owner = 0 WHERE owner = ?";

    // Queries.

    static final String SELECT_EARLIER =
            """
            SELECT id, answer_status, answer_warning, answer_uid FROM ledger_message
            WHERE contribution_id = ? AND originator = ?
                AND (answered_at = 0 OR answered_at > ? OR accepted_at > ?)
            ORDER BY id DESC LIMIT 1
            """;

    static final String SELECT_SPOOLS =
            """
            SELECT m.spool FROM ledger_message m
            WHERE m.spool <> '' AND (
                EXISTS (SELECT 1 FROM ledger_state s WHERE s.message = m.id AND s.pending > 0)
                OR EXISTS (SELECT 1 FROM ledger_history h WHERE h.message = m.id AND h.until > ?))
            """;

    private static final String MESSAGE_COLUMNS =
            """
            id, originator, contribution_id, conversation_id, imdn_message_id, content_hash, mode,
            accepted_at, deadline, reports_wanted, recipients, answer_status, answer_warning,
            answer_uid, checksum, spool, spool_length, spool_checksum, template
            """;

    static final String SELECT_MESSAGE =
            "SELECT " + MESSAGE_COLUMNS + " FROM ledger_message WHERE id = ?";

    static final String SELECT_NEWEST =
            "SELECT id FROM ledger_message WHERE contribution_id = ? ORDER BY id DESC LIMIT 1";

    static final String SELECT_RECENT = "SELECT id FROM ledger_message ORDER BY id DESC LIMIT ?";

    static final String SELECT_STATE =
            """
            SELECT checksum, states, reasons
            FROM ledger_state WHERE message = ? AND part = ?
            """;

    static final String SELECT_STATES =
            """
            SELECT part, quarantined, states, reasons
            FROM ledger_state WHERE message = ? AND part >= ? ORDER BY part LIMIT ?
            """;

    static final String SELECT_RECIPIENTS =
            "SELECT checksum, recipients FROM ledger_recipients WHERE message = ? AND part = ?";

    static final String SELECT_OPEN =
            """
            SELECT message, part FROM ledger_state
            WHERE done = 0 AND quarantined = 0 ORDER BY message, part
            """;

    // Retention.

    /// Ended before a time: answered, nothing pending, nothing changed since. Reports that were
    /// never sent, and what is in quarantine, keep a message until its deadline is as long ago; and
    /// one that is not recorded stays until that is given up.
    static final String SELECT_ENDED =
            """
            SELECT m.id, m.recipients FROM ledger_message m
            WHERE m.answered_at < ? AND NOT EXISTS (
                SELECT 1 FROM ledger_state s
                WHERE s.message = m.id AND (
                    s.changed_at >= ?
                    OR s.pending > 0 AND s.quarantined = 0
                    OR s.done = 0 AND m.deadline >= ?))
                AND NOT EXISTS (
                    SELECT 1 FROM ledger_history h WHERE h.message = m.id AND h.until >= ?)
            ORDER BY m.answered_at LIMIT ?
            """;

    static final List<String> DELETE_MESSAGE =
            List.of(
                    "DELETE FROM ledger_state WHERE message = ?",
                    "DELETE FROM ledger_reported WHERE message = ?",
                    "DELETE FROM ledger_recipients WHERE message = ?",
                    DELETE_HISTORY,
                    "DELETE FROM ledger_message WHERE id = ?");
}
