package org.fanfare.client;

import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.DialogSettings;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportLimits;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// The sockets of one client, or of a group of simulated phones: where they listen, and what their
/// contacts look like.
final class Endpoint {

    /// Octets of answers that may wait on one connection, when many users answer over it at once.
    private static final int ANSWERS_OF_MANY = 16 * 1024 * 1024;

    private final TransactionLayer transactions;
    private final DialogLayer dialogs;
    private final TransportProtocol protocol;
    private final InetAddress local;

    private Endpoint(
            TransactionLayer transactions, DialogLayer dialogs, Hop outbound, InetAddress local) {
        this.transactions = transactions;
        this.dialogs = dialogs;
        this.protocol = outbound.protocol();
        this.local = local;
    }

    /// What an endpoint is made of.
    ///
    /// @param listen empty: a free port on the address that leads to the hop, for UDP and TCP where
    ///   the hop is UDP, else for TCP alone
    /// @param keepAlive how often connections are pinged that nothing else goes over
    /// @param oneUser whether a request that came by two paths is a fault (RFC 3261 8.2.2.2)
    /// @param sessions for those that begin here
    record Plan(
            Hop outbound,
            List<ListenPoint> listen,
            @Nullable TlsSettings tls,
            Duration keepAlive,
            boolean oneUser,
            DialogSettings sessions) {}

    /// @param user gets what belongs to no session
    static Endpoint open(Plan plan, TransactionUser user, Timers timers) throws IOException {
        var local = localAddress(plan.outbound().address());
        var listen = plan.listen().isEmpty() ? freePort(plan.outbound(), local) : plan.listen();
        return open(plan, listen, user, timers, local);
    }

    private static Endpoint open(
            Plan plan,
            List<ListenPoint> listen,
            TransactionUser user,
            Timers timers,
            InetAddress local)
            throws IOException {
        var transport = TransportLayer.builder().keepAlive(plan.keepAlive());
        if (!plan.oneUser()) {
            var limits = TransportLimits.DEFAULT;
            transport.limits(limits.withQueues(ANSWERS_OF_MANY, limits.hopQueueOctets()));
        }
        listen.forEach(transport::listen);
        if (plan.tls() != null) {
            transport.tls(plan.tls());
        }
        var dialogs = new DialogLayer(user, plan.sessions());
        var settings = TransactionLayer.Settings.DEFAULT;
        var transactions =
                new TransactionLayer(
                        transport,
                        dialogs,
                        timers,
                        plan.oneUser() ? settings : settings.withoutMergeDetection());
        dialogs.attach(transactions);
        transactions.start();
        return new Endpoint(transactions, dialogs, plan.outbound(), local);
    }

    /// The address that the system sends from to this one; nothing is sent.
    private static InetAddress localAddress(InetSocketAddress remote) throws IOException {
        try (var probe = new DatagramSocket()) {
            probe.connect(remote);
            return probe.getLocalAddress();
        }
    }

    /// For UDP and TCP the transport layer takes the same one: what is too large for a datagram
    /// comes to the contact by TCP.
    private static List<ListenPoint> freePort(Hop outbound, InetAddress local) {
        var any = new InetSocketAddress(local, 0);
        var tcp = new ListenPoint(TransportProtocol.TCP, any);
        return outbound.protocol() == TransportProtocol.UDP
                ? List.of(new ListenPoint(TransportProtocol.UDP, any), tcp)
                : List.of(tcp);
    }

    TransactionLayer transactions() {
        return transactions;
    }

    DialogLayer dialogs() {
        return dialogs;
    }

    /// The address by which others reach us, as far as the system knows.
    InetAddress local() {
        return local;
    }

    /// The URI under which a user of this endpoint is reached. Without a transport parameter it is
    /// UDP, and TCP for what is too large (RFC 3261 18.1.1).
    SipUri contact(String user) {
        var uri = SipUri.of(user, hostPort());
        return protocol == TransportProtocol.UDP
                ? uri
                : uri.withParameters(Parameters.NONE.with("transport", protocol.parameter()));
    }

    /// Of an endpoint that does not listen the port says nothing: it is reached over its
    /// connection.
    private HostPort hostPort() {
        return transactions.listening().stream()
                .filter(point -> point.protocol() == protocol)
                .findFirst()
                .map(point -> new HostPort(host(point.address()), point.address().getPort()))
                .orElseGet(() -> HostPort.of(inUri(local)));
    }

    private String host(InetSocketAddress address) {
        return inUri(address.getAddress().isAnyLocalAddress() ? local : address.getAddress());
    }

    private static String inUri(InetAddress address) {
        var text = address.getHostAddress().replaceFirst("%.*", "");
        return text.contains(":") ? "[" + text + "]" : text;
    }
}
