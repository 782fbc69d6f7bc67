package org.fanfare.msrp;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// One MSRP session: a path of ours, agreed on by SDP, and the connection that it is bound to once
/// both sides have met. Messages go both ways. Ends with its connection (RFC 4975 5.4).
public final class MsrpSession implements AutoCloseable {

    private static final int MESSAGE_ID = 20;

    /// The numbers of our REPORTs begin here; nobody answers them.
    private static final long REPORTS = 1L << 35;

    private final MsrpEndpoint endpoint;
    private final MsrpUri localPath;
    private final Receiving receiving;
    private final MsrpReceiver receiver;
    private final TransactionIds ids;
    private final ReentrantLock sending = new ReentrantLock();
    private final AtomicLong reports = new AtomicLong();

    // Guarded by this.
    private List<MsrpUri> remotePath = List.of();
    private @Nullable MsrpConnection connection;
    private boolean bound;
    private @Nullable String ended;
    private long bindNumber = -1;
    private int bindStatus;

    /// Of the next transaction; guarded by `sending`.
    private long number = 1;

    private volatile @Nullable Sender sender;
    private volatile boolean closing;
    private volatile String lastMessageId = "";

    /// How far a session has come.
    ///
    /// @param sent octets of content that the connection has taken, of the message sent last
    /// @param acknowledged octets of content with a 200
    /// @param lastProgress when either grew, as of `System.nanoTime`; 0 before any message
    public record Progress(long sent, long acknowledged, long lastProgress) {}

    MsrpSession(MsrpEndpoint endpoint, MsrpUri localPath, MsrpReceiver receiver) {
        this.endpoint = endpoint;
        this.localPath = localPath;
        this.receiver = receiver;
        receiving = new Receiving(this, receiver, endpoint.limits(), endpoint.counters());
        ids = new TransactionIds(endpoint.random());
    }

    /// Our path, for `a=path`.
    public MsrpUri localPath() {
        return localPath;
    }

    /// For a message to send: random, unique.
    public String newMessageId() {
        return TransactionIds.token(endpoint.random(), MESSAGE_ID);
    }

    // ---- binding

    /// The active side: connects to the first hop of the path and binds the session by an empty
    /// SEND. Returns when that has its 200.
    ///
    /// @param path that of the peer's `a=path`
    /// @throws MsrpFailure when the peer answers something else, or not in time, or the destination
    ///   is not permitted
    /// @throws IOException when there is no connection
    public void connect(List<MsrpUri> path) throws IOException {
        connect(path, path.getFirst().hostPort());
    }

    /// To an address other than that of the path: the one of the `c` and `m` lines, where both
    /// sides know `msrp-cema` (RFC 6714).
    public void connect(List<MsrpUri> path, HostPort address) throws IOException {
        expect(path);
        var made = endpoint.connect(path.getFirst(), address);
        if (!attach(made)) {
            made.abort("the session has another connection");
            throw new MsrpFailure("the session has ended or has a connection", 0);
        }
        endpoint.start(made);
        try {
            bindByEmptySend(made);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// The passive side: the path of the peer, to send over. The peer may bind the session before
    /// this is known.
    public synchronized void expect(List<MsrpUri> path) {
        if (path.isEmpty()) {
            throw new IllegalArgumentException("path: expected an MSRP URI, found none");
        }
        remotePath = List.copyOf(path);
    }

    private void bindByEmptySend(MsrpConnection made) throws IOException {
        synchronized (this) {
            bindNumber = 0; // content begins with 1
        }
        var send = emptySend(ids.text(0)).getBytes(StandardCharsets.UTF_8);
        made.output().write(send, send.length);
        int status = awaitBinding();
        if (status != MsrpStatus.OK) {
            throw new MsrpFailure("the binding SEND was answered with " + status, status);
        }
        synchronized (this) {
            bound = true;
            notifyAll();
        }
    }

    private synchronized String emptySend(String id) {
        return "MSRP "
                + id
                + " SEND\r\nTo-Path: "
                + MsrpUri.pathText(remotePath)
                + "\r\nFrom-Path: "
                + localPath
                + "\r\nMessage-ID: "
                + newMessageId()
                + "\r\nByte-Range: 1-0/0\r\n-------"
                + id
                + "$\r\n";
    }

    private synchronized int awaitBinding() throws IOException {
        await(endpoint.limits().responseWithin(), () -> bindStatus != 0);
        return bindStatus;
    }

    /// Until the session has its connection: the peer's first SEND has come, or ours was answered.
    ///
    /// @throws MsrpFailure with 408 when it does not come in time; the session stays open
    /// @throws IOException when the session has ended
    public synchronized void awaitBound(Duration atMost) throws IOException {
        await(atMost, () -> bound);
    }

    private interface Condition {

        boolean holds();
    }

    private synchronized void await(Duration atMost, Condition condition) throws IOException {
        long until = System.nanoTime() + atMost.toNanos();
        while (!condition.holds()) {
            if (ended != null) {
                throw new MsrpFailure("the session has ended: " + ended, 0);
            }
            long millis = (until - System.nanoTime() + 999_999) / 1_000_000;
            if (millis <= 0) {
                throw new MsrpFailure("not bound in time", MsrpStatus.REQUEST_TIMEOUT);
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MsrpFailure("interrupted", 0);
            }
        }
    }

    public synchronized boolean isBound() {
        return bound && ended == null;
    }

    /// A request for this session came over the connection. The session is bound by it, but not
    /// before an empty SEND has its response: some peers take no SEND of ours before that.
    ///
    /// @return false when the session has another one
    boolean bind(MsrpConnection over, MsrpRequest request) {
        if (!attach(over)) {
            return false;
        }
        if (!request.isSend() || request.hasContent()) {
            boundByPeer();
        }
        return true;
    }

    private synchronized void boundByPeer() {
        bound |= bindNumber < 0;
        notifyAll();
    }

    private synchronized boolean attach(MsrpConnection over) {
        if (ended != null || (connection != null && connection != over)) {
            return false;
        }
        if (connection == null) {
            connection = over;
            over.add(this);
        }
        return true;
    }

    /// A peer whose path we do not know yet is answered by the path that it names.
    synchronized void onFrom(List<MsrpUri> fromPath) {
        if (remotePath.isEmpty()) {
            remotePath = fromPath;
        }
    }

    boolean isSecure() {
        return localPath.secure();
    }

    // ---- sending

    /// Sends a message and waits until every chunk has its 200, or nothing more will come of it.
    /// Messages go one after the other: who calls this meanwhile waits. Takes content from its
    /// source only as fast as the peer takes it.
    public SendResult send(OutgoingContent content) {
        sending.lock();
        try {
            return sendNow(content);
        } finally {
            sending.unlock();
        }
    }

    private SendResult sendNow(OutgoingContent content) {
        MsrpConnection over;
        String toPath;
        synchronized (this) {
            over = connection;
            toPath = MsrpUri.pathText(remotePath);
            if (ended != null || over == null || remotePath.isEmpty()) {
                var why = ended == null ? "the session has no connection yet" : ended;
                return new SendResult(SendResult.Outcome.DISCONNECTED, 0, why, 0);
            }
            lastMessageId = content.messageId();
        }
        var head = new ChunkHead(ids, toPath, localPath, content);
        var now = new Sender(over, endpoint.counters(), endpoint.limits(), content, head, number);
        sender = now;
        if (!isOpen()) {
            now.account().fail(SendResult.Outcome.ABORTED, 0, "closed");
        }
        var result = now.run();
        number = now.nextNumber();
        return result;
    }

    private synchronized boolean isOpen() {
        return ended == null && !closing;
    }

    /// Gives up the message that is being sent: the peer is told (`#`), and [#send] returns.
    public void abort(String reason) {
        var now = sender;
        if (now != null) {
            now.account().fail(SendResult.Outcome.ABORTED, 0, reason);
        }
    }

    /// For any thread.
    public Progress progress() {
        var now = sender;
        if (now == null) {
            return new Progress(0, 0, 0);
        }
        return new Progress(now.sent(), now.account().acknowledged(), now.account().lastProgress());
    }

    boolean onResponse(MsrpResponse response) {
        long to = ids.number(response.transactionId());
        if (to < 0) {
            return false;
        }
        synchronized (this) {
            if (to == bindNumber && bindStatus == 0) {
                bindStatus = response.status();
                notifyAll();
                return true;
            }
        }
        var now = sender;
        return now != null && now.account().onResponse(to, response);
    }

    void onReport(MsrpRequest request) {
        Report report;
        try {
            request.check();
            var fields = request.fields();
            report =
                    new Report(
                            fields.messageId().orElseThrow(),
                            fields.byteRange(),
                            fields.reportStatus());
        } catch (MalformedMessage e) {
            endpoint.counters().reportsIgnored.increment();
            return;
        }
        if (report.messageId().equals(lastMessageId)) {
            receiver.onReport(report);
        } else {
            endpoint.counters().reportsIgnored.increment(); // P10
        }
    }

    // ---- receiving

    Receiving receiving() {
        return receiving;
    }

    void answer(MsrpRequest request, int status) {
        var over = connection();
        if (over != null) {
            over.answer(request, status);
            boundByPeer();
        }
    }

    void report(MsrpRequest about, ByteRange range, int status) {
        var over = connection();
        if (over != null) {
            var id = ids.text(REPORTS + reports.getAndIncrement());
            over.output().enqueue(Receiving.report(id, about, localPath, range, status));
        }
    }

    private synchronized @Nullable MsrpConnection connection() {
        return connection;
    }

    // ---- the end

    void onDisconnected(String reason) {
        if (end(reason)) {
            receiver.onClosed(reason);
        }
    }

    private boolean end(String reason) {
        synchronized (this) {
            if (ended != null) {
                return false;
            }
            ended = reason;
            notifyAll();
        }
        endpoint.remove(this);
        var now = sender;
        if (now != null) {
            now.account().fail(SendResult.Outcome.DISCONNECTED, 0, reason);
        }
        return true;
    }

    /// Ends the session, and its connection with the last session on it. A message that is being
    /// sent is given up; answers that were given are still written.
    @Override
    public void close() {
        closing = true; // for a message that begins just now: nobody would end it
        abort("closed");
        sending.lock(); // the end line of the message is written
        try {
            var over = connection();
            if (end("closed") && over != null) {
                over.remove(this);
            }
        } finally {
            sending.unlock();
        }
    }

    void sweep(long now, long lastRead) {
        var sends = sender;
        if (sends != null) {
            sends.sweep(now);
        }
        long silence = now - lastRead;
        if (receiving.isWaiting()
                && silence > endpoint.limits().progressWithin().toNanos()) { // P15
            var over = connection();
            endpoint.counters().connectionsOverdue.increment();
            onDisconnected("nothing came of a message that has begun");
            if (over != null) {
                over.remove(this);
            }
        }
    }

    @Override
    public String toString() {
        return "MSRP session at " + localPath.withoutSession();
    }
}
