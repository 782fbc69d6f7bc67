package org.fanfare.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The HTTP server of the JDK behind our own interface; nothing else here knows of it. A request
/// has a virtual thread.
final class JdkHttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JdkHttpServer.class);

    private static final int BACKLOG = 64;

    /// Limits that it takes from properties only, once for the process (reliability T1, M11).
    private static final Map<String, String> LIMITS =
            Map.of(
                    "sun.net.httpserver.maxReqTime", "10",
                    "sun.net.httpserver.maxRspTime", "60",
                    "sun.net.httpserver.idleInterval", "30",
                    "sun.net.httpserver.maxReqHeaders", "64",
                    "sun.net.httpserver.maxReqHeaderSize", "16384",
                    "sun.net.httpserver.nodelay", "true",
                    "jdk.httpserver.maxConnections", "256");

    static {
        LIMITS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    private final HttpServer server;
    private final ExecutorService threads;

    private JdkHttpServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static JdkHttpServer start(InetSocketAddress address, HttpHandler handler) throws IOException {
        var server = HttpServer.create(address, BACKLOG);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> serve(exchange, handler));
        server.start();
        return new JdkHttpServer(server, threads);
    }

    private static void serve(HttpExchange exchange, HttpHandler handler) throws IOException {
        try (exchange) {
            send(answer(exchange, handler), exchange);
        }
    }

    private static HttpResponse answer(HttpExchange exchange, HttpHandler handler) {
        try {
            return handler.handle(requestOf(exchange));
        } catch (RuntimeException e) {
            LOG.error("event=admin-fault path={}", exchange.getRequestURI().getRawPath(), e);
            return HttpResponse.json(
                    500, Json.object(json -> json.text("error", "a fault of ours, see the log")));
        }
    }

    private static HttpRequest requestOf(HttpExchange exchange) {
        var headers = new HashMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) ->
                        headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        var uri = exchange.getRequestURI();
        var query = uri.getRawQuery();
        return new HttpRequest(
                exchange.getRequestMethod(), uri.getRawPath(), query == null ? "" : query, headers);
    }

    private static void send(HttpResponse answer, HttpExchange exchange) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.contentType());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        answer.headers().forEach(headers::set);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        var none = answer.status() == 304; // RFC 9110 15.4.5
        exchange.sendResponseHeaders(answer.status(), none ? -1 : answer.body().length());
        answer.body().writeTo(exchange.getResponseBody());
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
