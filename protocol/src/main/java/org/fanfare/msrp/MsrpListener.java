package org.fanfare.msrp;

import org.fanfare.sip.transport.ListenPoint;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;

/// Accepts the connections of one listen point.
final class MsrpListener implements AutoCloseable {

    private static final Logger LOG = System.getLogger(MsrpListener.class.getName());
    private static final int BACKLOG = 1024;
    private static final long PAUSE = 100;

    private final ListenPoint point;
    private final ServerSocket server;
    private final MsrpEndpoint endpoint;

    MsrpListener(ListenPoint point, MsrpEndpoint endpoint) throws IOException {
        this.endpoint = endpoint;
        server = ServerSocketChannel.open().socket();
        try {
            server.setReuseAddress(true);
            server.bind(point.address(), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException(point + ": " + e.getMessage(), e);
        }
        this.point =
                new ListenPoint(
                        point.protocol(), (InetSocketAddress) server.getLocalSocketAddress());
    }

    void start() {
        Thread.ofVirtual().name("msrp-accept-" + server.getLocalPort()).start(this::acceptAll);
    }

    /// With the port that was bound.
    ListenPoint point() {
        return point;
    }

    private void acceptAll() {
        while (!server.isClosed()) {
            try {
                endpoint.accept(point.protocol(), server.accept());
            } catch (IOException e) {
                pause(e);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a connection could not be accepted", e);
            }
        }
    }

    /// Out of descriptors, most likely: trying again at once would only burn time.
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
