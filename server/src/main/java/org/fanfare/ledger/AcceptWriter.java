package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// The part of a transaction that accepts messages: the rows of those that are new, and the earlier
/// message of those that are duplicates.
final class AcceptWriter {

    private static final Comparator<Accept> BY_KEY =
            (one, other) -> Arrays.compare(one.encoded().key, other.encoded().key);

    private final LedgerSettings settings;
    private final Clock clock;
    private final WriterLane.Owner owner;

    AcceptWriter(LedgerSettings settings, Clock clock, WriterLane.Owner owner) {
        this.settings = settings;
        this.clock = clock;
        this.owner = owner;
    }

    /// Writes those that are new, and says what each is.
    List<Acceptance> insert(Batch batch, Statements sql) throws SQLException {
        var accepts = batch.accepts;
        if (accepts.isEmpty()) {
            return List.of();
        }
        // In one order everywhere, so that nodes which get the same messages do not block each
        // other.
        accepts.sort(BY_KEY);
        var refs = accepts.stream().map(_ -> owner.newRef()).toList();
        int[] fresh = insertSeen(accepts, refs, sql);
        var result = new ArrayList<Acceptance>(accepts.size());
        boolean any = false;
        for (int i = 0; i < accepts.size(); i++) {
            if (fresh[i] == 0) {
                result.add(duplicate(accepts.get(i), sql));
            } else {
                any = true;
                addMessage(accepts.get(i), refs.get(i), sql);
                batch.held.add(held(accepts.get(i), refs.get(i)));
                result.add(new Acceptance.Accepted(refs.get(i)));
            }
        }
        if (any) {
            sql.prepare(Sql.INSERT_MESSAGE).executeBatch();
            sql.prepare(Sql.INSERT_RECIPIENTS).executeBatch();
            sql.prepare(Sql.INSERT_STATE).executeBatch();
            sql.prepare(Sql.INSERT_HISTORY).executeBatch();
            batch.held.forEach(owner::hold);
        }
        return result;
    }

    private int[] insertSeen(List<Accept> accepts, List<MessageRef> refs, Statements sql)
            throws SQLException {
        var insert = sql.prepare(Sql.INSERT_SEEN);
        long now = clock.millis();
        for (int i = 0; i < accepts.size(); i++) {
            insert.setBytes(1, accepts.get(i).encoded().key);
            insert.setLong(2, accepts.get(i).encoded().source);
            insert.setLong(3, refs.get(i).value());
            insert.setLong(4, now + settings.duplicateWindow().toMillis());
            insert.setLong(5, now);
            insert.addBatch();
        }
        return insert.executeBatch();
    }

    private static Acceptance duplicate(Accept accept, Statements sql) throws SQLException {
        var select = sql.prepare(Sql.SELECT_SEEN);
        select.setBytes(1, accept.encoded().key);
        try (var row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the key of a duplicate is gone");
            }
            return new Acceptance.Duplicate(new MessageRef(row.getLong(1)), Rows.answer(row, 2));
        }
    }

    private void addMessage(Accept accept, MessageRef ref, Statements sql) throws SQLException {
        Rows.setMessage(sql.prepare(Sql.INSERT_MESSAGE), accept, ref).addBatch();
        if (accept.message().history().isPresent()) {
            var history = accept.message().history().get();
            Rows.setHistory(sql.prepare(Sql.INSERT_HISTORY), history, ref, owner.owner())
                    .addBatch();
        }
        var recipients = sql.prepare(Sql.INSERT_RECIPIENTS);
        var states = sql.prepare(Sql.INSERT_STATE);
        for (int part = 0; part < accept.encoded().recipients.size(); part++) {
            var text = accept.encoded().recipients.get(part);
            recipients.setLong(1, ref.value());
            recipients.setInt(2, part);
            recipients.setLong(3, Checksum.of(ref.value(), part).and(text).value());
            recipients.setBytes(4, text);
            recipients.addBatch();
            addState(states, accept, ref, part);
        }
    }

    private void addState(PreparedStatement insert, Accept accept, MessageRef ref, int part)
            throws SQLException {
        var states = accept.encoded().states.get(part);
        boolean reports = accept.message().head().negativeDeliveryWanted();
        int duty = part == 0 ? 1 : 0; // the answer
        var octets = states.states();
        var reasons = states.reasons();
        insert.setLong(1, ref.value());
        insert.setInt(2, part);
        insert.setLong(3, owner.owner());
        insert.setLong(4, 1);
        insert.setInt(5, states.open(false) + duty);
        insert.setInt(6, states.open(reports) + duty == 0 ? 1 : 0);
        insert.setLong(7, clock.millis());
        insert.setLong(8, Checksum.of(ref.value(), part).and(octets).and(reasons).value());
        insert.setBytes(9, octets);
        insert.setBytes(10, reasons);
        insert.addBatch();
    }

    private HeldMessage held(Accept accept, MessageRef ref) {
        var head = accept.message().head();
        var message =
                new HeldMessage(
                        ref,
                        head.acceptedAt(),
                        head.negativeDeliveryWanted(),
                        accept.message().recipients().size(),
                        null);
        for (int part = 0; part < accept.encoded().states.size(); part++) {
            var range =
                    new HeldRange(
                            message,
                            part,
                            1,
                            accept.encoded().states.get(part),
                            settings.flush().changes());
            range.written(range.snapshot());
            message.hold(range);
        }
        return message;
    }
}
