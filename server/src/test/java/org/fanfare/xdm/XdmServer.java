package org.fanfare.xdm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A server of documents that does as the test says.
final class XdmServer implements AutoCloseable {

    /// What becomes of one request.
    interface Reply {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /// @param ifNoneMatch empty when the request has none
    record Request(String path, String identity, String ifNoneMatch) {}

    private final HttpServer server;
    private final java.util.concurrent.ExecutorService threads =
            Executors.newVirtualThreadPerTaskExecutor();
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Reply reply;

    XdmServer(Reply reply) throws IOException {
        this.reply = reply;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        requests.add(
                new Request(
                        exchange.getRequestURI().getRawPath(),
                        String.valueOf(
                                exchange.getRequestHeaders().getFirst("X-3GPP-Asserted-Identity")),
                        exchange.getRequestHeaders()
                                .getOrDefault("If-None-Match", List.of(""))
                                .getFirst()));
        try (exchange) {
            reply.to(exchange);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    void replies(Reply value) {
        reply = value;
    }

    static Reply document(String xml, String etag) {
        return exchange -> {
            exchange.getResponseHeaders().set("ETag", etag);
            if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            var octets = xml.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, octets.length);
            exchange.getResponseBody().write(octets);
        };
    }

    static Reply status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    /// No answer until the test is over.
    Reply silence() {
        return _ -> closed.await();
    }

    /// A document that stops in the middle, until the test is over.
    Reply stalling(String xml) {
        return exchange -> {
            exchange.sendResponseHeaders(200, xml.length());
            exchange.getResponseBody()
                    .write(xml.substring(0, xml.length() / 2).getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            closed.await();
        };
    }

    /// The same, and then the connection ends.
    static Reply cut(String xml) {
        return exchange -> {
            exchange.sendResponseHeaders(200, xml.length());
            exchange.getResponseBody()
                    .write(xml.substring(0, xml.length() / 2).getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            throw new IOException("cut");
        };
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    URI root() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/xcap-root/");
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.close();
    }
}
