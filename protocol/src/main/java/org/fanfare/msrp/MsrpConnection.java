package org.fanfare.msrp;

import org.fanfare.sip.transport.PeerNames;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/// One TCP or TLS connection, which carries one session or, behind a relay, several. A virtual
/// thread reads it; content is written by the thread that sends it, answers by one of their own, so
/// that reading never waits for writing.
final class MsrpConnection implements MsrpDecoder.Listener {

    static final long NEVER = Long.MAX_VALUE;

    private static final Logger LOG = System.getLogger(MsrpConnection.class.getName());
    private static final int READ = 16 * 1024;
    private static final int MOST_ANSWERS = 256 * 1024;
    private static final int QUIET_MILLIS = 500;
    private static final long LINGER = 1_000_000_000L;

    /// A chunk whose end line is not written yet. It is ended for others that want to write (RFC
    /// 4975 5.1, 7.1.1).
    interface OpenChunk {

        /// The end line with `+`.
        byte[] interruptLine();

        /// It was written.
        void onInterrupted();

        /// A part is about to be written, after which a response may come at any time.
        void onWriting();
    }

    private final MsrpEndpoint endpoint;
    private final MsrpLimits limits;
    private final boolean accepted;
    private final Socket plain;
    private final Socket socket;
    private final InetSocketAddress remote;
    private final MsrpDecoder decoder;
    private final long start = System.nanoTime();
    private final List<MsrpSession> sessions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean outputEnded = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();

    // Writing.
    private final ReentrantLock writing = new ReentrantLock();
    private @Nullable OpenChunk open;

    // Answers, guarded by the queue.
    private final ArrayDeque<byte[]> answers = new ArrayDeque<>();
    private int answerOctets;
    private boolean answerWriter;

    // Of the reading thread.
    private @Nullable Receiving receiving;
    private boolean collecting;
    private int unknownPaths;

    private volatile boolean bound;
    private volatile boolean closing;
    private volatile boolean readEnded;
    private volatile long readUntil = NEVER;
    private volatile long writeUntil = NEVER;
    private volatile long lastRead;

    MsrpConnection(MsrpEndpoint endpoint, boolean accepted, Socket plain, Socket socket)
            throws IOException {
        this.endpoint = endpoint;
        this.accepted = accepted;
        this.plain = plain;
        this.socket = socket;
        limits = endpoint.limits();
        remote = (InetSocketAddress) plain.getRemoteSocketAddress();
        plain.setOption(StandardSocketOptions.TCP_NODELAY, true);
        plain.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        decoder = new MsrpDecoder(limits);
        lastRead = start;
        var patience = accepted ? limits.bindWithin() : limits.connectWithin();
        readUntil = start + patience.toNanos(); // of a handshake, too
    }

    /// Of TLS; before anything else.
    ///
    /// @param name what the certificate of the peer must prove; null for any that is trusted
    void handshake(@Nullable String name) throws IOException {
        if (socket instanceof SSLSocket tls) {
            tls.startHandshake();
            if (name != null && !PeerNames.matches(namesOf(tls), name)) {
                throw new SSLPeerUnverifiedException(
                        "expected a certificate of " + name + ", found one of " + namesOf(tls));
            }
        }
        if (!accepted) {
            readUntil = NEVER;
            bound = true;
        }
    }

    private static Set<String> namesOf(SSLSocket tls) throws IOException {
        try {
            var certificates = tls.getSession().getPeerCertificates();
            return PeerNames.of((X509Certificate) certificates[0]);
        } catch (CertificateParsingException e) {
            throw new SSLException("the peer's certificate cannot be read", e);
        }
    }

    boolean isSecure() {
        return socket instanceof SSLSocket;
    }

    boolean isAccepted() {
        return accepted;
    }

    InetSocketAddress remote() {
        return remote;
    }

    boolean isOpen() {
        return !closing && !plain.isClosed();
    }

    void add(MsrpSession session) {
        bound = true;
        sessions.add(session);
    }

    /// The last one that leaves closes the connection.
    void remove(MsrpSession session) {
        if (sessions.remove(session) && sessions.isEmpty()) {
            close();
        }
    }

    // ---- reading

    /// Until the peer or we end it.
    void readAll() {
        try {
            var in = socket.getInputStream();
            read(in);
            decoder.quiet(this);
            discard(in);
        } catch (IOException e) {
            abort("reading failed: " + e.getMessage());
            return;
        } catch (RuntimeException | StackOverflowError e) {
            LOG.log(Level.ERROR, this + ": what came could not be handled", e);
            abort("a fault of ours");
            return;
        }
        readEnded = true;
        abort(closing ? "closed" : "closed by the peer");
    }

    private void read(InputStream in) throws IOException {
        var buffer = new byte[READ];
        while (!closing) {
            readUntil = readUntil();
            int octets = next(in, buffer);
            readUntil = NEVER;
            if (octets < 0) {
                return;
            }
            lastRead = System.nanoTime();
            collecting = true;
            if (octets == 0) {
                decoder.quiet(this);
            } else {
                decoder.feed(ByteBuffer.wrap(buffer, 0, octets), this);
            }
            collecting = false;
            startAnswerWriter();
        }
    }

    /// 0 when an end line is in question and nothing follows it.
    private int next(InputStream in, byte[] buffer) throws IOException {
        boolean undecided = decoder.isUndecided();
        socket.setSoTimeout(undecided ? QUIET_MILLIS : 0);
        try {
            return in.read(buffer);
        } catch (SocketTimeoutException e) {
            if (undecided) {
                return 0;
            }
            throw e;
        }
    }

    private long readUntil() {
        if (!bound) {
            return start + limits.bindWithin().toNanos();
        }
        return decoder.isInMessage() ? lastRead + limits.progressWithin().toNanos() : NEVER;
    }

    /// What the peer still sends while we close, so that it can read our last answer before the
    /// connection is reset.
    private void discard(InputStream in) throws IOException {
        if (closing) {
            readUntil = System.nanoTime() + LINGER;
            socket.setSoTimeout(0);
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    @Override
    public void onRequest(MsrpRequest request) {
        receiving = null;
        if (closing) {
            return;
        }
        try {
            route(request, request.fields().toPath(), request.fields().fromPath());
        } catch (MalformedMessage fault) {
            endpoint.counters().malformed.increment(); // without paths there is no answer
            LOG.log(Level.DEBUG, "{0}: {1}", this, fault.getMessage());
            close();
        }
    }

    private void route(MsrpRequest request, List<MsrpUri> toPath, List<MsrpUri> fromPath) {
        if (!request.isSend() && !request.isReport()) {
            answer(request, MsrpStatus.UNKNOWN_METHOD); // P5
            return;
        }
        var session = endpoint.find(toPath, isSecure());
        if (session == null) {
            onUnknownPath(request);
        } else if (!session.bind(this, request)) {
            if (request.isSend()) {
                answer(request, MsrpStatus.OTHER_CONNECTION); // P7
            }
        } else if (request.isReport()) {
            session.onReport(request);
        } else {
            session.onFrom(fromPath);
            var now = session.receiving();
            receiving = now;
            now.begin(request);
        }
    }

    private void onUnknownPath(MsrpRequest request) {
        endpoint.counters().unknownSessions.increment();
        unknownPaths++;
        if (request.isSend()) {
            answer(request, MsrpStatus.NO_SUCH_SESSION);
        }
        if (unknownPaths >= limits.unknownPaths()) {
            close(); // P6
        }
    }

    @Override
    public void onContent(ByteBuffer octets) {
        var now = receiving;
        if (now != null && !closing) {
            endpoint.counters().octetsReceived.add(octets.remaining());
            now.content(octets);
        }
    }

    @Override
    public void onEnd(Continuation continuation) {
        var now = receiving;
        receiving = null;
        if (now != null && !closing) {
            now.end(continuation);
        }
    }

    @Override
    public void onResponse(MsrpResponse response) {
        for (var session : sessions) {
            if (session.onResponse(response)) {
                return;
            }
        }
        endpoint.counters().responsesIgnored.increment(); // P11
    }

    @Override
    public void onMalformed(MalformedMsrp fault) {
        endpoint.counters().malformed.increment();
        LOG.log(Level.DEBUG, "{0}: {1}", this, fault.getMessage());
        close();
    }

    // ---- answers

    /// Answers a request, unless its sender wants to hear nothing (RFC 4975 7.2). Does not wait.
    void answer(MsrpRequest request, int status) {
        var fields = request.fields();
        FailureReport wanted;
        try {
            wanted = fields.failureReport();
        } catch (MalformedMessage e) {
            wanted = FailureReport.YES;
        }
        boolean silent =
                switch (wanted) {
                    case YES -> false;
                    case NO -> true;
                    case PARTIAL -> status == MsrpStatus.OK;
                };
        if (silent && request.isSend()) {
            return;
        }
        // To the previous hop alone (RFC 4975 7.2).
        var id = request.transactionId();
        var text =
                "MSRP "
                        + id
                        + " "
                        + status
                        + " "
                        + MsrpStatus.comment(status)
                        + "\r\nTo-Path: "
                        + fields.fromPath().getFirst()
                        + "\r\nFrom-Path: "
                        + fields.toPath().getFirst()
                        + "\r\n-------"
                        + id
                        + "$\r\n";
        enqueue(text.getBytes(StandardCharsets.UTF_8));
    }

    /// A whole message that need not be waited for.
    void enqueue(byte[] message) {
        boolean tooMany;
        synchronized (answers) {
            answers.add(message);
            answerOctets += message.length;
            tooMany = answerOctets > MOST_ANSWERS;
        }
        if (tooMany) {
            abort("the peer does not take our answers");
        } else if (!collecting) {
            startAnswerWriter();
        }
    }

    private void startAnswerWriter() {
        synchronized (answers) {
            if (answerWriter || answers.isEmpty()) {
                return;
            }
            answerWriter = true;
        }
        Thread.startVirtualThread(this::writeAnswers);
    }

    private void writeAnswers() {
        try {
            while (writeNextAnswers()) {
                // all there are at a time
            }
        } catch (IOException _) {
            return; // the connection has ended, and said so
        }
        if (closing) {
            endOutput();
        }
    }

    private boolean writeNextAnswers() throws IOException {
        writing.lock();
        try {
            var batch = nextAnswers();
            if (batch.length == 0) {
                return false;
            }
            interruptOpen();
            put(ByteBuffer.wrap(batch));
            return true;
        } finally {
            writing.unlock();
        }
    }

    private byte[] nextAnswers() {
        synchronized (answers) {
            if (answers.isEmpty()) {
                answerWriter = false;
            }
            return takeAnswers();
        }
    }

    private byte[] takeAnswers() {
        synchronized (answers) {
            var batch = new byte[answerOctets];
            int at = 0;
            for (var answer : answers) {
                System.arraycopy(answer, 0, batch, at, answer.length);
                at += answer.length;
            }
            answers.clear();
            answerOctets = 0;
            return batch;
        }
    }

    // ---- writing

    /// Whole messages. An open chunk is interrupted first.
    void write(byte[] octets, int length) throws IOException {
        writing.lock();
        try {
            interruptOpen();
            putAnswers();
            put(ByteBuffer.wrap(octets, 0, length));
        } finally {
            writing.unlock();
        }
    }

    /// Part of a chunk.
    ///
    /// @param begins whether the head is in it
    /// @param ends whether the end line is in it
    /// @return false when the chunk was interrupted meanwhile; then nothing was written
    @SuppressWarnings("ReferenceEquality") // It is the very chunk that was begun.
    boolean writePart(OpenChunk chunk, boolean begins, boolean ends, ByteBuffer... octets)
            throws IOException {
        writing.lock();
        try {
            if (begins) {
                interruptOpen();
                putAnswers();
                open = chunk;
            } else if (open != chunk) {
                return false;
            }
            chunk.onWriting();
            put(octets);
            if (ends) {
                open = null;
            }
            return true;
        } finally {
            writing.unlock();
        }
    }

    /// A chunk does not overtake the answers that were given before it: a peer may take no SEND
    /// before its own first one has a response.
    private void putAnswers() throws IOException {
        var waiting = takeAnswers();
        if (waiting.length > 0) {
            put(ByteBuffer.wrap(waiting));
        }
    }

    private void interruptOpen() throws IOException {
        var interrupted = open;
        if (interrupted != null) {
            open = null;
            var line = interrupted.interruptLine();
            put(ByteBuffer.wrap(line));
            interrupted.onInterrupted();
        }
    }

    private void put(ByteBuffer... octets) throws IOException {
        if (plain.isClosed()) {
            throw new IOException("the connection is closed");
        }
        try {
            var channel = plain.getChannel();
            if (channel != null && !isSecure()) {
                putAll(channel, octets);
            } else {
                putAll(socket.getOutputStream(), octets);
            }
        } catch (IOException e) {
            abort("writing failed: " + e.getMessage());
            throw e;
        } finally {
            writeUntil = NEVER;
        }
    }

    private void putAll(SocketChannel channel, ByteBuffer... octets) throws IOException {
        while (Arrays.stream(octets).anyMatch(ByteBuffer::hasRemaining)) {
            writeUntil = System.nanoTime() + limits.progressWithin().toNanos();
            channel.write(octets);
        }
    }

    private void putAll(OutputStream out, ByteBuffer... octets) throws IOException {
        for (var part : octets) {
            writeUntil = System.nanoTime() + limits.progressWithin().toNanos();
            if (part.hasArray()) {
                out.write(part.array(), part.arrayOffset() + part.position(), part.remaining());
            } else {
                var copy = new byte[part.remaining()];
                part.get(copy);
                out.write(copy);
            }
        }
    }

    boolean isWriting() {
        return writeUntil != NEVER;
    }

    // ---- the end

    /// Writes what waits, reads no more.
    void close() {
        closing = true;
        boolean idle;
        synchronized (answers) {
            idle = !answerWriter && answers.isEmpty();
        }
        if (idle) {
            Thread.startVirtualThread(this::endOutput); // TLS says goodbye, and may wait for it
        } else {
            startAnswerWriter();
        }
    }

    /// The peer reads the end of the stream; it has a moment to close its side.
    private void endOutput() {
        if (!outputEnded.compareAndSet(false, true)) {
            return;
        }
        readUntil = System.nanoTime() + LINGER;
        writing.lock();
        try {
            interruptOpen();
            socket.shutdownOutput();
        } catch (IOException | UnsupportedOperationException e) {
            abort(e.toString());
        } finally {
            writing.unlock();
        }
        if (readEnded) {
            abort("closed");
        }
    }

    /// At once, whatever waits.
    void abort(String reason) {
        closing = true;
        try {
            plain.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: closing failed: {1}", this, e.getMessage());
        }
        if (ended.compareAndSet(false, true)) {
            LOG.log(Level.DEBUG, "{0} ended: {1}", this, reason);
            endpoint.ended(this);
            for (var session : sessions) {
                session.onDisconnected(reason);
            }
            sessions.clear();
        }
    }

    /// Cuts off what is overdue.
    void sweep(long now) {
        if (now > Math.min(readUntil, writeUntil)) {
            endpoint.counters().connectionsOverdue.increment();
            abort(now > writeUntil ? "the peer takes nothing" : "nothing came in time");
            return;
        }
        for (var session : sessions) {
            session.sweep(now, lastRead);
        }
    }

    @Override
    public String toString() {
        return (isSecure() ? "msrps " : "msrp ")
                + remote.getAddress().getHostAddress()
                + ":"
                + remote.getPort();
    }
}
