package org.fanfare.ledger;

import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Rows of the database to values and back.
final class Rows {

    private Rows() {}

    /// Three columns from the one given; status 0, or no row joined, is no answer.
    static Optional<StoredAnswer> answer(ResultSet row, int column) throws SQLException {
        int status = row.getInt(column);
        return status == 0
                ? Optional.empty()
                : Optional.of(
                        new StoredAnswer(
                                status, row.getString(column + 1), row.getString(column + 2)));
    }

    static PreparedStatement setMessage(
            PreparedStatement insert, Command.Accept accept, MessageRef ref) throws SQLException {
        var head = accept.message().head();
        int recipients = accept.message().recipients().size();
        insert.setLong(1, ref.value());
        insert.setString(2, head.originator());
        insert.setString(3, head.contributionId());
        insert.setString(4, head.conversationId());
        insert.setString(5, head.imdnMessageId());
        insert.setBytes(6, head.contentHash().toByteArray());
        insert.setString(7, head.mode());
        insert.setLong(8, head.acceptedAt().toEpochMilli());
        insert.setLong(9, head.deadline().toEpochMilli());
        insert.setInt(10, head.negativeDeliveryWanted() ? 1 : 0);
        insert.setInt(11, recipients);
        insert.setLong(12, checksum(ref, head, recipients, accept.encoded().template));
        insert.setString(13, head.spool().id());
        insert.setLong(14, head.spool().length());
        insert.setLong(15, head.spool().checksum());
        insert.setBytes(16, accept.encoded().template);
        return insert;
    }

    static PreparedStatement setHistory(
            PreparedStatement insert, History history, MessageRef ref, long owner)
            throws SQLException {
        var object = history.object().toByteArray();
        long until = history.until().toEpochMilli();
        insert.setLong(1, ref.value());
        insert.setLong(2, owner);
        insert.setLong(3, until);
        insert.setLong(4, Checksum.of(ref.value(), until).and(object).value());
        insert.setBytes(5, object);
        return insert;
    }

    /// Reads the columns of [Sql#SELECT_HISTORY].
    static History history(ResultSet row, MessageRef ref) throws SQLException {
        long until = row.getLong(1);
        var object = row.getBytes(3);
        if (row.getLong(2) != Checksum.of(ref.value(), until).and(object).value()) {
            throw new DamagedRecord("history of message " + ref);
        }
        return new History(Octets.of(object), Instant.ofEpochMilli(until));
    }

    /// A row of the messages.
    record Message(
            MessageRef ref, MessageHead head, int recipients, Optional<StoredAnswer> answer) {}

    /// Reads the columns of [Sql#SELECT_MESSAGE].
    static Message message(ResultSet row) throws SQLException {
        var ref = new MessageRef(row.getLong(1));
        var template = row.getBytes(19);
        var head =
                new MessageHead(
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        Octets.of(row.getBytes(6)),
                        row.getString(7),
                        Octets.of(template),
                        new SpoolReference(row.getString(16), row.getLong(17), row.getLong(18)),
                        Instant.ofEpochMilli(row.getLong(8)),
                        Instant.ofEpochMilli(row.getLong(9)),
                        row.getInt(10) != 0);
        int recipients = row.getInt(11);
        if (row.getLong(15) != checksum(ref, head, recipients, template)) {
            throw new DamagedRecord("message " + ref);
        }
        return new Message(ref, head, recipients, answer(row, 12));
    }

    private static long checksum(
            MessageRef ref, MessageHead head, int recipients, byte[] template) {
        var texts =
                String.join(
                        "\n",
                        head.originator(),
                        head.contributionId(),
                        head.conversationId(),
                        head.imdnMessageId(),
                        head.mode());
        var checksum =
                Checksum.of(
                                ref.value(),
                                head.acceptedAt().toEpochMilli(),
                                head.deadline().toEpochMilli(),
                                head.negativeDeliveryWanted() ? 1 : 0,
                                recipients)
                        .and(texts.getBytes(StandardCharsets.UTF_8))
                        .and(head.contentHash().toByteArray())
                        .and(template);
        var spool = head.spool();
        return spool.isNone() // as in format 1
                ? checksum.value()
                : checksum.and(spool.id().getBytes(StandardCharsets.UTF_8))
                        .and(spool.length(), spool.checksum())
                        .value();
    }
}
