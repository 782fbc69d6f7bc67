package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/// Messages recorded in Dovecot, for their sender by a master user.
class StorePeerTest {

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
        return new FanfareServe(
                folder.resolve("fanfare"),
                pfPort,
                "sip:127.0.0.1:" + core.port() + ";lr",
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
            var answer = alice.awaitFinalResponse(Duration.ofSeconds(25)).orElseThrow();

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
            assertThat(inbox.awaitEnd(Duration.ofSeconds(30))).isZero();
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
            server.process().awaitEnd(Duration.ofSeconds(30));
        }
        try (var server = serve()) {
            server.process().awaitOutput("recorded: uid=", Duration.ofSeconds(20));

            assertThat(dovecot.objects()).hasSize(1);
            assertThat(dovecot.objects().getFirst().text()).contains("Contribution-ID: " + id);
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
            var answer = alice.awaitFinalResponse(Duration.ofSeconds(25)).orElseThrow();
            assertThat(answer).startsWith("SIP/2.0 200").doesNotContain("Message-UID");

            dovecot.start();
            server.process().awaitOutput("recorded: uid=", Duration.ofSeconds(30));
            await().during(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(dovecot.objects()).hasSize(1));
        }
    }
}
