package org.fanfare.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
        process =
                PeerProcess.start(
                        "kamailio as an MSRP relay",
                        folder,
                        List.of(
                                "kamailio",
                                "-f",
                                configuration.toString(),
                                "-DD",
                                "-E",
                                "-m",
                                "32",
                                "-w",
                                folder.toString(),
                                "-Y",
                                folder.toString()));
        org.awaitility.Awaitility.await("the relay listens")
                .atMost(Duration.ofSeconds(20))
                .until(this::listens);
    }

    private boolean listens() {
        try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
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
