package org.fanfare.msrp;

import org.fanfare.sip.transport.AcceptedConnections;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.StreamListener;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Leniency;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLSocket;

/// Where MSRP sessions live: listens, connects, finds the session that a request is for. It is an
/// end of every path, never a relay.
public final class MsrpEndpoint implements AutoCloseable {

    private static final Logger LOG = System.getLogger(MsrpEndpoint.class.getName());
    private static final long LONGEST_SWEEP_INTERVAL = 250;
    private static final ExecutorService LOOKUPS =
            Executors.newFixedThreadPool(
                    4, Thread.ofPlatform().name("msrp-lookup").daemon().factory());

    private static final Duration GOODBYE = Duration.ofSeconds(1);

    /// 103 random bits (RFC 4975 14.1 wants 80).
    private static final int SESSION_ID = 20;

    /// In the path of who never listens (RFC 4145 4.1).
    private static final int DISCARD_PORT = 9;

    private final MsrpLimits limits;
    private final @Nullable TlsSettings tls;
    private final @Nullable String host;
    private final Predicate<InetSocketAddress> mayConnect;
    private final RandomGenerator random;
    private final MsrpCounters counters = new MsrpCounters();
    private final AcceptedConnections accepted;
    private final List<StreamListener> listeners = new ArrayList<>();
    private final Map<String, MsrpSession> sessions = new ConcurrentHashMap<>();
    private final Set<MsrpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private MsrpEndpoint(Builder builder) throws IOException {
        limits = builder.limits;
        tls = builder.tls;
        host = builder.host;
        mayConnect = builder.mayConnect;
        random = builder.random;
        accepted =
                new AcceptedConnections(
                        limits.connectionsPerSource(), limits.connections(), builder.trusted);
        try {
            for (var point : builder.points) {
                var server = ServerSocketChannel.open().socket();
                listeners.add(new StreamListener(point, server, this::accept));
            }
        } catch (IOException e) {
            listeners.forEach(StreamListener::close);
            throw e;
        }
        listeners.forEach(StreamListener::start);
        Thread.ofVirtual().name("msrp-sweep").start(this::sweep);
    }

    public static Builder builder() {
        return new Builder();
    }

    /// How an endpoint is made.
    public static final class Builder {

        private final List<ListenPoint> points = new ArrayList<>();
        private MsrpLimits limits = MsrpLimits.DEFAULT;
        private @Nullable TlsSettings tls;
        private @Nullable String host;
        private Predicate<InetSocketAddress> mayConnect = _ -> true;
        private Predicate<InetAddress> trusted = _ -> false;
        private RandomGenerator random = new SecureRandom();

        private Builder() {}

        /// `tcp:127.0.0.1:2855`, `tls:[::1]:2855`; port 0 takes a free one.
        ///
        /// @throws IllegalArgumentException when it is none of these
        public Builder listen(String point) {
            var parsed = ListenPoint.parse(point);
            if (parsed.protocol() == TransportProtocol.UDP) {
                throw new IllegalArgumentException(
                        "listen point \"" + point + "\": MSRP takes tcp or tls");
            }
            points.add(parsed);
            return this;
        }

        /// For TLS either way; without it connections of ours trust what the JDK trusts.
        public Builder tls(TlsSettings settings) {
            tls = settings;
            return this;
        }

        public Builder limits(MsrpLimits value) {
            limits = value;
            return this;
        }

        /// Our name or address in paths, of listen points at no address in particular (`0.0.0.0`).
        public Builder host(String name) {
            host = name;
            return this;
        }

        /// Asked before each connection of ours, with a resolved address; what it refuses is not
        /// connected to (P12).
        public Builder mayConnect(Predicate<InetSocketAddress> policy) {
            mayConnect = policy;
            return this;
        }

        /// Sources whose connections are not counted one by one.
        public Builder trusted(Predicate<InetAddress> sources) {
            trusted = sources;
            return this;
        }

        /// For tests: session ids are secrets otherwise.
        public Builder random(RandomGenerator generator) {
            random = generator;
            return this;
        }

        /// Binds the listen points and begins to accept.
        ///
        /// @throws IOException when a listen point cannot be bound
        public MsrpEndpoint start() throws IOException {
            return new MsrpEndpoint(this);
        }
    }

    MsrpLimits limits() {
        return limits;
    }

    RandomGenerator random() {
        return random;
    }

    public MsrpCounters counters() {
        return counters;
    }

    /// With the ports that were bound.
    public List<ListenPoint> listening() {
        return listeners.stream().map(StreamListener::point).toList();
    }

    /// Whether sessions over TLS can be connected to.
    public boolean listensForTls() {
        return listening().stream().anyMatch(p -> p.protocol() == TransportProtocol.TLS);
    }

    /// Connections that are open now.
    public int openConnections() {
        return connections.size();
    }

    public int openSessions() {
        return sessions.size();
    }

    // ---- sessions

    /// Makes a session, over TCP.
    public MsrpSession open(MsrpReceiver receiver) {
        return open(false, receiver);
    }

    /// Makes a session, with an id and path of its own. It is there until it is closed, or its
    /// connection ends.
    ///
    /// @param secure over TLS (`msrps`)
    public MsrpSession open(boolean secure, MsrpReceiver receiver) {
        if (closed) {
            throw new IllegalStateException("the endpoint is closed");
        }
        var id = TransactionIds.token(random, SESSION_ID);
        var session = new MsrpSession(this, MsrpUri.of(secure, ownAddress(secure), id), receiver);
        sessions.put(id, session);
        return session;
    }

    private HostPort ownAddress(boolean secure) {
        var wanted = secure ? TransportProtocol.TLS : TransportProtocol.TCP;
        for (var listener : listeners) {
            if (listener.point().protocol() == wanted) {
                var address = listener.point().address();
                return new HostPort(ownHost(address.getAddress()), address.getPort());
            }
        }
        return new HostPort(ownHost(InetAddress.getLoopbackAddress()), DISCARD_PORT);
    }

    private String ownHost(InetAddress bound) {
        if (!bound.isAnyLocalAddress()) {
            return inUri(bound);
        }
        return host == null ? inUri(InetAddress.getLoopbackAddress()) : host;
    }

    private static String inUri(InetAddress address) {
        var text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return text;
        }
        int zone = text.indexOf('%');
        return "[" + (zone < 0 ? text : text.substring(0, zone)) + "]";
    }

    /// The session that a path names, if it is ours and nothing lies behind us.
    @Nullable MsrpSession find(List<MsrpUri> toPath, boolean secure) {
        if (toPath.size() != 1) {
            return null;
        }
        var uri = toPath.getFirst();
        var session = sessions.get(uri.sessionId());
        if (session == null || session.isSecure() != secure) {
            return null;
        }
        if (!session.localPath().equals(uri)) {
            Leniency.MSRP_SESSION_ID_ALONE.taken();
        }
        return session;
    }

    void remove(MsrpSession session) {
        sessions.remove(session.localPath().sessionId(), session);
    }

    // ---- connections

    private void accept(TransportProtocol protocol, Socket plain) throws IOException {
        var source = plain.getInetAddress();
        if (closed || !accepted.countSource(source)) {
            refuse(plain);
            return;
        }
        if (!accepted.countInAll()) {
            accepted.releaseSource(source);
            refuse(plain);
            return;
        }
        MsrpConnection connection;
        try {
            connection =
                    new MsrpConnection(
                            this,
                            true,
                            plain,
                            protocol == TransportProtocol.TLS ? underTls(plain) : plain);
        } catch (IOException e) {
            accepted.releaseSource(source);
            accepted.releaseInAll();
            plain.close();
            LOG.log(Level.DEBUG, "a connection was gone before it was served: {0}", e.getMessage());
            return;
        }
        counters.connectionsAccepted.increment();
        connections.add(connection);
        Thread.ofVirtual()
                .name("msrp-read")
                .start(() -> {
                    try {
                        connection.handshake(null);
                    } catch (IOException e) {
                        connection.abort(e.toString());
                        return;
                    }
                    connection.readAll();
                });
    }

    private void refuse(Socket plain) throws IOException {
        counters.connectionsRefused.increment();
        plain.close();
    }

    private Socket underTls(Socket plain) throws IOException {
        var settings = tlsSettings();
        var socket =
                (SSLSocket) settings.context().getSocketFactory().createSocket(plain, null, true);
        settings.asServer(socket);
        return socket;
    }

    private TlsSettings tlsSettings() {
        var settings = tls;
        return settings == null ? TlsSettings.ofClient() : settings;
    }

    /// A connection of ours, not read yet.
    MsrpConnection connect(MsrpUri to, HostPort at) throws IOException {
        if (closed) {
            throw new MsrpFailure("the endpoint is closed", 0);
        }
        if (!to.transport().equalsIgnoreCase("tcp")) {
            throw new MsrpFailure("expected transport tcp, found " + to.transport(), 0);
        }
        var address = new InetSocketAddress(resolved(at), at.portOr(MsrpUri.DEFAULT_PORT));
        if (!mayConnect.test(address)) {
            counters.destinationsRefused.increment();
            throw new MsrpFailure("not permitted to connect to " + at, 0);
        }
        var plain = SocketChannel.open().socket();
        try {
            plain.connect(address, (int) limits.connectWithin().toMillis());
            return connected(to, plain);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /// A name that a peer chose may take long to look up, and a lookup holds its thread.
    private InetAddress resolved(HostPort at) throws IOException {
        var host = at.hostWithoutBrackets();
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            return lookedUp(host);
        }
    }

    private InetAddress lookedUp(String host) throws IOException {
        var lookup = LOOKUPS.submit(() -> InetAddress.getByName(host));
        try {
            return lookup.get(limits.connectWithin().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            lookup.cancel(true);
            throw new UnknownHostException("no address found for " + host);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private MsrpConnection connected(MsrpUri to, Socket plain) throws IOException {
        var name = to.hostPort().hostWithoutBrackets();
        var connection =
                new MsrpConnection(this, false, plain, to.secure() ? overTls(name, plain) : plain);
        connections.add(connection);
        try {
            connection.handshake(name);
        } catch (IOException e) {
            connection.abort(e.toString());
            throw e;
        }
        counters.connectionsOpened.increment();
        return connection;
    }

    private Socket overTls(String name, Socket plain) throws IOException {
        var settings = tlsSettings();
        var socket =
                (SSLSocket)
                        settings.context()
                                .getSocketFactory()
                                .createSocket(plain, name, plain.getPort(), true);
        settings.asClient(socket);
        return socket;
    }

    void start(MsrpConnection connection) {
        Thread.ofVirtual().name("msrp-read").start(connection::readAll);
    }

    /// Called once for each connection.
    void ended(MsrpConnection connection) {
        connections.remove(connection);
        if (connection.isAccepted()) {
            accepted.releaseSource(connection.remote().getAddress());
            accepted.releaseInAll();
        }
    }

    private void sweep() {
        long interval =
                Math.clamp(
                        limits.shortestTime().dividedBy(4).toMillis(), 1, LONGEST_SWEEP_INTERVAL);
        while (!closed || !connections.isEmpty()) {
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

    /// Ends all sessions; what was answered has a moment to be written.
    @Override
    public void close() {
        closed = true;
        listeners.forEach(StreamListener::close);
        sessions.values().forEach(MsrpSession::close);
        connections.forEach(MsrpConnection::close);
        long until = System.nanoTime() + GOODBYE.toNanos();
        try {
            while (!connections.isEmpty() && System.nanoTime() < until) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(connection -> connection.abort("closed"));
    }
}
