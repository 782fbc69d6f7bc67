package org.fanfare.sip.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Accepts the connections of one listen point, of SIP or MSRP.
public final class StreamListener implements AutoCloseable {

    /// Who serves them.
    public interface Acceptor {

        /// Returns soon: meanwhile nobody else is accepted.
        ///
        /// @throws IOException when the connection is gone already
        void accept(TransportProtocol protocol, Socket socket) throws IOException;
    }

    private static final Logger LOG = System.getLogger(StreamListener.class.getName());
    private static final int BACKLOG = 1024;
    private static final long PAUSE = 100;

    private final ListenPoint point;
    private final ServerSocket server;
    private final Acceptor acceptor;

    /// Binds.
    ///
    /// @param server a new socket, closed with this
    /// @throws IOException when the address is taken or not ours; names the listen point
    public StreamListener(ListenPoint wanted, ServerSocket server, Acceptor acceptor)
            throws IOException {
        this.server = server;
        this.acceptor = acceptor;
        try {
            server.setReuseAddress(true);
            server.bind(wanted.address(), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException(wanted + ": " + e.getMessage(), e);
        }
        point =
                new ListenPoint(
                        wanted.protocol(), (InetSocketAddress) server.getLocalSocketAddress());
    }

    public void start() {
        Thread.ofVirtual().name("accept-" + point).start(this::acceptAll);
    }

    /// With the port that was bound.
    public ListenPoint point() {
        return point;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                acceptOne();
            } catch (IOException e) {
                pause(e);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a connection could not be accepted", e);
            }
        }
    }

    private void acceptOne() throws IOException {
        Socket socket = server.accept();
        try {
            acceptor.accept(point.protocol(), socket);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection was gone before it was served: {0}", e.getMessage());
        }
    }

    /// Out of descriptors, most likely: trying again at once would only burn time (T7).
    private void pause(IOException e) {
        if (server.isClosed()) {
            return;
        }
        LOG.log(Level.WARNING, "{0}: accepting failed: {1}", point, e.getMessage());
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: closing failed: {1}", point, e.getMessage());
        }
    }
}
