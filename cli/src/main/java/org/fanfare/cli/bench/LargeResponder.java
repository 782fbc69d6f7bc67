package org.fanfare.cli.bench;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// The recipients of large messages: a SIP port, an MSRP port, and one more for those who are slow.
public final class LargeResponder {

    private static final long PATIENCE_MILLIS = 180_000;
    private static final long BINDING_MILLIS = 20_000;

    private final Legs legs = new Legs();
    private final MsrpReceivers receivers;
    private final ServerSocket sip;

    public LargeResponder() throws IOException {
        receivers = new MsrpReceivers(legs);
        sip = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    /// Says its SIP port and its MSRP port, then answers each line that comes in, until none comes
    /// any more.
    public void run(InputStream in, Consumer<String> out) throws IOException, InterruptedException {
        Thread.ofPlatform().daemon().start(this::acceptConnections);
        Thread.ofPlatform().daemon().start(this::receive);
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
            out.accept(sip.getLocalPort() + " " + receivers.port());
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                out.accept(answer(line.split(" ", -1)));
            }
        }
    }

    private String answer(String[] command) throws InterruptedException {
        return switch (command[0]) {
            case "begin" -> {
                legs.clear();
                receivers.slowRate(Long.parseLong(command[1]));
                yield "";
            }
            case "await" -> legs.awaitEnded(Integer.parseInt(command[1]), PATIENCE_MILLIS);
            case "hold" -> {
                receivers.hold();
                yield "";
            }
            case "held" ->
                    Integer.toString(legs.awaitBound(Integer.parseInt(command[1]), BINDING_MILLIS));
            case "release" -> {
                receivers.release();
                yield "";
            }
            default -> throw new IllegalArgumentException("unknown command " + command[0]);
        };
    }

    private void receive() {
        try {
            receivers.run();
        } catch (IOException closed) {
            throw new IllegalStateException("the recipients of the load test", closed);
        }
    }

    private void acceptConnections() {
        try {
            while (true) {
                var connection = sip.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            }
        } catch (IOException closed) {
            // the process ends
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            new StreamResponder(
                            new BufferedInputStream(connection.getInputStream(), 1 << 16),
                            connection.getOutputStream(),
                            new Callee(legs, receivers.port(), receivers.slowPort()))
                    .run();
        } catch (IOException closed) {
            // the server under test has gone
        }
    }
}
