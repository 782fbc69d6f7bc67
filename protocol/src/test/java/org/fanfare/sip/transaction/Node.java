package org.fanfare.sip.transaction;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// A user agent on loopback for tests: a transaction layer, and queues of what it was told.
final class Node implements TransactionUser, AutoCloseable {

    static final long PATIENCE_SECONDS = 10;

    final BlockingQueue<ServerTransaction> requests = new LinkedBlockingQueue<>();
    final BlockingQueue<SipRequest> acks = new LinkedBlockingQueue<>();
    final BlockingQueue<ServerTransaction> cancelled = new LinkedBlockingQueue<>();
    final BlockingQueue<ServerTransaction> timeouts = new LinkedBlockingQueue<>();
    final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
    final BlockingQueue<Flow> closed = new LinkedBlockingQueue<>();
    final TransactionLayer layer;

    Node(
            UnaryOperator<TransportLayer.Builder> transport,
            Timers timers,
            TransactionLayer.Settings settings)
            throws IOException {
        layer =
                new TransactionLayer(
                        transport.apply(TransportLayer.builder()), this, timers, settings);
        layer.start();
    }

    static Node listening(Timers timers, String... points) throws IOException {
        return new Node(
                builder -> {
                    for (var point : points) {
                        builder.listen(ListenPoint.parse(point));
                    }
                    return builder;
                },
                timers,
                TransactionLayer.Settings.DEFAULT);
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        requests.add(transaction);
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {
        acks.add(ack);
    }

    @Override
    public void onCancel(ServerTransaction transaction) {
        cancelled.add(transaction);
    }

    @Override
    public void onTimeout(ServerTransaction transaction) {
        timeouts.add(transaction);
    }

    @Override
    public void onTransportFailure(ServerTransaction transaction, IOException cause) {
        failures.add(cause);
    }

    @Override
    public void onClosed(Flow flow) {
        closed.add(flow);
    }

    InetSocketAddress address(TransportProtocol protocol) {
        return layer.listening().stream()
                .filter(point -> point.protocol() == protocol)
                .findFirst()
                .orElseThrow()
                .address();
    }

    Hop udp() {
        return Hop.udp(address(TransportProtocol.UDP));
    }

    Hop tcp() {
        return Hop.tcp(address(TransportProtocol.TCP));
    }

    static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came in " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    ServerTransaction takeRequest() throws InterruptedException {
        return take(requests);
    }

    static SipRequest message(String text) {
        return request(Method.MESSAGE).body("text/plain", Octets.utf8(text)).build();
    }

    private static int number;

    static synchronized SipRequest.Builder request(Method method) {
        number++;
        return SipRequest.builder(method, Uri.parse("sip:bob@home.example"))
                .header(HeaderName.MAX_FORWARDS, "70")
                .header(HeaderName.FROM, "<sip:alice@home.example>;tag=a" + number)
                .header(HeaderName.TO, "<sip:bob@home.example>")
                .header(HeaderName.CALL_ID, "call" + number + "@home.example")
                .header(HeaderName.CSEQ, "1 " + method);
    }

    @Override
    public void close() {
        layer.close();
    }

    /// What a client transaction told.
    static final class Listener implements ResponseListener {

        final BlockingQueue<SipResponse> provisional = new LinkedBlockingQueue<>();
        final BlockingQueue<SipResponse> finals = new LinkedBlockingQueue<>();
        final BlockingQueue<String> timeouts = new LinkedBlockingQueue<>();
        final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();

        @Override
        public void onProvisional(SipResponse response) {
            provisional.add(response);
        }

        @Override
        public void onFinal(SipResponse response) {
            finals.add(response);
        }

        @Override
        public void onTimeout() {
            timeouts.add("timeout");
        }

        @Override
        public void onTransportFailure(IOException cause) {
            failures.add(cause);
        }

        SipResponse takeFinal() throws InterruptedException {
            return take(finals);
        }
    }
}
