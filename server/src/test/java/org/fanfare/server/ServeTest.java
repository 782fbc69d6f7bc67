package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The server as a process of its own.
class ServeTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path folder;

    /// What the process runs.
    static final class Main {

        private Main() {}

        public static void main(String[] settings) throws StartFailure, InterruptedException {
            Serve.untilStopped(Configuration.load(null, List.of(settings)));
        }
    }

    @Test
    void aSignalToStopEndsItWithStatus0() throws Exception { // R3
        var process = serve();
        awaitLine("event=ready");

        process.destroy();

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(log()).contains("event=draining", "event=drained all=true", "event=stopped");
    }

    @Test
    void whereItListensIsSaidWithRealPorts() throws Exception {
        var process = serve();
        awaitLine("event=ready");
        process.destroyForcibly().onExit().join();

        assertThat(log().lines())
                .anyMatch(line ->
                        line.matches(".*event=listening for=sip address=udp:127.0.0.1:[1-9]\\d+"))
                .anyMatch(line ->
                        line.matches(".*event=listening for=sip address=tcp:127.0.0.1:[1-9]\\d+"))
                .anyMatch(line ->
                        line.matches(".*event=listening for=core address=udp:127.0.0.1:[1-9]\\d+"))
                .anyMatch(line ->
                        line.matches(".*event=listening for=admin address=127.0.0.1:[1-9]\\d+"));
    }

    private Process serve() throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "ledger.url=\"file:" + folder.resolve("ledger") + "\""));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
    }

    private void awaitLine(String text) {
        await().atMost(PATIENCE).until(() -> log().contains(text));
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log"), StandardCharsets.UTF_8);
    }
}
