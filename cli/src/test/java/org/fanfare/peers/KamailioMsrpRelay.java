package org.fanfare.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Kamailio's msrp module as an MSRP relay (RFC 4976).
final class KamailioMsrpRelay implements AutoCloseable {

    private final int port = Peers.freePort();
    private final PeerProcess process;

    KamailioMsrpRelay(Path folder) throws IOException {
        Peers.need("kamailio");
        var configuration =
                Peers.fill(
                        "/peers/kamailio/msrp-relay.cfg",
                        folder.resolve("msrp-relay.cfg"),
                        Map.of("port", Integer.toString(port)));
        process = PeerProcess.kamailio("kamailio as an MSRP relay", folder, configuration, 32);
        process.awaitListening(port);
    }

    int port() {
        return port;
    }

    /// What it has said of each frame that came in.
    String log() {
        return process.output();
    }

    @Override
    public void close() {
        process.close();
    }
}
