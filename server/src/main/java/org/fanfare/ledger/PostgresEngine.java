package org.fanfare.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;

/// PostgreSQL 15 or later, which several nodes may share.
final class PostgresEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresEngine.class);

    private static final String OCTETS = "BYTEA";
    private static final int LANES = 2;
    private static final int READERS = 4;
    private static final int CREATE_ATTEMPTS = 5;

    /// What a client may have switched off, and the promise must not do without.
    private static final String BE_DURABLE =
            """
            SELECT CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', false) END\
            """;

    private final String url;
    private final String name;
    private final HikariDataSource readers;

    private PostgresEngine(String url, HikariDataSource readers) {
        this.url = url;
        this.name = withoutSecrets(url);
        this.readers = readers;
    }

    /// Opens the ledger of a database, and makes its tables if there are none.
    static PostgresEngine open(String url) throws LedgerRefused {
        var engine = new PostgresEngine(url, readers(url));
        boolean opened = false;
        try (var connection = engine.writer()) {
            engine.makeTables();
            engine.checkFormat(connection);
            engine.checkDurable(connection);
            connection.commit();
            opened = true;
            return engine;
        } catch (SQLException e) {
            throw new LedgerRefused(
                    "the ledger in %s cannot be opened: %s"
                            .formatted(engine.name, WriterLane.reason(e)),
                    e);
        } finally {
            if (!opened) {
                engine.close();
            }
        }
    }

    private static HikariDataSource readers(String url) {
        var config = new HikariConfig();
        config.setPoolName("ledger");
        config.setJdbcUrl(url);
        config.setDataSourceProperties(properties());
        config.setReadOnly(true);
        config.setMaximumPoolSize(READERS);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static Properties properties() {
        var properties = new Properties();
        properties.setProperty("ApplicationName", "fanfare");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("tcpKeepAlive", "true");
        return properties;
    }

    static String withoutSecrets(String url) {
        int parameters = url.indexOf('?');
        var plain = parameters < 0 ? url : url.substring(0, parameters);
        return plain.replaceFirst("//[^/@]*@", "//");
    }

    /// Several nodes may start at once: whoever comes second finds the tables or a conflict, and
    /// looks again.
    private void makeTables() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (var connection = writer()) {
                if (!hasTables(connection)) {
                    try (var statement = connection.createStatement()) {
                        for (var sql : Sql.schema(OCTETS, "BIGINT")) {
                            statement.execute(sql);
                        }
                    }
                    LOG.info("ledger: new, in {}", name);
                } else if (Sql.migrate(connection, OCTETS)) {
                    LOG.info("ledger: format {} from now on, in {}", Sql.FORMAT, name);
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

    private void checkFormat(Connection connection) throws SQLException, LedgerRefused {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.SELECT_FORMAT)) {
            int version = row.next() ? row.getInt(1) : 0;
            if (version != Sql.FORMAT) {
                throw new LedgerRefused(SqliteEngine.wrongFormat(name, version));
            }
        }
    }

    private void checkDurable(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
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

    /// Not from a pool: a lane keeps its connection, and knows by itself when it is gone.
    @Override
    public Connection writer() throws SQLException {
        var connection = DriverManager.getConnection(url, properties());
        try (var statement = connection.createStatement()) {
            statement.execute(BE_DURABLE);
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public Connection reader() throws SQLException {
        return readers.getConnection();
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
        readers.close();
    }
}
