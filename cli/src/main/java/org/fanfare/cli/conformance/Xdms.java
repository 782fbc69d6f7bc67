package org.fanfare.cli.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.fanfare.uri.HostPort;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Where the target finds the preferences of users (8.4.1): a rule by which the messages of one are
/// recorded, and those of nobody else. Which document is asked for does not matter, as long as its
/// path has the address of the user (RFC 4825 6).
final class Xdms implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String recorded;
    private final ConcurrentMap<String, CompletableFuture<String>> asked =
            new ConcurrentHashMap<>();

    /// @param recorded whose messages are recorded
    /// @throws IOException when the address cannot be had
    Xdms(HostPort at, String recorded) throws IOException {
        this.recorded = recorded;
        server = HttpServer.create(new InetSocketAddress(at.hostWithoutBrackets(), at.port()), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            asked.forEach((user, when) -> {
                if (path.contains(user)) {
                    when.complete(exchange.getRequestMethod());
                }
            });
            var rules = rules(path.contains(recorded)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/auth-policy+xml");
            exchange.sendResponseHeaders(200, rules.length);
            exchange.getResponseBody().write(rules);
        }
    }

    private static String rules(boolean recorded) {
        return """
        <?xml version="1.0" encoding="UTF-8"?>
        <cr:ruleset xmlns:cr="urn:ietf:params:xml:ns:common-policy"
         xmlns:ocp="urn:oma:xml:xdm:extensions"><cr:rule id="history">
        <cr:conditions><ocp:service-list><ocp:service enabler="CPM"/></ocp:service-list></cr:conditions>
        <cr:actions><ocp:allow-offline-storage>%s</ocp:allow-offline-storage></cr:actions>
        </cr:rule></cr:ruleset>
        """
                .formatted(recorded);
    }

    /// Completed with the method, when the rules of somebody are asked for from now on.
    CompletableFuture<String> asked(String user) {
        return asked.computeIfAbsent(user, _ -> new CompletableFuture<>());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
