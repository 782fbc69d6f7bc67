package org.fanfare.cli.conformance;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;

import org.fanfare.peers.Peers;
import org.fanfare.server.Configuration;
import org.fanfare.server.FanfareServer;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.HostPort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Our own server in this process, with the suite as its core, as its interworking function and as
/// its XDMS, and what is to be said of its configuration.
final class Tested implements AutoCloseable {

    static final String EXPLODER = "sip:exploder@home.example";

    private static final String ALICE = "alice@home.example";
    private static final String SECRET = "secret";

    private final FanfareServer server;
    private final GreenMail store;
    private final Target target;

    private Tested(FanfareServer server, GreenMail store, Target target) {
        this.server = server;
        this.store = store;
        this.target = target;
    }

    Target target() {
        return target;
    }

    /// @param stated without addresses; where it says what is recorded, there is a store
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
        var store = new GreenMail(new ServerSetup(0, "127.0.0.1", "imap"));
        if (said.containsKey(Stated.RECORD)) {
            store.start();
            all.addAll(recording(store, folder, said));
        }
        all.addAll(List.of(settings));
        var server = new FanfareServer(Configuration.load(null, all));
        server.start();
        var at = server.listening().getFirst().address();
        return new Tested(
                server,
                store,
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

    private static List<String> recording(GreenMail store, Path folder, Map<Stated, String> said)
            throws IOException {
        store.setUser(ALICE, ALICE, SECRET);
        said.put(Stated.STORE, "imap://127.0.0.1:" + store.getImap().getPort());
        said.put(Stated.STORE_USER, ALICE);
        said.put(Stated.STORE_PASSWORD, SECRET);
        var xdms = freeAddress();
        said.put(Stated.XDMS, xdms.toString());
        return List.of(
                "policy.record=" + said.get(Stated.RECORD),
                "store.imap=" + said.get(Stated.STORE),
                "store.timeout=20s",
                "store.secret-file=" + Files.writeString(folder.resolve("secret"), SECRET),
                "xdm.root=http://" + xdms + "/");
    }

    /// Free for UDP and TCP.
    static HostPort freeAddress() throws IOException {
        return new HostPort("127.0.0.1", Peers.freePort());
    }

    @Override
    public void close() {
        server.close();
        store.stop();
    }
}
