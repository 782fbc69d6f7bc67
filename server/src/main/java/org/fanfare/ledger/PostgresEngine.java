package org.fanfare.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/// PostgreSQL 15 or later, which several nodes may share.
final class PostgresEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresEngine.class);

    private static final int LANES = 2;
    private static final int READERS = 4;
    private static final int CREATE_ATTEMPTS = 5;

    private final String name;
    private final HikariDataSource pool;

    private PostgresEngine(String name, HikariDataSource pool) {
        this.name = name;
        this.pool = pool;
    }

    /// Opens the ledger of a database, and makes its tables if there are none.
    static PostgresEngine open(String url) throws LedgerRefused {
        var config = new HikariConfig();
        config.setPoolName("ledger");
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(LANES + READERS);
        config.setMinimumIdle(LANES + 1);
        config.setConnectionTimeout(5_000);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "30");
        config.addDataSourceProperty("ApplicationName", "fanfare");
        // What a client may switch off, and the promise must not do without.
        config.setConnectionInitSql(
                """
                SELECT CASE WHEN current_setting('synchronous_commit') = 'off'
                    THEN set_config('synchronous_commit', 'on', false) END\
                """);
        var name = withoutSecrets(url);
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new LedgerRefused(
                    "the database %s cannot be reached: %s".formatted(name, rootMessage(e)), e);
        }
        var engine = new PostgresEngine(name, pool);
        boolean opened = false;
        try {
            engine.makeTables();
            engine.checkFormat();
            engine.checkDurable();
            opened = true;
            return engine;
        } catch (SQLException e) {
            throw new LedgerRefused(
                    "the ledger in %s cannot be opened: %s".formatted(name, e.getMessage()), e);
        } finally {
            if (!opened) {
                pool.close();
            }
        }
    }

    static String withoutSecrets(String url) {
        int parameters = url.indexOf('?');
        var plain = parameters < 0 ? url : url.substring(0, parameters);
        return plain.replaceFirst("//[^/@]*@", "//");
    }

    private static String rootMessage(Throwable e) {
        var cause = e;
        for (var next = cause.getCause(); next != null; next = cause.getCause()) {
            cause = next;
        }
        return String.valueOf(cause.getMessage());
    }

    /// Several nodes may start at once: whoever comes second finds the tables or a conflict, and
    /// looks again.
    private void makeTables() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var connection = writer()) {
                if (!hasTables(connection)) {
                    try (var statement = connection.createStatement()) {
                        for (var sql : Sql.schema("BYTEA", "BIGINT")) {
                            statement.execute(sql);
                        }
                    }
                    LOG.info("ledger: new, in {}", name);
                }
                connection.commit();
                return;
            } catch (SQLException e) {
                if (attempt == CREATE_ATTEMPTS || trouble(e) != Trouble.STATEMENT) {
                    throw e;
                }
            }
        }
    }

    private static boolean hasTables(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT to_regclass('ledger_format')")) {
            return row.next() && row.getString(1) != null;
        }
    }

    private void checkFormat() throws SQLException, LedgerRefused {
        try (var connection = reader();
                var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.SELECT_FORMAT)) {
            int version = row.next() ? row.getInt(1) : 0;
            if (version != Sql.FORMAT) {
                throw new LedgerRefused(SqliteEngine.wrongFormat(name, version));
            }
        }
    }

    private void checkDurable() throws SQLException {
        try (var connection = reader();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SHOW fsync")) {
            if (row.next() && !row.getString(1).equals("on")) {
                LOG.error(
                        "ledger: {} runs with fsync off: a power cut loses accepted messages",
                        name);
            }
        }
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public Connection writer() throws SQLException {
        var connection = pool.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public Connection reader() throws SQLException {
        return pool.getConnection();
    }

    /// By SQLSTATE (PostgreSQL appendix A).
    @Override
    public Trouble trouble(SQLException e) {
        if (e instanceof SQLTransientConnectionException) {
            return Trouble.AWAY;
        }
        var state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.equals("53100")) {
            return Trouble.FULL;
        }
        if (state.equals("58030") || state.startsWith("XX")) {
            return Trouble.BROKEN;
        }
        // Connection, resources, operator or shutdown, a standby that takes no writes.
        if (state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.equals("25006")) {
            return Trouble.AWAY;
        }
        return Trouble.STATEMENT;
    }

    @Override
    public boolean freeReserve() {
        return false;
    }

    @Override
    public boolean restoreReserve() {
        return true;
    }

    @Override
    public void compact(Connection connection) {
        // autovacuum does it
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void close() {
        pool.close();
    }
}
