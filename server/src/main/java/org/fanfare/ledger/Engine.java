package org.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/// What differs between the databases. Everything else is one SQL text ([Sql]).
sealed interface Engine extends AutoCloseable permits SqliteEngine, PostgresEngine {

    /// What a database error means for the ledger.
    enum Trouble {
        /// No room left; may pass, and what needs no room still works.
        FULL,
        /// The database cannot be reached; may pass.
        AWAY,
        /// What was written cannot be trusted to be there: no more promises until a restart.
        BROKEN,
        /// This statement failed, others may work.
        STATEMENT
    }

    /// Writers that work side by side.
    int lanes();

    /// A connection for a writer, without automatic commit.
    Connection writer() throws SQLException;

    /// A connection for one query, to be closed after use.
    Connection reader() throws SQLException;

    Trouble trouble(SQLException e);

    /// Gives the space kept in reserve to the database. Returns whether there was any.
    boolean freeReserve();

    /// Takes the reserve back, if there is room for it. Returns whether it is there.
    boolean restoreReserve();

    /// Gives free pages back to the file system, where the database does not do it by itself.
    void compact(Connection connection) throws SQLException;

    /// For messages to the operator; without secrets.
    String name();

    @Override
    void close();
}
