package org.fanfare.cli.conformance;

import org.fanfare.server.Configuration;
import org.fanfare.server.FanfareServer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.HostPort;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Our own server in this process, with the suite as its core and as its interworking function, and
/// what is to be said of its configuration.
final class Tested implements AutoCloseable {

    static final String EXPLODER = "sip:exploder@home.example";

    private final FanfareServer server;
    private final Target target;

    private Tested(FanfareServer server, Target target) {
        this.server = server;
        this.target = target;
    }

    Target target() {
        return target;
    }

    /// @param stated without the address of the interworking function
    static Tested start(
            Path folder,
            Map<Stated, String> stated,
            Optional<Target.Account> account,
            String... settings)
            throws Exception {
        var core = freeAddress();
        var all = new ArrayList<String>();
        var said = new EnumMap<Stated, String>(Stated.class);
        said.putAll(stated);
        all.addAll(
                List.of(
                        "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                        "listen.admin=null",
                        "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                        "core.route=\"sip:" + core + ";lr\"",
                        "ledger.url=file:" + folder.resolve("ledger")));
        if (!said.containsKey(Stated.ISF)) {
            var isf = freeAddress();
            said.put(Stated.ISF, isf.toString());
            all.add("interworking.isf=\"sip:" + isf + "\"");
        }
        all.addAll(List.of(settings));
        var server = new FanfareServer(Configuration.load(null, all));
        server.start();
        var at = server.listening().getFirst().address();
        return new Tested(
                server,
                new Target(
                        Hop.udp(at),
                        EXPLODER,
                        "sip:alice@home.example",
                        account,
                        core,
                        false,
                        Duration.ofSeconds(20),
                        said));
    }

    /// Free for UDP and TCP now.
    static HostPort freeAddress() throws IOException {
        while (true) {
            try (var tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    var _ =
                            new DatagramSocket(
                                    new InetSocketAddress(
                                            InetAddress.getLoopbackAddress(),
                                            tcp.getLocalPort()))) {
                return new HostPort("127.0.0.1", tcp.getLocalPort());
            } catch (BindException _) {
                // free for TCP only: another one
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
