package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.uri.HostPort;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/// What a session of ours writes, and what it makes of the answers.
class MsrpSendingTest {

    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final MsrpUri PEER = MsrpUri.parse("msrp://127.0.0.1:9/peer;tcp");

    private final Inbox inbox = new Inbox();
    private MsrpEndpoint endpoint;
    private MsrpSession session;
    private @Nullable MsrpPeer peer;

    @BeforeEach
    void start() throws IOException {
        start(MsrpLimits.DEFAULT);
    }

    private void start(MsrpLimits limits) throws IOException {
        stop();
        endpoint = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").limits(limits).start();
        session = endpoint.open(inbox);
    }

    @AfterEach
    void stop() throws IOException {
        if (peer != null) {
            peer.close();
        }
        if (endpoint != null) {
            endpoint.close();
        }
    }

    /// A peer that connected and bound the session.
    private MsrpPeer bound() throws IOException {
        var made = MsrpPeer.connect(session.localPath());
        peer = made;
        session.expect(List.of(PEER));
        made.sendEmpty(session.localPath(), "bind");
        assertThat(made.takeStatus()).isEqualTo("bind 200");
        return made;
    }

    private static <T> FutureTask<T> started(Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.startVirtualThread(task);
        return task;
    }

    private FutureTask<SendResult> sending(String content) {
        return started(
                () -> session.send(OutgoingContent.of("message", "a/b", Octets.utf8(content))));
    }

    private static String contentOf(String chunk) {
        int from = chunk.indexOf("\r\n\r\n") + 4;
        return chunk.substring(from, chunk.lastIndexOf("\r\n-------"));
    }

    // ---- two endpoints of ours

    @ParameterizedTest
    @CsvSource({
        "0, 2048",
        "1, 2048",
        "2047, 2048",
        "2048, 2048",
        "2049, 2048",
        "300000, 2048",
        "300000, 0",
        "300000, 20000",
        "300000, 1",
        "0, 0",
        "16384, 0",
    })
    void whatIsSentArrives(int octets, int chunk) throws IOException {
        boolean tiny = chunk == 1;
        start(MsrpLimits.DEFAULT.withSending(chunk, 64 * 1024));
        var content = new byte[tiny ? 3000 : octets];
        new Random(1).nextBytes(content);
        for (boolean lengthKnown : new boolean[] {true, false}) {
            var other = new Inbox();
            try (var listener = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start()) {
                var passive = listener.open(other);
                var active = endpoint.open(inbox);
                passive.expect(List.of(active.localPath()));
                active.connect(List.of(passive.localPath()));

                var source = ContentSource.of(ByteBuffer.wrap(content));
                var result =
                        active.send(
                                OutgoingContent.of(
                                        active.newMessageId(),
                                        "a/b;c=d",
                                        lengthKnown ? content.length : -1,
                                        source));

                assertThat(result.reason()).isEmpty();
                assertThat(result.isComplete()).isTrue();
                assertThat(result.acknowledged()).isEqualTo(content.length);
                assertThat(active.progress().sent()).isEqualTo(content.length);
                var message = other.take();
                assertThat(message.contentType()).isEqualTo("a/b;c=d");
                assertThat(message.content()).isEqualTo(Octets.of(content));
                active.close();
            }
        }
    }

    @Test
    void bothSendAtOnceAndSeveralTimes() throws Exception {
        var other = new Inbox();
        try (var listener = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start()) {
            var passive = listener.open(other);
            passive.expect(List.of(session.localPath()));
            session.connect(List.of(passive.localPath()));
            passive.awaitBound(LONG);
            var content = Octets.of(new byte[1_000_000]);

            for (int i = 0; i < 3; i++) {
                var back =
                        started(() ->
                                passive.send(
                                        OutgoingContent.of(
                                                passive.newMessageId(), "a/b", content)));
                assertThat(
                                session.send(
                                                OutgoingContent.of(
                                                        session.newMessageId(), "a/b", content))
                                        .isComplete())
                        .isTrue();
                assertThat(back.get(10, TimeUnit.SECONDS).isComplete()).isTrue();
                assertThat(other.take().content()).isEqualTo(content);
                assertThat(inbox.take().content()).isEqualTo(content);
            }
        }
    }

    @Test
    void overIpv6() throws IOException {
        var other = new Inbox();
        try (var listener = MsrpEndpoint.builder().listen("tcp:[::1]:0").start()) {
            var passive = listener.open(other);
            assertThat(passive.localPath().toString()).startsWith("msrp://[");
            session.connect(List.of(passive.localPath()));
            session.send(OutgoingContent.of("message", "a/b", Octets.utf8("hello")));

            assertThat(other.take().content()).isEqualTo(Octets.utf8("hello"));
        }
    }

    @Test
    void addressOfTheMediaLineComesBeforeThatOfThePath() throws IOException { // RFC 6714
        var other = new Inbox();
        try (var listener = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start()) {
            var passive = listener.open(other);
            var path = passive.localPath();
            var elsewhere = MsrpUri.of(false, new HostPort("nowhere.invalid", 1), path.sessionId());

            session.connect(List.of(elsewhere), path.hostPort());

            passive.awaitBound(LONG);
        }
    }

    /// msrplib, for one, ends the session when a SEND comes first.
    @Test
    void bindingSendHasItsResponseBeforeAnySendOfOurs() throws Exception {
        for (int i = 0; i < 20; i++) {
            start(MsrpLimits.DEFAULT);
            var sent =
                    started(() -> {
                        session.awaitBound(LONG);
                        return session.send(
                                OutgoingContent.of("message", "a/b", Octets.utf8("content")));
                    });
            session.expect(List.of(PEER));
            var made = MsrpPeer.connect(session.localPath());
            peer = made;
            made.sendEmpty(session.localPath(), "bind");

            assertThat(made.takeStatus()).isEqualTo("bind 200");

            made.respond(MsrpPeer.transactionOf(made.take()), 200);
            assertThat(sent.get(10, TimeUnit.SECONDS).isComplete()).isTrue();
        }
    }

    @Test
    void reportOfSuccessIsTold() throws IOException {
        try (var listener = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start()) {
            var passive = listener.open(new Inbox());
            session.connect(List.of(passive.localPath()));
            session.send(
                    OutgoingContent.of("message", "a/b", Octets.utf8("hello"))
                            .withReports(FailureReport.NO, true));

            assertThat(inbox.event()).isEqualTo("report 200 1-5/5");
        }
    }

    // ---- on the wire

    @Test
    void chunksCountTheirOctets() throws Exception {
        start(MsrpLimits.DEFAULT.withSending(5, 64 * 1024));
        var wire = bound();
        var result = sending("hello, world");

        for (var range : new String[] {"1-5/12", "6-10/12", "11-12/12"}) {
            var chunk = wire.take();
            assertThat(chunk)
                    .contains("To-Path: " + PEER + "\r\nFrom-Path: " + session.localPath())
                    .contains("\r\nMessage-ID: message\r\nByte-Range: " + range)
                    .contains("\r\nContent-Type: a/b\r\n\r\n")
                    .endsWith((range.startsWith("11") ? "$" : "+") + "\r\n");
            wire.respond(MsrpPeer.transactionOf(chunk), 200);
        }
        assertThat(result.get(10, TimeUnit.SECONDS).isComplete()).isTrue();
    }

    @Test
    void largeChunkIsInterruptible() throws Exception { // RFC 4975 7.1.1
        start(MsrpLimits.DEFAULT.withSending(2049, 64 * 1024));
        var wire = bound();
        var _ = sending("a".repeat(3000));

        assertThat(wire.take()).contains("Byte-Range: 1-*/3000\r\n");
        assertThat(wire.take()).contains("Byte-Range: 2050-*/3000\r\n");
    }

    @Test
    void noMoreIsUnderWayThanMayBe() throws Exception {
        start(MsrpLimits.DEFAULT.withSending(10, 20));
        var wire = bound();
        var result = sending("a".repeat(50));

        for (int i = 0; i < 2; i++) {
            var first = MsrpPeer.transactionOf(wire.take());
            var second = MsrpPeer.transactionOf(wire.take());
            long sent = 20L * (i + 1);
            await().until(() -> session.progress().sent() == sent);
            assertThat(session.progress().acknowledged()).isEqualTo(20L * i);
            wire.respond(second, 200);
            wire.respond(first, 200);
        }
        wire.respond(MsrpPeer.transactionOf(wire.take()), 200);
        assertThat(result.get(10, TimeUnit.SECONDS).acknowledged()).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 413, 415, 423, 481, 501, 506, 999})
    void firstOtherAnswerEndsTheMessage(int status) throws Exception { // P11
        start(MsrpLimits.DEFAULT.withSending(10, 20));
        var wire = bound();
        var result = sending("a".repeat(50));
        var first = MsrpPeer.transactionOf(wire.take());
        var second = MsrpPeer.transactionOf(wire.take());
        wire.respond(first, 200);
        wire.respond(first, status); // the first answer counts
        wire.respond("never", status);
        wire.respond(second, status);
        wire.respond(second, 200);

        var refused = result.get(10, TimeUnit.SECONDS);
        assertThat(refused.outcome()).isEqualTo(SendResult.Outcome.REFUSED);
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.acknowledged()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void noAnswerIsATimeout(int chunk) throws Exception {
        start(MsrpLimits.DEFAULT.withTimes(LONG, SHORT, LONG, LONG).withSending(chunk, 4096));
        bound();
        var result = sending("hello");

        var late = result.get(10, TimeUnit.SECONDS);
        assertThat(late.outcome()).isEqualTo(SendResult.Outcome.TIMED_OUT);
        assertThat(late.status()).isEqualTo(408);
    }

    @Test
    void endOfTheConnectionEndsTheMessage() throws Exception {
        var wire = bound();
        var result = sending("hello");
        wire.take();
        wire.close();

        assertThat(result.get(10, TimeUnit.SECONDS).outcome())
                .isEqualTo(SendResult.Outcome.DISCONNECTED);
        assertThat(inbox.event()).isEqualTo("closed");
        assertThat(endpoint.openSessions()).isZero();
    }

    /// Content that comes when the test says so.
    private static final class Slowly implements ContentSource {

        private final SynchronousQueue<String> parts = new SynchronousQueue<>();
        private final CountDownLatch cancelled = new CountDownLatch(1);

        @Override
        public int read(ByteBuffer target) throws IOException {
            try {
                var part = next();
                if (part.equals("fail")) {
                    throw new IOException("failed on purpose");
                }
                target.put(part.getBytes(StandardCharsets.US_ASCII));
                return part.isEmpty() ? -1 : part.length();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        /// Nothing once it is cancelled, whether that was before or while this waits.
        private String next() throws InterruptedException {
            String part = null;
            while (part == null && cancelled.getCount() > 0) {
                part = parts.poll(10, TimeUnit.MILLISECONDS);
            }
            return part == null ? "" : part;
        }

        @Override
        public void cancel() {
            cancelled.countDown();
        }
    }

    private FutureTask<SendResult> sending(Slowly content, long length) {
        return started(() -> session.send(OutgoingContent.of("message", "a/b", length, content)));
    }

    @ParameterizedTest
    @CsvSource({"0, fail", "5, fail", "0, ''", "5, ''"})
    void contentThatFailsOrIsShortIsGivenUp(int chunk, String end) throws Exception {
        start(MsrpLimits.DEFAULT.withSending(chunk, 4096));
        var wire = bound();
        var content = new Slowly();
        var result = sending(content, 100);
        content.parts.put("hello");
        content.parts.put(end);

        if (chunk > 0) {
            assertThat(contentOf(wire.take())).isEqualTo("hello");
        }
        assertThat(wire.take()).endsWith("#\r\n");
        assertThat(result.get(10, TimeUnit.SECONDS).outcome())
                .isEqualTo(SendResult.Outcome.ABORTED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5})
    void abortTellsThePeer(int chunk) throws Exception {
        start(MsrpLimits.DEFAULT.withSending(chunk, 4096));
        var wire = bound();
        var content = new Slowly();
        var result = sending(content, 100);
        content.parts.put("hello");
        if (chunk > 0) {
            assertThat(contentOf(wire.take())).isEqualTo("hello");
        }
        content.parts.put("again");
        session.abort("enough");

        assertThat(content.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        String last;
        do {
            last = wire.take();
        } while (!last.endsWith("#\r\n"));
        var aborted = result.get(10, TimeUnit.SECONDS);
        assertThat(aborted.outcome()).isEqualTo(SendResult.Outcome.ABORTED);
        assertThat(aborted.reason()).isEqualTo("enough");
    }

    /// It gets its turn while the session is being closed, and nobody else would ever end it.
    @Test
    void closeEndsAMessageThatHasNotBegunAsWell() throws Exception {
        bound();
        var content = new Slowly();
        var first = sending(content, 100);
        content.parts.put("hello");
        var second =
                new FutureTask<>(() ->
                        session.send(OutgoingContent.of("message2", "a/b", 100, new Slowly())));
        var waiting = Thread.ofPlatform().start(second);
        while (waiting.isAlive() && waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }

        var closed = started(Executors.callable(session::close));

        closed.get(10, TimeUnit.SECONDS);
        assertThat(first.get(10, TimeUnit.SECONDS).outcome()).isEqualTo(SendResult.Outcome.ABORTED);
        // It has its turn before the session has ended, or after.
        assertThat(second.get(10, TimeUnit.SECONDS).outcome())
                .isIn(SendResult.Outcome.ABORTED, SendResult.Outcome.DISCONNECTED);
    }

    @Test
    void openChunkIsInterruptedForAnAnswer() throws Exception { // RFC 4975 7.1.1
        start(MsrpLimits.DEFAULT.withSending(0, 4096));
        var wire = bound();
        var content = new Slowly();
        var result = sending(content, 10);
        content.parts.put("hello");
        await().until(() -> session.progress().sent() == 5); // an answer may leave before the chunk
        wire.sendEmpty(session.localPath(), "abcd");
        var first = wire.take();
        assertThat(contentOf(first)).isEqualTo("hello");
        assertThat(first).contains("Byte-Range: 1-*/10\r\n").endsWith("+\r\n");
        assertThat(wire.takeStatus()).isEqualTo("abcd 200");
        content.parts.put("world");
        var second = wire.take();
        assertThat(second).contains("Byte-Range: 6-*/10\r\n").endsWith("$\r\n");
        wire.respond(MsrpPeer.transactionOf(second), 200);
        wire.respond(MsrpPeer.transactionOf(first), 200);

        assertThat(result.get(10, TimeUnit.SECONDS).acknowledged()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2048})
    void endLineIsNotInTheContent(int chunk) throws Exception { // P2
        start(MsrpLimits.DEFAULT.withSending(chunk, 1 << 20));
        var wire = bound();
        var _ = sending("first");
        var id = MsrpPeer.transactionOf(wire.take());
        wire.respond(id, 200);
        // Of this chunk and the next ones, if the numbers go on.
        var next = new ArrayList<String>();
        for (int i = 1; i < 30; i++) {
            var digits = Long.parseLong(id.substring(id.length() - 7), 36) + i;
            var text = "0000000" + Long.toString(digits, 36);
            next.add(
                    "\r\n-------"
                            + id.substring(0, id.length() - 7)
                            + text.substring(text.length() - 7)
                            + "$\r\n");
        }
        var content = String.join("x".repeat(1000), next);
        var _ = sending(content);

        var all = new StringBuilder();
        while (all.length() < content.length()) {
            var taken = wire.take();
            assertThat(contentOf(taken)).doesNotContain("-------" + MsrpPeer.transactionOf(taken));
            all.append(contentOf(taken));
        }
        assertThat(all).hasToString(content);
    }

    @Test
    void peerThatTakesNothingIsCutOff() throws Exception { // P14
        start(MsrpLimits.DEFAULT.withTimes(LONG, LONG, SHORT, LONG).withSending(0, 1 << 20));
        bound();
        var endless =
                OutgoingContent.of(
                        "message",
                        "a/b",
                        -1,
                        target -> {
                            int octets = target.remaining();
                            target.position(target.limit());
                            return octets;
                        });

        assertThat(session.send(endless).outcome()).isEqualTo(SendResult.Outcome.DISCONNECTED);
        assertThat(session.progress().acknowledged()).isZero();
    }

    // ---- connecting

    @Test
    void connectingBindsByAnEmptySend() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var to = MsrpUri.of(false, new HostPort("127.0.0.1", server.getLocalPort()), "peer");
            var connecting = started(() -> connected(to));
            try (var wire = new MsrpPeer(server.accept())) {
                var binding = wire.take();
                assertThat(binding)
                        .contains(" SEND\r\nTo-Path: " + to + "\r\nFrom-Path: ")
                        .contains("Message-ID: ")
                        .doesNotContain("Content-Type");
                assertThat(session.isBound()).isFalse();
                wire.respond(MsrpPeer.transactionOf(binding), 200);

                assertThat(connecting.get(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private boolean connected(MsrpUri to) throws IOException {
        session.connect(List.of(to));
        return session.isBound();
    }

    @Test
    void bindingThatIsRefusedFails() throws Exception {
        try (var listener = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start()) {
            var unknown = MsrpUri.of(false, listener.open(inbox).localPath().hostPort(), "unknown");

            assertThatThrownBy(() -> session.connect(List.of(unknown)))
                    .isInstanceOfSatisfying(
                            MsrpFailure.class,
                            failure -> assertThat(failure.status()).isEqualTo(481));
            assertThat(endpoint.openSessions()).isZero();
        }
    }

    @Test
    void destinationThatIsNotPermittedIsNotConnectedTo() throws Exception { // P12
        var asked = new ArrayList<InetSocketAddress>();
        try (var listener = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start();
                var guarded =
                        MsrpEndpoint.builder()
                                .mayConnect(address -> {
                                    asked.add(address);
                                    return false;
                                })
                                .start()) {
            var to = listener.open(inbox).localPath();

            assertThatThrownBy(() -> guarded.open(inbox).connect(List.of(to)))
                    .isInstanceOf(MsrpFailure.class)
                    .hasMessageContaining("not permitted");
            assertThat(asked)
                    .singleElement()
                    .satisfies(a -> assertThat(a.isUnresolved()).isFalse());
            assertThat(listener.counters().connectionsAccepted.sum()).isZero();
        }
    }
}
