package org.fanfare.sip.transaction;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.Via;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.MessageHandler;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.ConnectException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/// The client and server transactions of one element, over its transports (RFC 3261 17).
///
/// Responses are matched and given to their listeners right on the thread that received them; each
/// new request gets a virtual thread.
public final class TransactionLayer implements MessageHandler, AutoCloseable {

    private static final Logger LOG = System.getLogger(TransactionLayer.class.getName());

    /// RFC 3261 18.1.1, where the path MTU is not known.
    private static final int LARGEST_OVER_UDP = 1300;

    /// Our Via, about, for a request that has none yet.
    private static final int VIA_OCTETS = 120;

    private final TransportLayer transport;
    private final TransactionUser user;
    private final Timers timers;
    private final Settings settings;
    private final TransactionCounters counters = new TransactionCounters();
    private final ClientTransactions clients = new ClientTransactions();
    private final ServerTransactions servers;
    private final UdpOnlyHops udpOnly;
    private final RandomGenerator random = new SecureRandom();

    /// What differs between elements.
    ///
    /// @param detectsMerged whether a request that came by two paths is answered 482: right for a
    ///   user agent, wrong for a proxy and for many users on one socket (RFC 3261 8.2.2.2)
    public record Settings(TimerValues values, TransactionLimits limits, boolean detectsMerged) {

        public static final Settings DEFAULT =
                new Settings(TimerValues.DEFAULT, TransactionLimits.DEFAULT, true);

        public Settings withValues(TimerValues other) {
            return new Settings(other, limits, detectsMerged);
        }

        public Settings withLimits(TransactionLimits other) {
            return new Settings(values, other, detectsMerged);
        }

        public Settings withoutMergeDetection() {
            return new Settings(values, limits, false);
        }
    }

    /// With the timers of RFC 3261, for a user agent.
    public TransactionLayer(TransportLayer.Builder transport, TransactionUser user, Timers timers) {
        this(transport, user, timers, Settings.DEFAULT);
    }

    /// Nothing is opened before [#start]. The timers stay the caller's to close.
    public TransactionLayer(
            TransportLayer.Builder transport,
            TransactionUser user,
            Timers timers,
            Settings settings) {
        this.transport = transport.build(this);
        this.user = user;
        this.timers = timers;
        this.settings = settings;
        servers = new ServerTransactions(this, settings);
        udpOnly = new UdpOnlyHops(timers);
    }

    /// Opens the listen points.
    ///
    /// @throws IOException when one cannot be had; says which
    public void start() throws IOException {
        transport.start();
    }

    /// See [TransportLayer#listening].
    public List<ListenPoint> listening() {
        return transport.listening();
    }

    public TransportLayer transport() {
        return transport;
    }

    public TransactionCounters counters() {
        return counters;
    }

    /// Requests of ours without a final response.
    public int openClientTransactions() {
        return clients.size();
    }

    /// Requests of others without a final response.
    public int openServerTransactions() {
        return servers.open();
    }

    /// The hop to take for a request of so many octets, Via included (RFC 3261 18.1.1): over 1300
    /// octets TCP instead of UDP, unless the path is known to be UDP only, or nobody listened on
    /// TCP there a short while ago. That an only-UDP path gets large requests is logged once for
    /// each hop.
    public Hop hopFor(Hop hop, int octets) {
        if (octets <= LARGEST_OVER_UDP || hop.protocol() != TransportProtocol.UDP) {
            return hop;
        }
        if (hop.size() == Hop.Size.ANY || udpOnly.contains(hop)) {
            udpOnly.warnOnce(hop, octets);
            return hop;
        }
        return hop.byTcpForSize();
    }

    /// Sends a request that is ready for the wire, written for the protocol of the hop: ask
    /// [#hopFor] before. Returns at once; a connection that is not open yet is made meanwhile.
    ///
    /// @throws IllegalArgumentException when the branch is in use
    public ClientTransaction send(OutgoingRequest request, Hop hop, ResponseListener listener) {
        var transaction = newClient(Octets.utf8(request.branch()), request.method(), listener);
        start(transaction, hop, flow -> request.over(flow.protocol()));
        return transaction;
    }

    /// Sends a request with our Via, and a new branch in it, put in front of those it has. Requests
    /// over 1300 octets go by TCP as [#hopFor] says. Returns at once.
    public ClientTransaction send(SipRequest request, Hop hop, ResponseListener listener) {
        return send(request, newBranch(), hop, listener);
    }

    /// With a branch of the caller's, which begins with the magic cookie and is unique: a proxy
    /// puts its loop detection there (RFC 3261 16.6 step 8).
    public ClientTransaction send(
            SipRequest request, String branch, Hop hop, ResponseListener listener) {
        var transaction = newClient(Octets.utf8(branch), request.method(), listener);
        var fitting = hopFor(hop, request.encoded().length() + VIA_OCTETS);
        start(transaction, fitting, flow -> outgoing(request, branch, flow));
        return transaction;
    }

    /// Sends over a flow that is there, whatever the size: to a phone on the connection that it
    /// registered over (RFC 5626), or from one socket of several.
    public ClientTransaction send(SipRequest request, Flow flow, ResponseListener listener) {
        return send(request, newBranch(), flow, listener);
    }

    /// The same with a branch of the caller's.
    public ClientTransaction send(
            SipRequest request, String branch, Flow flow, ResponseListener listener) {
        var transaction = newClient(Octets.utf8(branch), request.method(), listener);
        start(transaction, outgoing(request, branch, flow), flow);
        return transaction;
    }

    /// Sends a request that no transaction waits for: an ACK for a 2xx (RFC 3261 13.2.2.4).
    public void sendAck(SipRequest ack, Hop hop) throws IOException {
        sendAck(ack, transport.flowTo(hopFor(hop, ack.encoded().length() + VIA_OCTETS)));
    }

    /// The same over a flow that is open.
    public void sendAck(SipRequest ack, Flow flow) throws IOException {
        flow.send(withVia(ack, newBranch(), flow).encoded());
    }

    /// The same without waiting: a connection that is not open yet is made meanwhile. An ACK that
    /// cannot be sent is lost, and asked for again by the 2xx.
    public void acknowledge(SipRequest ack, Hop hop) {
        var fitting = hopFor(hop, ack.encoded().length() + VIA_OCTETS);
        var ready = transport.readyFlow(fitting);
        if (ready.isPresent()) {
            sendOnce(ack, ready.get());
        } else {
            Thread.ofVirtual().name("sip-connect").start(() -> connectAndSendOnce(ack, fitting));
        }
    }

    private void connectAndSendOnce(SipRequest ack, Hop hop) {
        try {
            sendOnce(ack, flowTo(hop));
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0}: ACK not sent: {1}", hop, e.getMessage());
        }
    }

    private void sendOnce(SipRequest ack, Flow flow) {
        try {
            flow.send(withVia(ack, newBranch(), flow).encoded());
        } catch (IOException e) {
            LOG.log(Level.INFO, "{0}: ACK not sent: {1}", flow, e.getMessage());
        }
    }

    /// What our Via says in sent-by for requests that take this flow.
    public HostPort sentBy(Flow flow) {
        return transport.sentBy(flow);
    }

    void sendCancel(SipRequest cancel, String branch, Flow flow) {
        var transaction =
                newClient(
                        Octets.utf8(branch),
                        Method.CANCEL,
                        ResponseListener.UNCONCERNED); // what becomes of the INVITE is the answer
        start(transaction, new OutgoingRequest(cancel.encoded(), branch, Method.CANCEL), flow);
    }

    private ClientTransaction newClient(Octets branch, Method method, ResponseListener listener) {
        var transaction =
                method.equals(Method.INVITE)
                        ? new InviteClientTransaction(this, branch, listener)
                        : new NonInviteClientTransaction(this, branch, method, listener);
        clients.add(transaction);
        return transaction;
    }

    /// Writes a request for the flow it will take.
    private interface Writer {

        OutgoingRequest on(Flow flow);
    }

    private void start(ClientTransaction transaction, Hop hop, Writer writer) {
        var ready = transport.readyFlow(hop);
        if (ready.isPresent()) {
            start(transaction, writer.on(ready.get()), ready.get());
        } else {
            Thread.ofVirtual().name("sip-connect").start(() -> connect(transaction, hop, writer));
        }
    }

    private void start(ClientTransaction transaction, OutgoingRequest request, Flow flow) {
        clients.bind(transaction, flow);
        transaction.start(request, flow);
        if (!flow.isOpen()) {
            // It may have ended before the transaction was bound to it.
            transaction.transportFailed(new IOException(flow + " was closed"));
        }
    }

    private void connect(ClientTransaction transaction, Hop hop, Writer writer) {
        Flow flow;
        OutgoingRequest request;
        try {
            flow = flowTo(hop);
            request = writer.on(flow);
        } catch (IOException e) {
            transaction.cannotStart(e);
            return;
        } catch (RuntimeException e) {
            transaction.cannotStart(new IOException(e));
            return;
        }
        start(transaction, request, flow);
    }

    /// Where TCP was taken for the size alone and is refused, UDP after all (RFC 3261 18.1.1).
    private Flow flowTo(Hop hop) throws IOException {
        try {
            return transport.flowTo(hop);
        } catch (ConnectException e) {
            if (hop.size() != Hop.Size.TCP_FOR_SIZE) {
                throw e;
            }
            LOG.log(
                    Level.INFO,
                    "{0} refuses TCP: its large requests go by UDP ({1})",
                    hop,
                    e.getMessage());
            var udp = hop.byUdp();
            udpOnly.add(udp);
            return transport.flowTo(udp);
        }
    }

    private OutgoingRequest outgoing(SipRequest request, String branch, Flow flow) {
        var withVia = withVia(request, branch, flow);
        int vias = withVia.viaCount();
        return new OutgoingRequest(withVia.encoded(), branch, request.method(), vias);
    }

    private SipRequest withVia(SipRequest request, String branch, Flow flow) {
        var via = Via.of(flow.protocol().name(), sentBy(flow), branch);
        var asksForPort = via.withParameters(via.parameters().with("rport")); // RFC 3581 3
        return request.toBuilder().prepend(HeaderName.VIA, asksForPort).build();
    }

    /// Called when a client transaction has ended.
    void terminated(ClientTransaction transaction, @Nullable Flow flow) {
        clients.remove(transaction, flow);
    }

    @Override
    public void onMessage(SipMessage message, Flow flow) {
        switch (message) {
            case SipResponse response -> onResponse(response, flow);
            case SipRequest request -> servers.onRequest(request, flow);
        }
    }

    private void onResponse(SipResponse response, Flow flow) {
        var transaction = clients.match(response, flow);
        if (transaction == null) {
            counters.unmatchedResponses.increment(); // RFC 6026 7.2, 8.2
            user.onUnmatchedResponse(response);
        } else {
            transaction.received(response);
        }
    }

    @Override
    public void onMalformed(MalformedSip malformed, Flow flow, int octets) {
        counters.malformed.increment();
        LOG.log(Level.DEBUG, "{0}: {1}", flow, malformed.getMessage());
        malformed.answer().ifPresent(answer -> servers.answerMalformed(answer, flow, octets));
    }

    @Override
    public void onClosed(Flow flow) {
        clients.connectionEnded(flow);
        passOn("the end of a connection", () -> user.onClosed(flow));
    }

    void terminated(ServerTransaction transaction, @Nullable SipResponse last) {
        servers.terminated(transaction, last);
    }

    void answerOnce(SipResponse answer, IncomingRequest incoming) {
        servers.answerOnce(answer, incoming.back(), incoming.octets());
    }

    void passRequest(ServerTransaction transaction) {
        counters.requestsReceived.increment();
        Thread.ofVirtual().name("sip-request").start(() -> serve(transaction));
    }

    private void serve(ServerTransaction transaction) {
        try {
            user.onRequest(transaction);
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.ERROR, "a request could not be served: " + transaction.request(), e);
            transaction.respond(
                    transaction.request().answer(StatusCode.SERVER_INTERNAL_ERROR).build());
        }
    }

    void passAck(SipRequest ack, Flow flow) {
        passOn("an ACK", () -> user.onAck(ack, flow));
    }

    void passCancel(ServerTransaction transaction) {
        passOn("a CANCEL", () -> user.onCancel(transaction));
    }

    void passTimeout(ServerTransaction transaction) {
        passOn("a timeout", () -> user.onTimeout(transaction));
    }

    void passTransportFailure(ServerTransaction transaction, IOException cause) {
        passOn("a transport failure", () -> user.onTransportFailure(transaction, cause));
    }

    private static void passOn(String what, Runnable call) {
        Thread.ofVirtual()
                .name("sip-user")
                .start(() -> {
                    try {
                        call.run();
                    } catch (RuntimeException | StackOverflowError e) {
                        LOG.log(Level.ERROR, what + " could not be handled", e);
                    }
                });
    }

    /// Ends the transports and their threads. Transactions that are open hear nothing more over
    /// UDP; those on connections hear of a transport failure.
    @Override
    public void close() {
        transport.close();
    }

    /// What everything here waits with.
    public Timers timers() {
        return timers;
    }

    /// From which all timers come.
    public TimerValues values() {
        return settings.values();
    }

    Limits limits() {
        return transport.limits();
    }

    /// Unique, and not to be guessed: a response is believed for knowing it.
    public String newBranch() {
        return Via.MAGIC_COOKIE + newTag() + newTag();
    }

    String newTag() {
        return HexFormat.of().toHexDigits(random.nextLong());
    }
}
