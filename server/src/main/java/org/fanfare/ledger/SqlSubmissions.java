package org.fanfare.ledger;

import org.fanfare.ledger.Submission.Part;
import org.fanfare.ledger.Submission.State;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The submissions in the database of the ledger.
final class SqlSubmissions implements Submissions {

    private static final String COLUMNS =
            "SELECT s.key, s.parts, s.names, s.owed, s.about, s.until";

    private static final String FIND = COLUMNS + " FROM ledger_submission s WHERE s.key = ?";

    private static final String NAMED =
            COLUMNS
                    + """
                     FROM ledger_submission_name n JOIN ledger_submission s ON s.key = n.submission
                    WHERE n.name = ?
                    """;

    private static final String OWING =
            COLUMNS + " FROM ledger_submission s WHERE s.owed <> 0 ORDER BY s.until LIMIT ?";

    private static final String PUT =
            """
            INSERT INTO ledger_submission (key, parts, names, owed, about, until)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET parts = excluded.parts, names = excluded.names,
                owed = excluded.owed, about = excluded.about, until = excluded.until
            """;

    private static final String PUT_NAME =
            """
            INSERT INTO ledger_submission_name (name, submission, until) VALUES (?, ?, ?)
            ON CONFLICT (name) DO UPDATE
                SET submission = excluded.submission, until = excluded.until
            """;

    private static final List<String> REMOVE =
            List.of(
                    "DELETE FROM ledger_submission_name WHERE until < ?",
                    "DELETE FROM ledger_submission WHERE until < ?");

    private static final String BETWEEN_NAMES = "\n";

    private final Engine engine;
    private final Lanes lanes;

    SqlSubmissions(Engine engine, Lanes lanes) {
        this.engine = engine;
        this.lanes = lanes;
    }

    @Override
    public Optional<Submission> find(String key) {
        return one(FIND, key);
    }

    @Override
    public Optional<Submission> named(String name) {
        return one(NAMED, name);
    }

    private Optional<Submission> one(String sql, String value) {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(sql)) {
            select.setString(1, value);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        } catch (SQLException | DamagedRecord e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<Submission> owing(int max) {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(OWING)) {
            select.setInt(1, max);
            try (var row = select.executeQuery()) {
                var found = new ArrayList<Submission>();
                while (row.next()) {
                    found.add(read(row));
                }
                return found;
            }
        } catch (SQLException | DamagedRecord e) {
            throw unavailable(e);
        }
    }

    private static LedgerUnavailable unavailable(Exception e) {
        return new LedgerUnavailable("ledger: " + e.getMessage(), e);
    }

    private static Submission read(ResultSet row) throws SQLException {
        var states = row.getString(2);
        var names = row.getString(3).split(BETWEEN_NAMES, -1);
        if (names.length != states.length()) {
            throw new DamagedRecord("submission " + row.getString(1));
        }
        var parts = new ArrayList<Part>();
        for (int i = 0; i < names.length; i++) {
            parts.add(new Part(State.of(states.charAt(i)), names[i]));
        }
        return new Submission(
                row.getString(1),
                parts,
                row.getInt(4),
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)));
    }

    @Override
    public void put(Submission submission) {
        lanes.perform(connection -> put(connection, submission));
    }

    private static boolean put(Connection connection, Submission submission) throws SQLException {
        long until = submission.until().toEpochMilli();
        try (var put = connection.prepareStatement(PUT);
                var putName = connection.prepareStatement(PUT_NAME)) {
            put.setString(1, submission.key());
            put.setString(2, states(submission));
            put.setString(3, names(submission));
            put.setInt(4, submission.owed());
            put.setString(5, submission.about());
            put.setLong(6, until);
            put.executeUpdate();
            for (var part : submission.parts()) {
                if (!part.name().isEmpty()) {
                    putName.setString(1, part.name());
                    putName.setString(2, submission.key());
                    putName.setLong(3, until);
                    putName.executeUpdate();
                }
            }
        }
        return true;
    }

    private static String states(Submission submission) {
        return submission.parts().stream()
                .map(part -> String.valueOf(part.state().code()))
                .collect(Collectors.joining());
    }

    private static String names(Submission submission) {
        return submission.parts().stream()
                .map(Part::name)
                .collect(Collectors.joining(BETWEEN_NAMES));
    }

    @Override
    public int removeUntil(Instant now) {
        return lanes.perform(connection -> {
            int removed = 0;
            for (var sql : REMOVE) {
                try (var remove = connection.prepareStatement(sql)) {
                    remove.setLong(1, now.toEpochMilli());
                    removed = remove.executeUpdate();
                }
            }
            return removed;
        });
    }
}
