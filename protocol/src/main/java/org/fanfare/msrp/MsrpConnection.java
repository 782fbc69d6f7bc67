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
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/// One TCP or TLS connection, which carries one session or, behind a relay, several. A virtual
/// thread reads it and gives what comes to the sessions; what goes out is the affair of
/// [MsrpOutput].
final class MsrpConnection implements MsrpDecoder.Listener, MsrpOutput.Owner {

    static final long NEVER = Long.MAX_VALUE;

    private static final Logger LOG = System.getLogger(MsrpConnection.class.getName());
    private static final int READ = 16 * 1024;

    /// What is read at first: who is sent to gives back no more than responses.
    private static final int FIRST_READ = 2 * 1024;

    private static final int QUIET_MILLIS = 500;
    private static final long LINGER = 1_000_000_000L;

    private final MsrpEndpoint endpoint;
    private final MsrpLimits limits;
    private final boolean accepted;
    private final Socket plain;
    private final Socket socket;
    private final InetSocketAddress remote;
    private final MsrpDecoder decoder;
    private final MsrpOutput output;
    private final long start = System.nanoTime();
    private final List<MsrpSession> sessions = new CopyOnWriteArrayList<>();
    private final AtomicBoolean ended = new AtomicBoolean();

    // Of the reading thread.
    private @Nullable Receiving receiving;

    /// To which content has gone since it waited for more.
    private @Nullable Receiving fed;

    private int unknownPaths;

    private volatile boolean bound;
    private volatile boolean closing;
    private volatile boolean readEnded;
    private volatile long readUntil = NEVER;
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
        output = new MsrpOutput(plain, socket, limits.progressWithin(), this);
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

    /// Where messages and parts of them are written.
    MsrpOutput output() {
        return output;
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
        var buffer = new byte[FIRST_READ];
        while (!closing) {
            readUntil = readUntil();
            int octets = next(in, buffer);
            readUntil = NEVER;
            if (octets < 0) {
                return;
            }
            lastRead = System.nanoTime();
            output.hold();
            if (octets == 0) {
                decoder.quiet(this);
            } else {
                decoder.feed(ByteBuffer.wrap(buffer, 0, octets), this);
            }
            output.release();
            pause();
            if (octets == FIRST_READ) {
                buffer = new byte[READ];
            }
        }
    }

    private void pause() {
        var last = fed;
        fed = null;
        if (last != null) {
            last.pause();
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
            if (now != fed) {
                pause();
                fed = now;
            }
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
        output.enqueue(text.getBytes(StandardCharsets.UTF_8));
    }

    // ---- the end

    /// Writes what waits, reads no more.
    void close() {
        closing = true;
        output.end();
    }

    /// The peer reads the end of the stream; it has a moment to close its side.
    @Override
    public void onEnding() {
        readUntil = System.nanoTime() + LINGER;
    }

    @Override
    public void onEnded() {
        if (readEnded) {
            abort("closed");
        }
    }

    /// At once, whatever waits.
    @Override
    public void abort(String reason) {
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
        boolean stuck = output.isOverdue(now);
        if (stuck || now > readUntil) {
            endpoint.counters().connectionsOverdue.increment();
            abort(stuck ? "the peer takes nothing" : "nothing came in time");
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
