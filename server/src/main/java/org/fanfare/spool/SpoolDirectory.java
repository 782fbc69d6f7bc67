package org.fanfare.spool;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// The files of spools, for their owner alone (0700, files 0600). Nodes may share a directory: the
/// name of the node begins the names of the files that it makes.
final class SpoolDirectory {

    private static final String SUFFIX = ".spool";
    private static final FileAttribute<?>[] NONE = {};

    private final Path directory;
    private final String prefix;
    private final Pattern own;
    private final FileStore disk;
    private final boolean posix;

    private SpoolDirectory(Path directory, String node) throws IOException {
        this.directory = directory;
        this.disk = Files.getFileStore(directory);
        this.posix = disk.supportsFileAttributeView("posix");
        this.prefix = URLEncoder.encode(node, StandardCharsets.UTF_8) + "-";
        this.own = Pattern.compile(Pattern.quote(prefix) + "[0-9a-f]{32}");
    }

    /// Makes the directory if there is none.
    static SpoolDirectory open(Path directory, String node) throws IOException {
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(
                        directory, PosixFilePermissions.fromString("rwx------"));
            }
        }
        return new SpoolDirectory(directory, node);
    }

    String newId(RandomGenerator random) {
        return prefix + "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }

    boolean isOwn(String id) {
        return id.startsWith(prefix);
    }

    Path file(String id) {
        return directory.resolve(id + SUFFIX);
    }

    FileContent create(String id) throws IOException {
        FileAttribute<?>[] attributes =
                posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : NONE;
        var file = file(id);
        return new FileContent(file, FileChannel.open(file, Set.of(CREATE_NEW, WRITE), attributes));
    }

    /// The names of files are on stable storage.
    void sync() throws IOException {
        try (var channel = FileChannel.open(directory, READ)) {
            channel.force(true);
        }
    }

    void delete(String id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    long free() throws IOException {
        return disk.getUsableSpace();
    }

    /// The length of each file that this node has made, by id.
    Map<String, Long> own() throws IOException {
        var found = new HashMap<String, Long>();
        try (var files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (var file : files) {
                var name = file.getFileName().toString();
                var id = name.substring(0, name.length() - SUFFIX.length());
                if (own.matcher(id).matches()) {
                    found.put(id, Files.size(file));
                }
            }
        }
        return found;
    }
}
