package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A program of somebody else, started for one test in a folder of its own and ended by its pid.
/// What it prints is kept in `output` of that folder and stands in the message of a test that fails
/// on it.
final class PeerProcess implements AutoCloseable {

    /// To be ended with this process, also when that is killed in the middle of a test.
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroy), "peers"));
    }

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final String name;
    private final Path folder;
    private final Process process;

    private PeerProcess(String name, Path folder, Process process) {
        this.name = name;
        this.folder = folder;
        this.process = process;
    }

    static PeerProcess start(String name, Path folder, List<String> command) throws IOException {
        Files.createDirectories(folder);
        var builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        builder.redirectOutput(folder.resolve("output").toFile());
        var process = builder.start();
        RUNNING.add(process);
        var _ = process.onExit().thenRun(() -> RUNNING.remove(process));
        return new PeerProcess(name, folder, process);
    }

    /// Kamailio with this configuration, in the foreground and at home in the folder.
    ///
    /// @param megabytes of shared memory
    static PeerProcess kamailio(
            String name, Path folder, Path configuration, int megabytes, String... more)
            throws IOException {
        var command = new ArrayList<>(List.of("kamailio", "-DD", "-E"));
        command.addAll(List.of("-f", configuration.toString()));
        command.addAll(List.of("-m", Integer.toString(megabytes)));
        command.addAll(List.of("-w", folder.toString(), "-Y", folder.toString()));
        command.addAll(List.of(more));
        return start(name, folder, command);
    }

    /// What has to hold before a test can use the program.
    interface Start {
        void await() throws IOException;
    }

    /// A program that does not come up is not left running: nobody else has it to close it.
    void orClosed(Start start) throws IOException {
        boolean up = false;
        try {
            start.await();
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
    }

    /// Returns when it takes connections at this port of the loopback address; a program that does
    /// not is ended.
    void awaitListening(int port) throws IOException {
        awaitListening(Peers.LOOPBACK, port);
    }

    void awaitListening(String address, int port) throws IOException {
        orClosed(() -> {
            Awaitility.await(name + " listens")
                    .atMost(PATIENCE)
                    .until(() -> !alive() || listens(address, port));
            assertThat(alive()).as("%s has ended: %s", name, output()).isTrue();
        });
    }

    /// Returns when somebody has this UDP port; a program that ends before is an error.
    void awaitUdp(int port) throws IOException {
        orClosed(() -> {
            Awaitility.await(name + " has its port")
                    .atMost(PATIENCE)
                    .until(() -> !alive() || isTaken(port));
            assertThat(alive()).as("%s has ended: %s", name, output()).isTrue();
        });
    }

    /// By what Linux says: to try it would take the port away from who is about to have it.
    private static boolean isTaken(int port) throws IOException {
        var local = Pattern.compile(" *\\d+: [0-9A-F]+:%04X .*".formatted(port));
        for (var table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            var sockets = Path.of(table);
            if (Files.exists(sockets)
                    && Files.readAllLines(sockets).stream()
                            .anyMatch(line -> local.matcher(line).matches())) {
                return true;
            }
        }
        return false;
    }

    private static boolean listens(String address, int port) {
        try (var probe = new Socket(address, port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    Path folder() {
        return folder;
    }

    boolean alive() {
        return process.isAlive();
    }

    /// What it has started, and what those have.
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    String output() {
        try {
            return Files.readString(
                    folder.resolve("output"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void type(String line) throws IOException {
        var in = process.getOutputStream();
        in.write((line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        in.flush();
    }

    /// Waits until the program has printed this text; fails with all that it printed if it ends
    /// before.
    void awaitOutput(String text, Duration atMost) {
        Awaitility.await(name + " prints '" + text + "'")
                .atMost(atMost)
                .until(() -> output().contains(text) || !process.isAlive());
        assertThat(output()).as("output of %s", name).contains(text);
    }

    /// The exit status of a program that ends by itself.
    int awaitEnd(Duration atMost) throws InterruptedException {
        assertThat(process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS))
                .as("%s ends within %s; it printed:%n%s", name, atMost, output())
                .isTrue();
        return process.exitValue();
    }

    /// SIGTERM.
    void terminate() {
        process.destroy();
    }

    /// SIGKILL: nothing of the program runs any more.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Also what it has started, which may listen at its ports.
    @Override
    public void close() {
        var children = children();
        process.destroy();
        try {
            if (!process.waitFor(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
