package org.fanfare.sip.transport;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/// Accepts the connections of one listen point.
final class StreamListener implements AutoCloseable {

    private static final Logger LOG = System.getLogger(StreamListener.class.getName());
    private static final int BACKLOG = 1024;
    private static final long PAUSE = 100;

    private final TransportProtocol protocol;
    private final ServerSocket server;
    private final Streams streams;

    StreamListener(ListenPoint point, Streams streams) throws IOException {
        this.protocol = point.protocol();
        this.streams = streams;
        server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.bind(point.address(), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw new IOException(point + ": " + e.getMessage(), e);
        }
    }

    void start() {
        Thread.ofVirtual().name("sip-accept-" + server.getLocalPort()).start(this::acceptAll);
    }

    ListenPoint point() {
        return new ListenPoint(protocol, (InetSocketAddress) server.getLocalSocketAddress());
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
            streams.accept(protocol, socket);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a connection was gone before it was served: {0}", e.getMessage());
        }
    }

    /// Out of descriptors, most likely: trying again at once would only burn time (T7).
    private void pause(IOException e) {
        if (server.isClosed()) {
            return;
        }
        LOG.log(Level.WARNING, "{0}: accepting failed: {1}", point(), e.getMessage());
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
            LOG.log(Level.WARNING, "{0}: closing failed: {1}", point(), e.getMessage());
        }
    }
}
