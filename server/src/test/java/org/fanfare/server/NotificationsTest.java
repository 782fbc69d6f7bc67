package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.pf.TestMessage;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// Notifications that come by way of the server (RFC 5438 8): noted for each recipient, and passed
/// on to the sender.
class NotificationsTest {

    private static final String ID = "4f1d0b8e6a2c4e0f9b7a";

    @TempDir Path folder;

    private FanfareServer server;
    private Phones phones;

    @BeforeEach
    void start() throws Exception {
        start("1s");
    }

    private void start(String collectingTime) throws Exception {
        server =
                new FanfareServer(
                        Configuration.load(
                                null,
                                List.of(
                                        "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                        "listen.admin=127.0.0.1:0",
                                        "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                        "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                        "ledger.url=\"file:" + folder.resolve("ledger") + "\"",
                                        "policy.imdn-record-route=true",
                                        "policy.imdn-collecting-time=" + collectingTime)));
        server.start();
        phones = new Phones(server.coreListening());
        for (var user : List.of("alice", "bob", "carol", "dave")) {
            phones.register(user);
        }
    }

    /// Two of them are as many as one request has, so that they do not wait for it to be over.
    private void collectForLong() throws Exception {
        stop();
        start("1m");
    }

    @AfterEach
    void stop() {
        phones.close();
        server.close();
    }

    private void send(TestMessage message) {
        var answer =
                phones.send(
                        message.recipients("sip:bob@home.example", "sip:carol@home.example")
                                .set("Contribution-ID", "c-1")
                                .without("Via")
                                .build());
        assertThat(answer.status()).isEqualTo(200);
    }

    /// As a phone does it: to the address in IMDN-Record-Route.
    private int report(String user, Imdn.Status status) {
        return report(user, imdn(ID, TestMessage.EXPLODER, status));
    }

    private static Imdn imdn(String id, String recipient, Imdn.Status status) {
        var kind = status == Imdn.Status.DISPLAYED ? Imdn.Kind.DISPLAY : Imdn.Kind.DELIVERY;
        return new Imdn(id, "2026-03-02T11:15:30.000+01:00", recipient, "", kind, status);
    }

    private int report(String user, Imdn imdn) {
        return report(user, imdn, text -> text);
    }

    private int report(String user, Imdn imdn, UnaryOperator<String> changes) {
        var exploder = CpimAddress.of(Uri.parse(TestMessage.EXPLODER));
        var cpim =
                Imdns.carry(
                                CpimAddress.of(Uri.parse("sip:" + user + "@home.example")),
                                CpimAddress.of(Uri.parse(TestMessage.ALICE)),
                                UUID.randomUUID().toString(),
                                Instant.EPOCH,
                                List.of(imdn))
                        .header(CpimHeader.IMDN_NAMESPACE, "IMDN-Route", exploder)
                        .build();
        return phones.send(
                        Phones.request(Method.MESSAGE, TestMessage.EXPLODER, user)
                                .header("Accept-Contact", TestMessage.FEATURE_TAG)
                                .header("User-Agent", "CPM-client/OMA2.2")
                                .header("Contribution-ID", UUID.randomUUID().toString())
                                .body(
                                        "message/cpim",
                                        Octets.utf8(changes.apply(cpim.toOctets().utf8())))
                                .build())
                .status();
    }

    private List<CpimMessage> reportsToAlice() {
        return phones.received().stream()
                .filter(request -> request.body().utf8().contains("message/imdn+xml"))
                .map(request -> CpimMessage.parse(request.body(), Limits.DEFAULT))
                .toList();
    }

    @Test
    void copiesNameUsWhereNotificationsAreAskedFor() {
        send(message().asking("positive-delivery"));

        assertThat(phones.received())
                .hasSize(2)
                .extracting(SipRequest::body)
                .allSatisfy(body ->
                        assertThat(body.utf8())
                                .contains(
                                        "imdn.IMDN-Record-Route: <sip:exploder@home.example>\r\n"));
    }

    @Test
    void whatAsksForNothingStaysOctetForOctet() {
        send(message());

        assertThat(phones.received())
                .extracting(copy -> copy.body().utf8())
                .containsOnly(message().cpim());
    }

    @Test
    void oneNotificationGoesOnAsItCameAndIsNoted() throws Exception {
        send(message().asking("positive-delivery, display"));

        assertThat(report("bob", Imdn.Status.DELIVERED)).isEqualTo(200);

        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSize(1));
        var report = reportsToAlice().getFirst();
        assertThat(report.from().uri()).hasToString("sip:bob@home.example");
        assertThat(report.toOctets().utf8()).doesNotContain("IMDN-Route");
        assertThat(recipients()).contains("\"imdn\":[{\"state\":\"delivered\"}]", "\"imdn\":[]");
        report("bob", Imdn.Status.DISPLAYED);
        assertThat(recipients())
                .contains("\"imdn\":[{\"state\":\"delivered\"},{\"state\":\"displayed\"}]");
    }

    @Test
    void severalAboutOneMessageAreSentTogether() throws Exception { // RFC 5438 8.3
        collectForLong();
        send(message().asking("positive-delivery"));

        report("bob", Imdn.Status.DELIVERED);
        report("carol", Imdn.Status.DELIVERED);

        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSize(1));
        var together = reportsToAlice().getFirst();
        assertThat(together.from().uri()).hasToString(TestMessage.EXPLODER);
        assertThat(Imdns.of(together, Limits.DEFAULT))
                .extracting(Imdn::recipientUri)
                .containsExactly("sip:bob@home.example", "sip:carol@home.example");
        assertThat(Imdns.of(together, Limits.DEFAULT)).extracting(Imdn::messageId).containsOnly(ID);
    }

    @Test
    void whoIsNotOnTheListReportsNothingAndRepetitionsStayHere() throws Exception { // I11, A7
        send(message().asking("positive-delivery"));

        assertThat(report("dave", Imdn.Status.DELIVERED)).isEqualTo(200);
        report("bob", Imdn.Status.DELIVERED);
        report("bob", Imdn.Status.DELIVERED);

        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSize(1));
        assertThat(Imdns.of(reportsToAlice().getFirst(), Limits.DEFAULT)).hasSize(1);
        assertThat(get("/metrics").lines())
                .contains(
                        "fanfare_imdn_total{result=\"noted\"} 1.0",
                        "fanfare_imdn_total{result=\"repeated\"} 1.0",
                        "fanfare_imdn_total{result=\"stray\"} 1.0");
    }

    @Test
    void nobodyReportsForSomebodyElse() throws Exception { // I11
        collectForLong();
        send(message().asking("positive-delivery, display"));

        report("bob", imdn(ID, "sip:carol@home.example", Imdn.Status.DELIVERED));
        report("bob", imdn(ID, "sip:carol@home.example", Imdn.Status.DISPLAYED));

        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSize(1));
        var together = reportsToAlice().getFirst();
        assertThat(Imdns.of(together, Limits.DEFAULT))
                .extracting(Imdn::recipientUri)
                .containsExactly("sip:bob@home.example", "sip:bob@home.example");
        assertThat(together.toOctets().utf8()).doesNotContain("carol");
    }

    @Test
    void whatIsMadeUpGoesNowhere() throws Exception { // I11
        send(message().asking("positive-delivery"));
        int before = phones.received().size();
        var delivered = imdn(ID, TestMessage.EXPLODER, Imdn.Status.DELIVERED);

        report("bob", imdn("unknown", TestMessage.EXPLODER, Imdn.Status.DELIVERED));
        report("bob", delivered, text -> text.replace("<delivered/>", "<delivered\r\nX: y/>"));
        report("bob", delivered, text -> text.replace("<delivered/>", "&#13;&#10;X: y"));
        report("bob", delivered, text -> text.replace(ID, ID + "&#13;&#10;X: y"));

        assertThat(get("/metrics").lines())
                .contains(
                        "fanfare_imdn_total{result=\"noted\"} 0.0",
                        "fanfare_imdn_total{result=\"stray\"} 4.0");
        report("bob", delivered); // the next one that is real
        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSize(1));
        assertThat(phones.received()).hasSize(before + 1);
    }

    @Test
    void aRouteToSomebodyElseIsNotTaken() { // I11
        phones.register("victim");
        send(message().asking("positive-delivery"));
        var victim = "IMDN-Route: <sip:victim@home.example>";

        report(
                "bob",
                imdn(ID, TestMessage.EXPLODER, Imdn.Status.DELIVERED),
                text -> text.replaceFirst("(\\S+)IMDN-Route: .*", "$0\r\n$1" + victim));

        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSize(1));
        assertThat(phones.received())
                .noneMatch(request -> request.encoded().utf8().contains("victim"));
    }

    @Test
    void nobodyLearnsWhoElseHasTheMessage() { // I10
        var answer =
                phones.send(
                        message()
                                .recipients(
                                        "sip:bob@home.example",
                                        "sip:carol@home.example",
                                        "sip:nobody@home.example")
                                .asking("positive-delivery, negative-delivery")
                                .without("Via")
                                .build());
        report("bob", Imdn.Status.DELIVERED);
        report("carol", Imdn.Status.DELIVERED);
        await().untilAsserted(() -> assertThat(reportsToAlice()).hasSizeGreaterThan(1));

        var names = List.of("bob", "carol", "nobody");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.encoded().utf8()).doesNotContain(names);
        for (var request : phones.received()) {
            var to = ((SipUri) request.requestUri()).user().orElseThrow();
            if (!to.equals("alice")) {
                assertThat(request.encoded().utf8())
                        .doesNotContain(names.stream().filter(n -> !n.equals(to)).toList());
            }
        }
    }

    private String recipients() throws IOException, InterruptedException {
        return get("/v1/messages/c-1/recipients");
    }

    private String get(String path) throws IOException, InterruptedException {
        var address = server.adminAddress().orElseThrow();
        var uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }
}
