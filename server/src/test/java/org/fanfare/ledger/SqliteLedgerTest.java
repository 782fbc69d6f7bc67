package org.fanfare.ledger;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// The contract on SQLite.
class SqliteLedgerTest extends LedgerContract {

    @TempDir Path directory;

    @Override
    Ledger open(LedgerSettings settings) throws LedgerRefused {
        return Ledgers.open("file:" + directory.resolve("ledger"), settings, clock, "node");
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger/ledger.db"));
    }
}
