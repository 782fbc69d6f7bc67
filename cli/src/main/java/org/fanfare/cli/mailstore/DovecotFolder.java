package org.fanfare.cli.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// The folder of a Dovecot of one's own: mailboxes, passwords, log and configuration, nothing of
/// the machine's. Run by root it leaves the mailboxes to `nobody`, because Dovecot keeps no mail as
/// root.
public final class DovecotFolder {

    /// The part of the configuration that says so.
    public static final String WITHOUT_TLS = "ssl = no\ndisable_plaintext_auth = no";

    private final Path folder;

    private DovecotFolder(Path folder) {
        this.folder = folder;
    }

    /// Makes it, or uses one that is there.
    ///
    /// @param folder of its own; others may pass through it and the one above it when run by root
    /// @param users passwords by login name, which is the name of the mailbox
    /// @param masters passwords of those who may act for users
    public static DovecotFolder at(
            Path folder, Map<String, String> users, Map<String, String> masters)
            throws IOException {
        Files.createDirectories(folder.resolve("mail"));
        Files.createDirectories(folder.resolve("base"));
        if (isRoot()) {
            for (var way : List.of(folder, folder.toAbsolutePath().getParent())) {
                Files.setPosixFilePermissions(way, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Files.writeString(folder.resolve("users"), passwords(users));
        Files.writeString(folder.resolve("masters"), passwords(masters));
        return new DovecotFolder(folder);
    }

    private static String passwords(Map<String, String> users) {
        return users.entrySet().stream()
                .map(user -> "%s:{PLAIN}%s%n".formatted(user.getKey(), user.getValue()))
                .collect(Collectors.joining());
    }

    private static boolean isRoot() {
        return user().equals("root");
    }

    private static String user() {
        return System.getProperty("user.name");
    }

    /// Writes the configuration.
    ///
    /// @param imaps port for TLS from the first octet; 0 for none
    /// @param tls lines about it, such as [#WITHOUT_TLS]
    public Path configuration(String address, int port, int imaps, String tls) throws IOException {
        boolean root = isRoot();
        if (root) {
            said("chown", "nobody", folder.resolve("mail").toString());
        }
        var owner = root ? "nobody" : user();
        var words =
                Map.of(
                        "address",
                        address,
                        "port",
                        Integer.toString(port),
                        "imaps",
                        Integer.toString(imaps),
                        "tls",
                        tls,
                        "folder",
                        folder.toString(),
                        "internal",
                        root ? "dovecot" : user(),
                        "group",
                        root ? "dovecot" : said("id", "-g", "-n", user()),
                        "login",
                        root ? "dovenull" : user(),
                        "uid",
                        said("id", "-u", owner),
                        "gid",
                        said("id", "-g", owner));
        try (var in = DovecotFolder.class.getResourceAsStream("dovecot.conf")) {
            var octets = Objects.requireNonNull(in, "dovecot.conf").readAllBytes();
            var text = new String(octets, StandardCharsets.UTF_8);
            for (var word : words.entrySet()) {
                text = text.replace("@" + word.getKey() + "@", word.getValue());
            }
            return Files.writeString(folder.resolve("dovecot.conf"), text);
        }
    }

    private static String said(String... command) throws IOException {
        var process = new ProcessBuilder(command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip();
    }
}
