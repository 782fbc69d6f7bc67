package org.fanfare.cli;

import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `fanfare receive --json` within this process, registered.
final class Phone implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final Thread thread;

    private Phone(List<String> arguments) {
        thread =
                Thread.ofVirtual()
                        .start(() ->
                                status.complete(
                                        Fanfare.commandLine()
                                                .setOut(new PrintWriter(out, true))
                                                .setErr(new PrintWriter(err, true))
                                                .execute(arguments.toArray(String[]::new))));
    }

    static Phone registered(String via, String user, String... more) {
        var arguments = new ArrayList<>(List.of("receive", "--as", user, "--via", via, "--json"));
        arguments.addAll(List.of(more));
        var phone = new Phone(arguments);
        phone.awaitSaid("registered as " + user);
        return phone;
    }

    /// On the standard error.
    void awaitSaid(String text) {
        await(text).atMost(PATIENCE).until(() -> err.toString().contains(text));
    }

    Ran ended() throws InterruptedException {
        try {
            return new Ran(
                    status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS),
                    out.toString(),
                    err.toString());
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("it has not ended; it printed " + out + err, e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
