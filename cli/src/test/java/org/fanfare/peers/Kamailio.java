package org.fanfare.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Kamailio as the SIP/IP core in front of Fanfare, with the configuration that `examples/kamailio`
/// gives to users; only its ports are other ones.
final class Kamailio implements AutoCloseable {

    private static final Path CONFIGURATION = Path.of("..", "examples", "kamailio", "kamailio.cfg");

    private final int phonePort = Peers.freePort();
    private final int iscPort = Peers.freePort();
    private final PeerProcess process;

    Kamailio(Path folder, int pfPort, int isfPort) throws IOException {
        this(folder, pfPort, isfPort, List.of("-A", "DIRECT_DELIVERY"));
    }

    /// One that may also be asked who is registered.
    static Kamailio notifying(Path folder, int pfPort) throws IOException, SQLException {
        Peers.needKamailioModule("pua_reginfo");
        Peers.needKamailioModule("presence_reginfo");
        Peers.needKamailioModule("db_sqlite");
        Files.createDirectories(folder);
        KamailioXdms.createTables(folder.resolve("registrations.sqlite"));
        var both = List.of("-A", "DIRECT_DELIVERY", "-A", "REG_EVENT");
        return new Kamailio(folder, pfPort, Peers.freePort(), both);
    }

    private Kamailio(Path folder, int pfPort, int isfPort, List<String> parts) throws IOException {
        Peers.need("kamailio");
        var text =
                Files.readString(CONFIGURATION)
                        .replace("!UE_PORT!5060!", "!UE_PORT!" + phonePort + "!")
                        .replace("!ISC_PORT!5061!", "!ISC_PORT!" + iscPort + "!")
                        .replace("!PF_PORT!5062!", "!PF_PORT!" + pfPort + "!")
                        .replace("!ISF_PORT!5064!", "!ISF_PORT!" + isfPort + "!")
                        .replace("/var/lib/kamailio", folder.toString());
        Files.createDirectories(folder);
        var copy = Files.writeString(folder.resolve("kamailio.cfg"), text);
        var options = new ArrayList<>(parts);
        options.addAll(List.of("-x", "fm", "-X", "fm"));
        process =
                PeerProcess.kamailio("kamailio", folder, copy, 64, options.toArray(String[]::new));
        SipPing.awaitAnswer(phonePort, Duration.ofSeconds(60), process);
    }

    /// Where phones register and send to.
    int phonePort() {
        return phonePort;
    }

    /// Where Fanfare sends to.
    int iscPort() {
        return iscPort;
    }

    @Override
    public void close() {
        process.close();
    }
}
