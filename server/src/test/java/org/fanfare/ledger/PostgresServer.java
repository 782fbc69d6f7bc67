package org.fanfare.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// A real PostgreSQL from the binaries that Maven brings, started once for all tests of the
/// process. Or the one that `-Dfanfare.postgres=jdbc:postgresql:...` names.
final class PostgresServer {

    private static @Nullable PostgresServer running;
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final String url;

    private PostgresServer(String url) {
        this.url = url;
    }

    /// Where none can be started, the test is skipped and says why.
    static synchronized PostgresServer running() {
        var known = running;
        if (known == null) {
            known = start();
            running = known;
        }
        return known;
    }

    private static PostgresServer start() {
        var given = System.getProperty("fanfare.postgres", "");
        if (!given.isEmpty()) {
            return new PostgresServer(given);
        }
        try {
            var embedded =
                    EmbeddedPostgres.builder()
                            .setServerConfig("fsync", "on")
                            .setServerConfig("full_page_writes", "on")
                            .setServerConfig("synchronous_commit", "on")
                            .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> close(embedded)));
            return new PostgresServer(embedded.getJdbcUrl("postgres", "postgres"));
        } catch (IOException | IllegalStateException e) {
            Assumptions.abort("no PostgreSQL can be started here: " + e);
            throw new AssertionError(e);
        }
    }

    private static void close(EmbeddedPostgres embedded) {
        try {
            embedded.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The URL of a new, empty schema.
    String newSchema() throws SQLException {
        var schema = "s%d_%d".formatted(ProcessHandle.current().pid(), SCHEMAS.incrementAndGet());
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema;
    }

    static Connection connect(String url) throws SQLException {
        return DriverManager.getConnection(url);
    }
}
