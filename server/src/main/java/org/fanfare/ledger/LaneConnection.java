package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;

/// The connection of a [WriterLane], opened when it is needed and replaced when it has failed. For
/// one thread.
final class LaneConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LaneConnection.class);

    private final Engine engine;
    private @Nullable Statements statements;

    LaneConnection(Engine engine) {
        this.engine = engine;
    }

    Statements statements() throws SQLException {
        var open = statements;
        if (open == null) {
            open = new Statements(engine.writer());
            statements = open;
        }
        return open;
    }

    /// What a failed transaction did is undone.
    void rollback() {
        var open = statements;
        if (open == null) {
            return;
        }
        try {
            open.clear();
            open.connection().rollback();
        } catch (SQLException e) {
            LOG.debug("ledger: rollback failed, taking a new connection: {}", WriterLane.reason(e));
            replace(open);
        }
    }

    /// When the disk is full, SQLite rolls back by itself, and its driver does not know any more
    /// where it is. The new connection comes before the old one goes: the last one to be closed
    /// would take the log with it, whose space is needed.
    private void replace(Statements old) {
        statements = null;
        try {
            statements();
        } catch (SQLException e) {
            LOG.debug("ledger: no new connection yet: {}", WriterLane.reason(e));
        }
        close(old);
    }

    @Override
    public void close() {
        var open = statements;
        statements = null;
        if (open != null) {
            close(open);
        }
    }

    private static void close(Statements open) {
        try {
            open.close();
        } catch (SQLException e) {
            LOG.debug("ledger: closing a connection failed: {}", WriterLane.reason(e));
        }
    }
}
