package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One message to three phones through everything: embedded core, Participating Function, ledger,
/// status.
class WalkingSkeletonTest {

    private static final List<String> RECIPIENTS = List.of("bob", "carol", "dave");

    @TempDir Path folder;

    private FanfareServer server;
    private Phones phones;

    @BeforeEach
    void start() throws IOException, StartFailure {
        server = new FanfareServer(Configuration.load(null, freePorts()));
        server.start();
        phones = new Phones(server.coreListening());
        for (var user : RECIPIENTS) {
            assertThat(phones.register(user).status()).isEqualTo(200);
        }
    }

    @AfterEach
    void stop() {
        phones.close();
        server.close();
    }

    @Test
    void oneMessageReachesEveryRecipientOnTheList() throws Exception {
        var answer = phones.send(message("c-1", RECIPIENTS));

        assertThat(answer.status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(phones.received()).hasSize(3));
        assertThat(phones.received())
                .extracting(copy -> copy.requestUri().toString())
                .allMatch(uri -> uri.contains("@"))
                .doesNotHaveDuplicates();
        assertThat(phones.received())
                .extracting(copy -> copy.header("Contribution-ID").orElse(""))
                .containsOnly("c-1");
        assertThat(phones.received())
                .allSatisfy(copy ->
                        assertThat(copy.body().utf8())
                                .contains("Hello, all of you")
                                .doesNotContain("resource-lists"));
        assertThat(phones.received())
                .extracting(copy -> copy.to().uri().toString())
                .containsExactlyInAnyOrder(
                        "sip:bob@home.example", "sip:carol@home.example", "sip:dave@home.example");
    }

    @Test
    void whatBecameOfItIsToldOverHttp() throws Exception {
        phones.send(message("c-2", List.of("bob", "nobody", "carol")));

        assertThat(get("/v1/messages/c-2"))
                .isEqualTo(
                        "{\"contributionId\":\"c-2\",\"originator\":\"sip:alice@home.example\","
                                + "\"mode\":\"pager\",\"recipients\":3,\"outcomes\":{\"pending\":0,"
                                + "\"delivered\":2,\"interworked\":0,\"failed\":1,\"expired\":0}}");
        assertThat(get("/v1/messages/c-2/recipients?outcome=failed"))
                .contains("\"uri\":\"sip:nobody@home.example\"", "\"sipStatus\":404");
        assertThat(get("/v1/messages")).contains("\"contributionId\":\"c-2\"");
        assertThat(get("/health")).isEqualTo("{\"status\":\"ok\",\"problems\":[]}");
        await().untilAsserted(() ->
                assertThat(get("/metrics").lines())
                        .contains(
                                "fanfare_ledger_accepted_total 1.0",
                                "fanfare_legs_total{outcome=\"delivered\"} 2.0",
                                "fanfare_legs_total{outcome=\"failed\"} 1.0",
                                "fanfare_legs_open 0.0"));
    }

    @Test
    void aMessageTooLargeForADatagramGoesByTcp() throws Exception {
        var many =
                Stream.concat(
                                RECIPIENTS.stream(),
                                Stream.iterate(1, i -> i + 1).limit(40).map(i -> "user" + i))
                        .toList();

        var answer = phones.send(message("c-3", many));

        assertThat(answer.status()).isEqualTo(200);
        await().untilAsserted(() -> assertThat(phones.received()).hasSize(3));
    }

    @Test
    void neitherContentNorListIsLogged() throws Exception { // C2
        var lines = new CopyOnWriteArrayList<String>(); // of all tests that run now
        var log =
                new AppenderBase<ILoggingEvent>() {
                    @Override
                    protected void append(ILoggingEvent event) {
                        lines.add(event.getFormattedMessage());
                    }
                };
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        log.start();
        root.addAppender(log);

        phones.send(message("logged-1", List.of("bob", "unregistered-and-secret", "carol")));

        await().untilAsserted(() -> assertThat(lines).anyMatch(line -> line.contains("logged-1")));
        root.detachAppender(log);
        assertThat(lines)
                .noneMatch(line -> line.contains("Hello, all of you"))
                .noneMatch(line -> line.contains("unregistered-and-secret"))
                .noneMatch(line -> line.contains("<resource-lists"));
        assertThat(get("/metrics")).doesNotContain("unregistered-and-secret", "logged-1");
    }

    private String get(String path) throws IOException, InterruptedException {
        var address = server.adminAddress().orElseThrow();
        var uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private List<String> freePorts() {
        return List.of(
                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                "listen.admin=127.0.0.1:0",
                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                "ledger.url=\"file:" + folder.resolve("ledger") + "\"");
    }

    static SipRequest message(String contributionId, List<String> users) {
        var list =
                users.stream()
                        .map(user -> "<entry uri=\"sip:" + user + "@home.example\"/>")
                        .collect(Collectors.joining("\r\n"));
        var body =
                """
                --b1
                Content-Type: message/cpim

                From: <sip:alice@home.example>
                To: <sip:exploder@home.example>
                DateTime: 2026-11-22T12:00:00Z

                Content-Type: text/plain; charset=utf-8

                Hello, all of you
                --b1
                Content-Type: application/resource-lists+xml
                Content-Disposition: recipient-list

                <?xml version="1.0" encoding="UTF-8"?>
                <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>
                %s
                </list></resource-lists>
                --b1--
                """
                        .formatted(list)
                        .replace("\r\n", "\n")
                        .replace("\n", "\r\n");
        return Phones.request(Method.MESSAGE, "sip:exploder@home.example", "alice")
                .header(
                        "Accept-Contact",
                        "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"")
                .header("P-Preferred-Service", "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group")
                .header("Require", "recipient-list-message")
                .header("User-Agent", "CPM-client/OMA2.2")
                .header("Conversation-ID", "conversation-1")
                .header("Contribution-ID", contributionId)
                .body("multipart/mixed; boundary=b1", Octets.utf8(body))
                .build();
    }
}
