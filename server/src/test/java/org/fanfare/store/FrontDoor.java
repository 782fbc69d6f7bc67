package org.fanfare.store;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// Stands before an IMAP server and spoils what it says: the failures that a network and a bad day
/// make.
public final class FrontDoor implements AutoCloseable {

    /// What becomes of a line of the server: it itself, another one, "" for none, or [#CUT].
    public static final String CUT = "cut";

    private final ServerSocket listener;
    private final int server;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile Function<String, String> lines = line -> line;
    private volatile boolean refusing;
    private final AtomicInteger connections = new AtomicInteger();

    FrontDoor(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// From now on.
    public void lines(Function<String, String> change) {
        lines = change;
    }

    /// Everything is cut, and whoever comes is sent away at once.
    public void refuse() {
        refusing = true;
        cut();
    }

    /// Nothing that the server says gets through any more.
    public void hang() {
        lines = _ -> "";
    }

    public void wellAgain() {
        refusing = false;
        lines = line -> line;
    }

    public void cut() {
        open.forEach(FrontDoor::close);
        open.clear();
    }

    /// How many there were so far.
    public int connections() {
        return connections.get();
    }

    private void listen() {
        try {
            while (true) {
                var client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                connections.incrementAndGet();
                var behind = new Socket(InetAddress.getLoopbackAddress(), server);
                open.addAll(List.of(client, behind));
                Thread.ofVirtual().start(() -> copy(client, behind));
                Thread.ofVirtual().start(() -> answer(behind, client));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // one of them is gone
        }
    }

    private void answer(Socket from, Socket to) {
        try (from;
                to) {
            var in = new BufferedInputStream(from.getInputStream());
            for (var line = line(in); !line.isEmpty(); line = line(in)) {
                var changed = lines.apply(line);
                if (changed.equals(CUT)) {
                    return;
                }
                to.getOutputStream().write(changed.getBytes(StandardCharsets.ISO_8859_1));
                to.getOutputStream().flush();
            }
        } catch (IOException _) {
            // one of them is gone
        }
    }

    /// With its end.
    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                break;
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        cut();
        try {
            listener.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
