package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class PeerProcessTest {

    @TempDir Path folder;

    @Test
    void aProgramThatDoesNotComeUpIsNotLeftRunning() throws Exception {
        try (var sleeping = PeerProcess.start("sleep", folder, List.of("sleep", "600"))) {
            var atMost = Duration.ofMillis(300);
            assertThatThrownBy(() -> SipPing.awaitAnswer(Peers.freePort(), atMost, sleeping))
                    .isInstanceOf(AssertionError.class);

            assertThat(sleeping.alive()).isFalse();
        }
    }
}
