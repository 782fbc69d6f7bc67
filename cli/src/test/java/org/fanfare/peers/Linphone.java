package org.fanfare.peers;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A liblinphone phone (Debian's linphone-cli), registered at the core, in a home folder of its
/// own.
final class Linphone implements AutoCloseable {

    private final PeerProcess process;

    Linphone(Path folder, String user, int corePort) throws IOException {
        Peers.need("linphonec");
        Files.createDirectories(folder.resolve(".local/share/linphone"));
        var words =
                Map.of(
                        "user", user,
                        "domain", Peers.DOMAIN,
                        "port", Integer.toString(Peers.freePort()),
                        "core", Integer.toString(corePort),
                        "run", folder.toString());
        var rc = Peers.fill("/peers/linphonerc", folder.resolve("linphonerc"), words);
        process =
                PeerProcess.start(
                        "linphonec " + user,
                        folder,
                        List.of(
                                "linphonec",
                                "-c",
                                rc.toString(),
                                "-d",
                                "6",
                                "-l",
                                folder.resolve("log").toString()));
        var log = folder.resolve("log");
        process.orClosed(() ->
                await("linphone registers " + user)
                        .atMost(Duration.ofSeconds(60))
                        .until(() ->
                                Files.exists(log)
                                        && Files.readString(log)
                                                .contains("LinphoneRegistrationOk")));
    }

    void awaitMessage(String text, Duration atMost) {
        process.awaitOutput(text, atMost);
    }

    @Override
    public void close() {
        process.close();
    }
}
