package org.fanfare.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A directory for files that nobody looks for after this process: it goes with them.
record TemporaryDirectory(Path path) implements AutoCloseable {

    static TemporaryDirectory create(String name) throws IOException {
        return new TemporaryDirectory(Files.createTempDirectory(name));
    }

    @Override
    public void close() throws IOException {
        try (var files = Files.newDirectoryStream(path)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(path);
    }
}
