package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program of somebody else, started for one test in a folder of its own and ended by its pid.
/// What it prints is kept in `output` of that folder and stands in the message of a test that fails
/// on it.
final class PeerProcess implements AutoCloseable {

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
        return new PeerProcess(name, folder, builder.start());
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

    /// Returns when it takes connections at this port of the loopback address.
    void awaitListening(int port) {
        Awaitility.await(name + " listens")
                .atMost(Duration.ofSeconds(20))
                .until(() -> !alive() || listens(port));
        assertThat(alive()).as("%s has ended: %s", name, output()).isTrue();
    }

    private static boolean listens(int port) {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
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

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(3, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
