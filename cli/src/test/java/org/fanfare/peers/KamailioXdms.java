package org.fanfare.peers;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// Kamailio's xcap_server as a server of XML documents, with the tables that its package brings.
final class KamailioXdms implements AutoCloseable {

    private static final Path TABLES = Path.of("/usr/share/kamailio/db_sqlite");

    private final int port = Peers.freePort();
    private final Path folder;
    private PeerProcess process;

    KamailioXdms(Path folder) throws IOException, SQLException {
        this.folder = folder;
        Peers.need("kamailio");
        Peers.needKamailioModule("xcap_server");
        Peers.needKamailioModule("db_sqlite");
        Files.createDirectories(folder);
        createTables(folder.resolve("xdms.sqlite"));
        start();
    }

    /// Of all modules that deal with presence.
    static void createTables(Path file) throws IOException, SQLException {
        try (var database = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = database.createStatement()) {
            for (var script : List.of("standard", "presence")) {
                statement.executeUpdate(Files.readString(TABLES.resolve(script + "-create.sql")));
            }
        }
    }

    /// Again, after it was stopped, on the same port with the same documents.
    void start() throws IOException {
        var words = Map.of("port", Integer.toString(port), "folder", folder.toString());
        var configuration =
                Peers.fill("/peers/kamailio/xdms.cfg", folder.resolve("xdms.cfg"), words);
        process = PeerProcess.kamailio("kamailio as an XDMS", folder, configuration, 32);
        process.awaitListening(port);
    }

    URI root() {
        return URI.create("http://127.0.0.1:" + port + "/xcap-root");
    }

    void stop() {
        process.close();
    }

    @Override
    public void close() {
        process.close();
    }
}
