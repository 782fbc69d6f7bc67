package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// The command as the launch script starts it: a JVM of its own, in a folder of its own, without a
/// terminal.
final class Launched implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Path out;
    private final Path err;
    private final Process process;

    private Launched(Path folder, List<String> command) throws IOException {
        out = Files.createTempFile(folder, "out", ".txt");
        err = Files.createTempFile(folder, "err", ".txt");
        process =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
    }

    static Launched fanfare(Path folder, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.fanfare.cli.Fanfare");
        command.addAll(List.of(arguments));
        return new Launched(folder, command);
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /// The first group of the pattern, once something printed to either stream has it.
    String awaitLine(String pattern) {
        var wanted = Pattern.compile(pattern);
        await("a line like " + pattern)
                .atMost(PATIENCE)
                .until(() -> wanted.matcher(all()).find() || !process.isAlive());
        var found = wanted.matcher(all());
        assertThat(found.find()).as("%s in%n%s", pattern, all()).isTrue();
        return found.groupCount() == 0 ? found.group() : found.group(1);
    }

    /// SIGTERM.
    Launched terminate() {
        process.destroy();
        return this;
    }

    /// The end of a process that ends by itself, or has been told to.
    Ran ended() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("it ends; it printed:%n%s", all())
                .isTrue();
        return new Ran(process.exitValue(), out(), err());
    }

    private String all() {
        return out() + err();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
