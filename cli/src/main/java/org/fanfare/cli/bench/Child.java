package org.fanfare.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Another process of this command, spoken to line by line. It ends with its standard input, so it
/// never outlives us.
final class Child implements AutoCloseable {

    private final Process process;
    private final BufferedReader out;

    /// @param jvm options for its Java machine
    /// @param arguments of the command `fanfare`
    Child(List<String> jvm, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.fanfare.cli.Fanfare");
        command.addAll(arguments);
        process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        out = process.inputReader();
    }

    /// The next line that it prints.
    String read() throws IOException {
        var line = out.readLine();
        if (line == null) {
            throw new IOException("a process of the benchmark has ended");
        }
        return line;
    }

    String ask(String command) throws IOException {
        var in = process.outputWriter();
        in.write(command + "\n");
        in.flush();
        return read();
    }

    @Override
    public void close() {
        process.destroy();
    }
}
