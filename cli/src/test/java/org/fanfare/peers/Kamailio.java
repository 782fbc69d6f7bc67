package org.fanfare.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Kamailio as the SIP/IP core in front of Fanfare, with the configuration that `examples/kamailio`
/// gives to users; only its ports are other ones.
final class Kamailio implements AutoCloseable {

    private static final Path CONFIGURATION = Path.of("..", "examples", "kamailio", "kamailio.cfg");

    private final int phonePort = Peers.freePort();
    private final int iscPort = Peers.freePort();
    private final PeerProcess process;

    Kamailio(Path folder, int pfPort, int isfPort) throws IOException {
        Peers.need("kamailio");
        var text =
                Files.readString(CONFIGURATION)
                        .replace("!UE_PORT!5060!", "!UE_PORT!" + phonePort + "!")
                        .replace("!ISC_PORT!5061!", "!ISC_PORT!" + iscPort + "!")
                        .replace("!PF_PORT!5062!", "!PF_PORT!" + pfPort + "!")
                        .replace("!ISF_PORT!5064!", "!ISF_PORT!" + isfPort + "!");
        Files.createDirectories(folder);
        var copy = Files.writeString(folder.resolve("kamailio.cfg"), text);
        process =
                PeerProcess.kamailio(
                        "kamailio",
                        folder,
                        copy,
                        64,
                        "-A",
                        "DIRECT_DELIVERY",
                        "-x",
                        "fm",
                        "-X",
                        "fm");
        SipPing.awaitAnswer(phonePort, Duration.ofSeconds(20), process);
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
