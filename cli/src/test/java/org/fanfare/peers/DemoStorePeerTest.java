package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// `fanfare demo --store` with the Dovecot that it starts for itself.
class DemoStorePeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void theMessageIsInTheSendersMailboxAndTheAnswerNamesIt() throws Exception {
        Peers.need("dovecot");
        try (var demo = FanfareServe.fanfare(folder, "demo", "--store")) {
            var dovecot = dovecotOf(demo);
            assertThat(demo.awaitEnd(PATIENCE)).as(demo.output()).isZero();

            assertThat(demo.output())
                    .contains("the answer names it in the message store: Message-UID 1")
                    .containsPattern(
                            "in the mailbox of alice: UID 1 in \\S+, the message that was sent");
            awaitEndOf(dovecot);
        }
    }

    @Test
    void whenItIsEndedItsDovecotEndsToo() throws Exception {
        Peers.need("dovecot");
        try (var demo = FanfareServe.fanfare(folder, "demo", "--store")) {
            var dovecot = dovecotOf(demo);
            demo.awaitOutput("One message to", PATIENCE);

            demo.terminate();
            demo.awaitEnd(PATIENCE);

            awaitEndOf(dovecot);
        }
    }

    /// As soon as it is there: the demo does not wait for who looks.
    private static List<ProcessHandle> dovecotOf(PeerProcess demo) {
        return await().atMost(PATIENCE)
                .until(demo::children, children -> !children.isEmpty() || !demo.alive());
    }

    private static void awaitEndOf(List<ProcessHandle> dovecot) {
        assertThat(dovecot).isNotEmpty();
        await("Dovecot has ended")
                .atMost(PATIENCE)
                .until(() -> dovecot.stream().noneMatch(ProcessHandle::isAlive));
    }
}
