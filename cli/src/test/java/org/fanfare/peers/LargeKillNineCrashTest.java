package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Reliability cases K8, K9 and K10: the server's process is killed with SIGKILL while a large
/// message comes in or goes out. From the 200 to the last chunk on nobody is lost; nobody has a
/// whole message before, nor ever a cut one; who gets it twice can tell by its ids. Client and
/// recipients are written without any code of ours.
class LargeKillNineCrashTest {

    private static final int RECIPIENTS = 8;
    private static final int KILLS_IN_UPLOAD = 6;
    private static final int KILLS_IN_FAN_OUT = 9;
    private static final Duration LONGEST = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final int pfPort = Peers.freePort();
    private final LargeCore core = new LargeCore(1_500);
    private final Random random = new Random(Long.getLong("fanfare.seed", System.nanoTime()));

    LargeKillNineCrashTest() throws Exception {}

    @AfterEach
    void closeCore() throws IOException {
        core.close();
    }

    /// K8, K9, K10: each server meets one message that its predecessor was killed with, and one
    /// that it is killed with itself.
    @Test
    void killedAtRandomMomentsItLosesNobodyAndDeliversNothingCut() throws Exception {
        var server = serve("");
        try {
            for (int kill = 0; kill < KILLS_IN_UPLOAD + KILLS_IN_FAN_OUT; kill++) {
                var id = UUID.randomUUID().toString();
                boolean promised =
                        kill % 5 < 2 ? killInUpload(server, id) : killInFanOut(server, id);
                server = serve("");
                finish(server, id, promised);
            }
        } finally {
            server.close();
        }
    }

    private boolean killInUpload(FanfareServe server, String id) throws Exception { // K8
        try (var alice = new LargeRawSender(pfPort, id)) {
            var after = 1 + random.nextInt(alice.chunks() - 1);
            var sending = start(alice);
            waitFor(() -> alice.sent() >= after);
            server.process().kill();
            end(sending);
            if (alice.sent() < alice.chunks()) {
                assertThat(core.wholes(id)).isEmpty();
            }
            return alice.promised();
        }
    }

    private boolean killInFanOut(FanfareServe server, String id) throws Exception { // K9, K10
        try (var alice = new LargeRawSender(pfPort, id)) {
            var after = random.nextInt(RECIPIENTS);
            var sending = start(alice);
            waitFor(() -> alice.sent() == alice.chunks() && core.wholes(id).size() >= after);
            server.process().kill();
            end(sending);
            return alice.promised();
        }
    }

    private static void waitFor(BooleanSupplier condition) {
        await().atMost(LONGEST)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(condition::getAsBoolean);
    }

    /// K8: IN_UPLOAD, SPOOL_COMPLETE, which nobody was promised; K9: AFTER_ACCEPT,
    /// BEFORE_LAST_MSRP_200; K10: AFTER_RESPONSE_BEFORE_OUTCOME.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "IN_UPLOAD:40",
                "SPOOL_COMPLETE",
                "AFTER_ACCEPT",
                "BEFORE_LAST_MSRP_200",
                "AFTER_RESPONSE_BEFORE_OUTCOME:3"
            })
    void killedAtANamedPointItLosesNobody(String crashPoint) throws Exception {
        var id = UUID.randomUUID().toString();
        boolean promised;
        try (var server = serve(crashPoint);
                var alice = new LargeRawSender(pfPort, id)) {
            var sending = start(alice);
            server.process().awaitEnd(LONGEST);
            end(sending);
            promised = alice.promised();
        }
        boolean early =
                crashPoint.startsWith("IN_UPLOAD") || crashPoint.startsWith("SPOOL_COMPLETE");
        if (early) {
            assertThat(promised).isFalse();
            assertThat(core.wholes(id)).isEmpty();
        }

        try (var server = serve("")) {
            if (early) {
                assertThat(folder.resolve("server/ledger/spool")).isEmptyDirectory();
                finish(server, id, false);
            } else {
                finish(server, id, true); // it was accepted, whether its sender knows or not
            }
        }
    }

    private CompletableFuture<Boolean> start(LargeRawSender alice) {
        var sending = new CompletableFuture<Boolean>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        sending.complete(alice.send(RECIPIENTS));
                    } catch (IOException gone) {
                        sending.complete(false);
                    }
                });
        return sending;
    }

    private static void end(CompletableFuture<Boolean> sending) throws Exception {
        sending.get(LONGEST.toSeconds(), java.util.concurrent.TimeUnit.SECONDS);
    }

    /// The client tries again what it was not promised; in the end every recipient has it, and
    /// nobody anything else.
    private void finish(FanfareServe server, String id, boolean promised) throws Exception {
        if (!promised) {
            try (var alice = new LargeRawSender(pfPort, id)) {
                assertThat(alice.send(RECIPIENTS)).isTrue();
            }
        }
        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(server.message(id).get("outcomes").get("delivered").asInt())
                                .isEqualTo(RECIPIENTS));
        await().atMost(LONGEST)
                .untilAsserted(
                        () -> assertThat(folder.resolve("server/ledger/spool")).isEmptyDirectory());
        var wholes = core.wholes(id);
        assertThat(wholes.stream().map(LargeCore.Whole::recipient).collect(Collectors.toSet()))
                .isEqualTo(
                        IntStream.range(0, RECIPIENTS)
                                .mapToObj(RawSender::recipient)
                                .collect(Collectors.toSet()));
        assertThat(wholes).allMatch(whole -> whole.content().equals(LargeRawSender.content(id)));
    }

    private FanfareServe serve(String crashPoint) throws Exception {
        return new FanfareServe(
                folder.resolve("server"),
                pfPort,
                "sip:127.0.0.1:" + core.port() + ";transport=tcp",
                "",
                "-Dfanfare.crash=" + crashPoint);
    }
}
