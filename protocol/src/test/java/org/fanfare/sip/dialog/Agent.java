package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderField;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A user agent with sessions on loopback, and what it was told.
final class Agent implements TransactionUser, AutoCloseable {

    static final long PATIENCE_SECONDS = 10;

    private static final AtomicInteger CALLS = new AtomicInteger();

    final BlockingQueue<ServerTransaction> requests = new LinkedBlockingQueue<>();
    final BlockingQueue<SipRequest> strayAcks = new LinkedBlockingQueue<>();
    final DialogLayer dialogs;
    final TransactionLayer transactions;

    Agent(Timers timers) throws IOException {
        this(timers, DialogSettings.DEFAULT);
    }

    Agent(Timers timers, DialogSettings settings) throws IOException {
        dialogs = new DialogLayer(this, settings);
        var transport =
                TransportLayer.builder()
                        .listen(ListenPoint.parse("udp:127.0.0.1:0"))
                        .listen(ListenPoint.parse("tcp:127.0.0.1:0"));
        transactions = new TransactionLayer(transport, dialogs, timers);
        dialogs.attach(transactions);
        transactions.start();
    }

    Hop hop(TransportProtocol protocol) {
        var address =
                transactions.listening().stream()
                        .filter(point -> point.protocol() == protocol)
                        .findFirst()
                        .orElseThrow()
                        .address();
        return new Hop(protocol, address, Hop.Size.ANY);
    }

    Hop udp() {
        return hop(TransportProtocol.UDP);
    }

    String contact() {
        return "<sip:agent@127.0.0.1:" + udp().address().getPort() + ">";
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        requests.add(transaction);
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {
        strayAcks.add(ack);
    }

    static SipRequest.Builder invite(String contact) {
        int number = CALLS.incrementAndGet();
        return SipRequest.builder(Method.INVITE, Uri.parse("sip:bob@home.example"))
                .header(HeaderName.MAX_FORWARDS, "70")
                .header(HeaderName.FROM, "<sip:alice@home.example>;tag=a" + number)
                .header(HeaderName.TO, "<sip:bob@home.example>")
                .header(HeaderName.CALL_ID, "call" + number + "@home.example")
                .header(HeaderName.CSEQ, "1 INVITE")
                .header(HeaderName.CONTACT, contact)
                .header(HeaderName.SUPPORTED, "timer")
                .body("application/sdp", sdp("alice", 1));
    }

    SipRequest.Builder invite() {
        return invite(contact());
    }

    static Octets sdp(String user, int version) {
        return sdpAt(9, user, version);
    }

    static Octets sdpAt(int port, String user, int version) {
        return Octets.utf8(
                "v=0\r\no="
                        + user
                        + " 1 "
                        + version
                        + " IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=message "
                        + port
                        + " TCP/MSRP *\r\n");
    }

    SipResponse.Builder ok(ServerTransaction invite) {
        return invite.request()
                .answer(200)
                .header(HeaderName.CONTACT, contact())
                .body("application/sdp", sdp("bob", 1));
    }

    ServerTransaction takeRequest() throws InterruptedException {
        return take(requests);
    }

    static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
        var next = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing came in " + PATIENCE_SECONDS + " s");
        }
        return next;
    }

    @Override
    public void close() {
        transactions.close();
    }

    /// What was told of one session.
    static final class Told implements SessionListener {

        final BlockingQueue<SipResponse> provisional = new LinkedBlockingQueue<>();
        final BlockingQueue<SipResponse> answered = new LinkedBlockingQueue<>();
        final BlockingQueue<SipRequest> acknowledged = new LinkedBlockingQueue<>();
        final BlockingQueue<SipRequest> byes = new LinkedBlockingQueue<>();
        final BlockingQueue<String> refreshed = new LinkedBlockingQueue<>();
        final BlockingQueue<SessionEnd> ended = new LinkedBlockingQueue<>();
        volatile List<HeaderField> inByeAnswer = List.of();
        volatile @Nullable SipRequest withCredentials;

        @Override
        public void onProvisional(SipResponse response) {
            provisional.add(response);
        }

        @Override
        public void onAnswered(SipResponse response) {
            answered.add(response);
        }

        @Override
        public void onAcknowledged(SipRequest ack) {
            acknowledged.add(ack);
        }

        @Override
        public List<HeaderField> onBye(SipRequest bye) {
            byes.add(bye);
            return inByeAnswer;
        }

        @Override
        public void onRefreshed() {
            refreshed.add("refreshed");
        }

        @Override
        public void onEnded(SessionEnd end) {
            ended.add(end);
        }

        @Override
        public Optional<SipRequest> onChallenged(SipRequest request, SipResponse challenge) {
            return Optional.of(request.toBuilder().set("Authorization", "Digest proof").build());
        }
    }
}
