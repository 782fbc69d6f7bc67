package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.LargeInvite.cpim;
import static org.fanfare.pf.LargeInvite.invite;

import org.fanfare.ledger.OutcomeKind;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.msrp.SendResult;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.testing.Clause;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Legs of a large message that go wrong, each in its own way: what the ledger says of it, and that
/// Carol, who takes everything, has all of it all the same and without delay.
class LargeLegs_8_2_1_2_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final Octets CONTENT = cpim(300_000);
    private static final HeaderField DONE =
            new HeaderField("Reason", "SIP;cause=200;text=\"Call completed\"");
    private static final String TRANSMISSION_FAILED = "SIP;cause=480;text=\"Transmission Failed\"";

    @TempDir private Path folder;

    private LargeNetwork network;

    @BeforeEach
    void open() {
        network = new LargeNetwork(folder);
    }

    @AfterEach
    void close() {
        network.close();
    }

    /// Bob does what he was told to; Carol has it; the ledger says how it ended with Bob.
    private String endWithBob() throws Exception {
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();
        assertThat(call.send(CONTENT).isComplete()).isTrue();
        assertThat(network.callTo(CAROL).whole()).isEqualTo(CONTENT);
        call.hangUp(DONE);
        assertThat(network.ends(invite).getLast()).isEqualTo("DELIVERED 200");
        return network.ends(invite).getFirst();
    }

    // ---- answers that nothing can come of

    static Stream<UnaryOperator<MessageMedia>> unacceptableAnswers() {
        return Stream.of(
                m -> m.withSetup(Setup.ACTPASS),
                m -> m.withDirection(org.fanfare.sdp.Direction.SENDONLY),
                m -> m.withTypes(List.of("text/plain"), List.of()),
                m ->
                        new MessageMedia(
                                true,
                                m.address(),
                                List.of(m.path().getFirst().replace("msrp:", "msrps:")),
                                m.setup(),
                                m.acceptTypes(),
                                m.acceptWrappedTypes(),
                                m.fileSelector(),
                                m.cema(),
                                m.maxSize(),
                                m.direction()));
    }

    @ParameterizedTest
    @MethodSource("unacceptableAnswers")
    void anAnswerThatNothingCanComeOfEndsTheLeg(UnaryOperator<MessageMedia> answer) // B14, B15
            throws Exception {
        network.when(BOB, leg -> leg.answer(answer));

        assertThat(endWithBob()).isEqualTo("FAILED 488");
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly(TRANSMISSION_FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"})
    void anAnswerWithoutAMessageSessionEndsTheLeg(String body) throws Exception { // B14
        network.when(
                BOB,
                leg ->
                        leg.answer(
                                m -> m,
                                ok -> {
                                    if (body.isEmpty()) {
                                        ok.remove("Content-Type").body(Octets.EMPTY);
                                    } else {
                                        ok.body("application/sdp", Octets.utf8(body));
                                    }
                                }));

        assertThat(endWithBob()).isEqualTo("FAILED 488");
    }

    /// Bob and Carol are sent content that is announced so.
    private LargeInvite sent(UnaryOperator<MessageMedia> offer) throws Exception {
        var invite = invite().recipients(BOB, CAROL).media(offer);
        var call = network.call(invite).connect();
        assertThat(call.send(CONTENT).isComplete()).isTrue();
        assertThat(network.callTo(CAROL).whole()).isEqualTo(CONTENT);
        call.hangUp(DONE);
        return invite;
    }

    @Test
    void whoTakesNoMessageOfThisSizeGetsNothingOfIt() throws Exception { // reading 86
        network.when(BOB, leg -> leg.answer(m -> m.withMaxSize(CONTENT.length() - 1)));

        var invite = sent(m -> m.withFileSelector(FileSelector.ofSize(CONTENT.length())));

        assertThat(network.ends(invite)).containsExactly("FAILED 413", "DELIVERED 200");
        assertThat(network.callTo(BOB).received()).isZero();
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly(TRANSMISSION_FAILED);
    }

    @Test
    void whatNobodyHasAnnouncedIsGivenUpBeforeItIsLargerThanTaken() throws Exception { // reading 86
        network.when(BOB, leg -> leg.answer(m -> m.withMaxSize(CONTENT.length() - 1)));

        var invite = sent(m -> m.withFileSelector(null));

        assertThat(network.ends(invite)).containsExactly("FAILED 413", "DELIVERED 200");
        assertThat(network.callTo(BOB).hasWhole()).isFalse();
        assertThat(network.callTo(BOB).received()).isLessThan(CONTENT.length());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoTakesExactlySoMuchGetsAllOfIt(boolean announced) throws Exception { // reading 86
        network.when(BOB, leg -> leg.answer(m -> m.withMaxSize(CONTENT.length())));

        var size = announced ? FileSelector.ofSize(CONTENT.length()) : null;
        var invite = sent(m -> m.withFileSelector(size));

        assertThat(network.ends(invite)).containsExactly("DELIVERED 200", "DELIVERED 200");
        assertThat(network.callTo(BOB).whole()).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1:25", "169.254.1.1:2855", "224.0.0.1:2855", "0.0.0.0:2855", "own"})
    void whereNobodyMayConnectNobodyDoes(String address) throws Exception { // P12
        var asked = new java.util.concurrent.CopyOnWriteArrayList<InetSocketAddress>();
        network.mayConnect(at -> {
            var own = network.media().listening().getFirst().address().getPort();
            boolean fine =
                    at.getPort() > 1024
                            && at.getPort() != own
                            && at.getAddress().isLoopbackAddress();
            if (!fine) {
                asked.add(at);
            }
            return fine;
        });
        network.when(
                BOB,
                leg ->
                        leg.answer(m -> {
                            var to =
                                    address.equals("own")
                                            ? "127.0.0.1:"
                                                    + network.media()
                                                            .listening()
                                                            .getFirst()
                                                            .address()
                                                            .getPort()
                                            : address;
                            return at(m, HostPort.parse(to));
                        }));

        assertThat(endWithBob()).isEqualTo("FAILED 480");
        assertThat(asked).hasSize(1);
    }

    private static MessageMedia at(MessageMedia m, HostPort address) {
        return new MessageMedia(
                m.secure(),
                address,
                List.of("msrp://" + address + "/abcdefgh;tcp"),
                m.setup(),
                m.acceptTypes(),
                m.acceptWrappedTypes(),
                m.fileSelector(),
                m.cema(),
                m.maxSize(),
                m.direction());
    }

    // ---- connections

    @Clause({"8.2.1.1/8.B.d.iii.1", "8.2.1.1/8.B.d.iii.2"})
    @Test
    void aRecipientMayConnectItself() throws Exception {
        network.when(BOB, Called::answerActive);

        assertThat(endWithBob()).isEqualTo("DELIVERED 200");
        assertThat(network.callTo(BOB).whole()).isEqualTo(CONTENT);
    }

    @Test
    void aRecipientThatConnectsLateHasAllOfItFromTheFirstOctet() throws Exception { // reading 3
        var carolIsThrough = new CountDownLatch(1);
        network.when(
                BOB,
                leg -> {
                    leg.answer(m -> m.withSetup(Setup.ACTIVE));
                    carolIsThrough.await();
                    leg.media().connect(leg.offered().path().stream().map(MsrpUri::parse).toList());
                });
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();
        assertThat(call.send(CONTENT).isComplete()).isTrue();
        call.hangUp(DONE);
        network.callTo(CAROL).bye();

        carolIsThrough.countDown();

        assertThat(network.callTo(BOB).whole()).isEqualTo(CONTENT);
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
    }

    @Test
    void aRecipientThatNeverConnectsIsGivenUp() throws Exception {
        network.bindWithin(Duration.ofMillis(200));
        network.when(BOB, leg -> leg.answer(m -> m.withSetup(Setup.ACTIVE)));

        assertThat(endWithBob()).isEqualTo("FAILED 480");
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly(TRANSMISSION_FAILED);
    }

    @Test
    void aRecipientThatConnectsTwiceIsServedOverTheFirst() throws Exception { // P7
        var answered = new CompletableFuture<String>();
        network.when(
                BOB,
                leg -> {
                    leg.answerActive();
                    var path = leg.offered().path().getFirst();
                    var to = MsrpUri.parse(path);
                    try (var second = new Socket(InetAddress.getLoopbackAddress(), to.port())) {
                        second.getOutputStream()
                                .write(
                                        ("MSRP d93kswow SEND\r\nTo-Path: "
                                                        + path
                                                        + "\r\nFrom-Path: "
                                                        + leg.media().localPath()
                                                        + "\r\n"
                                                        + "Message-ID: 12339sdqwer\r\n"
                                                        + "Byte-Range: 1-0/0\r\n"
                                                        + "-------d93kswow$\r\n")
                                                .getBytes(StandardCharsets.UTF_8));
                        var answer = new byte[17];
                        second.getInputStream().readNBytes(answer, 0, answer.length);
                        answered.complete(new String(answer, StandardCharsets.UTF_8));
                    }
                });
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();

        assertThat(Called.wait(answered)).isEqualTo("MSRP d93kswow 506");

        assertThat(call.send(CONTENT).isComplete()).isTrue();
        call.hangUp(DONE);
        assertThat(network.callTo(BOB).whole()).isEqualTo(CONTENT);
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
    }

    @Test
    void aRecipientThatTakesTheConnectionAndSaysNothingIsGivenUp() throws Exception {
        network.msrp(l ->
                l.withTimes(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5), // of Carol, too
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)));
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            network.when(
                    BOB,
                    leg ->
                            leg.answer(
                                    m -> at(m, new HostPort("127.0.0.1", silent.getLocalPort()))));

            assertThat(endWithBob()).isEqualTo("FAILED 480");
        }
    }

    @Test
    void aRecipientThatIsNotThereIsTriedAgain() throws Exception {
        network.retries(2);
        try (var nobody = new Socket()) { // has a port, and does not listen
            nobody.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            var address = new HostPort("127.0.0.1", nobody.getLocalPort());
            network.when(BOB, leg -> leg.answer(m -> at(m, address)), Called::answer);

            assertThat(endWithBob()).isEqualTo("DELIVERED 200");
        }
        assertThat(network.callsTo(BOB)).hasSize(2);
        assertThat(network.callsTo(BOB).getLast().whole()).isEqualTo(CONTENT);
    }

    // ---- content

    @Clause("8.2.1.1/8.B.d.vii.d.a.msrp")
    @ParameterizedTest
    @CsvSource({"413,480", "415,415", "403,480", "481,480", "501,480", "400,480"})
    void aChunkThatIsRefusedEndsTheLeg(int msrp, int status) throws Exception { // reading 10
        network.when(BOB, leg -> leg.refusingChunks(msrp).answer());

        assertThat(endWithBob()).isEqualTo("FAILED " + status);
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly(TRANSMISSION_FAILED);
    }

    @Test
    void theLastChunkMayBeRefusedAsWell() throws Exception {
        network.when(BOB, leg -> leg.refusingTheLastChunk(415).answer());

        assertThat(endWithBob()).isEqualTo("FAILED 415");
    }

    @Test
    void aConnectionThatIsCutInMidChunkIsMadeAgainFromTheFirstOctet() throws Exception {
        network.retries(1);
        network.when(BOB, leg -> leg.onContent(l -> l.media().close()).answer(), Called::answer);

        assertThat(endWithBob()).isEqualTo("DELIVERED 200");
        assertThat(network.callsTo(BOB)).hasSize(2);
        assertThat(network.callsTo(BOB).getLast().whole()).isEqualTo(CONTENT);
    }

    @Test
    void aConnectionThatIsCutEachTimeIsGivenUp() throws Exception {
        network.retries(2);
        network.when(BOB, leg -> leg.onContent(l -> l.media().close()).answer());

        assertThat(endWithBob()).isEqualTo("FAILED 408");
        assertThat(network.callsTo(BOB)).hasSize(3);
    }

    @Test
    void aReportOfFailureEndsTheLeg() throws Exception { // RFC 4975 7.1.2
        network.when(
                BOB,
                leg -> {
                    leg.answer(m -> at(m, reporter()));
                });

        assertThat(endWithBob()).isEqualTo("FAILED 480");
    }

    /// A peer that answers the binding SEND and the first chunk, and then reports that it was lost.
    private static HostPort reporter() {
        try {
            var listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Thread.startVirtualThread(() -> {
                try (listener;
                        var connection = listener.accept()) {
                    var out = connection.getOutputStream();
                    var in =
                            new java.io.BufferedReader(
                                    new java.io.InputStreamReader(
                                            connection.getInputStream(),
                                            StandardCharsets.ISO_8859_1));
                    String id = "";
                    String from = "";
                    String to = "";
                    String message = "";
                    int sends = 0;
                    for (var line = in.readLine(); line != null; line = in.readLine()) {
                        var words = line.split(" ", -1);
                        if (line.startsWith("MSRP ") && line.endsWith(" SEND")) {
                            id = words[1];
                        } else if (line.startsWith("To-Path:")) {
                            to = words[1];
                        } else if (line.startsWith("From-Path:")) {
                            from = words[1];
                        } else if (line.startsWith("Message-ID:")) {
                            message = words[1];
                        } else if (!id.isEmpty() && line.contains("-------" + id)) {
                            out.write(
                                    ("MSRP "
                                                    + id
                                                    + " 200 OK\r\nTo-Path: "
                                                    + from
                                                    + "\r\nFrom-Path: "
                                                    + to
                                                    + "\r\n-------"
                                                    + id
                                                    + "$\r\n")
                                            .getBytes(StandardCharsets.UTF_8));
                            if (++sends == 2) {
                                out.write(
                                        ("MSRP report1 REPORT\r\nTo-Path: "
                                                        + from
                                                        + "\r\nFrom-Path: "
                                                        + to
                                                        + "\r\nMessage-ID: "
                                                        + message
                                                        + "\r\nByte-Range: 1-2048/300000\r\n"
                                                        + "Status: 000 408 Timeout\r\n"
                                                        + "-------report1$\r\n")
                                                .getBytes(StandardCharsets.UTF_8));
                            }
                        }
                    }
                } catch (IOException e) {
                    // the leg has ended
                }
            });
            return new HostPort("127.0.0.1", listener.getLocalPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRecipientThatHasAllOfItMayHangUpAtOnce() throws Exception { // reading 67
        network.when(
                BOB,
                leg ->
                        leg.onContent(
                                        l -> {
                                            if (l.received() == CONTENT.length()) {
                                                l.sendBye(DONE);
                                            }
                                        })
                                .answer());

        assertThat(endWithBob()).isEqualTo("DELIVERED 200");
    }

    // ---- slow ones

    @Test
    void whatComesOverTlsGoesOnOverTls() throws Exception { // RFC 4975 14.1
        network.tls();
        var invite = invite().overTls().recipients(BOB, CAROL);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(200_000)).isComplete()).isTrue();

        call.hangUp(DONE);
        assertThat(network.callTo(BOB).offered().secure()).isTrue();
        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(200_000));
        assertThat(network.callTo(CAROL).offered().secure()).isTrue();
        assertThat(network.callTo(CAROL).whole()).isEqualTo(cpim(200_000));
    }

    @Test
    void whatComesOverTcpGoesOnOverTcp() throws Exception {
        network.tls();
        var call = network.call(invite().recipients(BOB)).connect();

        assertThat(call.send(cpim(20_000)).isComplete()).isTrue();

        call.hangUp(DONE);
        assertThat(network.callTo(BOB).offered().secure()).isFalse();
    }

    @Test
    void aRecipientWithoutTlsGetsItOverTcpAndTheOthersOverTls() throws Exception {
        network.tls().interworking();
        network.when(BOB, leg -> leg.refuse(488), Called::answer);
        var invite = invite().overTls().recipients(BOB, CAROL);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(200_000)).isComplete()).isTrue();

        call.hangUp(DONE);
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
        assertThat(network.callTo(BOB, 2).offered().secure()).isFalse();
        assertThat(network.callTo(BOB, 2).whole()).isEqualTo(cpim(200_000));
        assertThat(network.callTo(CAROL).offered().secure()).isTrue();
    }

    @Test
    void aRecipientThatRefusesTlsAndTcpIsOneOfTwoInvites() {
        network.tls().refuses(BOB, 488);

        assertThat(network.call(invite().overTls().to(BOB)).answer()).hasStatus(488);

        assertThat(network.callsTo(BOB)).hasSize(2);
    }

    @Clause("8.2.1.1/8.B.d.vii.c")
    @ParameterizedTest
    @ValueSource(ints = {404, 481, 488, 500, 603})
    void anErrorToTheByeTakesNothingBackOfWhatWasAcknowledged(int status) throws Exception {
        network.interworking().answersByeWith(status);
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(20_000)).isComplete()).isTrue();

        call.hangUp(DONE);
        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(20_000));
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
    }

    @Test
    void anErrorToTheByeForTheSenderEndsTheSessionAllTheSame() throws Exception {
        network.answersByeWith(481);
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(20_000)).isComplete()).isTrue(); // and he never says BYE

        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
        network.passTimeUntil(() -> network.sessions() == 0);
        network.assertNothingLeft();
    }

    @Test
    void aMessageThatExpiresInMidTransferEndsItsLeg() throws Exception { // W4
        var gate = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer());
        var invite = invite().recipients(BOB, CAROL).header("Message-Expires", "60");
        var call = network.call(invite).connect();
        assertThat(call.send(cpim(200_000)).isComplete()).isTrue();
        call.hangUp(DONE);
        awaitCarol(invite);
        network.callTo(BOB).awaitContent();

        network.passTime(Duration.ofSeconds(61));

        assertThat(network.ends(invite)).containsExactly("EXPIRED 0", "DELIVERED 200");

        gate.countDown();
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly("SIP;cause=480;text=\"Transmission Failed\"");
    }

    private void awaitCarol(LargeInvite invite) {
        LargeNetwork.await().until(() -> network.count(invite, OutcomeKind.DELIVERED) == 1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRecipientThatHasNotAnsweredWhenItExpiresIsCalledNoMore(boolean rings) // W4
            throws Exception {
        network.when(
                BOB,
                leg -> {
                    if (rings) {
                        leg.ring();
                    }
                });
        var invite = invite().recipients(BOB, CAROL).header("Message-Expires", "60");
        var call = network.call(invite).connect();
        assertThat(call.send(CONTENT).isComplete()).isTrue();
        call.hangUp(DONE);
        awaitCarol(invite);
        network.callTo(BOB);

        network.passTime(Duration.ofSeconds(61));

        assertThat(network.ends(invite)).containsExactly("EXPIRED 0", "DELIVERED 200");

        if (rings) {
            assertThat(network.callTo(BOB).ended()).isInstanceOf(SessionEnd.Cancelled.class);
        }
        assertThat(network.callsTo(BOB)).hasSize(1);
    }

    @Test
    void aMessageThatExpiresWhileItComesGoesToNobody() throws Exception { // W4
        network.slowestSender(0);
        var invite = invite().recipients(BOB, CAROL).header("Message-Expires", "60");
        var call = network.call(invite).connect();
        var _ = call.begin(300_000);
        call.give(cpim(300_000).slice(0, 100_000));
        network.callTo(BOB).awaitContent();
        network.callTo(CAROL).awaitContent();

        network.passTime(Duration.ofSeconds(61));

        assertThat(call.bye().headers().all("Reason"))
                .containsExactly("SIP;cause=480;text=\"Transmission Failed\"");
        for (var leg : network.calls()) {
            leg.bye();
            assertThat(leg.hasWhole()).isFalse();
        }
        assertThat(network.ledger().message(invite.contribution())).isEmpty();
    }

    @Test
    void oneThatDoesNotReadDoesNotDelayTheOthersAndIsGivenUp() throws Exception { // P14
        var end = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(end)).answer());
        var invite = invite().recipients(BOB, CAROL).size(4 << 20);
        var content = cpim(4 << 20);
        var call = network.call(invite).connect();

        assertThat(call.send(content).isComplete()).isTrue();

        assertThat(network.callTo(CAROL).whole()).isEqualTo(content);
        assertThat(network.callTo(BOB).hasWhole()).isFalse();
        call.hangUp(DONE);
        awaitCarol(invite);
        network.passTimeUntil(() -> network.count(invite, OutcomeKind.PENDING) == 0);
        assertThat(network.ends(invite)).containsExactly("FAILED 480", "DELIVERED 200");
        end.countDown();
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly(TRANSMISSION_FAILED);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRecipientThatIsBusyWithOneMessageIsCalledForTheNext() throws Exception {
        var gate = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer(), Called::answer);
        var first = invite().recipients(BOB, CAROL);
        var one = network.call(first).connect();
        assertThat(one.send(CONTENT).isComplete()).isTrue();
        one.hangUp(DONE);
        var second = invite().recipients(BOB, CAROL);
        var two = network.call(second).connect();
        assertThat(two.send(CONTENT).isComplete()).isTrue();
        two.hangUp(DONE);

        assertThat(network.ends(second)).containsOnly("DELIVERED 200");

        gate.countDown();
        assertThat(network.ends(first)).containsOnly("DELIVERED 200");
    }

    // ---- interworking

    @Clause({"8.2.1.1/8.B.d.vii.d.a.i", "8.2.1.2/err.isf"})
    @Test
    void contentThatIsRefusedGoesToInterworkingOnce() throws Exception { // reading 10
        network.interworking();
        network.when(BOB, leg -> leg.refusingChunks(415).answer(), leg -> leg.answer());

        assertThat(endWithBob()).isEqualTo("INTERWORKED 200");
        assertThat(network.callsTo(BOB)).hasSize(2);
        assertThat(network.callsTo(BOB).getLast().invite().headers().all("Route"))
                .containsExactly("<sip:isf.home.example;lr>");
        assertThat(network.callsTo(BOB).getLast().whole()).isEqualTo(CONTENT);
    }

    @Clause("8.2.1.1/8.B.d.vii.d.a.ii.tried")
    @Test
    void contentThatInterworkingRefusesIsNotTriedAgain() throws Exception {
        network.interworking();
        network.when(BOB, leg -> leg.refusingChunks(415).answer());

        assertThat(endWithBob()).isEqualTo("FAILED 415");
        assertThat(network.callsTo(BOB)).hasSize(2);
    }

    @Test
    void anInterworkingFunctionThatDoesNotAnswerHasNothingAndIsTriedAgain() throws Exception { // N4
        network.interworking().retries(1).answersWithin(Duration.ofSeconds(5));
        network.when(BOB, leg -> leg.refuse(415), Called::ring, Called::answer);

        assertThat(endWithBob()).isEqualTo("INTERWORKED 200");
        assertThat(network.callsTo(BOB)).hasSize(3);
    }

    // ---- all of them

    @Test
    void whenTheLastLegIsLostInMidTransferTheSenderIsStopped() throws Exception { // reading 3
        network.when(BOB, leg -> leg.refusingChunks(413).answer());
        var call = network.call(invite().to(BOB)).connect();

        var result = call.send(cpim(900_000));

        assertThat(result.outcome()).isEqualTo(SendResult.Outcome.REFUSED);
        assertThat(result.status()).isEqualTo(413);
        assertThat(call.hangUp(new HeaderField("Reason", TRANSMISSION_FAILED))).hasStatus(200);
    }

    @Test
    void whenTheLastLegIsLostAndTheSenderIsSilentWeHangUp() throws Exception { // reading 67
        network.when(BOB, leg -> leg.onContent(Called::sendBye).answer());
        var call = network.call(invite().to(BOB)).connect();
        var sending = call.begin(300_000);
        call.give(cpim(300_000).slice(0, 40_000));

        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);

        call.give(cpim(300_000).from(40_000));
        assertThat(Called.wait(sending).isComplete()).isFalse();
    }

    @Test
    void whenNobodyTakesTheLastOctetTheLastChunkIsRefusedAndTheLedgerKnows() throws Exception {
        network.when(BOB, leg -> leg.refusingTheLastChunk(413).answer());
        var invite = invite().to(BOB);
        var call = network.call(invite).connect();

        var result = call.send(cpim(50_000));

        assertThat(result.status()).isEqualTo(413);
        assertThat(network.ends(invite)).containsExactly("FAILED 480");
        assertThat(network.ledger().message(invite.contribution()).orElseThrow().answer())
                .hasValueSatisfying(answer -> assertThat(answer.status()).isEqualTo(480));
        assertThat(call.bye().headers().all("Reason")).containsExactly(TRANSMISSION_FAILED);
    }
}
