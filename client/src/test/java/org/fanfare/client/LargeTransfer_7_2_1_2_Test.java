package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.client.DuplicateMatch_7_2_1_1_Test.inTheStore;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CAROL;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CLOCK;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.MessageUid;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.Multipart;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.dialog.Dialog;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.UdpPeer;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/// 7.2.1.2, what follows the INVITE: the client on real sockets, against a recipient that does what
/// the test says.
class LargeTransfer_7_2_1_2_Test {

    private static final String COMPLETED = "SIP;cause=200;text=\"Call completed\"";
    private static final String FAILED = "SIP;cause=480;text=\"Transmission Failed\"";
    private static final byte[] NOISE = noise(50_000);
    private static final OutgoingMessage PICTURE = picture(NOISE).build();

    private ScriptedRecipient bob;

    @BeforeEach
    void openRecipient() throws Exception {
        bob = new ScriptedRecipient();
    }

    @AfterEach
    void closeRecipient() {
        bob.close();
    }

    private static byte[] noise(int octets) {
        var noise = new byte[octets];
        new Random(octets).nextBytes(noise);
        return noise;
    }

    private static OutgoingMessage.Builder picture(byte[] content) {
        return OutgoingMessage.of(Payload.of(MediaType.of("image", "jpeg"), Octets.of(content)))
                .to(BOB);
    }

    private CpmClient.Builder alice() {
        return CpmClient.builder(SETTINGS, bob.hop(TransportProtocol.TCP));
    }

    private SipRequest nextOf(Method method) throws InterruptedException {
        var request = bob.sip.next();
        assertThat(request.method()).isEqualTo(method);
        return request;
    }

    private SipRequest nextBye() throws InterruptedException {
        nextOf(Method.INVITE);
        return nextOf(Method.BYE);
    }

    @Clause({
        "7.2.1.2/20",
        "7.2.1.3/size",
        "7.2.1.2/200.B",
        "7.2.1.2/200.C",
        "7.2.1.2/200.D",
        "7.2.1.2/200.G",
        "7.2.1.2/200.H",
        "7.2.1.2/200.I",
        "7.2.1.2/sent.1",
        "7.2.1.2/sent.2"
    })
    @Test
    void aLargeMessageGoesOverMsrpAndEndsWithAByeOfCompletion() throws Exception {
        try (var alice = alice().start()) {
            var result = alice.send(PICTURE);

            assertThat(result.isSuccess()).isTrue();
            assertThat(result.mode()).isEqualTo(Mode.LARGE);
            var invite = nextOf(Method.INVITE);
            assertThat(bob.sip.nextAck().callId()).isEqualTo(invite.callId());
            assertThat(nextOf(Method.BYE).header("Reason")).contains(COMPLETED);
            var cpim = CpimMessage.parse(bob.content(), Limits.DEFAULT);
            assertThat(cpim.content().body()).isEqualTo(Octets.of(NOISE));
            assertThat(invite.header("Contribution-ID"))
                    .contains(result.contributionId().toString());
            assertThat(bob.content().utf8()).contains(result.imdnMessageId());
        }
    }

    @Clause({"7.2.1.2/200.H.1", "7.2.1.2/200.H.2", "7.2.1.2/200.H.3"})
    @Test
    void aChunkNamesThePathOfTheAnswerAndIsCpimWithTheTypeOfThePayloadInside() throws Exception {
        try (var alice = alice().start()) {
            alice.send(PICTURE);

            var chunk = bob.chunks.take();
            assertThat(chunk.fields().toPath()).containsExactly(bob.media().localPath());
            assertThat(chunk.contentType()).contains("message/cpim");
            assertThat(bob.content().utf8()).contains("\r\n\r\nContent-Type: image/jpeg\r\n\r\n");
        }
    }

    @Clause("7.2.1.2/200.H.chunk")
    @ParameterizedTest
    @ValueSource(ints = {500, 2048, 10_000})
    void noChunkIsLargerThanConfigured(int octets) throws Exception { // reading 60
        var settings = LargeMessageSettings.DEFAULT.withChunkOctets(octets);
        try (var alice = alice().large(settings).start()) {
            assertThat(alice.send(PICTURE).isSuccess()).isTrue();

            int size = bob.content().length();
            assertThat(bob.sizes()).hasSize((size + octets - 1) / octets).contains(octets);
            assertThat(bob.sizes()).allMatch(chunk -> chunk <= octets);
        }
    }

    @Clause("7.2.1.2/200.H.chunk")
    @Test
    void withoutAChunkSizeItIsOneInterruptibleChunk() throws Exception { // reading 60
        var settings = LargeMessageSettings.DEFAULT.withChunkOctets(0);
        try (var alice = alice().large(settings).start()) {
            assertThat(alice.send(PICTURE).isSuccess()).isTrue();

            assertThat(bob.sizes()).hasSize(1);
            assertThat(bob.chunks.take().byteRange().end()).isEqualTo(-1);
        }
    }

    /// An MSRP peer of the bare kind.
    @Clause("7.2.1.2/200.F")
    @Test
    void anEmptySendBindsTheSessionBeforeAnyContent() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var alice = alice().start()) {
            var address = HostPort.parse("127.0.0.1:" + server.getLocalPort());
            bob.description =
                    media ->
                            new MessageMedia(
                                    false,
                                    address,
                                    List.of("msrp://" + address + "/bare;tcp"),
                                    media.setup(),
                                    media.acceptTypes(),
                                    media.acceptWrappedTypes(),
                                    media.fileSelector(),
                                    media.cema(),
                                    media.maxSize(),
                                    media.direction());
            var transfer = alice.begin(PICTURE, TransferListener.SILENT);
            try (var connection = server.accept()) {
                var first = read(connection.getInputStream());
                var lines = List.of(first.split("\r\n", -1));
                var id = lines.getFirst().split(" ", -1)[1];

                assertThat(lines.getFirst()).endsWith(" SEND");
                assertThat(first).contains("To-Path: msrp://" + address + "/bare;tcp\r\n");
                assertThat(first).doesNotContain("Content-Type").endsWith("-------" + id + "$\r\n");
                assertThat(connection.getInputStream().available()).isZero();
                var from = first.replaceAll("(?s).*From-Path: (\\S+).*", "$1");
                var ok =
                        "MSRP %s 200 OK\r\nTo-Path: %s\r\nFrom-Path: msrp://%s/bare;tcp\r\n-------%s$\r\n"
                                .formatted(id, from, address, id);
                connection.getOutputStream().write(ok.getBytes(StandardCharsets.UTF_8));
                assertThat(read(connection.getInputStream()))
                        .contains("Content-Type: message/cpim");
            }
            assertThat(transfer.await().isSuccess()).isFalse();
        }
    }

    /// Up to an end line.
    private static String read(InputStream in) throws Exception {
        var text = new StringBuilder();
        while (!text.toString().matches("(?s).*-------\\S+[$+#]\r\n")) {
            int octet = in.read();
            assertThat(octet).isNotEqualTo(-1);
            text.append((char) octet);
        }
        return text.toString();
    }

    @Clause("7.2.1.2/200.E")
    @Test
    void theConnectionGoesToTheAddressOfTheDescriptionNotOfThePath() throws Exception { // RFC 6714
        bob.description =
                media -> {
                    var session = bob.media().localPath().sessionId();
                    var elsewhere = "msrp://192.0.2.1:9/" + session + ";tcp";
                    return new MessageMedia(
                            false,
                            media.address(),
                            List.of(elsewhere),
                            media.setup(),
                            media.acceptTypes(),
                            media.acceptWrappedTypes(),
                            media.fileSelector(),
                            true,
                            media.maxSize(),
                            media.direction());
                };
        try (var alice = alice().start()) {
            assertThat(alice.send(PICTURE).explanation()).isEqualTo("200 Call completed");
        }
    }

    @Clause({"7.2.1.2/200.C", "7.2.1.2/200.D"})
    @Test
    void aRecipientThatWantsToConnectMayDoSo() throws Exception { // reading 57
        bob.description = media -> media.withSetup(Setup.ACTIVE);
        try (var alice = alice().start()) {
            assertThat(alice.send(PICTURE).explanation()).isEqualTo("200 Call completed");

            assertThat(nextBye().header("Reason")).contains(COMPLETED);
            assertThat(CpimMessage.parse(bob.content(), Limits.DEFAULT).content().body())
                    .isEqualTo(Octets.of(NOISE));
        }
    }

    @Test
    void whoTakesNoMessageOfThisSizeIsSentNothingOfIt() throws Exception { // reading 86
        bob.description = media -> media.withMaxSize(1_000);
        try (var alice = alice().start()) {
            var transfer = alice.begin(PICTURE, TransferListener.SILENT);

            assertThat(transfer.await().explanation())
                    .isEqualTo(
                            "480 Transmission Failed: the other side takes 1000 octets, these are "
                                    + transfer.size());
            assertThat(nextBye().header("Reason")).contains(FAILED);
            assertThat(bob.chunks).isEmpty();
        }
    }

    @Clause({"7.2.1.2/sent.3", "7.2.1.2/sent.3.use"})
    @Test
    void theMessageUidIsReadFromTheAnswerToTheBye() throws Exception {
        bob.byeAnswer = bye -> bye.answer(200).header("Message-UID", "4711");
        try (var alice = alice().start()) {
            var result = alice.send(PICTURE);

            assertThat(result.messageUid()).contains(new MessageUid(4711));
            var handled = List.of(result.handled());
            assertThat(MessageCorrelation.find(handled, withUidOnly("Default/" + BOB, 4711)))
                    .contains(result.handled());
            assertThat(MessageCorrelation.find(handled, withUidOnly("Default/" + BOB, 4712)))
                    .isEmpty();
            assertThat(MessageCorrelation.find(handled, withUidOnly("Default/" + CAROL, 4711)))
                    .isEmpty();
        }
    }

    private static StoredMessage withUidOnly(String folder, long uid) {
        return new StoredMessage(
                folder,
                new MessageUid(uid),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// Found by its identifiers in its folder, and neither in another one nor under another
    /// Contribution-ID.
    private static void assertFoundIn(String folder, HandledMessage handled, HandledMessage other) {
        var sent = List.of(handled);
        assertThat(handled.messageUid()).isEmpty();
        assertThat(MessageCorrelation.find(sent, inTheStore(handled, folder, 1))).contains(handled);
        assertThat(MessageCorrelation.find(sent, inTheStore(handled, "Default/" + CAROL, 1)))
                .isEmpty();
        assertThat(MessageCorrelation.find(sent, inTheStore(other, folder, 1))).isEmpty();
    }

    @Clause({"7.2.1.2/sent.4", "7.2.1.2/sent.4.a", "7.2.1.2/sent.4.b"})
    @Test
    void withoutMessageUidTheIdentifiersTellDuplicatesInTheStore() throws Exception {
        try (var alice = alice().start()) {
            var handled = alice.send(PICTURE).handled();

            assertFoundIn("Default/" + BOB, handled, otherContribution(handled));
        }
    }

    private static HandledMessage otherContribution(HandledMessage handled) {
        return new HandledMessage(
                true,
                handled.party(),
                handled.conversationId(),
                new ContributionId("another"),
                handled.inReplyTo(),
                handled.imdnMessageId(),
                handled.payloadType(),
                handled.messageUid());
    }

    @Clause({"7.2.1.2/sent.4.a.group", "7.2.1.2/sent.4.b"})
    @Test
    void aMessageToManyLiesInTheFolderOfItsConversation() throws Exception { // reading 39
        bob.sip.script(request ->
                request.method().equals(Method.INVITE)
                        ? bob.answerToInvite(withOfferOnly(request))
                        : request.answer(200));
        try (var alice = alice().start()) {
            var handled = alice.send(picture(NOISE).toMany(List.of(BOB, CAROL)).build()).handled();

            assertFoundIn(
                    "Default/" + handled.conversationId().value(),
                    handled,
                    otherContribution(handled));
        }
    }

    @Clause("7.2.1.2/sent.4")
    @Test
    void aMessageWhoseByeIsNotAnsweredWithSuccessHasArrivedAllTheSame() throws Exception {
        bob.byeAnswer = bye -> bye.answer(500).header("Message-UID", "4711");
        try (var alice = alice().start()) {
            var result = alice.send(PICTURE);

            assertThat(result.isSuccess()).isTrue();
            assertThat(result.messageUid()).isEmpty();
        }
    }

    @Clause("7.2.1.2/sent.4.lost")
    @Test
    void aMessageWhoseByeIsNeverAnsweredIsFoundByItsIdentifiers() throws Exception {
        bob.byeAnswer =
                bye -> {
                    Thread.startVirtualThread(bob.sip::close); // and with it the connection
                    return bye.answer(100);
                };
        try (var alice = alice().start()) {
            var result = alice.send(PICTURE);

            assertThat(result.isSuccess()).isTrue();
            assertFoundIn("Default/" + BOB, result.handled(), otherContribution(result.handled()));
        }
    }

    @Clause({"7.2.1.2/non2xx.A", "7.2.1.2/non2xx.B"})
    @Test
    void aRefusalIsAcknowledgedAndTold() throws Exception {
        try (var peer = new UdpPeer();
                var alice =
                        CpmClient.builder(
                                        SETTINGS,
                                        new Hop(
                                                TransportProtocol.UDP,
                                                peer.address(),
                                                Hop.Size.ANY))
                                .start()) {
            var transfer = alice.begin(PICTURE, TransferListener.SILENT);
            var invite = peer.takeRequest();
            peer.answer(invite, 486);

            var ack = peer.takeRequest();
            while (ack.method().equals(Method.INVITE)) { // sent again before the refusal came
                ack = peer.takeRequest();
            }
            assertThat(ack.method()).isEqualTo(Method.ACK);
            assertThat(ack.callId()).isEqualTo(invite.callId());
            var result = transfer.await();
            assertThat(result.isSuccess()).isFalse();
            assertThat(result.explanation()).isEqualTo("486 Busy Here");
        }
    }

    @Clause("7.2.1.2/non2xx.B")
    @Test
    void aRefusalByTheNetworkIsToldInTheWordsOfItsWarning() throws Exception {
        bob.sip.script(request ->
                request.answer(403).header("Warning", "399 pf.example \"133 Size exceeded\""));
        try (var alice = alice().start()) {
            var result = alice.send(PICTURE);

            assertThat(result.warning()).contains(CpmWarning.SIZE_EXCEEDED);
            assertThat(bob.chunks).isEmpty();
        }
    }

    @Clause({"7.2.1.2/msrperr.1", "7.2.1.2/msrperr.2", "7.2.1.2/msrperr.3", "7.2.1.2/msrperr.user"})
    @ParameterizedTest
    @ValueSource(ints = {403, 413, 415, 481, 501})
    void aChunkThatIsRefusedEndsItAllAndTheUserIsTold(int status) throws Exception { // P14
        bob.answering = (chunk, _) -> chunk.respond(status);
        try (var alice = alice().start()) {
            var result = alice.send(picture(noise(2_000_000)).build());

            assertThat(result.isSuccess()).isFalse();
            assertThat(result.status()).isEqualTo(480);
            assertThat(result.explanation()).contains("Transmission Failed: " + status);
            assertThat(nextBye().header("Reason")).contains(FAILED);
            assertThat(bob.content().length()).isLessThan(2_000_000);
        }
    }

    @Clause({"7.2.1.2/msrperr.3.release", "7.2.1.2/sent.2.release"})
    @ParameterizedTest
    @ValueSource(ints = {200, 413})
    void theConnectionIsThereUntilTheByeIsAnswered(int status) throws Exception {
        var openAtTheBye = new CopyOnWriteArrayList<Boolean>();
        bob.answering = (chunk, _) -> chunk.respond(status);
        bob.byeAnswer =
                bye -> {
                    openAtTheBye.add(bob.media().isBound());
                    return bye.answer(200);
                };
        try (var alice = alice().start()) {
            alice.send(PICTURE);

            assertThat(openAtTheBye).containsExactly(true);
            await().until(() -> !bob.media().isBound());
        }
    }

    @Clause({"7.2.1.2/msrperr.2", "7.2.1.2/msrperr.user"})
    @Test
    void aConnectionThatEndsInTheMiddleIsAFailureToo() throws Exception {
        bob.answering =
                (chunk, _) -> {
                    if (chunk.byteRange().start() > 10_000) {
                        bob.media().close();
                    } else {
                        chunk.respond(200);
                    }
                };
        try (var alice = alice().start()) {
            var result = alice.send(PICTURE);

            assertThat(result.status()).isEqualTo(480);
            assertThat(nextBye().header("Reason")).contains(FAILED);
        }
    }

    @Clause("7.2.1.2/cancel")
    @Test
    void whileItIsNotAnsweredItCanBeCancelled() throws Exception {
        bob.sip.script(request -> request.answer(180));
        try (var alice = alice().start()) {
            var transfer = alice.begin(PICTURE, TransferListener.SILENT);
            var invite = bob.sip.nextTransaction();
            transfer.cancel();

            assertThat(bob.sip.nextCancel().request().callId())
                    .isEqualTo(invite.request().callId());
            invite.respond(invite.request().answer(487).build());
            var result = transfer.await();
            assertThat(result.status()).isEqualTo(487);
            assertThat(result.explanation()).contains("cancelled");
            assertThat(bob.chunks).isEmpty();
        }
    }

    @Clause("7.2.1.2/cancel.late")
    @Test
    void afterTheAnswerItIsAbortedInstead() throws Exception {
        var begun = new CountDownLatch(1);
        bob.answering = (_, _) -> begun.countDown(); // nothing is acknowledged
        try (var alice = alice().start()) {
            var transfer = alice.begin(picture(noise(2_000_000)).build(), TransferListener.SILENT);
            begun.await();
            transfer.cancel();

            assertThat(transfer.await().status()).isEqualTo(487);
            assertThat(nextBye().header("Reason")).contains(FAILED);
            assertThat(bob.content().length()).isLessThan(2_000_000);
        }
    }

    @Test
    void aByeInTheMiddleEndsItAndTheUserIsTold() throws Exception { // reading 67
        bob.answering = (_, _) -> {}; // nothing is acknowledged
        try (var alice = alice().start()) {
            var transfer = alice.begin(PICTURE, TransferListener.SILENT);
            var invite = bob.sip.nextTransaction();
            bob.sip.nextAck();
            bob.chunks.take();
            var answer = invite.lastFinal().orElseThrow();
            var tag = answer.to().tag().orElseThrow();
            var bye =
                    Dialog.ofCallee(invite.request(), tag)
                            .confirm()
                            .nextLocal()
                            .request(Method.BYE)
                            .header("Reason", FAILED)
                            .build();

            assertThat(bob.sip.send(bye, alice.listening().getFirst()).status()).isEqualTo(200);
            var result = transfer.await();
            assertThat(result.status()).isEqualTo(480);
            assertThat(result.explanation()).contains("cause=480");
        }
    }

    @Test
    void anAnswerThatCannotBeUsedIsAcknowledgedAndEnded() throws Exception {
        for (var unusable :
                List.<UnaryOperator<MessageMedia>>of(
                        media -> media.withTypes(List.of("text/plain"), List.of()),
                        media -> media.withTypes(List.of("message/cpim"), List.of("text/plain")),
                        media -> media.withMaxSize(1000),
                        media -> media.withSetup(Setup.ACTPASS))) {
            bob.description = unusable;
            try (var alice = alice().start()) {
                var result = alice.send(PICTURE);

                assertThat(result.status()).isEqualTo(480);
                bob.sip.nextAck();
                assertThat(nextBye().header("Reason")).contains(FAILED);
            }
        }
        bob.success = answer -> answer.body("application/sdp", Octets.utf8("v=1\r\n"));
        try (var alice = alice().start()) {
            assertThat(alice.send(PICTURE).explanation()).contains("the answer cannot be used");
            assertThat(nextBye().header("Reason")).contains(FAILED);
        }
        assertThat(bob.chunks).isEmpty();
    }

    @Test
    void aChallengeIsAnswered() throws Exception {
        var account = new Account("home.example", "alice", "secret");
        bob.sip.script(request ->
                request.method().equals(Method.INVITE)
                                && request.header("Proxy-Authorization").isEmpty()
                        ? request.answer(407)
                                .header(
                                        "Proxy-Authenticate",
                                        "Digest realm=\"home.example\", nonce=\"n\", qop=\"auth\"")
                        : request.method().equals(Method.INVITE)
                                ? bob.answerToInvite(request)
                                : request.answer(200));
        try (var alice = alice().account(account).start()) {
            assertThat(alice.send(PICTURE).explanation()).isEqualTo("200 Call completed");
            nextOf(Method.INVITE);
            assertThat(nextOf(Method.INVITE).cseq().number()).isEqualTo(2);
        }
    }

    @Test
    void progressGrowsUntilAllIsAcknowledged() throws Exception {
        var heard = new ArrayList<Long>();
        try (var alice = alice().start()) {
            var transfer = alice.begin(PICTURE, (acknowledged, _) -> heard.add(acknowledged));
            transfer.await();

            assertThat(heard).isSorted().hasSizeGreaterThan(2);
            assertThat(heard.getLast()).isEqualTo(transfer.size());
            assertThat(transfer.acknowledged()).isEqualTo(transfer.size()).isGreaterThan(50_000);
        }
    }

    @Clause({"7.2.1.2/200.G", "7.2.1.2/200.H"})
    @Test
    void theContentOfAFileIsReadWhileItIsSent(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("holiday photo.jpg"), noise(3_000_000));
        var message = OutgoingMessage.file(MediaType.of("image", "jpeg"), file).to(BOB).build();
        try (var alice = alice().start()) {
            assertThat(alice.send(message).isSuccess()).isTrue();

            var cpim = CpimMessage.parse(bob.content(), Limits.DEFAULT);
            assertThat(cpim.content().body()).isEqualTo(Octets.of(noise(3_000_000)));
            assertThat(cpim.content().disposition().orElseThrow().parameters().value("filename"))
                    .contains("holiday photo.jpg");
        }
    }

    @Test
    void aFileThatBecomesShorterMeanwhileIsAFailure(@TempDir Path folder) throws Exception {
        var file = Files.write(folder.resolve("a.jpg"), noise(200_000));
        var message = OutgoingMessage.file(MediaType.of("image", "jpeg"), file).to(BOB).build();
        Files.write(file, noise(100_000));
        try (var alice = alice().start()) {
            assertThat(alice.send(message).isSuccess()).isFalse();
            assertThat(nextBye().header("Reason")).contains(FAILED);
        }
    }

    @Clause("7.2.1.2/12.c")
    @Test
    void oneToManyIsOneSessionWithTheExploder() throws Exception {
        bob.sip.script(request ->
                request.method().equals(Method.INVITE)
                        ? bob.answerToInvite(withOfferOnly(request))
                        : request.answer(200));
        try (var alice = alice().start()) {
            var message = picture(NOISE).toMany(List.of(BOB, CAROL)).build();

            assertThat(alice.send(message).isSuccess()).isTrue();
            assertThat(nextOf(Method.INVITE).requestUri())
                    .isEqualTo(PagerMode_7_2_1_1_Test.EXPLODER);
        }
    }

    private static SipRequest withOfferOnly(SipRequest request) {
        var type = MediaType.parse(request.header("Content-Type").orElseThrow());
        var parts = Multipart.parse(type, request.body(), Limits.DEFAULT).parts();
        return request.toBuilder().body("application/sdp", parts.getFirst().body()).build();
    }

    @Clause("7.2.1.2/200.A")
    @Test
    void theSessionIsRefreshedByTheValueOfTheAnswer() throws Exception { // RFC 4028
        var timers = new ManualTimers();
        var settings = LargeMessageSettings.DEFAULT;
        bob.success =
                answer ->
                        answer.header("Session-Expires", "300;refresher=uac")
                                .header("Require", "timer")
                                .header("Allow", "INVITE, ACK, BYE, UPDATE");
        bob.answering = (_, _) -> {}; // it takes its time
        var hop = bob.hop(TransportProtocol.TCP);
        var plan =
                new Endpoint.Plan(
                        hop, List.of(), null, Duration.ofHours(1), true, settings.sessions("x"));
        var endpoint = Endpoint.open(plan, _ -> {}, timers);
        try (var msrp = settings.open(endpoint.local(), false)) {
            var tokens = Tokens.secure();
            var sending =
                    new LargeSending(
                            new LargeMessageMode(SETTINGS, CLOCK, tokens),
                            settings,
                            Limits.DEFAULT,
                            endpoint.dialogs(),
                            new Exchange(endpoint.transactions(), hop, null),
                            msrp,
                            hop,
                            Contacts.of(endpoint, SETTINGS, "urn:uuid:1"));
            var draft = new Drafting(SETTINGS, CLOCK, tokens).draft(PICTURE);
            var transfer = sending.begin(draft, TransferListener.SILENT);
            nextOf(Method.INVITE);
            bob.sip.nextAck();
            bob.chunks.take();

            timers.advance(Duration.ofSeconds(149));
            assertThat(bob.sip.hasMore()).isFalse();
            timers.advance(Duration.ofSeconds(1));
            assertThat(nextOf(Method.UPDATE).header("Session-Expires").orElseThrow())
                    .startsWith("300");
            transfer.cancel();
            transfer.await();
        } finally {
            endpoint.transactions().close();
        }
    }
}
