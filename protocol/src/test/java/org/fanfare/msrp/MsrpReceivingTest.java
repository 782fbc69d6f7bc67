package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// What a peer may do to a session of ours, octet by octet.
class MsrpReceivingTest {

    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Inbox inbox = new Inbox();
    private MsrpEndpoint endpoint;
    private MsrpSession session;
    private MsrpUri path;

    @BeforeEach
    void start() throws IOException {
        start(MsrpLimits.DEFAULT, inbox);
    }

    private void start(MsrpLimits limits, MsrpReceiver receiver) throws IOException {
        stop();
        endpoint = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").limits(limits).start();
        session = endpoint.open(receiver);
        path = session.localPath();
    }

    @AfterEach
    void stop() {
        if (endpoint != null) {
            endpoint.close();
        }
    }

    @Test
    void emptySendBindsAndIsAnswered() throws IOException { // P9
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendEmpty(path, "abcd");

            assertThat(peer.take())
                    .isEqualTo(
                            "MSRP abcd 200 OK\r\nTo-Path: msrp://peer:9/peer;tcp\r\nFrom-Path: "
                                    + path
                                    + "\r\n-------abcd$\r\n");
            session.awaitBound(LONG);
        }
    }

    @Test
    void contentBeforeTheEmptySendIsTaken() throws IOException {
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/5", "hello", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(inbox.take())
                    .isEqualTo(new Inbox.Message("message", "text/plain", Octets.utf8("hello")));
        }
    }

    @Test
    void messageIsCutAtEachOctet() throws IOException { // P1
        try (var peer = MsrpPeer.connect(path)) {
            for (char octet :
                    ("MSRP abcd SEND\r\nTo-Path: "
                                    + path
                                    + "\r\nFrom-Path: msrp://p/p;tcp\r\nMessage-ID: message\r\n"
                                    + "Content-Type: a/b\r\n\r\nhello\r\n-------abcd$\r\n")
                            .toCharArray()) {
                peer.send(String.valueOf(octet));
            }

            assertThat(inbox.take().content()).isEqualTo(Octets.utf8("hello"));
        }
    }

    @Test
    void whenAllThatCameIsHandedOverThereIsAPause() throws IOException {
        var events = new LinkedBlockingQueue<String>();
        var noting =
                new MsrpReceiver() {
                    @Override
                    public void onChunk(IncomingChunk chunk) {}

                    @Override
                    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
                        events.add(StandardCharsets.US_ASCII.decode(octets).toString());
                    }

                    @Override
                    public void onEnd(IncomingChunk chunk, Continuation continuation) {
                        chunk.respond(MsrpStatus.OK);
                    }

                    @Override
                    public void onPause() {
                        events.add("pause");
                    }
                };
        start(MsrpLimits.DEFAULT, noting);
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendEmpty(path, "abcd");
            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            peer.sendChunk(path, "efgh", "message", "1-5/*", "hello", '+');

            assertThat(peer.takeStatus()).isEqualTo("efgh 200");
            await().untilAsserted(() -> assertThat(events).containsExactly("hello", "pause"));
        }
    }

    @Test
    void shortContentIsAnsweredThoughMoreWasAnnounced() throws IOException { // P2
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-9/9", "hello", '+');

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            peer.sendChunk(path, "efgh", "message", "6-9/9", "1234", '$');
            assertThat(peer.takeStatus()).isEqualTo("efgh 200");
            assertThat(inbox.take().content()).isEqualTo(Octets.utf8("hello1234"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0-5/5, 400",
        "5-1/5, 400",
        "1-5/4, 400",
        "2-6/6, 400",
        "1-9223372036854775807/9223372036854775807, 413",
        "1-5/104857601, 413",
        "1-5/6, 400", // and it is the end
        "1-*/3, 400",
    })
    void rangeThatIsWrongIsRefused(String range, int status) throws IOException { // P3
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", range, "hello", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd " + status);
            peer.sendChunk(path, "efgh", "another", "1-5/5", "hello", '$');
            assertThat(peer.takeStatus()).isEqualTo("efgh 200");
            assertThat(inbox.take().id()).isEqualTo("another");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7-11/11", "5-9/11", "6-10/12", "1-5/11"})
    void gapOverlapOrAnotherTotalLosesTheMessage(String second) throws IOException { // P3
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/11", "hello", '+');
            peer.sendChunk(path, "efgh", "message", second, "world", '+');
            peer.sendChunk(path, "ijkl", "message", "6-10/11", "world", '+');

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(peer.takeStatus()).isEqualTo("efgh 400");
            assertThat(peer.takeStatus()).isEqualTo("ijkl 400");
            assertThat(inbox.event()).isEqualTo("lost message");
        }
    }

    @Test
    void realSizeAboveTheLimitIsRefused() throws IOException { // P8
        start(MsrpLimits.DEFAULT.withMessageOctets(5), inbox);
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-*/*", "hello", '+');
            peer.sendChunk(path, "efgh", "message", "6-*/*", "!", '$');
            peer.sendChunk(path, "ijkl", "another", "1-*/*", "hello", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(peer.takeStatus()).isEqualTo("efgh 413");
            assertThat(peer.takeStatus()).isEqualTo("ijkl 200");
        }
    }

    @Test
    void endlessFirstLineIsCutOff() throws IOException { // P4
        try (var peer = MsrpPeer.connect(path)) {
            peer.send("MSRP " + "a".repeat(9000));

            assertThat(peer.isClosedByPeer()).isTrue();
        }
        assertThat(endpoint.counters().malformed.sum()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NICKNAME", "AUTH", "WHATEVER"})
    void unknownMethodIsNotImplemented(String method) throws IOException { // P5
        try (var peer = MsrpPeer.connect(path)) {
            peer.send(
                    "MSRP abcd %s\r\nTo-Path: %s\r\nFrom-Path: msrp://p/p;tcp\r\n-------abcd$\r\n"
                            .formatted(method, path));

            assertThat(peer.takeStatus()).isEqualTo("abcd 501");
        }
    }

    @Test
    void unknownPathIsToldThreeTimesAndThenCutOff() throws IOException { // P6
        var unknown = MsrpUri.of(false, path.hostPort(), "guessed");
        try (var peer = MsrpPeer.connect(path)) {
            for (var id : new String[] {"abcd", "efgh", "ijkl"}) {
                peer.sendEmpty(unknown, id);
                assertThat(peer.takeStatus()).isEqualTo(id + " 481");
            }

            assertThat(peer.isClosedByPeer()).isTrue();
        }
        assertThat(session.isBound()).isFalse();
    }

    @Test
    void closedSessionIsUnknown() throws IOException { // P6
        session.close();
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/5", "hello", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd 481");
        }
    }

    @Test
    void secondConnectionIsRefused() throws IOException { // P7
        try (var first = MsrpPeer.connect(path);
                var second = MsrpPeer.connect(path)) {
            first.sendEmpty(path, "abcd");
            assertThat(first.takeStatus()).isEqualTo("abcd 200");
            second.sendChunk(path, "efgh", "message", "1-5/5", "hello", '$');
            assertThat(second.takeStatus()).isEqualTo("efgh 506");

            first.sendChunk(path, "ijkl", "message", "1-5/5", "hello", '$');
            assertThat(first.takeStatus()).isEqualTo("ijkl 200");
        }
    }

    @Test
    void sendWithoutMessageIdIsBad() throws IOException { // P9
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "", "1-5/5", "hello", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd 400");
        }
    }

    @Test
    void nothingFollowsTheEndOfAMessage() throws IOException { // P9
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/*", "hello", '$');
            peer.sendChunk(path, "efgh", "message", "6-7/*", "hi", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(peer.takeStatus()).isEqualTo("efgh 400");
            assertThat(inbox.take().content()).isEqualTo(Octets.utf8("hello"));
        }
    }

    @Test
    void abortedMessageIsThrownAway() throws IOException { // P9
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-*/9", "hello", '+');
            peer.sendChunk(path, "efgh", "message", "6-*/9", "h", '#');

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(peer.takeStatus()).isEqualTo("efgh 200");
            assertThat(inbox.event()).isEqualTo("aborted message");
            assertThat(inbox.isEmpty()).isTrue();
        }
    }

    @Test
    void whoWantsNoAnswerGetsNone() throws IOException { // P10
        try (var peer = MsrpPeer.connect(path)) {
            for (var wanted : new String[] {"no", "partial"}) {
                peer.send(
                        "MSRP abcd SEND\r\nTo-Path: %s\r\nFrom-Path: msrp://p/p;tcp\r\nMessage-ID: %s\r\nFailure-Report: %s\r\nContent-Type: a/b\r\n\r\nhello\r\n-------abcd$\r\n"
                                .formatted(path, "id-" + wanted, wanted));
            }
            peer.sendEmpty(path, "last");

            assertThat(peer.takeStatus()).isEqualTo("last 200");
            assertThat(inbox.take().id()).isEqualTo("id-no");
        }
    }

    @Test
    void reportsOfNothingAreIgnored() throws IOException { // P10
        var report =
                "MSRP abcd REPORT\r\nTo-Path: %s\r\nFrom-Path: msrp://p/p;tcp\r\nMessage-ID: unknown\r\nByte-Range: 1-5/5\r\nStatus: 000 403 No\r\n-------abcd$\r\n"
                        .formatted(path);
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendEmpty(path, "first");
            peer.send(report.repeat(1000));
            peer.sendEmpty(path, "last");

            assertThat(peer.takeStatus()).isEqualTo("first 200");
            assertThat(peer.takeStatus()).isEqualTo("last 200");
            assertThat(endpoint.counters().reportsIgnored.sum()).isEqualTo(1000);
        }
    }

    @Test
    void successIsReportedWhenWanted() throws IOException {
        try (var peer = MsrpPeer.connect(path)) {
            peer.send(
                    "MSRP abcd SEND\r\nTo-Path: %s\r\nFrom-Path: msrp://r/1;tcp msrp://p/p;tcp\r\nMessage-ID: message\r\nSuccess-Report: yes\r\nByte-Range: 1-5/5\r\nContent-Type: a/b\r\n\r\nhello\r\n-------abcd$\r\n"
                            .formatted(path));

            assertThat(peer.take()).contains("200 OK\r\nTo-Path: msrp://r/1;tcp\r\n");
            assertThat(peer.take())
                    .contains(
                            " REPORT\r\nTo-Path: msrp://r/1;tcp msrp://p/p;tcp\r\n",
                            "Message-ID: message\r\nByte-Range: 1-5/5\r\nStatus: 000 200 OK\r\n");
        }
    }

    @Test
    void unexpectedResponseIsIgnored() throws IOException { // P11
        try (var peer = MsrpPeer.connect(path)) {
            peer.respond("never", 200);
            peer.sendEmpty(path, "abcd");

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(endpoint.counters().responsesIgnored.sum()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MSRP ab", "MSRP abcd SEND\r\nTo-Path: "})
    void whoSaysNothingIsCutOff(String said) throws IOException { // P13
        start(MsrpLimits.DEFAULT.withTimes(SHORT, LONG, LONG, LONG), inbox);
        try (var peer = MsrpPeer.connect(path)) {
            peer.send(said);

            assertThat(peer.isClosedByPeer()).isTrue();
        }
        assertThatThrownBy(() -> session.awaitBound(Duration.ofMillis(1)))
                .isInstanceOf(MsrpFailure.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messageThatStopsEndsTheSession(boolean inAChunk) throws IOException { // P15
        start(MsrpLimits.DEFAULT.withTimes(LONG, LONG, SHORT, LONG), inbox);
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/9", "hello", '+');
            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            if (inAChunk) {
                peer.send("MSRP efgh SEND\r\nTo-Path: " + path + "\r\n");
            }

            assertThat(peer.isClosedByPeer()).isTrue();
            assertThat(inbox.event()).isEqualTo("closed");
        }
    }

    /// However much faster they are read than the thread that answers gets its turn.
    @Test
    void manyChunksAtOnceAreAllAnswered() throws Exception {
        int chunks = 2500; // the answers to which are more than may wait
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendEmpty(path, "abcd");
            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            var all = new StringBuilder();
            for (int i = 1; i <= chunks; i++) {
                all.append(
                        "MSRP id%d SEND\r\nTo-Path: %s\r\nFrom-Path: msrp://p/p;tcp\r\nMessage-ID: m%d\r\nByte-Range: 1-0/0\r\n-------id%d$\r\n"
                                .formatted(i, path, i, i));
            }
            var sent =
                    new FutureTask<>(() -> {
                        peer.send(all.toString());
                        return chunks;
                    });
            Thread.startVirtualThread(sent);

            for (int i = 1; i <= chunks; i++) {
                assertThat(peer.takeStatus()).isEqualTo("id" + i + " 200");
            }
            assertThat(sent.get(10, TimeUnit.SECONDS)).isEqualTo(chunks);
        }
    }

    @Test
    void whoTakesNoAnswersIsCutOff() throws IOException { // P14
        start(MsrpLimits.DEFAULT.withTimes(LONG, LONG, SHORT, LONG), inbox);
        try (var peer = MsrpPeer.connect(path)) {
            assertThatThrownBy(
                            () -> {
                                while (true) {
                                    peer.sendEmpty(path, "abcd");
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        assertThat(inbox.event()).isEqualTo("closed");
    }

    @Test
    void lastAnswerCanBeHeldBack() throws Exception {
        var held = new LinkedBlockingQueue<IncomingChunk>();
        start(
                MsrpLimits.DEFAULT,
                new Inbox() {
                    @Override
                    void answer(IncomingChunk chunk, Continuation continuation) {
                        if (continuation == Continuation.COMPLETE) {
                            held.add(chunk);
                        } else {
                            super.answer(chunk, continuation);
                        }
                    }
                });
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/9", "hello", '+');
            peer.sendChunk(path, "efgh", "message", "6-9/9", "1234", '$');
            peer.sendEmpty(path, "ijkl");

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
            assertThat(peer.takeStatus()).isEqualTo("ijkl 200");
            held.take().respond(MsrpStatus.STOP_SENDING);
            assertThat(peer.takeStatus()).isEqualTo("efgh 413");
        }
    }

    @Test
    void messageThatIsRefusedInItsMiddleStaysRefused() throws IOException {
        start(
                MsrpLimits.DEFAULT,
                new Inbox() {
                    @Override
                    public void onContent(IncomingChunk chunk, ByteBuffer octets) {
                        chunk.respond(MsrpStatus.UNSUPPORTED_MEDIA_TYPE);
                    }
                });
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendChunk(path, "abcd", "message", "1-5/9", "hello", '+');
            peer.sendChunk(path, "efgh", "message", "6-9/9", "1234", '$');

            assertThat(peer.takeStatus()).isEqualTo("abcd 415");
            assertThat(peer.takeStatus()).isEqualTo("efgh 415");
        }
    }

    @Test
    void sessionIdAloneIsEnough() throws IOException {
        long before = Leniency.MSRP_SESSION_ID_ALONE.count();
        var changed = MsrpUri.parse("msrp://changed.example:1/" + path.sessionId() + ";tcp");
        try (var peer = MsrpPeer.connect(path)) {
            peer.sendEmpty(changed, "abcd");

            assertThat(peer.takeStatus()).isEqualTo("abcd 200");
        }
        assertThat(Leniency.MSRP_SESSION_ID_ALONE.count()).isGreaterThan(before);
    }

    @Test
    void sourceMayHaveSoManyConnections() throws IOException { // T1
        start(MsrpLimits.DEFAULT.withConnections(2, 20), inbox);
        try (var first = MsrpPeer.connect(path);
                var second = MsrpPeer.connect(path);
                var third = MsrpPeer.connect(path)) {
            assertThat(third.isClosedByPeer()).isTrue();
            first.sendEmpty(path, "abcd");
            assertThat(first.takeStatus()).isEqualTo("abcd 200");
            second.send(" ");
            assertThat(second.isClosedByPeer()).isTrue();
        }
    }
}
