package org.fanfare.admin;

import org.fanfare.ledger.Ledger;
import org.fanfare.wire.Octets;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Who asks for what: the paths, and who may ask at all.
final class AdminApi implements HttpHandler {

    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final StatusApi status;
    private final Supplier<Health> health;
    private final Metrics metrics;
    private final Set<String> names;
    private final Access access;

    /// @param names host names, in small letters, that this server is called by
    AdminApi(
            Ledger ledger,
            Supplier<Health> health,
            Metrics metrics,
            Set<String> names,
            Access access) {
        this.status = new StatusApi(ledger);
        this.health = health;
        this.metrics = metrics;
        this.names = Set.copyOf(names);
        this.access = access;
    }

    @Override
    public HttpResponse handle(HttpRequest request) {
        try {
            checkHost(request);
            checkOrigin(request);
            return route(request);
        } catch (HttpRefusal refusal) {
            var answer =
                    HttpResponse.json(
                            refusal.status(),
                            Json.object(json -> json.text("error", refusal.reason())));
            return switch (refusal.status()) {
                case 405 ->
                        answer.withHeader(
                                "Allow", refusal.reason().contains("POST") ? "POST" : "GET, HEAD");
                case 401 -> answer.withHeader("WWW-Authenticate", "Bearer realm=\"fanfare\"");
                default -> answer;
            };
        }
    }

    private HttpResponse route(HttpRequest request) throws HttpRefusal {
        var path = request.segments();
        var isMessages = path.size() > 1 && path.subList(0, 2).equals(List.of("v1", "messages"));
        if (isMessages) {
            access.check(request);
            return messages(path.subList(2, path.size()), request);
        } else if (path.equals(List.of("health"))) {
            checkMethod(request);
            return health.get().toResponse();
        } else if (path.equals(List.of("metrics"))) {
            checkMethod(request);
            access.check(request);
            return new HttpResponse(200, PROMETHEUS, Octets.utf8(metrics.text()), Map.of());
        }
        throw noSuchPath();
    }

    private HttpResponse messages(List<String> below, HttpRequest request) throws HttpRefusal {
        if (below.size() > 2 || below.contains("")) {
            throw noSuchPath();
        }
        var parameters = request.parameters();
        if (below.size() == 2 && below.get(1).equals("quarantine")) {
            checkPost(request);
            return status.endQuarantine(below.getFirst(), parameters);
        }
        checkMethod(request);
        if (below.isEmpty()) {
            return status.recent(parameters);
        } else if (below.size() == 1) {
            return status.message(below.getFirst(), parameters);
        } else if (below.get(1).equals("recipients")) {
            return status.recipients(below.getFirst(), parameters);
        }
        throw noSuchPath();
    }

    private static HttpRefusal noSuchPath() {
        return new HttpRefusal(
                404,
                "there is /health, /metrics, /v1/messages, /v1/messages/ID,"
                        + " /v1/messages/ID/recipients and /v1/messages/ID/quarantine");
    }

    private static void checkMethod(HttpRequest request) throws HttpRefusal {
        if (!Set.of("GET", "HEAD").contains(request.method())) {
            throw new HttpRefusal(405, "only GET and HEAD are served");
        }
    }

    private static void checkPost(HttpRequest request) throws HttpRefusal {
        if (!request.method().equals("POST")) {
            throw new HttpRefusal(405, "only POST is served");
        }
        if (request.header("origin").isPresent()) {
            throw new HttpRefusal(403, "not for pages");
        }
    }

    /// A page from elsewhere can make a browser connect here under the name of its own site, but
    /// cannot make it say an address or another name (DNS rebinding, reliability C3).
    private void checkHost(HttpRequest request) throws HttpRefusal {
        var host = request.header("host").map(AdminApi::withoutPort).orElse("");
        if (!isOurs(host)) {
            throw new HttpRefusal(403, "this server is not called by that name in Host");
        }
    }

    private void checkOrigin(HttpRequest request) throws HttpRefusal {
        var origin = request.header("origin");
        if (origin.isPresent() && !isOurs(hostOf(origin.get()))) {
            throw new HttpRefusal(403, "not for pages of other sites");
        }
    }

    private boolean isOurs(String host) {
        return names.contains(host.toLowerCase(Locale.ROOT)) || isAddress(host);
    }

    private static String withoutPort(String host) {
        var colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    private static String hostOf(String origin) {
        try {
            var host = URI.create(origin).getHost();
            return host == null ? "" : host;
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    private static boolean isAddress(String host) {
        try {
            var _ = InetAddress.ofLiteral(host.replaceAll("^\\[(.*)]$", "$1"));
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
