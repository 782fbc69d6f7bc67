package org.fanfare.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A real PostgreSQL from the binaries that Maven brings; also for root, as long as `unshare` is
/// allowed. Or, shared by all tests, the one that `-Dfanfare.postgres=jdbc:postgresql:...` names.
final class PostgresServer implements AutoCloseable {

    private static @Nullable PostgresServer running;
    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private final String url;
    private final Path data;
    private final @Nullable EmbeddedPostgres process;
    private final List<String> command = new ArrayList<>();
    private @Nullable Process restarted;

    private PostgresServer(String url, Path data, @Nullable EmbeddedPostgres process) {
        this.url = url;
        this.data = data;
        this.process = process;
    }

    /// The one that all tests of the process share. Where none can be started, the test is skipped
    /// and says why.
    static synchronized PostgresServer running() {
        var known = running;
        if (known == null) {
            known = shared();
            running = known;
        }
        return known;
    }

    private static PostgresServer shared() {
        var given = System.getProperty("fanfare.postgres", "");
        if (!given.isEmpty()) {
            return new PostgresServer(given, Path.of(""), null);
        }
        try {
            var server = start(Files.createTempDirectory("fanfare-postgres"));
            Runtime.getRuntime().addShutdownHook(new Thread(server::close));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One of its own for a test.
    static PostgresServer start(Path data) {
        var process = launch(data);
        return new PostgresServer(process.getJdbcUrl("postgres", "postgres"), data, process);
    }

    private static EmbeddedPostgres launch(Path data) {
        try {
            return EmbeddedPostgres.builder()
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setPGStartupWait(Duration.ofMinutes(1))
                    // the builder's own defaults forget everything in a power cut
                    .setServerConfig("fsync", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .start();
        } catch (IOException | IllegalStateException e) {
            Assumptions.abort("no PostgreSQL can be started here: " + e);
            throw new AssertionError(e);
        }
    }

    String url() {
        return url;
    }

    /// Without writing anything more: what is not in its log is lost.
    void endAtOnce() throws IOException, InterruptedException {
        var pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst();
        var server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        command.clear();
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(server.info().command().orElseThrow());
        command.addAll(List.of(server.info().arguments().orElseThrow()));
        var status = new ProcessBuilder("kill", "-QUIT", pid).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException("kill: exit status " + status);
        }
        server.onExit().join();
    }

    /// On the same port and data.
    void startAgain() throws IOException {
        restarted =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
    }

    @Override
    public void close() {
        var again = restarted;
        if (again != null) {
            again.destroyForcibly().onExit().join();
        }
        try {
            if (process != null && again == null) {
                process.close();
            }
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
