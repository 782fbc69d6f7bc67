package org.fanfare.sip.transport;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.Via;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// All sockets of one element: UDP, TCP and TLS, IPv4 and IPv6, for what it serves and what it
/// sends (RFC 3261 18).
///
/// A UDP socket has a thread that reads it, a connection a virtual thread; the handler is called on
/// these. Connections are kept and used again for requests to the same address, whoever opened them
/// (RFC 3261 18.1.1); over TLS only those whose peer proved the name that is wanted (RFC 5922).
public final class TransportLayer implements AutoCloseable {

    /// At a port that is free for both UDP and TCP. The first nearly always is.
    private static final int MOST_ATTEMPTS = 20;

    private final Settings settings;
    private final MessageHandler handler;
    private final TransportCounters counters = new TransportCounters();
    private final UdpSockets udp;
    private final Streams streams;
    private final List<StreamListener> listeners = new ArrayList<>();
    private final List<ListenPoint> listening = new CopyOnWriteArrayList<>();

    private TransportLayer(Settings settings, MessageHandler handler) {
        this.settings = settings;
        this.handler = handler;
        udp = new UdpSockets(settings.transportLimits(), this::onDatagram, counters);
        streams = new Streams(settings, counters, handler);
    }

    /// What is the same for all sockets of a layer.
    ///
    /// @param keepAlive how often connections that we opened are pinged while nothing else goes
    ///   over them (RFC 5626 4.4.1); null for never
    record Settings(
            List<ListenPoint> listen,
            Limits limits,
            TransportLimits transportLimits,
            @Nullable TlsSettings tls,
            @Nullable Duration keepAlive,
            @Nullable String host,
            Predicate<InetAddress> trusted) {}

    public static Builder builder() {
        return new Builder();
    }

    /// Settings with defaults: no listen point, no TLS, no pings, nobody trusted.
    public static final class Builder {

        private final List<ListenPoint> listen = new ArrayList<>();
        private Limits limits = Limits.DEFAULT;
        private TransportLimits transportLimits = TransportLimits.DEFAULT;
        private @Nullable TlsSettings tls;
        private @Nullable Duration keepAlive;
        private @Nullable String host;
        private Predicate<InetAddress> trusted = _ -> false;

        private Builder() {}

        public Builder listen(ListenPoint point) {
            listen.add(point);
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder limits(TransportLimits value) {
            transportLimits = value;
            return this;
        }

        /// For TLS listen points and TLS next hops.
        public Builder tls(TlsSettings value) {
            tls = value;
            return this;
        }

        /// Pings the connections that we opened, when nothing else went over them for so long (RFC
        /// 5626 4.4.1). Without this none are sent; pings of others are answered in any case.
        public Builder keepAlive(Duration value) {
            keepAlive = value;
            return this;
        }

        /// Our name, for sent-by in Via; without it the address of the listen point.
        public Builder host(String value) {
            host = value;
            return this;
        }

        /// Addresses of our own network: they may have any number of connections, and what they are
        /// answered over UDP may be larger than what they sent.
        public Builder trusted(Predicate<InetAddress> value) {
            trusted = value;
            return this;
        }

        public TransportLayer build(MessageHandler handler) {
            return new TransportLayer(
                    new Settings(
                            List.copyOf(listen),
                            limits,
                            transportLimits,
                            tls,
                            keepAlive,
                            host,
                            trusted),
                    handler);
        }
    }

    /// Opens all listen points, or none.
    ///
    /// @throws IOException when one cannot be had; says which
    public void start() throws IOException {
        try {
            openAll();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        udp.start();
        listeners.forEach(StreamListener::start);
        streams.start();
    }

    private void openAll() throws IOException {
        var wanted = settings.listen();
        var opened = new TreeMap<Integer, ListenPoint>();
        for (int i = 0; i < wanted.size(); i++) {
            if (opened.containsKey(i)) {
                continue;
            }
            var pair = partner(i, opened.keySet());
            if (pair.isPresent()) {
                openPair(i, pair.getAsInt(), opened);
            } else {
                opened.put(i, opened(wanted.get(i)));
            }
        }
        listening.addAll(opened.values());
    }

    /// A later point that takes a free port at the same address, for UDP where this one is for a
    /// stream, or the other way round: the two get the same port, because a URI has one for both.
    private OptionalInt partner(int of, Set<Integer> opened) {
        var point = settings.listen().get(of);
        return IntStream.range(of + 1, settings.listen().size())
                .filter(_ -> point.address().getPort() == 0)
                .filter(i -> !opened.contains(i))
                .filter(i -> settings.listen().get(i).address().equals(point.address()))
                .filter(i -> isUdp(i) != isUdp(of))
                .findFirst();
    }

    private boolean isUdp(int index) {
        return settings.listen().get(index).protocol() == TransportProtocol.UDP;
    }

    private void openPair(int one, int other, Map<Integer, ListenPoint> opened) throws IOException {
        int stream = isUdp(one) ? other : one;
        int datagrams = isUdp(one) ? one : other;
        for (int attempt = 1; !opened.containsKey(datagrams); attempt++) {
            var listener = listener(settings.listen().get(stream));
            var address = listener.point().address();
            try {
                opened.put(datagrams, opened(new ListenPoint(TransportProtocol.UDP, address)));
                opened.put(stream, listener.point());
                listeners.add(listener);
            } catch (IOException taken) {
                listener.close();
                if (attempt == MOST_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    private ListenPoint opened(ListenPoint point) throws IOException {
        if (point.protocol() == TransportProtocol.UDP) {
            return new ListenPoint(TransportProtocol.UDP, udp.open(point.address()).local());
        }
        var listener = listener(point);
        listeners.add(listener);
        return listener.point();
    }

    private StreamListener listener(ListenPoint point) throws IOException {
        return new StreamListener(point, new ServerSocket(), streams::accept);
    }

    private void onDatagram(Octets datagram, UdpFlow flow) {
        if (SipParser.isKeepAlive(datagram)) {
            counters.keepAlives.increment();
            return;
        }
        counters.messagesReceived.increment();
        SipMessage message;
        try {
            message = SipParser.parse(datagram, settings.limits());
        } catch (MalformedSip e) {
            counters.malformed.increment();
            handler.onMalformed(e, flow, datagram.length());
            return;
        }
        handler.onMessage(message, flow);
    }

    /// Where we really listen, in the order of the settings: a port that was 0 is known here.
    public List<ListenPoint> listening() {
        return List.copyOf(listening);
    }

    /// The flow to the next hop: one that is open, or a new one. May look up a name and wait for a
    /// connection, at most the time that the limits give it.
    ///
    /// @throws java.net.ConnectException when there is nobody at that address
    public Flow flowTo(Hop hop) throws IOException {
        return hop.protocol() == TransportProtocol.UDP
                ? udp.flowTo(Addresses.resolved(hop.address()))
                : streams.connect(hop);
    }

    /// The flow to the next hop if there is one already; never waits.
    public Optional<Flow> readyFlow(Hop hop) {
        if (hop.protocol() != TransportProtocol.UDP) {
            return streams.find(hop);
        }
        return hop.address().isUnresolved()
                ? Optional.empty()
                : udp.readyFlow(hop.address()).map(flow -> flow);
    }

    /// From one of our UDP listen points, as it is in [#listening], to an address.
    ///
    /// @throws IllegalArgumentException when that is none of ours
    public Flow flowFrom(ListenPoint from, InetSocketAddress remote) {
        return udp.boundTo(from.address())
                .map(socket -> new UdpFlow(socket, remote))
                .orElseThrow(
                        () -> new IllegalArgumentException(from + " is no UDP socket of ours"));
    }

    /// Where the answer to a request goes that came over `from` (RFC 3261 18.2.2): the same
    /// connection, or the same UDP socket and the port that its Via wants.
    ///
    /// @param marked the top Via after [ReceivedVia#mark]
    public Flow answerFlow(Via marked, Flow from) {
        if (!(from instanceof UdpFlow udpFlow)) {
            return from;
        }
        var to = ReceivedVia.answerTo(marked, from.remote());
        return to.equals(from.remote()) ? from : new UdpFlow(udpFlow.socket(), to);
    }

    /// What our Via says in sent-by to whom this flow leads: our name or address, and the port
    /// where we listen for the protocol (RFC 3261 18.1.1).
    public HostPort sentBy(Flow flow) {
        var point = listenPoint(flow.protocol(), flow.local());
        int port =
                flow.protocol() == TransportProtocol.UDP || point.isEmpty()
                        ? flow.local().getPort()
                        : point.get().address().getPort();
        var host = settings.host();
        return new HostPort(host == null ? Addresses.ownAddress(flow) : host, port);
    }

    private Optional<ListenPoint> listenPoint(TransportProtocol protocol, InetSocketAddress local) {
        boolean ipv4 = local.getAddress() instanceof Inet4Address;
        return listening.stream()
                .filter(point -> point.protocol() == protocol)
                .filter(point -> point.address().getAddress() instanceof Inet4Address == ipv4)
                .findFirst();
    }

    /// See [Builder#trusted].
    public boolean isTrusted(InetAddress address) {
        return settings.trusted().test(address);
    }

    public Limits limits() {
        return settings.limits();
    }

    public TransportCounters counters() {
        return counters;
    }

    /// Connections that are open now.
    public int connections() {
        return streams.open();
    }

    /// Ends everything: listening first, then the connections, each with a moment for what waits in
    /// its queue, then the sockets and their threads.
    @Override
    public void close() {
        listeners.forEach(StreamListener::close);
        streams.close();
        udp.close();
    }
}
