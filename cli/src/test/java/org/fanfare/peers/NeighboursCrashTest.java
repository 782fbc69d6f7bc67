package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The systems that copies go to end while they have some, stay away, and come back: reliability
/// cases T5, N4, N5 and N6. Written, like those systems, without any code of ours.
class NeighboursCrashTest {

    private static final int RECIPIENTS = 100;
    private static final int NUMBERS = 10;
    private static final Duration LONGEST = Duration.ofSeconds(90);

    @TempDir Path folder;

    private final int pfPort = Peers.freePort();
    private final String id = UUID.randomUUID().toString();
    private final List<ScriptedCore> cores = new ArrayList<>();
    private ScriptedCore core = started(Peers.freePort());

    NeighboursCrashTest() throws IOException {}

    @AfterEach
    void closeCores() {
        cores.forEach(ScriptedCore::close);
    }

    /// A socket that was being read keeps its port for a moment after it was closed.
    private ScriptedCore started(int port) {
        var fresh =
                await().atMost(LONGEST)
                        .ignoreException(BindException.class)
                        .until(() -> new ScriptedCore(5, port), Objects::nonNull);
        cores.add(fresh);
        return fresh;
    }

    /// Every copy that ever came to one of them, as recipient and message.
    private List<String> copies() {
        return cores.stream()
                .flatMap(one -> one.copies().stream())
                .map(copy -> copy.recipient() + " " + copy.messageId())
                .toList();
    }

    private FanfareServe serve(String route, String more, String... jvmOptions) throws IOException {
        return new FanfareServe(
                folder.resolve("server"),
                pfPort,
                route,
                "policy: {collecting-time: 1s}\n" + more,
                jvmOptions);
    }

    private int answerTo(String message, List<String> recipients) throws IOException {
        try (var alice = new RawSender(pfPort)) {
            alice.send(message, recipients, "", "Text");
            return alice.awaitFinal(LONGEST).orElseThrow();
        }
    }

    /// 200, or 202 when nobody has had it by the collecting time, as on a busy machine.
    private void assertAccepted(String message, List<String> recipients) throws IOException {
        assertThat(answerTo(message, recipients)).isIn(200, 202);
    }

    private static List<String> users(int count) {
        return IntStream.range(0, count).mapToObj(RawSender::recipient).toList();
    }

    private static void awaitOutcome(FanfareServe server, String message, String kind, int count) {
        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(server.message(message).get("outcomes").get(kind).asInt())
                                .isEqualTo(count));
    }

    /// T5: it answers some, holds others, and ends with those; all the others wait.
    @ParameterizedTest
    @ValueSource(strings = {"udp", "tcp"})
    void aCoreThatEndsInTheMiddleLosesNobody(String transport) throws Exception {
        core.answersOnly(30);
        try (var server = serve("sip:127.0.0.1:" + core.port() + ";transport=" + transport, "")) {
            assertAccepted(id, users(RECIPIENTS));
            await().atMost(LONGEST).until(() -> core.copies().size() > 30);

            core.close();
            core = started(core.port());

            awaitOutcome(server, id, "delivered", RECIPIENTS);
        }
        assertThat(copies())
                .containsAll(users(RECIPIENTS).stream().map(user -> user + " m-" + id).toList())
                .allMatch(copy -> copy.endsWith(" m-" + id));
    }

    /// N6: accepted, so it goes on, and nobody has it twice.
    @Test
    void whileTheCoreIsAwayMessagesWait() throws Exception {
        core.close();
        try (var server = serve("sip:127.0.0.1:" + core.port() + ";transport=tcp", "")) {
            assertThat(answerTo(id, users(RECIPIENTS))).isEqualTo(202);
            assertThat(server.message(id).get("outcomes").get("failed").asInt()).isZero();

            core = started(core.port());

            awaitOutcome(server, id, "delivered", RECIPIENTS);
        }
        assertThat(copies()).doesNotHaveDuplicates().hasSize(RECIPIENTS);
    }

    /// N4, K12: what it has had and not answered is never sent again, what it has not had is; and
    /// other recipients have theirs meanwhile.
    @Test
    void anInterworkingFunctionThatEndsInTheMiddleGetsNothingTwice() throws Exception {
        var isf = started(Peers.freePort());
        var numbers = IntStream.range(0, NUMBERS).mapToObj(i -> "sms:+1555123000" + i).toList();
        var all = Stream.concat(numbers.stream(), users(NUMBERS).stream()).toList();
        isf.answersOnly(3);
        try (var server =
                serve(
                        "sip:127.0.0.1:" + core.port() + ";transport=tcp",
                        "interworking: {isf: \"sip:127.0.0.1:%d;transport=tcp;lr\"}\n"
                                .formatted(isf.port()))) {
            assertAccepted(id, all);
            awaitOutcome(server, id, "delivered", NUMBERS);
            awaitOutcome(server, id, "interworked", 3);
            await().atMost(LONGEST).until(() -> isf.copies().size() == NUMBERS);

            isf.close();
            awaitOutcome(server, id, "failed", NUMBERS - 3);
            var next = UUID.randomUUID().toString();
            assertAccepted(next, all);
            awaitOutcome(server, next, "delivered", NUMBERS);
            started(isf.port());

            awaitOutcome(server, next, "interworked", NUMBERS);
        }
        assertThat(copies()).doesNotHaveDuplicates().hasSize(4 * NUMBERS);
    }

    /// N5: nobody knows its name, then somebody does, and then nobody again.
    @Test
    void aCoreWhoseNameIsNotFoundGetsItsCopiesLater() throws Exception {
        var hosts = Files.writeString(folder.resolve("hosts"), "");
        try (var server =
                serve(
                        "sip:core.test:" + core.port() + ";transport=tcp",
                        "",
                        "-Djdk.net.hosts.file=" + hosts,
                        "-Dsun.net.inetaddr.ttl=1",
                        "-Dsun.net.inetaddr.negative.ttl=1")) {
            assertThat(answerTo(id, users(3))).isEqualTo(202);

            Files.writeString(hosts, "127.0.0.1 core.test\n");
            awaitOutcome(server, id, "delivered", 3);

            Files.writeString(hosts, "");
            core.close();
            core = started(core.port());
            await().atMost(LONGEST)
                    .during(Duration.ofSeconds(2)) // longer than a name counts
                    .untilAsserted(() -> assertThat(copies()).hasSize(3));
            var next = UUID.randomUUID().toString();
            assertAccepted(next, users(3));
            awaitOutcome(server, next, "delivered", 3);
        }
    }
}
