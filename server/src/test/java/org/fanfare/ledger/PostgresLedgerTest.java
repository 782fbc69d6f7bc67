package org.fanfare.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/// The contract on PostgreSQL.
class PostgresLedgerTest extends LedgerContract {

    private final String url;

    PostgresLedgerTest() throws SQLException {
        url = PostgresServer.running().newSchema();
    }

    @Override
    Ledger open(LedgerSettings settings) throws LedgerRefused {
        return Ledgers.open(url, settings, clock, "node");
    }

    @Override
    Connection connect() throws SQLException {
        return PostgresServer.connect(url);
    }
}
