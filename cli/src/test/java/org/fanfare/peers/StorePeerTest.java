package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Messages recorded in Dovecot, for their sender by a master user.
class StorePeerTest {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final int pfPort = Peers.freePort();
    private final ScriptedCore core = new ScriptedCore(5);
    private Dovecot dovecot;

    StorePeerTest() throws Exception {}

    @BeforeEach
    void startStore() throws IOException {
        dovecot = new Dovecot(folder.resolve("dovecot"));
    }

    @AfterEach
    void stop() {
        core.close();
        if (dovecot != null) {
            dovecot.close();
        }
    }

    private FanfareServe serve(String... jvmOptions) throws IOException {
        return serve(core.port(), jvmOptions);
    }

    private FanfareServe serve(int corePort, String... jvmOptions) throws IOException {
        return new FanfareServe(
                folder.resolve("fanfare"),
                pfPort,
                "sip:127.0.0.1:" + corePort + (corePort == core.port() ? ";lr" : ";transport=tcp"),
                dovecot.configuration(),
                jvmOptions);
    }

    @Clause({"8.2.1.1/9.i.a.policy", "8.2.1.1/9.i.a.uid", "8.2.1.1/9.i.b"})
    @Test
    void theAnswerNamesTheObjectThatTheSendersClientFinds() throws Exception {
        var id = UUID.randomUUID().toString();
        try (var _ = serve();
                var alice = new RawSender(pfPort)) {
            alice.send(id, 3);
            var answer = alice.awaitFinalResponse(LONGEST).orElseThrow();

            assertThat(dovecot.objects()).hasSize(1);
            var object = dovecot.objects().getFirst();
            assertThat(answer).contains("Message-UID: " + object.uid());
            assertThat(object.folder()).startsWith("Default/");
            assertThat(object.text())
                    .contains("Contribution-ID: " + id)
                    .contains("To: <sip:exploder@home.example>")
                    .contains("Message-Direction: sent")
                    .contains("Content-Type: Message/CPIM");
            assertThat(inbox())
                    .contains("\"uid\":" + object.uid() + ",\"folder\":\"conversation-" + id + "\"")
                    .contains("\"direction\":\"sent\"")
                    .contains("\"contributionId\":\"" + id + "\"");
        }
    }

    private String inbox() throws Exception {
        try (var inbox =
                FanfareServe.fanfare(
                        folder.resolve("inbox"),
                        "inbox",
                        "--store",
                        dovecot.uri(),
                        "--as",
                        "sip:alice@home.example",
                        "--password-file",
                        dovecot.passwordOfAlice().toString(),
                        "--json")) {
            assertThat(inbox.awaitEnd(LONGEST)).isZero();
            return inbox.output();
        }
    }

    // K7
    @Test
    void killedBetweenTheAppendAndItsNoteItStoresOneObject() throws Exception {
        var id = UUID.randomUUID().toString();
        try (var server = serve("-Dfanfare.crash=STORED_BEFORE_NOTED");
                var alice = new RawSender(pfPort)) {
            alice.send(id, 3);
            server.process().awaitEnd(LONGEST);
        }
        try (var server = serve()) {
            server.process().awaitOutput("recorded: uid=", LONGEST);

            assertThat(dovecot.objects()).hasSize(1);
            assertThat(dovecot.objects().getFirst().text()).contains("Contribution-ID: " + id);
        }
    }

    /// Killed when it has promised the message and nothing is stored, and when the object is stored
    /// and nobody knows.
    @ParameterizedTest // K7, K9, N1
    @ValueSource(strings = {"AFTER_ACCEPT", "STORED_BEFORE_NOTED"})
    void aLargeMessageIsStoredOnceWhateverKillsTheServer(String crashPoint) throws Exception {
        var id = UUID.randomUUID().toString();
        try (var recipients = new LargeCore(1)) {
            try (var server = serve(recipients.port(), "-Dfanfare.crash=" + crashPoint);
                    var alice = new LargeRawSender(pfPort, id)) {
                var sending = CompletableFuture.runAsync(() -> send(alice));
                assertThat(server.process().awaitEnd(LONGEST)).isNotZero();
                sending.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(dovecot.objects()).hasSize(crashPoint.equals("AFTER_ACCEPT") ? 0 : 1);

            try (var server = serve(recipients.port())) {
                server.process().awaitOutput("recorded: uid=", LONGEST);
                await().atMost(LONGEST)
                        .untilAsserted(() ->
                                assertThat(folder.resolve("fanfare/ledger/spool"))
                                        .isEmptyDirectory());
                await().atMost(LONGEST)
                        .untilAsserted(() ->
                                assertThat(
                                                server.message(id)
                                                        .get("outcomes")
                                                        .get("delivered")
                                                        .asInt())
                                        .isEqualTo(3));
            }
            assertThat(dovecot.objects())
                    .singleElement()
                    .satisfies(object ->
                            assertThat(content(object)).isEqualTo(LargeRawSender.content(id)));
        }
    }

    /// What was sent, without its transfer encoding.
    private static String content(Dovecot.Stored object) {
        var body = object.text().substring(object.text().indexOf("\r\n\r\n") + 4);
        return new String(Base64.getMimeDecoder().decode(body), StandardCharsets.UTF_8);
    }

    private static void send(LargeRawSender alice) {
        try {
            alice.send(3);
        } catch (IOException gone) {
            // killed while it answered
        }
    }

    // N1
    @Test
    void aStoreThatIsRestartedGetsWhatItMissedOnce() throws Exception {
        var id = UUID.randomUUID().toString();
        dovecot.stop();
        try (var server = serve();
                var alice = new RawSender(pfPort)) {
            alice.send(id, 3);
            var answer = alice.awaitFinalResponse(LONGEST).orElseThrow();
            assertThat(answer).startsWith("SIP/2.0 200").doesNotContain("Message-UID");

            dovecot.start();
            server.process().awaitOutput("recorded: uid=", LONGEST);
            await().atMost(LONGEST)
                    .during(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(dovecot.objects()).hasSize(1));
        }
    }
}
