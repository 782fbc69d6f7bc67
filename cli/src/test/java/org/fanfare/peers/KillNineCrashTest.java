package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Reliability case R1, goal G10: the server's process is killed with SIGKILL while it sends one
/// message to a hundred; it is started again, and then nobody is lost, nobody else got a copy, and
/// who got two can tell by the ids that they are one. Client and recipients are written without any
/// code of ours, so that a fault of ours cannot hide itself.
class KillNineCrashTest {

    private static final int RECIPIENTS = 100;
    private static final int RANDOM_KILLS = 12;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final int pfPort = Peers.freePort();
    private final ScriptedCore core = new ScriptedCore(40);

    KillNineCrashTest() throws Exception {}

    @AfterEach
    void closeCore() {
        core.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void killedAtRandomMomentsItLosesNobody(String transport) throws Exception {
        var seed = Long.getLong("fanfare.seed", System.nanoTime());
        var random = new Random(seed);
        var cutInTheMiddle = 0;
        for (int kill = 0; kill < RANDOM_KILLS; kill++) {
            var id = UUID.randomUUID().toString();
            core.takesOnly(1 + random.nextInt(RECIPIENTS));
            var unfinished = sendAndKill(id, transport, "");
            cutInTheMiddle += unfinished > 0 && unfinished < RECIPIENTS ? 1 : 0;
            core.takesOnly(Integer.MAX_VALUE);
            finishAfterRestart(id, transport);
        }
        assertThat(cutInTheMiddle)
                .as(
                        "kills that met both finished and unfinished legs, of %d (seed %d)",
                        RANDOM_KILLS, seed)
                .isGreaterThanOrEqualTo(RANDOM_KILLS / 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AFTER_ACCEPT",
                "BETWEEN_COPIES:30",
                "AFTER_RESPONSE_BEFORE_OUTCOME:20",
                "OUTCOMES_WRITTEN_BEFORE_ANSWER",
                "AFTER_ANSWER"
            })
    void killedAtANamedPointItLosesNobody(String crashPoint) throws Exception {
        var id = UUID.randomUUID().toString();

        sendAndKill(id, "udp", crashPoint);

        finishAfterRestart(id, "udp");
    }

    /// K1: what was not on disk yet was sent to nobody; the client's next try is a new message.
    @Test
    void killedBeforeAcceptNobodyGotACopyAndTheNextTryIsServed() throws Exception {
        var id = UUID.randomUUID().toString();

        sendAndKill(id, "udp", "BEFORE_ACCEPT");

        assertThat(core.copies()).isEmpty();
        finishAfterRestart(id, "udp");
    }

    /// Kills at the crash point named, or else when the core has taken all that it takes. Returns
    /// how many recipients had no copy then.
    private int sendAndKill(String id, String transport, String crashPoint) throws Exception {
        try (var server = serve(transport, crashPoint);
                var alice = new RawSender(pfPort)) {
            alice.send(id, RECIPIENTS);
            if (crashPoint.isEmpty()) {
                await().atMost(LONGEST).pollInterval(Duration.ofMillis(1)).until(core::hasTakenAll);
                server.process().kill();
            } else {
                server.process().awaitEnd(LONGEST);
            }
            return RECIPIENTS - recipientsOf(id).size();
        }
    }

    /// Starts again; the client tries again as RFC 3428 lets it; in the end every recipient has it,
    /// and nobody else.
    private void finishAfterRestart(String id, String transport) throws Exception {
        try (var server = serve(transport, "");
                var alice = new RawSender(pfPort)) {
            alice.send(id, RECIPIENTS);
            assertThat(alice.awaitFinal(LONGEST))
                    .hasValueSatisfying(status -> assertThat(status).isBetween(200, 299));
            await().atMost(LONGEST)
                    .untilAsserted(() ->
                            assertThat(server.message(id).get("outcomes").get("delivered").asInt())
                                    .isEqualTo(RECIPIENTS));
        }
        assertThat(recipientsOf(id)).isEqualTo(everybody());
        var messageIds =
                core.copies().stream()
                        .filter(copy -> copy.contributionId().equals(id))
                        .map(ScriptedCore.Copy::messageId);
        assertThat(messageIds.collect(Collectors.toSet())).containsExactly("m-" + id);
    }

    private Set<String> recipientsOf(String id) {
        var recipients = new HashSet<String>();
        core.copies().stream()
                .filter(copy -> copy.contributionId().equals(id))
                .forEach(copy -> recipients.add(copy.recipient()));
        return recipients;
    }

    private static Set<String> everybody() {
        return IntStream.range(0, RECIPIENTS)
                .mapToObj(RawSender::recipient)
                .collect(Collectors.toSet());
    }

    private FanfareServe serve(String transport, String crashPoint) throws Exception {
        return new FanfareServe(
                folder.resolve("server"),
                pfPort,
                "sip:127.0.0.1:" + core.port() + ";transport=" + transport,
                "",
                "-Dfanfare.crash=" + crashPoint);
    }
}
