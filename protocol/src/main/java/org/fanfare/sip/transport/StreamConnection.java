package org.fanfare.sip.transport;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipStreamDecoder;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/// One TCP or TLS connection: a virtual thread reads it, another writes while something waits to be
/// written. Neither waits for ever: [#sweep] cuts off what is overdue.
///
/// TLS is laid over a plain socket, so that closing this one ends whatever hangs in the other.
final class StreamConnection implements Flow, SipStreamDecoder.Listener {

    private static final Logger LOG = System.getLogger(StreamConnection.class.getName());
    private static final Octets PING = Octets.utf8("\r\n\r\n");
    private static final Octets PONG = Octets.utf8("\r\n");
    private static final int READ = 16 * 1024;
    private static final int WRITE = 16 * 1024;
    private static final long PONG_WITHIN = 10_000_000_000L; // RFC 5626 4.4.1
    private static final long LINGER = 1_000_000_000L;

    private final Streams streams;
    private final TransportProtocol protocol;
    private final Socket plain;
    private final Socket socket;
    private final boolean accepted;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final SendQueue queue;
    private final SipStreamDecoder decoder;
    private final ReadPace pace;
    private final AtomicBoolean outputEnded = new AtomicBoolean();
    private int messages;
    private int octetsJustRead;
    private volatile Set<String> peerNames = Set.of();
    private volatile boolean closing;
    private volatile boolean readEnded;
    private volatile boolean outputShut;
    private volatile boolean idle;
    private volatile long lastActivity;
    private volatile long readUntil;
    private volatile long writeUntil = ReadPace.NEVER;
    private volatile long pongUntil = ReadPace.NEVER;

    /// @param socket the plain one, or TLS over it
    StreamConnection(
            Streams streams,
            TransportProtocol protocol,
            Socket plain,
            Socket socket,
            boolean accepted)
            throws IOException {
        this.streams = streams;
        this.protocol = protocol;
        this.plain = plain;
        this.socket = socket;
        this.accepted = accepted;
        local = (InetSocketAddress) plain.getLocalSocketAddress();
        remote = (InetSocketAddress) plain.getRemoteSocketAddress();
        plain.setOption(StandardSocketOptions.TCP_NODELAY, true);
        plain.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        var limits = streams.limits();
        queue = new SendQueue(accepted ? limits.sendQueueOctets() : limits.hopQueueOctets());
        decoder = new SipStreamDecoder(streams.messageLimits());
        lastActivity = System.nanoTime();
        pace = new ReadPace(limits, accepted, lastActivity);
        readUntil =
                accepted
                        ? pace.until(lastActivity)
                        : lastActivity + limits.connectWithin().toNanos();
    }

    /// Of TLS; must be done before anything else. Takes at most the time of the limits, then
    /// [#sweep] ends it.
    void handshake() throws IOException {
        if (socket instanceof SSLSocket tls) {
            tls.startHandshake();
            peerNames = namesOf(tls);
        }
        if (!accepted) {
            readUntil = ReadPace.NEVER;
        }
        idle = true;
    }

    private static Set<String> namesOf(SSLSocket tls) throws IOException {
        try {
            var certificates = tls.getSession().getPeerCertificates();
            return PeerNames.of((X509Certificate) certificates[0]);
        } catch (SSLPeerUnverifiedException e) {
            return Set.of(); // it showed none, and need not
        } catch (CertificateParsingException e) {
            throw new SSLException("the peer's certificate cannot be read", e);
        }
    }

    /// Until the peer or we end it.
    void readAll() {
        try {
            var in = socket.getInputStream();
            read(in);
            discard(in);
        } catch (IOException e) {
            abort(e.toString());
            return;
        } catch (RuntimeException | StackOverflowError e) {
            streams.counters().faults.increment();
            LOG.log(Level.ERROR, this + ": a message could not be handled", e);
            abort("a fault of ours");
            return;
        }
        readEnded = true;
        closing = true;
        if (queue.close()) {
            abort("closed by the peer");
        } // else what waits is written first
    }

    private void read(InputStream in) throws IOException {
        var buffer = new byte[READ];
        int octets = in.read(buffer);
        while (octets >= 0 && !closing) {
            onOctets(ByteBuffer.wrap(buffer, 0, octets));
            octets = in.read(buffer);
        }
    }

    private void onOctets(ByteBuffer octets) {
        int count = octets.remaining();
        lastActivity = System.nanoTime();
        pongUntil = ReadPace.NEVER; // whatever comes, the peer lives
        idle = false;
        int before = messages;
        octetsJustRead = count;
        decoder.feed(octets, this);
        if (!closing) {
            readUntil = pace.onRead(count, messages - before, place(), lastActivity);
        }
        idle = pace.isBetween();
    }

    private ReadPace.Place place() {
        if (decoder.isInBody()) {
            return ReadPace.Place.BODY;
        }
        return decoder.isInMessage() ? ReadPace.Place.HEAD : ReadPace.Place.BETWEEN;
    }

    @Override
    public void onMessage(SipMessage message) {
        messages++;
        streams.counters().messagesReceived.increment();
        streams.handler().onMessage(message, this);
    }

    @Override
    public void onMalformed(MalformedSip fault) {
        streams.counters().malformed.increment();
        streams.handler().onMalformed(fault, this, octetsJustRead);
        if (fault.closeStream()) {
            close();
        }
    }

    @Override
    public void onPing() {
        streams.counters().keepAlives.increment();
        try {
            send(PONG);
        } catch (IOException e) {
            abort("the answer to a ping could not be sent: " + e.getMessage());
        }
    }

    /// What the peer still sends while we close, so that it can read our last message before the
    /// connection is reset.
    private void discard(InputStream in) throws IOException {
        if (closing) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    @Override
    public void send(Octets message) throws IOException {
        switch (queue.offer(message)) {
            case QUEUED -> lastActivity = System.nanoTime();
            case START_WRITER -> {
                lastActivity = System.nanoTime();
                Thread.startVirtualThread(this::writeAll);
            }
            case CLOSED -> throw new IOException(this + " is closed");
            case FULL -> {
                streams.counters().sendQueuesFull.increment();
                throw new SendQueueFull(
                        this + ": the peer takes nothing, " + queue.octets() + " octets wait");
            }
        }
        streams.counters().messagesSent.increment();
    }

    private void writeAll() {
        try {
            var out = socket.getOutputStream();
            for (var next = queue.next(WRITE); !next.isEmpty(); next = queue.next(WRITE)) {
                writeUntil = System.nanoTime() + streams.limits().progressWithin().toNanos();
                next.writeTo(out);
                writeUntil = ReadPace.NEVER;
            }
            if (closing) {
                endOutput();
            }
        } catch (IOException e) {
            abort("writing failed: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        closing = true;
        if (queue.close()) {
            Thread.startVirtualThread(
                    this::endOutput); // TLS says goodbye, and may have to wait for it
        }
    }

    /// The peer reads the end of the stream; it has a moment to close its side.
    private void endOutput() {
        if (outputEnded.compareAndSet(false, true)) {
            readUntil = System.nanoTime() + LINGER;
            try {
                socket.shutdownOutput();
            } catch (IOException | UnsupportedOperationException e) {
                abort(e.toString());
            }
            outputShut = true;
            if (readEnded) {
                abort("closed");
            }
        }
    }

    /// At once, whatever waits.
    void abort(String reason) {
        queue.close();
        closePlain();
        streams.ended(this, reason);
    }

    private void closePlain() {
        try {
            plain.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "{0}: closing failed: {1}", this, e.getMessage());
        }
    }

    /// Cuts off what is overdue; pings when nothing went over it for so long.
    void sweep(long now) {
        if (now > Math.min(Math.min(readUntil, writeUntil), pongUntil)) {
            streams.counters().connectionsOverdue.increment();
            abort(overdue(now));
        } else if (!accepted && idle && !closing && now - lastActivity > streams.keepAliveNanos()) {
            ping(now);
        }
    }

    private String overdue(long now) {
        if (now > writeUntil) {
            return "the peer takes nothing";
        }
        return now > pongUntil ? "no answer to a ping" : "nothing came in time";
    }

    private void ping(long now) {
        try {
            pongUntil = now + PONG_WITHIN; // before: the answer may be here at once
            send(PING);
        } catch (IOException e) {
            abort("pinging failed: " + e.getMessage());
        }
    }

    /// All that waited is with the system, and the peer will read the end of the stream.
    boolean isOutputEnded() {
        return outputShut;
    }

    boolean isAccepted() {
        return accepted;
    }

    /// Nothing is on its way in either direction.
    boolean isIdle() {
        return accepted && idle && queue.octets() == 0;
    }

    long lastActivity() {
        return lastActivity;
    }

    @Override
    public TransportProtocol protocol() {
        return protocol;
    }

    @Override
    public InetSocketAddress local() {
        return local;
    }

    @Override
    public InetSocketAddress remote() {
        return remote;
    }

    @Override
    public Set<String> peerNames() {
        return peerNames;
    }

    @Override
    public boolean isOpen() {
        return !closing && !plain.isClosed();
    }

    @Override
    public String toString() {
        return protocol + " " + Addresses.hostPort(remote);
    }
}
