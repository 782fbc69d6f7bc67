package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/// `fanfare demo --store` with the Dovecot that it starts for itself.
class DemoStorePeerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir Path folder;

    @Test
    void theMessageIsInTheSendersMailboxAndTheAnswerNamesIt() throws Exception {
        Peers.need("dovecot");
        try (var demo = FanfareServe.fanfare(folder, "demo", "--store")) {
            demo.awaitOutput("One message to", PATIENCE);
            var dovecot = demo.children();
            assertThat(dovecot).isNotEmpty();
            assertThat(demo.awaitEnd(PATIENCE)).as(demo.output()).isZero();

            assertThat(demo.output())
                    .contains("the answer names it in the message store: Message-UID 1")
                    .containsPattern(
                            "in the mailbox of alice: UID 1 in \\S+, the message that was sent");
            assertThat(dovecot).as("has ended").noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void whenItIsEndedItsDovecotEndsToo() throws Exception {
        Peers.need("dovecot");
        try (var demo = FanfareServe.fanfare(folder, "demo", "--store")) {
            demo.awaitOutput("One message to", PATIENCE);
            var dovecot = demo.children();
            assertThat(dovecot).isNotEmpty();

            demo.terminate();
            demo.awaitEnd(PATIENCE);

            assertThat(dovecot).noneMatch(ProcessHandle::isAlive);
        }
    }
}
