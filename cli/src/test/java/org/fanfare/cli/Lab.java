package org.fanfare.cli;

import org.fanfare.client.PhoneFleet;
import org.fanfare.client.PhoneScript;
import org.fanfare.server.Configuration;
import org.fanfare.server.FanfareServer;
import org.fanfare.sip.transport.Hop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// `fanfare serve` within this process, on free ports, with phones at its embedded core.
final class Lab implements AutoCloseable {

    static final String EXPLODER = "sip:exploder@home.example";

    private final FanfareServer server;
    private final Deque<Runnable> open = new ArrayDeque<>();

    /// @param settings as `--set` has them, beside the free ports
    Lab(Path folder, String... settings) throws Exception {
        var all = new ArrayList<>(freePorts(folder));
        all.addAll(List.of(settings));
        server = new FanfareServer(Configuration.load(null, all));
        open.push(server::close);
        server.start();
    }

    /// A TCP port where nobody listens, nor will while this is open.
    static Socket nobody() throws IOException {
        var nobody = new Socket();
        nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return nobody;
    }

    /// What makes a server at home in a folder and on ports that nobody else has.
    static List<String> freePorts(Path folder) {
        return List.of(
                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                "listen.admin=127.0.0.1:0",
                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                "ledger.url=file:" + folder.resolve("ledger"));
    }

    /// What `--via` is told: the core over TCP, which takes a message of any size.
    String via() {
        return server.coreListening().stream()
                .filter(point -> point.protocol().isReliable())
                .map(point -> "127.0.0.1:" + point.address().getPort() + ";transport=tcp")
                .findFirst()
                .orElseThrow();
    }

    /// Of the Participating Function.
    int sipPort() {
        return server.listening().getFirst().address().getPort();
    }

    String admin() {
        return "127.0.0.1:" + server.adminAddress().orElseThrow().getPort();
    }

    /// Registers `prefix1`, `prefix2` and so on.
    PhoneFleet phones(String prefix, int count, PhoneScript script)
            throws IOException, InterruptedException {
        var fleet =
                PhoneFleet.builder(Hop.parse(via()), "home.example")
                        .prefix(prefix)
                        .count(count)
                        .script(script)
                        .start();
        open.push(fleet::close);
        fleet.register(Duration.ofHours(1));
        return fleet;
    }

    @Override
    public void close() {
        open.forEach(Runnable::run);
    }
}
