package org.fanfare.testing;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// The other side of an element under test, on loopback over UDP and TCP: answers by a script,
/// remembers what came, sends what it is told.
public final class ScriptedPeer implements TransactionUser, AutoCloseable {

    private static final long PATIENCE_SECONDS = 10;

    private final WheelTimers timers = new WheelTimers();
    private final TransactionLayer transactions;
    private final BlockingQueue<ServerTransaction> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<SipRequest> acks = new LinkedBlockingQueue<>();
    private final BlockingQueue<ServerTransaction> cancels = new LinkedBlockingQueue<>();
    private volatile Function<SipRequest, SipResponse.Builder> script;

    public ScriptedPeer(Function<SipRequest, SipResponse.Builder> script) throws IOException {
        this.script = script;
        var transport =
                TransportLayer.builder()
                        .listen(ListenPoint.parse("udp:127.0.0.1:0"))
                        .listen(ListenPoint.parse("tcp:127.0.0.1:0"));
        transactions =
                new TransactionLayer(
                        transport,
                        this,
                        timers,
                        TransactionLayer.Settings.DEFAULT.withoutMergeDetection());
        transactions.start();
    }

    /// Always the same answer.
    public static ScriptedPeer answering(int status) throws IOException {
        return new ScriptedPeer(request -> request.answer(status));
    }

    /// From now on other answers; a status of 100 to 199 is followed by whatever the test sends.
    public void script(Function<SipRequest, SipResponse.Builder> next) {
        script = next;
    }

    /// Where it listens.
    public Hop hop(TransportProtocol protocol) {
        return hopTo(transactions, protocol);
    }

    private static Hop hopTo(TransactionLayer layer, TransportProtocol protocol) {
        return new Hop(
                protocol,
                layer.listening().stream()
                        .filter(point -> point.protocol() == protocol)
                        .findFirst()
                        .orElseThrow()
                        .address(),
                Hop.Size.ANY);
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        var answer = script.apply(transaction.request()).build(); // before the script may change
        received.add(transaction);
        transaction.respond(answer);
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {
        acks.add(ack);
    }

    @Override
    public void onCancel(ServerTransaction transaction) {
        cancels.add(transaction);
    }

    /// The next request that came, which is waited for.
    public SipRequest next() throws InterruptedException {
        return nextTransaction().request();
    }

    /// The next request with the means to say more.
    public ServerTransaction nextTransaction() throws InterruptedException {
        return present(received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no request came");
    }

    /// The next ACK for a 2xx.
    public SipRequest nextAck() throws InterruptedException {
        return present(acks.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no ACK came");
    }

    /// The next INVITE that is cancelled.
    public ServerTransaction nextCancel() throws InterruptedException {
        return present(cancels.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no CANCEL came");
    }

    private static <T> T present(@Nullable T element, String otherwise) {
        if (element == null) {
            throw new AssertionError(otherwise);
        }
        return element;
    }

    /// Whether requests came that nobody has asked for.
    public boolean hasMore() {
        return !received.isEmpty();
    }

    /// What a request of ours has become.
    public static final class Exchange implements ResponseListener {

        private final BlockingQueue<Object> answers = new LinkedBlockingQueue<>();
        private final BlockingQueue<SipResponse> provisional = new LinkedBlockingQueue<>();
        private volatile @Nullable ClientTransaction transaction;

        @Override
        public void onProvisional(SipResponse response) {
            provisional.add(response);
        }

        @Override
        public void onFinal(SipResponse response) {
            answers.add(response);
        }

        @Override
        public void onTimeout() {
            answers.add("timeout");
        }

        @Override
        public void onTransportFailure(IOException cause) {
            answers.add(cause);
        }

        /// The next final response, which is waited for.
        public SipResponse answer() throws InterruptedException {
            var answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (answer instanceof SipResponse response) {
                return response;
            }
            throw new AssertionError("instead of an answer: " + answer);
        }

        /// The next provisional response, which is waited for.
        public SipResponse provisional() throws InterruptedException {
            return present(provisional.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no 1xx came");
        }

        public void cancel() {
            present(transaction, "not sent").cancel();
        }
    }

    /// Sends a request, over UDP from the very socket that listens.
    public Exchange start(SipRequest request, Hop hop) {
        var exchange = new Exchange();
        exchange.transaction = transactions.send(request, hop, exchange);
        return exchange;
    }

    /// Sends a request and waits for its answer.
    public SipResponse send(SipRequest request, Hop hop) throws InterruptedException {
        return start(request, hop).answer();
    }

    /// The same, to where another element listens.
    public SipResponse send(SipRequest request, ListenPoint point) throws InterruptedException {
        return send(request, new Hop(point.protocol(), point.address(), Hop.Size.ANY));
    }

    public void sendAck(SipRequest ack, Hop hop) throws IOException {
        transactions.sendAck(ack, hop);
    }

    @Override
    public void close() {
        transactions.close();
        timers.close();
    }
}
