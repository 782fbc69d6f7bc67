package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.interworking.ScriptedSmsc;
import org.fanfare.interworking.ScriptedSmsc.Reaction;
import org.fanfare.pf.TestMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Messages to telephone numbers through everything: embedded core, Participating Function, the
/// interworking function of our own, and an SMSC.
class ShortMessagesTest {

    private static final String NUMBER = "sms:+15551230001";
    private static final String UNKNOWN_TO_THE_CORE = "sip:+15551230002@home.example;user=phone";

    private static final Duration LONGEST = Duration.ofSeconds(60);

    /// With the SMSC.
    private static final String IMPATIENT = "interworking.smpp.response=5s";

    /// Time for bob's answer to come first.
    private static final String COLLECTING = "policy.collecting-time=5s";

    private static final int FULL = 0x14;
    private static final int THROTTLED = 0x58;

    @TempDir Path folder;

    private ScriptedSmsc smsc;
    private FanfareServer server;
    private Phones phones;

    @BeforeEach
    void start() throws Exception {
        smsc = new ScriptedSmsc();
        startServer();
        await().until(() -> smsc.binds() > 0);
    }

    private void startServer(String... settings) throws Exception {
        var password = Files.writeString(folder.resolve("password"), "secret\n");
        var all =
                new ArrayList<>(
                        List.of(
                                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "ledger.url=\"file:" + folder.resolve("ledger") + "\"",
                                "interworking.smpp.smsc=smpp://127.0.0.1:" + smsc.port(),
                                "interworking.smpp.password-file=" + password,
                                "interworking.smpp.source=\"+15550000\"",
                                "interworking.smpp.response=15s"));
        all.addAll(List.of(settings));
        server = new FanfareServer(Configuration.load(null, all));
        server.start();
        phones = new Phones(server.coreListening());
        phones.register("alice");
        phones.register("bob");
    }

    @AfterEach
    void stop() throws IOException {
        stopServer();
        smsc.close();
    }

    private void stopServer() {
        phones.close();
        server.close();
    }

    private SipResponse send(TestMessage message) {
        return phones.send(message.without("Via").build());
    }

    @Test
    void whoIsNotReachedBySipGetsAShortMessage() throws Exception { // D11
        var answer =
                send(
                        message()
                                .recipients("sip:bob@home.example", NUMBER, UNKNOWN_TO_THE_CORE)
                                .set("Contribution-ID", "c-1"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(smsc.submitted())
                .extracting(ScriptedSmsc.Submit::destination)
                .containsExactlyInAnyOrder("15551230001", "15551230002");
        assertThat(smsc.submitted())
                .allSatisfy(submit -> {
                    assertThat(submit.text()).isEqualTo("alice@home.example: Lunch at noon?");
                    assertThat(submit.source()).isEqualTo("15550000");
                    assertThat(submit.sourceType()).isEqualTo(1);
                    assertThat(submit.destinationType()).isEqualTo(1);
                    assertThat(submit.registered()).isZero();
                });
        assertThat(phones.received()).hasSize(1);
        assertThat(get("/v1/messages/c-1"))
                .contains("\"delivered\":1", "\"interworked\":2", "\"failed\":0");
        assertThat(get("/metrics").lines())
                .contains(
                        "fanfare_smsc_bound 1.0",
                        "fanfare_smsc_submissions_total{result=\"taken\"} 2.0");
    }

    @Test
    void theSenderIsToldWhatHeAskedFor() throws Exception {
        send(message().recipients(NUMBER).asking("positive-delivery, interworking"));
        await().untilAsserted(() ->
                assertThat(reports()).singleElement().asString().contains("<legacy-sms/>"));

        smsc.receipt("ID1", "DELIVRD");
        smsc.receipt("ID1", "DELIVRD"); // N8

        await().until(() -> smsc.receiptsTaken() == 2);
        await().untilAsserted(() -> assertThat(reports()).hasSize(2));
        assertThat(reports().getLast())
                .contains(
                        "<delivered/>",
                        "<message-id>4f1d0b8e6a2c4e0f9b7a</message-id>",
                        "From: <tel:+15551230001>",
                        "To: <sip:alice@home.example>");
        assertThat(smsc.submitted().getFirst().registered()).isEqualTo(1);
    }

    @Test
    void aMessageThatNeverArrivesIsReportedOnce() throws Exception {
        send(message().recipients(NUMBER).asking("negative-delivery"));

        smsc.receipt("ID1", "UNDELIV");

        await().untilAsserted(() ->
                assertThat(reports()).singleElement().asString().contains("<failed/>"));
    }

    private List<String> reports() {
        return phones.received().stream()
                .filter(request -> request.body().utf8().contains("message/imdn+xml"))
                .map(request -> request.body().utf8())
                .toList();
    }

    @Test
    void aLongTextGoesInParts() {
        var text = "0123456789".repeat(20);

        send(message().recipients(NUMBER).text(text).anonymous());

        assertThat(smsc.submitted()).hasSize(2).allMatch(ScriptedSmsc.Submit::hasHeader);
        assertThat(smsc.submitted().stream().map(ShortMessagesTest::numberAndText).sorted())
                .containsExactly("1" + text.substring(0, 153), "2" + text.substring(153));
    }

    private static String numberAndText(ScriptedSmsc.Submit part) {
        return part.content().at(5) + part.text();
    }

    @Test
    void aLargeMessageIsTakenAsText() throws Exception {
        restart("policy.pager-limit=300");
        var text = "0123456789".repeat(40);

        var answer =
                send(
                        message()
                                .recipients(NUMBER, "sms:+15551230009")
                                .text(text)
                                .anonymous()
                                .set("Contribution-ID", "c-2"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(smsc.submitted()).hasSize(6);
        assertThat(get("/v1/messages/c-2")).contains("\"large\"", "\"interworked\":2");
    }

    @Test
    void whatIsNoTextIsNotSent() throws Exception {
        var answer =
                send(
                        message()
                                .recipients(NUMBER)
                                .contentType("image/gif")
                                .set("Contribution-ID", "c-3"));

        assertThat(answer.status()).isEqualTo(415);
        assertThat(smsc.submitted()).isEmpty();
        assertThat(get("/v1/messages/c-3/recipients")).contains("\"sipStatus\":415");
    }

    @Test
    void aNumberThatIsNoneIsNotFound() {
        smsc.reacts(_ -> new Reaction.Refuse(0xb));

        assertThat(send(message().recipients(NUMBER)).status()).isEqualTo(404);
    }

    @Test
    void whatMayHaveArrivedIsNotSentAgain() throws Exception { // N4, K12
        restart(IMPATIENT);
        int before = smsc.binds();
        smsc.reacts(_ -> new Reaction.Cut());

        var answer = send(message().recipients(NUMBER).set("Contribution-ID", "c-4"));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(get("/v1/messages/c-4/recipients"))
                .contains("\"sipStatus\":502", "SMSC outcome unknown");
        await().until(() -> smsc.binds() > before);
        smsc.reacts(_ -> new Reaction.Take());
        send(message().recipients(NUMBER)); // another one goes
        assertThat(smsc.submitted()).hasSize(2);
    }

    @Test
    void anSmscThatDoesNotAnswerHasPerhapsTakenIt() throws Exception { // N4
        restart(IMPATIENT);
        smsc.reacts(_ -> new Reaction.Ignore());

        assertThat(send(message().recipients(NUMBER)).status()).isEqualTo(502);
    }

    @Test
    void whileTheSmscIsAwayMessagesWaitAndThenGoOnce() throws Exception { // N4
        restart(COLLECTING);
        smsc.goAway();
        await().untilAsserted(() ->
                assertThat(get("/metrics").lines()).contains("fanfare_smsc_bound 0.0"));
        var running =
                phones.send(
                        message()
                                .recipients(NUMBER, "sip:bob@home.example")
                                .without("Via")
                                .build());

        assertThat(running.status()).isEqualTo(200); // of bob; other legs are not touched
        smsc.comeBack();

        await().atMost(LONGEST).untilAsserted(() -> assertThat(smsc.submitted()).hasSize(1));
    }

    @Test
    void whatTheSmscPutsOffGoesLaterAndOnlyThePartsThatAreMissing() throws Exception { // N4
        restart(COLLECTING);
        var putOff = ConcurrentHashMap.<String>newKeySet();
        smsc.reacts(submit ->
                submit.content().at(5) == 1 || !putOff.add(submit.destination())
                        ? new Reaction.Take()
                        : new Reaction.Refuse(putOff.size() == 1 ? THROTTLED : FULL));

        var answer =
                send(
                        message()
                                .recipients(NUMBER, UNKNOWN_TO_THE_CORE, "sip:bob@home.example")
                                .text("0123456789".repeat(20))
                                .set("Contribution-ID", "c-5"));

        assertThat(answer.status()).isEqualTo(200); // of bob; other legs are not touched
        await().atMost(LONGEST)
                .untilAsserted(
                        () -> assertThat(get("/v1/messages/c-5")).contains("\"interworked\":2"));
        assertThat(smsc.submitted())
                .extracting(submit -> submit.destination() + " " + submit.content().at(5))
                .containsExactlyInAnyOrder(
                        "15551230001 1", // half of them was taken: once, so nothing comes twice
                        "15551230001 2",
                        "15551230001 2",
                        "15551230002 1",
                        "15551230002 2",
                        "15551230002 2");
    }

    @Test
    void ofWhatIsHalfTakenAndHalfUnknownNothingIsSentAgain() throws Exception { // N4
        restart(IMPATIENT);
        smsc.reacts(submit ->
                submit.content().at(5) == 1 ? new Reaction.Take() : new Reaction.Ignore());

        var answer = send(message().recipients(NUMBER).text("0123456789".repeat(20)));

        assertThat(answer.status()).isEqualTo(502);
        assertThat(smsc.submitted()).hasSize(2);
    }

    @Test
    void aSlowSmscHoldsUpItsOwnMessagesOnly() throws Exception { // N4
        restart(COLLECTING);
        smsc.reacts(_ -> new Reaction.Hold());

        var answer =
                send(
                        message()
                                .recipients(NUMBER, "sip:bob@home.example")
                                .set("Contribution-ID", "c-6"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(get("/v1/messages/c-6"))
                .contains("\"delivered\":1", "\"interworked\":0", "\"pending\":1");
        await().until(() -> smsc.held() == 1);
        smsc.release();
        await().atMost(LONGEST)
                .untilAsserted(
                        () -> assertThat(get("/v1/messages/c-6")).contains("\"interworked\":1"));
        assertThat(smsc.submitted()).hasSize(1);
    }

    @Test
    void aResponseThatComesTooLateIsNobodys() throws Exception { // N8
        restart(IMPATIENT);
        smsc.reacts(_ -> new Reaction.Hold());
        var answer = send(message().recipients(NUMBER).set("Contribution-ID", "c-7"));
        assertThat(answer.status()).isEqualTo(502);

        smsc.release();

        smsc.reacts(_ -> new Reaction.Take());
        assertThat(send(message().recipients(UNKNOWN_TO_THE_CORE)).status()).isEqualTo(202);
        assertThat(get("/v1/messages/c-7")).contains("\"interworked\":0", "\"failed\":1");
    }

    @Test
    void responsesAreMatchedByTheirNumberAndTheFirstCounts() throws Exception { // N8
        smsc.reacts(_ -> new Reaction.Chatter());

        for (var id : List.of("c-8", "c-9")) {
            var answer = send(message().recipients(NUMBER).set("Contribution-ID", id));
            assertThat(answer.status()).isEqualTo(202);
            assertThat(get("/v1/messages/" + id)).contains("\"interworked\":1");
        }
        smsc.receipt("ID77", "DELIVRD"); // of nobody
        await().until(() -> smsc.receiptsTaken() == 1);
        assertThat(smsc.submitted()).hasSize(2);
        assertThat(smsc.binds()).isEqualTo(1);
    }

    @Test
    void anSmscThatComesAndGoesIsNotOverrun() throws Exception { // N7
        restart(IMPATIENT);
        smsc.cutsAfterBind(true);
        int before = smsc.accepted();
        long start = System.nanoTime();
        smsc.cut();

        await().atMost(LONGEST).until(() -> smsc.accepted() >= before + 2);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofSeconds(1));

        smsc.cutsAfterBind(false);
        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(get("/metrics").lines()).contains("fanfare_smsc_bound 1.0"));
        assertThat(send(message().recipients(NUMBER)).status()).isEqualTo(202);
    }

    @Test
    void whatIsWrittenIsTextAndNothingElse() { // B12
        send(message().recipients(NUMBER).anonymous().text("a\r\n.\r\nb\n.\nc\u0000\u001b'; x"));

        assertThat(smsc.submitted())
                .singleElement()
                .extracting(ScriptedSmsc.Submit::text)
                .isEqualTo("a\n.\nb\n.\nc'; x");
    }

    // ---- over TLS

    @Test
    void overTlsTheSmscIsWhoItsCertificateSays() throws Exception { // P16
        smsc.close();
        smsc = overTls("ip:127.0.0.1");
        restart(
                "interworking.smpp.smsc=smpps://127.0.0.1:" + smsc.port(),
                "tls.trust=" + folder.resolve("root.pem"));

        assertThat(send(message().recipients(NUMBER)).status()).isEqualTo(202);
        assertThat(smsc.submitted()).hasSize(1);
    }

    /// Another name; an authority that nobody here knows; no TLS at all.
    @ParameterizedTest
    @ValueSource(strings = {"ip:127.0.0.2", "unknown", "plain"})
    void anSmscThatProvesNothingIsToldNothing(String smscIs) throws Exception { // P16
        smsc.close();
        smsc = smscIs.equals("plain") ? new ScriptedSmsc() : overTls(smscIs);
        TestCertificates.writeTo(folder, "ip:127.0.0.1");
        stopServer();
        startServer(
                COLLECTING,
                "interworking.smpp.smsc=smpps://127.0.0.1:" + smsc.port(),
                "tls.trust=" + (smscIs.equals("unknown") ? "null" : folder.resolve("root.pem")));

        await().atMost(LONGEST).until(() -> smsc.accepted() > 1);
        var answer = send(message().recipients(NUMBER, "sip:bob@home.example"));

        assertThat(answer.status()).isEqualTo(200); // of bob
        assertThat(smsc.binds()).isZero();
        assertThat(smsc.submitted()).isEmpty();
    }

    private ScriptedSmsc overTls(String name) throws IOException {
        TestCertificates.writeTo(folder, "ip:127.0.0.1");
        var shown = name.equals("unknown") ? "ip:127.0.0.1" : name;
        var settings = TestCertificates.settings(TlsSettings.ClientAuthentication.NONE, shown);
        return new ScriptedSmsc(settings.context());
    }

    @Test
    void whoDoesNotKnowTheAddressIsRefused() throws Exception {
        var stranger = message().to("sms:+15551230001").without("Via").build();

        assertThat(server.interworkingAddress()).isPresent();
        var hop = server.interworkingAddress().get();
        assertThat(phones.send(stranger, hop).join().status()).isEqualTo(403);
        assertThat(phones.send(routed(stranger, "sip:guess@127.0.0.1;lr"), hop).join().status())
                .isEqualTo(403);
        assertThat(smsc.submitted()).isEmpty();
    }

    private static SipRequest routed(SipRequest request, String route) {
        return request.toBuilder().header("Route", "<" + route + ">").build();
    }

    private void restart(String... settings) throws Exception {
        int before = smsc.binds();
        stopServer();
        startServer(settings);
        await().atMost(LONGEST).until(() -> smsc.binds() > before);
    }

    private String get(String path) throws IOException, InterruptedException {
        var address = server.adminAddress().orElseThrow();
        var uri = URI.create("http://127.0.0.1:" + address.getPort() + path);
        try (var client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }
}
