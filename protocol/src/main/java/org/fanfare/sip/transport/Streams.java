package org.fanfare.sip.transport;

import org.fanfare.wire.Limits;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/// All TCP and TLS connections of one element, those it made and those made to it.
final class Streams {

    private static final Logger LOG = System.getLogger(Streams.class.getName());
    private static final long LONGEST_SWEEP_INTERVAL = 250;
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final TransportLayer.Settings settings;
    private final TransportCounters counters;
    private final MessageHandler handler;
    private final AcceptedConnections accepted;
    private final Connector connector = new Connector(this::open);
    private final Set<StreamConnection> connections = ConcurrentHashMap.newKeySet();

    /// By the address of the peer; TLS connections of ours by the hop, since the name was proved.
    private final Map<Hop, StreamConnection> byHop = new ConcurrentHashMap<>();

    private volatile boolean closed;

    Streams(TransportLayer.Settings settings, TransportCounters counters, MessageHandler handler) {
        this.settings = settings;
        this.counters = counters;
        this.handler = handler;
        accepted =
                new AcceptedConnections(
                        settings.transportLimits().connectionsPerSource(),
                        settings.transportLimits().connections(),
                        settings.trusted());
    }

    TransportLimits limits() {
        return settings.transportLimits();
    }

    Limits messageLimits() {
        return settings.limits();
    }

    TransportCounters counters() {
        return counters;
    }

    MessageHandler handler() {
        return handler;
    }

    long keepAliveNanos() {
        var keepAlive = settings.keepAlive();
        return keepAlive == null ? ReadPace.NEVER : keepAlive.toNanos();
    }

    void start() {
        Thread.ofVirtual().name("sip-sweep").start(this::sweep);
    }

    /// An open connection that a request to this hop may take.
    Optional<Flow> find(Hop hop) {
        return Optional.<Flow>ofNullable(byHop.get(hop.withAnySize())).filter(Flow::isOpen);
    }

    /// The open one, or a new one.
    Flow connect(Hop hop) throws IOException {
        var key = hop.withAnySize();
        var open = find(key);
        return open.isPresent() ? open.get() : connector.connect(key);
    }

    private StreamConnection open(Hop hop) throws IOException {
        if (closed) {
            throw new IOException("the transport layer is closed");
        }
        var meanwhile = byHop.get(hop); // by an attempt that ended since the caller looked
        if (meanwhile != null && meanwhile.isOpen()) {
            return meanwhile;
        }
        var plain = new Socket();
        try {
            var address = Addresses.resolved(hop.address());
            plain.connect(address, (int) limits().connectWithin().toMillis());
            return opened(hop, plain);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private StreamConnection opened(Hop hop, Socket plain) throws IOException {
        var connection =
                new StreamConnection(this, hop.protocol(), plain, overTls(hop, plain), false);
        connections.add(connection);
        try {
            connection.handshake();
            checkName(hop, connection);
        } catch (IOException e) {
            connection.abort(e.toString());
            throw e;
        }
        byHop.put(hop, connection);
        counters.connectionsOpened.increment();
        Thread.ofVirtual().name("sip-read-", 0).start(connection::readAll);
        return connection;
    }

    private Socket overTls(Hop hop, Socket plain) throws IOException {
        if (hop.protocol() != TransportProtocol.TLS) {
            return plain;
        }
        var tls = tlsSettings();
        var host = hop.address().getHostString();
        var socket =
                (SSLSocket)
                        tls.context()
                                .getSocketFactory()
                                .createSocket(plain, host, hop.address().getPort(), true);
        tls.asClient(socket);
        return socket;
    }

    private TlsSettings tlsSettings() {
        var tls = settings.tls();
        return tls == null ? TlsSettings.ofClient() : tls;
    }

    private static void checkName(Hop hop, StreamConnection connection) throws IOException {
        var host = hop.address().getHostString();
        if (hop.protocol() == TransportProtocol.TLS
                && !PeerNames.matches(connection.peerNames(), host)) {
            throw new SSLPeerUnverifiedException(
                    "expected a certificate of "
                            + host
                            + ", found one of "
                            + connection.peerNames());
        }
    }

    /// Takes a connection that somebody made to us, or closes it where the limits say so. Does not
    /// wait for the peer.
    void accept(TransportProtocol protocol, Socket plain) throws IOException {
        var source = plain.getInetAddress();
        if (closed || !accepted.countSource(source)) {
            counters.connectionsRefused.increment();
            plain.close();
            return;
        }
        if (!roomForOne()) {
            accepted.releaseSource(source);
            counters.connectionsRefused.increment();
            plain.close();
            return;
        }
        try {
            start(protocol, plain);
        } catch (IOException e) {
            accepted.releaseSource(source);
            accepted.releaseInAll();
            plain.close();
            throw e;
        }
    }

    /// Where there are as many as may be, the one that was idle for longest makes room.
    private boolean roomForOne() {
        while (!accepted.countInAll()) {
            var idlest =
                    connections.stream()
                            .filter(StreamConnection::isIdle)
                            .min(Comparator.comparingLong(StreamConnection::lastActivity));
            if (idlest.isEmpty()) {
                return false;
            }
            counters.connectionsRefused.increment();
            idlest.get().abort("others want to connect");
        }
        return true;
    }

    private void start(TransportProtocol protocol, Socket plain) throws IOException {
        var connection =
                new StreamConnection(this, protocol, plain, underTls(protocol, plain), true);
        connections.add(connection);
        counters.connectionsAccepted.increment();
        Thread.ofVirtual().name("sip-read-", 0).start(() -> serve(connection));
    }

    private Socket underTls(TransportProtocol protocol, Socket plain) throws IOException {
        if (protocol != TransportProtocol.TLS) {
            return plain;
        }
        var tls = tlsSettings();
        var socket = (SSLSocket) tls.context().getSocketFactory().createSocket(plain, null, true);
        tls.asServer(socket);
        return socket;
    }

    private void serve(StreamConnection connection) {
        try {
            connection.handshake();
        } catch (IOException e) {
            connection.abort(e.toString());
            return;
        }
        if (connection.protocol() != TransportProtocol.TLS) {
            // Requests to that very address take this connection (RFC 3261 18.1.1). Over TLS the
            // peer
            // would have to prove a name for it.
            byHop.putIfAbsent(Hop.tcp(connection.remote()), connection);
        }
        connection.readAll();
    }

    /// Called once or more for each connection.
    void ended(StreamConnection connection, String reason) {
        if (!connections.remove(connection)) {
            return;
        }
        byHop.values().remove(connection);
        if (connection.isAccepted()) {
            accepted.releaseSource(connection.remote().getAddress());
            accepted.releaseInAll();
        }
        LOG.log(Level.DEBUG, "{0} ended: {1}", connection, reason);
        handler.onClosed(connection);
    }

    private void sweep() {
        var shortest = limits().shortestTime().dividedBy(4).toMillis();
        long interval = Math.clamp(shortest, 1, LONGEST_SWEEP_INTERVAL);
        while (!closed) {
            try {
                Thread.sleep(interval);
                long now = System.nanoTime();
                connections.forEach(connection -> connection.sweep(now));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "looking after connections failed", e);
            }
        }
    }

    int open() {
        return connections.size();
    }

    /// What waits to be sent has a moment, then all is cut off.
    void close() {
        closed = true;
        connections.forEach(StreamConnection::close);
        long until = System.nanoTime() + GOODBYE.toNanos();
        try {
            while (System.nanoTime() < until
                    && !connections.stream().allMatch(StreamConnection::isOutputEnded)) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(connection -> connection.abort("closed"));
    }
}
