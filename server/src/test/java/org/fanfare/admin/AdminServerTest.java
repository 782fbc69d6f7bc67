package org.fanfare.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.ledger.AcceptRecord;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerRefused;
import org.fanfare.ledger.Ledgers;
import org.fanfare.ledger.MessageHead;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.Outcome;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// The status API over real sockets and a real ledger.
class AdminServerTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir Path folder;

    private Ledger ledger;
    private final Metrics metrics = new Metrics();
    private volatile Health health = new Health(List.of());
    private AdminServer admin;

    @BeforeEach
    void start() throws IOException, LedgerRefused {
        ledger = Ledgers.open("file:" + folder, Clock.systemUTC(), "test");
        admin =
                AdminServer.start(
                        loopback(0),
                        Set.of("PF.home.example"),
                        ledger,
                        () -> health,
                        metrics,
                        Access.open());
    }

    @AfterEach
    void stop() {
        admin.close();
        ledger.close();
    }

    @Test
    void aMessageIsToldWithTheNumberOfEachOutcome() throws IOException {
        var message = accept("c-1", 3);
        record(message, 0, OutcomeKind.DELIVERED, 200, "OK");
        record(message, 1, OutcomeKind.FAILED, 404, "Not Found");

        var answer = get("/v1/messages/c-1");

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.headers).containsEntry("content-type", "application/json");
        assertThat(answer.body)
                .isEqualTo(
                        "{\"contributionId\":\"c-1\",\"originator\":\"sip:alice@home.example\","
                                + "\"mode\":\"pager\",\"recipients\":3,\"outcomes\":{\"pending\":1,"
                                + "\"delivered\":1,\"interworked\":0,\"failed\":1,\"expired\":0}}");
    }

    @Test
    void recipientsAreToldInTheOrderOfTheList() throws IOException {
        var message = accept("c-1", 2);
        record(message, 0, OutcomeKind.FAILED, 404, "Not Found");

        assertThat(get("/v1/messages/c-1/recipients").body)
                .isEqualTo(
                        "{\"contributionId\":\"c-1\",\"recipients\":["
                                + "{\"uri\":\"sip:user0@home.example\",\"outcome\":\"failed\","
                                + "\"sipStatus\":404,\"reason\":\"Not Found\","
                                + "\"accepted\":\"2026-11-22T12:00:00Z\","
                                + "\"ended\":\"2026-11-22T12:00:01Z\",\"attempts\":2,\"imdn\":[]},"
                                + "{\"uri\":\"sip:user1@home.example\",\"outcome\":\"pending\","
                                + "\"sipStatus\":null,\"reason\":null,"
                                + "\"accepted\":\"2026-11-22T12:00:00Z\","
                                + "\"ended\":null,\"attempts\":0,\"imdn\":[]}],\"next\":null}");
    }

    @Test
    void recipientsCanBeAskedForByOutcomeAndInParts() throws IOException {
        var message = accept("c-1", 5);
        for (int index : List.of(0, 2, 4)) {
            record(message, index, OutcomeKind.FAILED, 486, "Busy Here");
        }

        var first = get("/v1/messages/c-1/recipients?outcome=failed&limit=2").body;
        var second = get("/v1/messages/c-1/recipients?outcome=failed&limit=2&after=2").body;

        assertThat(first).contains("user0", "user2").doesNotContain("user1", "user4");
        assertThat(first).endsWith("\"next\":2}");
        assertThat(second).contains("user4").doesNotContain("user0", "user2", "user3");
        assertThat(second).endsWith("\"next\":null}");
    }

    @Test
    void theNewestMessagesAreListedFirst() throws IOException {
        accept("c-1", 1);
        accept("c-2", 1);
        accept("c-3", 1);

        assertThat(get("/v1/messages?limit=2").body)
                .startsWith("{\"messages\":[{\"contributionId\":\"c-3\"")
                .contains("c-2")
                .doesNotContain("c-1");
    }

    @Test
    void anIdWithASlashIsAskedForEscaped() throws IOException {
        accept("a/b+c d", 1);

        assertThat(get("/v1/messages/a%2Fb+c%20d").body)
                .startsWith("{\"contributionId\":\"a/b+c d\"");
    }

    @Test
    void controlCharactersComeOutEscaped() throws IOException { // C1
        var message = accept("c-1", 1, "sip:mallory\r\n\u001b[2J@home.example");
        record(message, 0, OutcomeKind.FAILED, 404, "<script>\"");

        assertThat(get("/v1/messages/c-1").body).contains("mallory\\r\\n\\u001B[2J@");
        assertThat(get("/v1/messages/c-1/recipients").body).contains("<script>\\\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/messages/unknown, 404",
        "GET, /v1/messages/unknown/recipients, 404",
        "GET, /v1/messages/, 404",
        "GET, /v1/messages/c-1/, 404",
        "GET, /v1/messages/c-1/other, 404",
        "GET, /v1/messages/c-1/recipients/1, 404",
        "GET, /, 404",
        "GET, /v1, 404",
        "GET, /v2/messages, 404",
        "GET, /health/x, 404",
        "GET, /v1/messages/../../etc/passwd, 404",
        "GET, /v1/messages/%2e%2e%2fc-1, 404",
        "GET, //v1/messages/c-1, 404",
        "GET, /v1/messages?limit=0, 400",
        "GET, /v1/messages?limit=1001, 400",
        "GET, /v1/messages?limit=many, 400",
        "GET, /v1/messages?limit=1&limit=2, 400",
        "GET, /v1/messages?order=new, 400",
        "GET, /v1/messages/c-1?x, 400",
        "GET, /v1/messages/c-1/recipients?outcome=lost, 400",
        "GET, /v1/messages/c-1/recipients?after=-2, 400",
        "GET, /v1/messages/c-1/recipients?after=99999999999, 400",
        "POST, /v1/messages, 405",
        "DELETE, /v1/messages/c-1, 405",
        "PUT, /health, 405",
        "OPTIONS, /metrics, 405",
    })
    void whatIsNotThereOrNotUnderstoodIsRefusedInJson(String method, String path, int status)
            throws IOException {
        accept("c-1", 1);

        var answer = request(method, path, Map.of("Host", "localhost"));

        assertThat(answer.status).isEqualTo(status);
        assertThat(answer.body).startsWith("{\"error\":\"").endsWith("\"}");
        assertThat(answer.headers.get("allow")).isEqualTo(status == 405 ? "GET, HEAD" : null);
    }

    @Test
    void headHasNoBody() throws IOException {
        var answer = request("HEAD", "/health", Map.of("Host", "localhost"));

        assertThat(answer.status).isEqualTo(200);
        assertThat(answer.body).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8062",
                "127.0.0.1:8062",
                "[::1]:8062",
                "10.1.2.3",
                "pf.home.example:8062"
            })
    void whoCallsUsByAddressOrByOurNameIsServed(String host) throws IOException {
        assertThat(request("GET", "/health", Map.of("Host", host)).status).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "attacker.example",
                "attacker.example:8062",
                "localhost.attacker.example",
                "127.0.0.1.attacker.example",
                "home.example",
                ""
            })
    void whoCallsUsByAnotherNameIsRefused(String host) throws IOException { // C3
        var answer = request("GET", "/v1/messages", Map.of("Host", host));

        assertThat(answer.status).isIn(400, 403);
        assertThat(answer.body).doesNotContain("messages");
    }

    @Test
    void aPageOfAnotherSiteIsRefused() throws IOException { // C3
        var other = Map.of("Host", "localhost", "Origin", "https://attacker.example");
        var sandboxed = Map.of("Host", "localhost", "Origin", "null");
        var own = Map.of("Host", "localhost", "Origin", "http://localhost:8062");

        assertThat(request("GET", "/v1/messages", other).status).isEqualTo(403);
        assertThat(request("GET", "/v1/messages", sandboxed).status).isEqualTo(403);
        assertThat(request("GET", "/v1/messages", own).status).isEqualTo(200);
    }

    @Test
    void whoDoesNotShowTheTokenSeesHealthOnly() throws IOException { // C3
        admin.close();
        var access = Access.byToken("correct horse battery");
        admin = AdminServer.start(loopback(0), Set.of(), ledger, () -> health, metrics, access);
        var right = Map.of("Host", "localhost", "Authorization", "Bearer correct horse battery");
        var wrong = Map.of("Host", "localhost", "Authorization", "Bearer correct horse");
        var basic = Map.of("Host", "localhost", "Authorization", "Basic correct horse battery");

        assertThat(request("GET", "/v1/messages", right).status).isEqualTo(200);
        assertThat(request("GET", "/metrics", right).status).isEqualTo(200);
        assertThat(get("/health").status).isEqualTo(200);
        for (var headers : List.of(wrong, basic, Map.of("Host", "localhost"))) {
            assertThat(request("GET", "/v1/messages", headers).status).isEqualTo(401);
            assertThat(request("GET", "/v1/messages/c-1", headers).status).isEqualTo(401);
            assertThat(request("GET", "/metrics", headers).status).isEqualTo(401);
        }
        assertThat(get("/metrics").headers)
                .containsEntry("www-authenticate", "Bearer realm=\"fanfare\"");
        assertThat(access).hasToString("by token"); // C2
    }

    @Test
    void healthSaysWhatIsWrong() throws IOException {
        assertThat(get("/health").body).isEqualTo("{\"status\":\"ok\",\"problems\":[]}");

        health = new Health(List.of(new Health.Problem("ledger", "disk full")));

        assertThat(get("/health").status).isEqualTo(503);
        assertThat(get("/health").body)
                .isEqualTo(
                        "{\"status\":\"failing\",\"problems\":"
                                + "[{\"part\":\"ledger\",\"reason\":\"disk full\"}]}");
    }

    @Test
    void metricsAreInTheFormOfPrometheus() throws IOException {
        metrics.counter("fanfare.requests", "Requests received.", () -> 7);
        metrics.counters(
                "fanfare.refusals",
                "Refused, by status.",
                "status",
                () -> Map.of("403", 2, "486", 1));
        metrics.gauge("fanfare.legs.open", "Copies on their way.", () -> 3);

        var answer = get("/metrics");

        assertThat(answer.headers.get("content-type")).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body.lines())
                .contains(
                        "# TYPE fanfare_requests_total counter",
                        "fanfare_requests_total 7.0",
                        "fanfare_refusals_total{status=\"403\"} 2.0",
                        "fanfare_refusals_total{status=\"486\"} 1.0",
                        "fanfare_legs_open 3.0");
    }

    @Test
    void aLabelThatComesLaterIsTold() throws IOException {
        var values = new LinkedHashMap<String, Integer>(Map.of("a", 1));
        metrics.gauges("fanfare.window", "Legs allowed.", "hop", () -> values);
        get("/metrics");
        values.remove("a");
        values.put("b", 5);

        assertThat(get("/metrics").body.lines())
                .contains("fanfare_window{hop=\"a\"} 0.0", "fanfare_window{hop=\"b\"} 5.0");
    }

    @Test
    void theNumberOfLabelsIsBounded() throws IOException { // C2
        var values = new LinkedHashMap<String, Integer>();
        IntStream.range(0, 1_000).forEach(i -> values.put("label" + i, 1));
        metrics.counters("fanfare.many", "By kind.", "kind", () -> values);

        var lines = get("/metrics").body.lines().filter(l -> l.startsWith("fanfare_many")).toList();

        assertThat(lines).hasSize(65).contains("fanfare_many_total{kind=\"other\"} 936.0");
    }

    @Test
    void anAddressThatIsTakenIsSaid() throws IOException {
        try (var taken = new ServerSocket()) {
            taken.bind(loopback(0));
            var address = loopback(taken.getLocalPort());

            assertThatThrownBy(() ->
                            AdminServer.start(
                                    address,
                                    Set.of(),
                                    ledger,
                                    () -> health,
                                    metrics,
                                    Access.open()))
                    .isInstanceOf(BindException.class);
        }
    }

    private MessageRef accept(String id, int recipients) {
        return accept(id, recipients, "sip:alice@home.example");
    }

    private MessageRef accept(String id, int recipients, String originator) {
        var head =
                new MessageHead(
                        originator,
                        id,
                        "conversation",
                        "",
                        Octets.utf8(id),
                        "pager",
                        Octets.EMPTY,
                        NOON,
                        NOON.plus(Duration.ofDays(3650)),
                        false);
        var uris =
                IntStream.range(0, recipients)
                        .mapToObj(i -> "sip:user" + i + "@home.example")
                        .toList();
        return ledger.accept(new AcceptRecord(head, uris, List.of())).message();
    }

    private void record(
            MessageRef message, int index, OutcomeKind kind, int status, String reason) {
        ledger.record(message, index, new Outcome(kind, status, reason, NOON.plusSeconds(1), 2));
        ledger.flush(message);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private record Answer(int status, Map<String, String> headers, String body) {}

    private Answer get(String path) throws IOException {
        return request("GET", path, Map.of("Host", "localhost"));
    }

    /// By hand, because HTTP clients correct what this test wants to say.
    private Answer request(String method, String path, Map<String, String> headers)
            throws IOException {
        try (var socket = new Socket()) {
            socket.connect(admin.address(), 30_000);
            socket.setSoTimeout(30_000);
            var request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
            headers.forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
            request.append("Connection: close\r\n\r\n");
            socket.getOutputStream()
                    .write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            return read(socket.getInputStream());
        }
    }

    private static Answer read(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        var lines = head.toString().lines().toList();
        var headers = new LinkedHashMap<String, String>();
        for (var line : lines.subList(1, lines.indexOf(""))) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Answer(
                Integer.parseInt(lines.getFirst().split(" ", -1)[1]),
                headers,
                new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
}
