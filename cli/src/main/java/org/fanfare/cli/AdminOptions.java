package org.fanfare.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which server is asked, and by what right.
final class AdminOptions {

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8062",
            description = "Where the server answers (listen.admin), ${DEFAULT-VALUE} unless given.")
    private String address = "";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The token that the server asks for (admin.token-file).")
    private @Nullable Path tokenFile;

    String address() {
        return address;
    }

    AdminClient client() throws CommandFailure {
        return new AdminClient(address, token());
    }

    private String token() throws CommandFailure {
        try {
            return tokenFile == null ? "" : Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "--token-file: cannot read " + e.getMessage());
        }
    }
}
