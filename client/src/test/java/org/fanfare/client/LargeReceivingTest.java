package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.ALICE;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.msrp.ContentSource;
import org.fanfare.msrp.Continuation;
import org.fanfare.msrp.FailureReport;
import org.fanfare.msrp.IncomingChunk;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpReceiver;
import org.fanfare.msrp.MsrpSession;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.msrp.OutgoingContent;
import org.fanfare.msrp.Report;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.Dialog;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/// The client as the recipient of large messages: a scripted network invites it.
class LargeReceivingTest {

    private static final Uri USER = Uri.parse(ALICE);
    private static final MediaType JPEG = MediaType.of("image", "jpeg");

    @TempDir private Path folder;

    /// What a listener saw while it had the message.
    private record Seen(ReceivedMessage message, Octets content, List<Path> files) {}

    private final BlockingQueue<Seen> messages = new LinkedBlockingQueue<>();
    private ScriptedPeer network;
    private MsrpEndpoint msrp;
    private MsrpSession media;

    @BeforeEach
    void openNetwork() throws Exception {
        network = ScriptedPeer.answering(200);
        msrp = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start();
        media = msrp.open(MsrpReceiver.REFUSING);
    }

    @AfterEach
    void closeNetwork() {
        network.close();
        msrp.close();
    }

    private LargeMessageSettings settings() {
        return LargeMessageSettings.DEFAULT.withFolder(folder);
    }

    private CpmClient.Builder client(LargeMessageSettings settings) {
        return CpmClient.builder(
                        ClientSettings.of(NameAddress.of(USER)), network.hop(TransportProtocol.TCP))
                .large(settings)
                .onMessage(message -> messages.add(new Seen(message, message.content(), files())));
    }

    private List<Path> files() {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Hop hop(CpmClient client) {
        var point = client.listening().getFirst();
        return new Hop(point.protocol(), point.address(), Hop.Size.ANY);
    }

    private Seen next() throws InterruptedException {
        var seen = messages.poll(10, TimeUnit.SECONDS);
        assertThat(seen).isNotNull();
        return seen;
    }

    private static byte[] noise(int octets) {
        var noise = new byte[octets];
        new Random(octets).nextBytes(noise);
        return noise;
    }

    private static Octets cpim(MimeEntity content) {
        var cpim = CpimMessage.builder().from(CpimAddress.of(BOB)).to(CpimAddress.of(USER));
        DispositionRequest.of("imdn-1", Set.of(DispositionNotification.POSITIVE_DELIVERY))
                .addTo(cpim);
        return cpim.content(content).build().toOctets();
    }

    private static Octets picture(int octets) {
        return cpim(Payload.of(JPEG, Octets.of(noise(octets))));
    }

    private MessageMedia offer(long size) {
        var path = media.localPath();
        return MessageMedia.at(false, path.hostPort(), List.of(path.toString()))
                .withDirection(Direction.SENDONLY)
                .withTypes(List.of("message/cpim"), List.of("*"))
                .withFileSelector(FileSelector.ofSize(size))
                .withSetup(Setup.ACTPASS)
                .withCema(true);
    }

    private static SipRequest.Builder invite() {
        return Requests.start(Method.INVITE, USER, NameAddress.of(BOB), USER, Tokens.secure())
                .header("P-Asserted-Identity", "<" + BOB + ">")
                .header("Contact", "<sip:pf@127.0.0.1>")
                .header("Conversation-ID", "conv-1")
                .header("Contribution-ID", "cont-1");
    }

    private static SipRequest invite(MessageMedia offer) {
        return invite().body(
                        "application/sdp",
                        offer.describe(new Origin("-", 1, 1, "127.0.0.1")).toOctets())
                .build();
    }

    /// A session whose INVITE was answered 200 and acknowledged.
    private final class Call {

        private final CpmClient client;
        private final MessageMedia answer;
        private final Dialog dialog;

        Call(CpmClient client, MessageMedia offer) throws Exception {
            this.client = client;
            var invite = invite(offer);
            var response = network.send(invite, hop(client));
            assertThat(response.status()).isEqualTo(200);
            answer = MessageMedia.of(SessionDescription.parse(response.body(), Limits.DEFAULT));
            dialog = Dialog.ofCaller(invite, response);
            network.sendAck(dialog.ack(invite), hop(client));
        }

        List<MsrpUri> path() {
            return answer.path().stream().map(MsrpUri::parse).toList();
        }

        org.fanfare.msrp.SendResult send(String type, Octets content) throws IOException {
            if (answer.setup() == Setup.ACTIVE) {
                media.expect(path());
                media.awaitBound(Duration.ofSeconds(10));
            } else {
                media.connect(path());
            }
            return media.send(OutgoingContent.of(media.newMessageId(), type, content));
        }

        SipResponse bye() throws InterruptedException {
            return network.send(dialog.nextLocal().request(Method.BYE).build(), hop(client));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLargeMessageIsTakenAndShownAndItsDeliveryReported(boolean active) throws Exception {
        var content = picture(5000);
        try (var alice = client(settings().withActive(active)).start()) {
            var call = new Call(alice, offer(content.length()));
            assertThat(call.answer.setup()).isEqualTo(active ? Setup.ACTIVE : Setup.PASSIVE);
            assertThat(call.answer.direction()).isEqualTo(Direction.RECVONLY);
            assertThat(call.answer.announcedSize()).isEqualTo(content.length());
            assertThat(call.answer.cema()).isTrue();

            assertThat(call.send("message/cpim", content).isComplete()).isTrue();

            var seen = next();
            assertThat(seen.content()).isEqualTo(Octets.of(noise(5000)));
            assertThat(seen.files()).isEmpty();
            assertThat(seen.message().mode()).isEqualTo(Mode.LARGE);
            assertThat(seen.message().size()).isEqualTo(5000);
            assertThat(seen.message().originator()).contains(BOB);
            assertThat(seen.message().contributionId().orElseThrow()).hasToString("cont-1");
            assertThat(seen.message().answered()).isPresent();
            var report = network.next();
            assertThat(report.method()).isEqualTo(Method.MESSAGE);
            assertThat(report.body().utf8()).contains("imdn-1").contains("<delivered/>");
            assertThat(call.bye().status()).isEqualTo(200);
        }
    }

    @Test
    void aLongOneIsInAFileUntilTheListenerReturns() throws Exception {
        var content = picture(500_000);
        try (var alice = client(settings().withMemoryOctets(100_000)).start()) {
            var call = new Call(alice, offer(content.length()));
            assertThat(call.send("message/cpim", content).isComplete()).isTrue();

            var seen = next();
            assertThat(seen.content()).isEqualTo(Octets.of(noise(500_000)));
            assertThat(seen.message().size()).isEqualTo(500_000);
            assertThat(seen.message().contentType()).isEqualTo(JPEG);
            assertThat(seen.files()).hasSize(1);
            await().until(() -> files().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1})
    void theMemoryIsUsedUpToItsLimit(int more) throws Exception {
        var content = picture(5000);
        int limit = content.length() + more;
        try (var alice = client(settings().withMemoryOctets(limit)).start()) {
            new Call(alice, offer(content.length())).send("message/cpim", content);

            assertThat(next().files()).hasSize(more < 0 ? 1 : 0);
        }
    }

    @Test
    void contentInBase64IsGivenAsItWasMeant() throws Exception {
        var encoded =
                MimeEntity.builder()
                        .contentType(JPEG)
                        .header("Content-Transfer-Encoding", "base64")
                        .body(Octets.of(java.util.Base64.getMimeEncoder().encode(noise(30_000))))
                        .build();
        for (int memory : List.of(10_000, 100_000)) {
            try (var alice = client(settings().withMemoryOctets(memory)).start()) {
                var content = cpim(encoded);
                new Call(alice, offer(content.length())).send("message/cpim", content);

                assertThat(next().content()).isEqualTo(Octets.of(noise(30_000)));
            }
            media = msrp.open(MsrpReceiver.REFUSING);
        }
    }

    @Test
    void theSameMessageIsShownOnce() throws Exception { // reliability 3.6
        var content = picture(2000);
        try (var alice = client(settings()).start()) {
            new Call(alice, offer(content.length())).send("message/cpim", content);
            next();
            network.next();
            media = msrp.open(MsrpReceiver.REFUSING);
            new Call(alice, offer(content.length())).send("message/cpim", content);

            network.next(); // reported again, and thus handled
            assertThat(messages).isEmpty();
        }
    }

    private SipResponse refusalOf(SipRequest invite, CpmClient.Builder client) throws Exception {
        try (var alice = client.start()) {
            return network.send(invite, hop(alice));
        }
    }

    @Test
    void whatBringsNoMessageIsRefused() throws Exception {
        var offer = offer(5000);
        for (var bad :
                List.<UnaryOperator<MessageMedia>>of(
                        media -> media.withTypes(List.of("text/plain"), List.of()),
                        media -> media.withDirection(Direction.RECVONLY),
                        media -> media.withDirection(Direction.INACTIVE),
                        media -> media.withFileSelector(FileSelector.ofSize(10_001)))) {
            var refusal =
                    refusalOf(
                            invite(bad.apply(offer)), client(settings().withMessageOctets(10_000)));

            assertThat(refusal.status()).isEqualTo(488);
            assertThat(refusal.header("Warning").orElseThrow()).startsWith("399 client \"");
        }
    }

    @Test
    void theLongestMessageThatIsTakenIsTaken() throws Exception { // B14
        var content = picture(5000);
        try (var alice = client(settings().withMessageOctets(content.length())).start()) {
            var call = new Call(alice, offer(content.length()));

            assertThat(call.send("message/cpim", content).isComplete()).isTrue();
        }
    }

    @Test
    void aMessageLongerThanAnnouncedAndAllowedIsStopped() throws Exception { // P8
        var content = picture(5000);
        try (var alice = client(settings().withMessageOctets(content.length() - 1)).start()) {
            var call = new Call(alice, offer(100));

            var sent = call.send("message/cpim", content);
            assertThat(sent.status()).isEqualTo(413);
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void anInviteWithoutAnOfferIsRefused() throws Exception {
        assertThat(refusalOf(invite().build(), client(settings())).status()).isEqualTo(488);
        assertThat(
                        refusalOf(
                                        invite().body("text/plain", Octets.utf8("hi")).build(),
                                        client(settings()))
                                .status())
                .isEqualTo(488);
        assertThat(
                        refusalOf(
                                        invite().body("application/sdp", Octets.utf8("hi\r\n"))
                                                .build(),
                                        client(settings()))
                                .status())
                .isEqualTo(400);
    }

    @Test
    void contentOfAnotherKindIsRefusedByWhatIsAnnouncedOrByWhatComes() throws Exception {
        var jpeg = offer(5000).withTypes(List.of("message/cpim"), List.of("image/jpeg"));
        var texts = client(settings()).accepting(type -> type.is(MediaType.TEXT_PLAIN));

        assertThat(refusalOf(invite(jpeg), texts).status()).isEqualTo(488);
        try (var alice = texts.start()) {
            var call = new Call(alice, offer(5000));
            assertThat(call.send("message/cpim", picture(5000)).status()).isEqualTo(415);
        }
        assertThat(messages).isEmpty();
    }

    @Test
    void whatIsNoCpimMessageIsRefused() throws Exception {
        try (var alice = client(settings()).start()) {
            assertThat(
                            new Call(alice, offer(9))
                                    .send("text/plain", Octets.utf8("Hello Bob"))
                                    .status())
                    .isEqualTo(415);
            media = msrp.open(MsrpReceiver.REFUSING);
            assertThat(
                            new Call(alice, offer(9))
                                    .send("message/cpim", Octets.utf8("Hello Bob"))
                                    .status())
                    .isEqualTo(400);
        }
        assertThat(messages).isEmpty();
    }

    @Test
    void oneSessionBringsOneMessage() throws Exception {
        var content = picture(2000);
        try (var alice = client(settings()).start()) {
            var call = new Call(alice, offer(content.length()));
            assertThat(call.send("message/cpim", content).isComplete()).isTrue();

            var again = OutgoingContent.of(media.newMessageId(), "message/cpim", content);
            assertThat(media.send(again).status()).isEqualTo(413);
        }
    }

    @Test
    void moreMessagesAtOnceThanAllowedAreBusy() throws Exception {
        try (var alice = client(settings().withMessages(1)).start()) {
            var first = new Call(alice, offer(5000));
            assertThat(network.send(invite(offer(5000)), hop(alice)).status()).isEqualTo(486);

            first.bye();
            await().until(() -> network.send(invite(offer(5000)), hop(alice)).status() == 200);
        }
    }

    @Test
    void aMessageCutInTheMiddleIsNobodysAndTheSessionIsEnded() throws Exception {
        var content = picture(500_000);
        try (var alice = client(settings().withMemoryOctets(1000)).start()) {
            var call = new Call(alice, offer(content.length()));
            media.connect(call.path());
            var begun = content.slice(0, 100_000).asByteBuffer();
            var source = ContentSource.of(begun);
            var cut =
                    OutgoingContent.of(
                            media.newMessageId(),
                            "message/cpim",
                            content.length(),
                            target -> {
                                int octets = source.read(target);
                                if (octets < 0) {
                                    await().until(() -> !files().isEmpty());
                                    throw new IOException("cut");
                                }
                                return octets;
                            });
            media.send(cut);
            media.close();

            var bye = network.next();
            assertThat(bye.method()).isEqualTo(Method.BYE);
            assertThat(bye.header("Reason").orElseThrow()).contains("cause=480");
            await().until(() -> files().isEmpty());
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void aByeInTheMiddleLeavesNothingBehind() throws Exception {
        var content = picture(500_000);
        try (var alice = client(settings().withMemoryOctets(1000)).start()) {
            var call = new Call(alice, offer(content.length()));
            media.connect(call.path());
            var source = ContentSource.of(content.slice(0, 100_000).asByteBuffer());
            var cut =
                    OutgoingContent.of(
                            media.newMessageId(),
                            "message/cpim",
                            content.length(),
                            target -> {
                                int octets = source.read(target);
                                if (octets < 0) {
                                    await().until(() -> !files().isEmpty());
                                    hangUp(call);
                                    throw new IOException("ended");
                                }
                                return octets;
                            });
            assertThat(media.send(cut).isComplete()).isFalse();

            await().until(() -> files().isEmpty());
            assertThat(messages).isEmpty();
        }
    }

    private static void hangUp(Call call) {
        try {
            assertThat(call.bye().status()).isEqualTo(200);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSenderWhoNeverConnectsIsHungUpOn() throws Exception {
        try (var alice = new Slow(offer(5000))) {
            alice.timers.advance(settings().begunWithin());

            var bye = network.next();
            assertThat(bye.method()).isEqualTo(Method.BYE);
            assertThat(bye.header("Reason").orElseThrow()).contains("cause=480");
        }
    }

    /// A client whose clock the test holds.
    private final class Slow implements AutoCloseable {

        private final ManualTimers timers = new ManualTimers();
        private final BlockingQueue<ReceivedMessage> shown = new LinkedBlockingQueue<>();
        private final Endpoint endpoint;
        private final MsrpEndpoint own;
        private final Dialog dialog;
        private final List<MsrpUri> path;

        Slow(MessageMedia offer) throws Exception {
            var user = ClientSettings.of(NameAddress.of(USER));
            var hop = network.hop(TransportProtocol.TCP);
            var plan =
                    new Endpoint.Plan(
                            hop,
                            List.of(),
                            null,
                            Duration.ofHours(1),
                            true,
                            settings().sessions("x"));
            var receiving = new AtomicReference<LargeReceiving>();
            endpoint = Endpoint.open(plan, invite -> receiving.get().onInvite(invite), timers);
            own = settings().open(endpoint.local(), false);
            receiving.set(
                    new LargeReceiving(
                            user,
                            settings(),
                            Manners.of(settings()),
                            new LargeReceiving.Network(endpoint.dialogs(), own, hop, timers),
                            Contacts.of(endpoint, user, "urn:uuid:1"),
                            new LargeReceiving.Sink() {
                                @Override
                                public boolean accepts(MediaType type) {
                                    return true;
                                }

                                @Override
                                public void onMessage(ReceivedMessage message) {
                                    shown.add(message);
                                }
                            }));
            var point = endpoint.transactions().listening().getFirst();
            var to = new Hop(point.protocol(), point.address(), Hop.Size.ANY);
            var invite = invite(offer);
            var response = network.send(invite, to);
            dialog = Dialog.ofCaller(invite, response);
            network.sendAck(dialog.ack(invite), to);
            var answer = MessageMedia.of(SessionDescription.parse(response.body(), Limits.DEFAULT));
            path = answer.path().stream().map(MsrpUri::parse).toList();
            // The 200 is sent again until the ACK is seen, for which a BYE would have to wait. That
            // begins, with a lock held, after the 200 has left: not later than this is answered.
            var options = dialog.nextLocal().request(Method.OPTIONS).build();
            network.send(options, to);
            await().until(() ->
                    timers.waiting().stream()
                            .noneMatch(due -> due.compareTo(Duration.ofSeconds(1)) < 0));
        }

        @Override
        public void close() {
            endpoint.transactions().close();
            own.close();
        }
    }

    @Test
    void aSenderWhoDoesNotHangUpIsHungUpOn() throws Exception {
        var content = picture(5000);
        try (var alice = new Slow(offer(content.length()))) {
            media.connect(alice.path);
            media.send(OutgoingContent.of(media.newMessageId(), "message/cpim", content));
            alice.shown.take();

            alice.timers.advance(Duration.ofSeconds(31));
            assertThat(network.hasMore()).isFalse();
            alice.timers.advance(Duration.ofSeconds(1));
            var bye = network.next();
            assertThat(bye.method()).isEqualTo(Method.BYE);
            assertThat(bye.header("Reason").orElseThrow()).contains("cause=200");
        }
    }

    @Test
    void aSenderWhoConnectsAndSaysNothingIsHungUpOn() throws Exception {
        try (var alice = new Slow(offer(5000))) {
            media.connect(alice.path);

            alice.timers.advance(settings().begunWithin().minusSeconds(1));
            assertThat(network.hasMore()).isFalse();
            alice.timers.advance(Duration.ofSeconds(1));
            var bye = network.next();
            assertThat(bye.method()).isEqualTo(Method.BYE);
            assertThat(bye.header("Reason").orElseThrow()).contains("cause=480");
        }
    }

    @Test
    void aReportOfSuccessIsSentWhereItIsAskedFor() throws Exception { // RFC 4975 7.1.2
        var reports = new LinkedBlockingQueue<Report>();
        media =
                msrp.open(
                        new MsrpReceiver() {
                            @Override
                            public void onChunk(IncomingChunk chunk) {
                                chunk.respond(413);
                            }

                            @Override
                            public void onContent(IncomingChunk chunk, ByteBuffer octets) {}

                            @Override
                            public void onEnd(IncomingChunk chunk, Continuation continuation) {}

                            @Override
                            public void onReport(Report report) {
                                reports.add(report);
                            }
                        });
        var content = picture(5000);
        try (var alice = client(settings()).start()) {
            media.connect(new Call(alice, offer(content.length())).path());
            media.send(
                    OutgoingContent.of(media.newMessageId(), "message/cpim", content)
                            .withReports(FailureReport.YES, true));

            var report = reports.poll(10, TimeUnit.SECONDS);
            assertThat(report).isNotNull();
            assertThat(report.status()).isEqualTo(200);
            assertThat(report.byteRange().total()).isEqualTo(content.length());
        }
    }

    @Test
    void aMessageIsSavedUnderANewNameOnly() throws Exception {
        var content = picture(5000);
        try (var alice = client(settings()).start()) {
            new Call(alice, offer(content.length())).send("message/cpim", content);
            var message = next().message();
            var target = folder.resolve("picture.jpg");
            message.saveTo(target);

            assertThat(Files.readAllBytes(target)).isEqualTo(noise(5000));
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> message.saveTo(target)))
                    .isInstanceOf(java.nio.file.FileAlreadyExistsException.class);
        }
    }
}
