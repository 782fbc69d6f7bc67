package org.fanfare.cli.mailstore;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// Dovecot as a message store of one's own: on a port of the loopback address, with mailboxes and
/// everything else in one folder, nothing of the machine's configuration, and run by the current
/// user. Ended by its pid; one thread uses it, another one may end it.
public final class PrivateDovecot implements AutoCloseable {

    /// The Debian package that brings it.
    public static final String PACKAGE = "dovecot-imapd";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Path program;
    private final Path folder;
    private final int port;
    private final DovecotFolder files;

    /// Ends it when this process is told to end: it is a process of its own.
    private final Thread atTheEnd = new Thread(this::end, "end of dovecot");

    private @Nullable Process process;

    /// @param folder as [DovecotFolder#at] has it
    /// @param users passwords by login name, which is the name of the mailbox
    public PrivateDovecot(Path program, Path folder, int port, Map<String, String> users)
            throws IOException {
        this.program = program;
        this.folder = folder;
        this.port = port;
        files = DovecotFolder.at(folder, users, Map.of());
    }

    /// The program, where it is installed.
    public static Optional<Path> installed() {
        return Stream.concat(
                        Stream.of(
                                System.getenv()
                                        .getOrDefault("PATH", "")
                                        .split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin", "/usr/local/sbin"))
                .filter(place -> !place.isEmpty())
                .map(place -> Path.of(place, "dovecot"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /// Starts it, also again with what it had, and returns when it listens.
    ///
    /// @throws IOException when it does not; with what it said about that
    public void start() throws IOException, InterruptedException {
        var started = begin(files.configuration("127.0.0.1", port, 0, DovecotFolder.WITHOUT_TLS));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!listens()) {
            if (!started.isAlive() || System.nanoTime() > end) {
                close();
                throw new IOException("%s does not start: %s".formatted(program, lastWords()));
            }
            Thread.sleep(POLL);
        }
    }

    private synchronized Process begin(Path configuration) throws IOException {
        Runtime.getRuntime().addShutdownHook(atTheEnd);
        var started =
                new ProcessBuilder(program.toString(), "-F", "-c", configuration.toString())
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("output").toFile())
                        .start();
        process = started;
        return started;
    }

    /// Says its greeting: it listens a little before it finds that it cannot go on.
    private boolean listens() {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            probe.setSoTimeout((int) PATIENCE.toMillis());
            return probe.getInputStream().read() == '*';
        } catch (IOException notYet) {
            return false;
        }
    }

    /// Of its log, or of what it printed before it had one.
    private String lastWords() throws IOException {
        for (var name : List.of("log", "output")) {
            var file = folder.resolve(name);
            if (Files.exists(file) && Files.size(file) > 0) {
                return Files.readString(file, StandardCharsets.ISO_8859_1)
                        .strip()
                        .lines()
                        .reduce("", (_, last) -> last);
            }
        }
        return "it says nothing";
    }

    public String uri() {
        return "imap://127.0.0.1:" + port;
    }

    /// Ends it; its mailboxes stay.
    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atTheEnd);
        } catch (IllegalStateException _) {
            // it is running already
        }
    }

    private synchronized void end() {
        var running = process;
        process = null;
        if (running == null) {
            return;
        }
        var all = Stream.concat(Stream.of(running.toHandle()), running.descendants()).toList();
        running.destroy(); // which ends the others
        try {
            CompletableFuture.allOf(
                            all.stream()
                                    .map(ProcessHandle::onExit)
                                    .toArray(CompletableFuture<?>[]::new))
                    .get(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            all.forEach(ProcessHandle::destroyForcibly);
        } catch (InterruptedException _) {
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
