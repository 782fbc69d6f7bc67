package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// The reports in the database of the ledger, an octet for each recipient. What comes while a
/// transaction goes to disk goes into the next one together.
final class SqlDispositions implements Dispositions {

    private static final String ASKED =
            """
            SELECT id, originator, conversation_id, recipients FROM ledger_message
            WHERE imdn_message_id = ? ORDER BY id DESC LIMIT 4
            """;

    private static final String SELECT =
            "SELECT states FROM ledger_reported WHERE message = ? AND part = ?";

    private static final String INSERT =
            """
            INSERT INTO ledger_reported (message, part, states) VALUES (?, ?, ?)
            ON CONFLICT (message, part) DO NOTHING
            """;

    /// Only over what was read: another node may have written meanwhile.
    private static final String UPDATE =
            "UPDATE ledger_reported SET states = ? WHERE message = ? AND part = ? AND states = ?";

    private record Range(MessageRef message, int part) {}

    private static final class Note {
        final int index;
        final Disposition disposition;
        boolean news;

        Note(int index, Disposition disposition) {
            this.index = index;
            this.disposition = disposition;
        }
    }

    private static final class Batch {
        final Map<Range, List<Note>> notes = new LinkedHashMap<>();
        final CompletableFuture<Boolean> written = new CompletableFuture<>();
    }

    private final Engine engine;
    private final Lanes lanes;
    private final Object lock = new Object();
    private Batch next = new Batch();
    private boolean writing;

    SqlDispositions(Engine engine, Lanes lanes) {
        this.engine = engine;
        this.lanes = lanes;
    }

    @Override
    public List<Asked> asked(String imdnMessageId) {
        try (var connection = engine.reader();
                var select = connection.prepareStatement(ASKED)) {
            select.setString(1, imdnMessageId);
            try (var row = select.executeQuery()) {
                var found = new ArrayList<Asked>();
                while (row.next()) {
                    found.add(
                            new Asked(
                                    new MessageRef(row.getLong(1)),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getInt(4)));
                }
                return found;
            }
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    private static LedgerUnavailable unavailable(Exception e) {
        return new LedgerUnavailable("ledger: " + e.getMessage(), e);
    }

    @Override
    public List<String> recipients(MessageRef message, int part) {
        try (var connection = engine.reader()) {
            return Queries.readRecipients(connection, message, part);
        } catch (SQLException | DamagedRecord e) {
            throw unavailable(e);
        }
    }

    @Override
    public List<Set<Disposition>> of(MessageRef message, int part) {
        try (var connection = engine.reader()) {
            return of(connection, message, part);
        } catch (SQLException e) {
            throw unavailable(e);
        }
    }

    static List<Set<Disposition>> of(Connection connection, MessageRef message, int part)
            throws SQLException {
        var states = read(connection, new Range(message, part));
        return states == null
                ? List.of()
                : IntStream.range(0, states.length)
                        .mapToObj(i -> Disposition.of(states[i]))
                        .toList();
    }

    private static byte @Nullable [] read(Connection connection, Range range) throws SQLException {
        try (var select = connection.prepareStatement(SELECT)) {
            select.setLong(1, range.message.value());
            select.setInt(2, range.part);
            try (var row = select.executeQuery()) {
                return row.next() ? row.getBytes(1) : null;
            }
        }
    }

    @Override
    public boolean note(MessageRef message, int recipient, Disposition disposition) {
        var range = new Range(message, recipient / Ledger.RANGE_SIZE);
        var note = new Note(recipient % Ledger.RANGE_SIZE, disposition);
        Batch batch;
        synchronized (lock) {
            batch = next;
            batch.notes.computeIfAbsent(range, _ -> new ArrayList<>()).add(note);
            if (!writing) {
                writing = true;
                Thread.ofVirtual().name("dispositions").start(this::write);
            }
        }
        Command.await(batch.written);
        return note.news;
    }

    private void write() {
        for (var batch = taken(); batch != null; batch = taken()) {
            var notes = batch.notes;
            try {
                lanes.perform(connection -> write(connection, notes));
                batch.written.complete(true);
            } catch (RuntimeException e) {
                batch.written.completeExceptionally(e);
            }
        }
    }

    private @Nullable Batch taken() {
        synchronized (lock) {
            if (next.notes.isEmpty()) {
                writing = false;
                return null;
            }
            var batch = next;
            next = new Batch();
            return batch;
        }
    }

    private static boolean write(Connection connection, Map<Range, List<Note>> notes)
            throws SQLException {
        for (var entry : notes.entrySet()) {
            boolean done = false;
            while (!done) {
                done = write(connection, entry.getKey(), entry.getValue());
            }
        }
        return true;
    }

    /// False when somebody else was faster.
    private static boolean write(Connection connection, Range range, List<Note> notes)
            throws SQLException {
        var before = read(connection, range);
        var after = with(before == null ? new byte[0] : before, notes);
        if (Arrays.equals(before, after)) {
            return true;
        }
        try (var change = connection.prepareStatement(before == null ? INSERT : UPDATE)) {
            if (before == null) {
                change.setLong(1, range.message.value());
                change.setInt(2, range.part);
                change.setBytes(3, after);
            } else {
                change.setBytes(1, after);
                change.setLong(2, range.message.value());
                change.setInt(3, range.part);
                change.setBytes(4, before);
            }
            return change.executeUpdate() == 1;
        }
    }

    static byte[] merged(byte[] before, int index, Disposition disposition) {
        var after = Arrays.copyOf(before, Math.max(before.length, index + 1));
        after[index] |= disposition.bit();
        return after;
    }

    private static byte[] with(byte[] before, List<Note> notes) {
        var after = before;
        for (var note : notes) {
            var merged = merged(after, note.index, note.disposition);
            note.news = !Arrays.equals(merged, after);
            after = merged;
        }
        return after;
    }
}
