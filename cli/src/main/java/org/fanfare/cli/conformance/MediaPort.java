package org.fanfare.cli.conformance;

import org.fanfare.uri.HostPort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Where those who send content to our recipients connect to.
final class MediaPort implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket();
    private final Map<String, Leg> legs = new ConcurrentHashMap<>();
    private final HostPort address;

    MediaPort(String host) throws IOException {
        socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0), 200);
        address = new HostPort(host, socket.getLocalPort());
        Thread.ofVirtual().name("conformance-media").start(this::accept);
    }

    HostPort address() {
        return address;
    }

    /// The path of a new session of ours.
    String newPath() {
        return "msrp://" + address + "/" + UUID.randomUUID().toString().replace("-", "") + ";tcp";
    }

    /// What is sent to that path is the leg's.
    void open(String path, Leg leg) {
        legs.put(path, leg);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                var connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException _) {
                // closed, by us or before it was accepted
            }
        }
    }

    private void serve(Socket accepted) {
        try (var connection = new MediaConnection(accepted)) {
            var first = connection.next();
            if (first.isPresent()) {
                var leg = legs.get(first.get().field("To-Path").orElse(""));
                if (leg == null) {
                    connection.write(first.get().answer(481));
                } else {
                    leg.serve(connection, first.get());
                }
            }
        } catch (IOException _) {
            // what is missing then is noticed where it is waited for
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone in any case
        }
    }
}
