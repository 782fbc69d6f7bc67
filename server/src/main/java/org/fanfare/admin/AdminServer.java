package org.fanfare.admin;

import org.fanfare.ledger.Ledger;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/// The door for operators: what became of messages, health and metrics, over HTTP.
public final class AdminServer implements AutoCloseable {

    private final JdkHttpServer server;

    private AdminServer(JdkHttpServer server) {
        this.server = server;
    }

    /// Listens at an address; port 0 takes a free one.
    ///
    /// @param names host names that clients may call this server by, beside addresses and localhost
    /// @throws IOException when the address cannot be had
    public static AdminServer start(
            InetSocketAddress address,
            Set<String> names,
            Ledger ledger,
            Supplier<Health> health,
            Metrics metrics,
            Access access)
            throws IOException {
        var known = new HashSet<>(Set.of("localhost"));
        names.forEach(name -> known.add(name.toLowerCase(Locale.ROOT)));
        var api = new AdminApi(ledger, health, metrics, known, access);
        return new AdminServer(JdkHttpServer.start(address, api));
    }

    /// Where it really listens.
    public InetSocketAddress address() {
        return server.address();
    }

    @Override
    public void close() {
        server.close();
    }
}
