package org.fanfare.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// What a node does for the ledger as a whole: its lease, taking over ranges, forgetting.
///
/// Each method is the content of one transaction of a [WriterLane].
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    /// In one transaction, so that messages which wait behind it do not wait long.
    private static final int MESSAGES_REMOVED_AT_ONCE = 100;

    private static final int RECIPIENTS_REMOVED_AT_ONCE = 100_000;

    /// A range that was taken over.
    record Claim(MessageRef message, int part, long epoch, int starts) {}

    record Claims(List<Claim> ranges, int quarantined, int candidates) {

        /// There was nothing to take over, not even for another node that was quicker.
        boolean isNothing() {
            return candidates == 0;
        }
    }

    private final LedgerSettings settings;
    private final Clock clock;
    private final long node;

    Upkeep(LedgerSettings settings, Clock clock, long node) {
        this.settings = settings;
        this.clock = clock;
        this.node = node;
    }

    boolean register(Connection connection, String name) throws SQLException {
        try (var insert = connection.prepareStatement(Sql.INSERT_NODE);
                var retire = connection.prepareStatement(Sql.RETIRE_NODES)) {
            insert.setLong(1, node);
            insert.setString(2, name);
            insert.setLong(3, leaseEnd());
            insert.executeUpdate();
            retire.setString(1, name);
            retire.setLong(2, node);
            return retire.executeUpdate() > 0;
        }
    }

    private long leaseEnd() {
        return clock.millis() + settings.lease().toMillis();
    }

    /// False if a newer process has the name of this node.
    boolean renewLease(Connection connection) throws SQLException {
        try (var renew = connection.prepareStatement(Sql.RENEW_LEASE);
                var forget = connection.prepareStatement(Sql.DELETE_NODES)) {
            renew.setLong(1, leaseEnd());
            renew.setLong(2, node);
            boolean renewed = renew.executeUpdate() == 1;
            forget.setLong(1, clock.millis() - 100 * settings.lease().toMillis());
            forget.setLong(2, node);
            forget.executeUpdate();
            return renewed;
        }
    }

    void leave(Connection connection) throws SQLException {
        try (var release = connection.prepareStatement(Sql.RELEASE);
                var history = connection.prepareStatement(Sql.RELEASE_HISTORY);
                var forget = connection.prepareStatement(Sql.DELETE_NODE)) {
            release.setLong(1, node);
            release.executeUpdate();
            history.setLong(1, node);
            history.executeUpdate();
            forget.setLong(1, node);
            forget.executeUpdate();
        }
    }

    /// False if it was taken over.
    boolean giveBack(Connection connection, MessageRef message, int part) throws SQLException {
        try (var release = connection.prepareStatement(Sql.RELEASE_RANGE)) {
            release.setLong(1, message.value());
            release.setInt(2, part);
            release.setLong(3, node);
            return release.executeUpdate() == 1;
        }
    }

    /// Takes over what it can of these.
    Claims claim(Connection connection, List<Claim> candidates) throws SQLException {
        var claimed = new ArrayList<Claim>();
        int quarantined = 0;
        for (var candidate : candidates) {
            if (candidate.starts() >= settings.maxStarts()) {
                quarantined += quarantinePoisoned(connection, candidate) ? 1 : 0;
            } else if (claim(connection, candidate)) {
                claimed.add(
                        new Claim(
                                candidate.message(),
                                candidate.part(),
                                candidate.epoch() + 1,
                                candidate.starts() + 1));
            }
        }
        return new Claims(claimed, quarantined, candidates.size());
    }

    /// Ranges of nodes that are gone.
    List<Claim> abandoned(Connection connection, int max) throws SQLException {
        try (var select = connection.prepareStatement(Sql.SELECT_ABANDONED)) {
            select.setLong(1, node);
            select.setLong(2, clock.millis());
            select.setInt(3, max);
            try (var row = select.executeQuery()) {
                var found = new ArrayList<Claim>();
                while (row.next()) {
                    found.add(range(row));
                }
                return found;
            }
        }
    }

    /// Ranges of this node that it does not know of.
    List<Claim> orphans(Connection connection, int max, Predicate<Claim> isHeld)
            throws SQLException {
        try (var select = connection.prepareStatement(Sql.SELECT_OWN)) {
            select.setLong(1, node);
            try (var row = select.executeQuery()) {
                var found = new ArrayList<Claim>();
                while (found.size() < max && row.next()) {
                    var range = range(row);
                    if (!isHeld.test(range)) {
                        found.add(range);
                    }
                }
                return found;
            }
        }
    }

    private static Claim range(ResultSet row) throws SQLException {
        return new Claim(
                new MessageRef(row.getLong(1)), row.getInt(2), row.getLong(3), row.getInt(4));
    }

    /// Compare and set on the epoch: of several nodes one gets it.
    private boolean claim(Connection connection, Claim range) throws SQLException {
        try (var claim = connection.prepareStatement(Sql.CLAIM)) {
            claim.setLong(1, node);
            claim.setLong(2, range.message().value());
            claim.setInt(3, range.part());
            claim.setLong(4, range.epoch());
            return claim.executeUpdate() == 1;
        }
    }

    private boolean quarantinePoisoned(Connection connection, Claim range) throws SQLException {
        boolean done = quarantine(connection, range);
        if (done) {
            LOG.error(
                    "ledger: message={} range={} was in work at {} starts without progress: set"
                            + " aside, its pending recipients get nothing more",
                    range.message(),
                    range.part(),
                    range.starts());
        }
        return done;
    }

    /// What is to be recorded and nobody else's; from now on this node's.
    List<MessageRef> claimUnrecorded(Connection connection, MessageRef after, int max)
            throws SQLException {
        var claimed = new ArrayList<MessageRef>();
        try (var select = connection.prepareStatement(Sql.SELECT_UNRECORDED);
                var claim = connection.prepareStatement(Sql.CLAIM_HISTORY)) {
            select.setLong(1, after.value());
            select.setLong(2, node);
            select.setLong(3, clock.millis());
            select.setInt(4, max);
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    claim.setLong(1, node);
                    claim.setLong(2, row.getLong(1));
                    claim.setLong(3, row.getLong(2));
                    if (row.getLong(2) == node || claim.executeUpdate() == 1) {
                        claimed.add(new MessageRef(row.getLong(1)));
                    }
                }
            }
        }
        return claimed;
    }

    boolean recorded(Connection connection, MessageRef message) throws SQLException {
        try (var delete = connection.prepareStatement(Sql.DELETE_HISTORY)) {
            delete.setLong(1, message.value());
            return delete.executeUpdate() == 1;
        }
    }

    boolean quarantine(Connection connection, Claim range) throws SQLException {
        try (var quarantine = connection.prepareStatement(Sql.QUARANTINE)) {
            quarantine.setLong(1, range.message().value());
            quarantine.setInt(2, range.part());
            quarantine.setLong(3, range.epoch());
            return quarantine.executeUpdate() == 1;
        }
    }

    int endQuarantine(Connection connection, MessageRef message, boolean drop) throws SQLException {
        try (var end = connection.prepareStatement(Sql.END_QUARANTINE)) {
            end.setInt(1, drop ? -1 : 0);
            end.setLong(2, message.value());
            return end.executeUpdate();
        }
    }

    /// Keys whose time is over, and of an originator with too many the oldest (A10).
    int forgetKeys(Connection connection) throws SQLException {
        int forgotten;
        try (var old = connection.prepareStatement(Sql.DELETE_SEEN)) {
            old.setLong(1, clock.millis());
            forgotten = old.executeUpdate();
        }
        try (var select = connection.prepareStatement(Sql.SELECT_GREEDY_SOURCES);
                var delete = connection.prepareStatement(Sql.DELETE_OLDEST_SEEN)) {
            select.setInt(1, settings.maxKeysPerOriginator());
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    delete.setLong(1, row.getLong(1));
                    delete.setLong(2, row.getLong(2) - settings.maxKeysPerOriginator());
                    forgotten += delete.executeUpdate();
                }
            }
        }
        return forgotten;
    }

    int removeEnded(Connection connection, Instant before) throws SQLException {
        var ended = new ArrayList<Long>();
        try (var select = connection.prepareStatement(Sql.SELECT_ENDED)) {
            for (int i = 1; i <= 4; i++) {
                select.setLong(i, before.toEpochMilli());
            }
            select.setInt(5, MESSAGES_REMOVED_AT_ONCE);
            try (var row = select.executeQuery()) {
                for (int recipients = 0;
                        recipients < RECIPIENTS_REMOVED_AT_ONCE && row.next();
                        recipients += row.getInt(2)) {
                    ended.add(row.getLong(1));
                }
            }
        }
        for (var sql : Sql.DELETE_MESSAGE) {
            try (var delete = connection.prepareStatement(sql)) {
                for (long id : ended) {
                    delete.setLong(1, id);
                    delete.addBatch();
                }
                delete.executeBatch();
            }
        }
        return ended.size();
    }
}
