package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CAROL;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.MessageUid;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.Multipart;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The client on real sockets, against a scripted peer in the place of the network.
class CpmClientTest {

    private static final OutgoingMessage LUNCH =
            OutgoingMessage.text("Lunch at noon?").to(BOB).build();

    private final BlockingQueue<ReceivedMessage> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<DispositionReport> reports = new LinkedBlockingQueue<>();
    private ScriptedPeer network;

    @BeforeEach
    void openNetwork() throws Exception {
        network = ScriptedPeer.answering(200);
    }

    @AfterEach
    void closeNetwork() {
        network.close();
    }

    private CpmClient.Builder client(TransportProtocol protocol) {
        return CpmClient.builder(SETTINGS, network.hop(protocol))
                .onMessage(messages::add)
                .onReport(reports::add);
    }

    private CpmClient start() throws Exception {
        return client(TransportProtocol.UDP).start();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var element = queue.poll(10, TimeUnit.SECONDS);
        assertThat(element).isNotNull();
        return element;
    }

    private static ListenPoint udp(CpmClient client) {
        return client.listening().stream()
                .filter(point -> point.protocol() == TransportProtocol.UDP)
                .findFirst()
                .orElseThrow();
    }

    @Clause({"7.2.1.1/0", "7.2.1.1/17"})
    @ParameterizedTest
    @EnumSource(
            value = TransportProtocol.class,
            names = {"UDP", "TCP"})
    void aMessageIsSentToTheCoreAndItsAnswerRead(TransportProtocol protocol) throws Exception {
        try (var alice = client(protocol).start()) {
            var result = alice.send(LUNCH);

            var sent = network.next();
            assertThat(sent.topVia().transport()).isEqualTo(protocol.name());
            assertThat(sent.requestUri()).isEqualTo(BOB);
            assertThat(result.isSuccess()).isTrue();
            assertThat(sent.header("Contribution-ID")).contains(result.contributionId().value());
            assertThat(sent.header("Conversation-ID")).contains(result.conversationId().value());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 202, 299})
    void every2xxIsSuccess(int status) throws Exception { // reading 1
        network.script(request -> request.answer(status, "Fine"));
        try (var alice = start()) {
            assertThat(alice.send(LUNCH).isSuccess()).isTrue();
        }
    }

    @Clause({"7.2.1.1/18", "7.2.1.1/18.use"})
    @Test
    void theMessageUidOfTheAnswerIsGivenForTheCorrelationWithTheStore() throws Exception {
        network.script(request -> request.answer(200).header("Message-UID", "4711;folder=x"));
        try (var alice = start()) {
            var result = alice.send(LUNCH);

            assertThat(result.messageUid()).contains(new MessageUid(4711));
            assertThat(result.handled().party()).isEqualTo(new HandledMessage.Party.One(BOB));
            assertThat(result.handled().messageUid()).contains(new MessageUid(4711));
        }
    }

    @Clause({"7.2.1.1/19", "7.2.1.1/19.a.group"})
    @Test
    void withoutMessageUidTheIdentifiersAreGivenForTheSearchForDuplicates() throws Exception {
        try (var alice = start()) {
            var message = OutgoingMessage.text("Lunch?").toMany(List.of(BOB, CAROL)).build();
            var handled = alice.send(message).handled();

            assertThat(handled.messageUid()).isEmpty();
            assertThat(handled.party()).isEqualTo(new HandledMessage.Party.Group());
            var sent = network.next();
            assertThat(sent.header("Contribution-ID")).contains(handled.contributionId().value());
            assertThat(sent.body().utf8()).contains(handled.imdnMessageId().orElseThrow());
        }
    }

    @Test
    void anAnswerWithAWorthlessMessageUidIsAnAnswerWithoutOne() throws Exception {
        network.script(request -> request.answer(200).header("Message-UID", "none"));
        try (var alice = start()) {
            var result = alice.send(LUNCH);

            assertThat(result.isSuccess()).isTrue();
            assertThat(result.messageUid()).isEmpty();
        }
    }

    @Test
    void tooManyRecipientsAreNotShownAsBusy() throws Exception { // reading 47
        network.script(request ->
                request.answer(486)
                        .header("Warning", "399 pf.example \"102 Too many recipients\""));
        try (var alice = start()) {
            var result = alice.send(LUNCH);

            assertThat(result.isSuccess()).isFalse();
            assertThat(result.status()).isEqualTo(486);
            assertThat(result.warning()).contains(CpmWarning.TOO_MANY_RECIPIENTS);
            assertThat(result.explanation())
                    .isEqualTo("Too many recipients (486)")
                    .doesNotContainIgnoringCase("busy");
        }
    }

    @Test
    void anotherRefusalIsExplainedWithItsWarning() throws Exception {
        network.script(
                request -> request.answer(480).header("Warning", "399 h \"Message expired\""));
        try (var alice = start()) {
            assertThat(alice.send(LUNCH).explanation())
                    .isEqualTo("480 Temporarily Unavailable: Message expired");
        }
    }

    @Clause("7.2.1.1/19.lost")
    @Test
    void whereNobodyListensThereIsNoAnswerAndTheReasonIsSaid() throws Exception {
        try (var alice = client(TransportProtocol.TCP).start()) {
            network.close();

            var result = alice.send(LUNCH);

            assertThat(result.status()).isZero();
            assertThat(result.isSuccess()).isFalse();
            assertThat(result.explanation()).startsWith("cannot reach sip:127.0.0.1:");
            // it may have arrived all the same
            var stored =
                    DuplicateMatch_7_2_1_1_Test.inTheStore(result.handled(), "Default/" + BOB, 1);
            assertThat(MessageCorrelation.find(List.of(result.handled()), stored))
                    .contains(result.handled());
        }
    }

    private static SipRequest.Builder message(String from) {
        return Requests.start(
                Method.MESSAGE,
                Uri.parse(PagerMode_7_2_1_1_Test.ALICE),
                NameAddress.parse(from),
                Uri.parse(PagerMode_7_2_1_1_Test.ALICE),
                Tokens.secure());
    }

    /// A message from Bob as the network delivers it.
    private static SipRequest fromBob(OutgoingMessage.Builder message) {
        var bob = ClientSettings.of(NameAddress.of(BOB));
        var alice = Uri.parse(PagerMode_7_2_1_1_Test.ALICE);
        return PagerMode_7_2_1_1_Test.pagerMode(bob)
                .compose(message.to(alice).build())
                .request()
                .toBuilder()
                .remove("P-Preferred-Identity")
                .header("P-Asserted-Identity", "<" + BOB + ">")
                .set("Call-ID", Tokens.secure().callId())
                .build();
    }

    @Test
    void aMessageIsAnsweredWith200AndShown() throws Exception {
        try (var alice = start()) {
            var answer =
                    network.send(
                            fromBob(OutgoingMessage.text("Grüße").subject("Today")), udp(alice));

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().isEmpty()).isTrue(); // RFC 3428 7
            assertThat(answer.contacts()).isEmpty();
            assertThat(answer.header("Server")).contains("CPM-client/OMA2.2");
            var message = next(messages);
            assertThat(message.text()).contains("Grüße");
            assertThat(message.originator()).contains(BOB);
            assertThat(message.subject()).contains("Today");
            assertThat(message.contentType().is(MediaType.TEXT_PLAIN)).isTrue();
        }
    }

    @Test
    void aMessageThatComesTwiceIsShownOnceAndAnsweredTwice() throws Exception { // 3.6
        var request =
                fromBob(
                        OutgoingMessage.text("Hello")
                                .requesting(DispositionNotification.POSITIVE_DELIVERY));
        var again = request.toBuilder().set("Call-ID", "another").build();
        try (var alice = start()) {
            assertThat(network.send(request, udp(alice)).status()).isEqualTo(200);
            assertThat(network.send(again, udp(alice)).status()).isEqualTo(200);

            next(messages);
            assertThat(network.next().body().utf8()).contains("<delivered");
            assertThat(network.next().body().utf8()).contains("<delivered");
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void deliveryIsReportedToTheSipFromWhenAskedFor() throws Exception {
        var request =
                fromBob(
                        OutgoingMessage.text("Hello")
                                .requesting(
                                        DispositionNotification.POSITIVE_DELIVERY,
                                        DispositionNotification.DISPLAY));
        try (var alice = start()) {
            network.send(request, udp(alice));

            var report = network.next();
            assertThat(report.method()).isEqualTo(Method.MESSAGE);
            assertThat(report.requestUri()).isEqualTo(BOB);
            assertThat(report.to().uri()).isEqualTo(BOB);
            assertThat(report.header("Conversation-ID"))
                    .isEqualTo(request.header("Conversation-ID"));
            assertThat(report.header("Contribution-ID"))
                    .isPresent()
                    .isNotEqualTo(request.header("Contribution-ID"));
            var carrier = ReceivedMessage.of(report, SETTINGS.limits());
            assertThat(carrier.notifications())
                    .singleElement()
                    .satisfies(imdn -> {
                        assertThat(imdn.kind()).isEqualTo(Imdn.Kind.DELIVERY);
                        assertThat(imdn.status()).isEqualTo(Imdn.Status.DELIVERED);
                        assertThat(imdn.recipientUri()).isEqualTo(PagerMode_7_2_1_1_Test.ALICE);
                        assertThat(imdn.dateTime()).isEqualTo("2026-03-02T10:15:30.000Z");
                    });
            assertThat(carrier.dispositions().orElseThrow().wanted()).isEmpty();
            assertThat(network.hasMore()).isFalse();
        }
    }

    @Test
    void displayIsReportedOnceWhenTheUserHasSeenTheMessage() throws Exception {
        var request =
                fromBob(OutgoingMessage.text("Hi").requesting(DispositionNotification.DISPLAY));
        try (var alice = start()) {
            network.send(request, udp(alice));
            var message = next(messages);

            assertThat(alice.displayed(message)).isTrue();
            assertThat(network.next().body().utf8()).contains("<displayed");
            assertThat(alice.displayed(message)).isFalse();
            assertThat(network.hasMore()).isFalse();
        }
    }

    @Test
    void nothingIsReportedThatWasNotAskedFor() throws Exception {
        try (var alice = start()) {
            network.send(fromBob(OutgoingMessage.text("Hi")), udp(alice));

            assertThat(alice.displayed(next(messages))).isFalse();
            assertThat(network.hasMore()).isFalse();
        }
    }

    @Test
    void reportsMoveTheStateOfASentMessageForward() throws Exception {
        try (var alice = start()) {
            var result =
                    alice.send(
                            OutgoingMessage.text("Hi")
                                    .toMany(List.of(BOB, CAROL))
                                    .requesting(DispositionNotification.POSITIVE_DELIVERY)
                                    .build());
            var notice = deliveredTo(BOB);

            assertThat(network.send(notice, udp(alice)).status()).isEqualTo(200);

            assertThat(next(reports))
                    .isEqualTo(
                            new DispositionReport(
                                    result.imdnMessageId(),
                                    BOB,
                                    Disposition.NONE,
                                    Disposition.DELIVERED));
            assertThat(alice.reports().of(result.imdnMessageId(), BOB))
                    .isEqualTo(Disposition.DELIVERED);
            assertThat(alice.reports().of(result.imdnMessageId(), CAROL))
                    .isEqualTo(Disposition.NONE);
            assertThat(messages).as("a notification is no message").isEmpty();
            assertThat(network.hasMore()).as("none for a notification (A7)").isFalse();
        }
    }

    /// The notification of a recipient for what the network got last.
    private SipRequest deliveredTo(Uri recipient) throws InterruptedException {
        var copy = ReceivedMessage.of(copyFor(recipient, network.next()), SETTINGS.limits());
        return new DispositionNotices(
                        ClientSettings.of(NameAddress.of(recipient)),
                        PagerMode_7_2_1_1_Test.CLOCK,
                        Tokens.secure())
                .delivered(copy)
                .orElseThrow();
    }

    @Test
    void aReportIsTakenInBeforeItIsAnsweredAndOvertakenByNoLaterOne() throws Exception {
        try (var alice =
                CpmClient.builder(SETTINGS, network.hop(TransportProtocol.UDP))
                        .onReport(report -> {
                            LockSupport.parkNanos(100_000_000);
                            reports.add(report);
                        })
                        .start()) {
            alice.send(
                    OutgoingMessage.text("Hi")
                            .toMany(List.of(BOB, CAROL))
                            .requesting(DispositionNotification.POSITIVE_DELIVERY)
                            .build());

            network.send(deliveredTo(BOB), udp(alice));

            assertThat(reports).hasSize(1);
        }
    }

    @Test
    void anAggregatedNotificationMovesSeveralStatesForward() throws Exception { // references g.4
        var settings =
                SETTINGS.withProvisioning(
                        SETTINGS.provisioning()
                                .withExploderUri(Uri.parse("sip:many@home.example")));
        try (var alice =
                CpmClient.builder(settings, network.hop(TransportProtocol.UDP))
                        .onReport(reports::add)
                        .start()) {
            var id =
                    alice.send(OutgoingMessage.text("Hi").toMany(List.of(BOB, CAROL)).build())
                            .imdnMessageId();
            var imdns = List.of(delivered(id, BOB), failed(id, CAROL));
            var carrier =
                    Imdns.carry(
                            CpimAddress.of(Uri.parse("sip:many@home.example")),
                            CpimAddress.of(SETTINGS.from().uri()),
                            "n1",
                            PagerMode_7_2_1_1_Test.CLOCK.instant(),
                            imdns);
            var notice =
                    message("<sip:many@home.example>")
                            .body("message/cpim", carrier.build().toOctets());

            network.send(notice.build(), udp(alice));

            assertThat(List.of(next(reports).now(), next(reports).now()))
                    .containsExactly(Disposition.DELIVERED, Disposition.FAILED);
            assertThat(alice.reports().of(id, CAROL)).isEqualTo(Disposition.FAILED);
        }
    }

    private static Imdn delivered(String id, Uri recipient) {
        return new Imdn(
                id, "", recipient.toString(), "", Imdn.Kind.DELIVERY, Imdn.Status.DELIVERED);
    }

    private static Imdn failed(String id, Uri recipient) {
        return new Imdn(id, "", recipient.toString(), "", Imdn.Kind.DELIVERY, Imdn.Status.FAILED);
    }

    /// What the Participating Function would make of the request for this recipient.
    private static SipRequest copyFor(Uri recipient, SipRequest request) {
        var type = MediaType.parse(request.header("Content-Type").orElseThrow());
        var cpim = Multipart.parse(type, request.body(), SETTINGS.limits()).parts().get(1).body();
        return request.toBuilder()
                .requestUri(recipient)
                .remove("Require")
                .body("message/cpim", cpim)
                .build();
    }

    @Test
    void whatCannotBeReadIsAnsweredWith400() throws Exception { // B4
        try (var alice = start()) {
            var broken =
                    message("<sip:bob@home.example>")
                            .body("message/cpim", Octets.utf8("no header"))
                            .build();
            assertThat(network.send(broken, udp(alice)).status()).isEqualTo(400);
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void contentThatIsNotTakenIsAnsweredWith415() throws Exception {
        try (var alice =
                client(TransportProtocol.UDP)
                        .accepting(type -> type.is(MediaType.TEXT_PLAIN))
                        .start()) {
            var smil = Payload.of(MediaType.of("application", "smil"), Octets.utf8("<smil/>"));
            var answer = network.send(fromBob(OutgoingMessage.of(smil)), udp(alice));

            assertThat(answer.status()).isEqualTo(415);
            assertThat(answer.header("Accept")).isPresent();
            assertThat(messages).isEmpty();
        }
    }

    @Test
    void otherRequestsAreAnsweredAsTheyDeserve() throws Exception {
        try (var alice = start()) {
            var options =
                    message("<sip:bob@home.example>")
                            .method(Method.OPTIONS)
                            .set("CSeq", "1 OPTIONS")
                            .build();
            assertThat(network.send(options, udp(alice)).status()).isEqualTo(200);

            var subscribe =
                    message("<sip:bob@home.example>")
                            .method(Method.SUBSCRIBE)
                            .set("CSeq", "1 SUBSCRIBE")
                            .build();
            var refused = network.send(subscribe, udp(alice));
            assertThat(refused.status()).isEqualTo(405);
            assertThat(refused.header("Allow"))
                    .contains("MESSAGE, OPTIONS, INVITE, ACK, CANCEL, BYE, UPDATE");

            var demanding = message("<sip:bob@home.example>").header("Require", "time-travel");
            var unsupported = network.send(demanding.build(), udp(alice));
            assertThat(unsupported.status()).isEqualTo(420);
            assertThat(unsupported.header("Unsupported")).contains("time-travel");
        }
    }

    @Test
    void aMessageOfAnotherKindThanCpmIsShownToo() throws Exception {
        try (var alice = start()) {
            var plain =
                    message("\"Bob\" <sip:bob@home.example>")
                            .body(
                                    "text/plain;charset=ISO-8859-1",
                                    Octets.of(new byte[] {'G', 'r', (byte) 0xfc}))
                            .build();
            assertThat(network.send(plain, udp(alice)).status()).isEqualTo(200);

            var shown = next(messages);
            assertThat(shown.text()).contains("Grü");
            assertThat(shown.displayName()).isEqualTo("Bob");
            assertThat(shown.answered()).isEmpty();
        }
    }

    @Clause({"7.2.1.1/8.b", "7.2.1.1/12.else", "7.2.1.1/14"})
    @Test
    void aReceivedMessageIsRepliedTo() throws Exception {
        var request = fromBob(OutgoingMessage.text("Hi").replyTo(NameAddress.of(CAROL)));
        try (var alice = start()) {
            network.send(request, udp(alice));
            var answered = next(messages).answered().orElseThrow();

            alice.send(OutgoingMessage.text("Yes").inReplyTo(answered).build());

            var reply = network.next();
            assertThat(reply.requestUri()).isEqualTo(CAROL);
            assertThat(reply.header("Conversation-ID"))
                    .isEqualTo(request.header("Conversation-ID"));
            assertThat(reply.header("InReplyTo-Contribution-ID"))
                    .isEqualTo(request.header("Contribution-ID"));
        }
    }

    @Test
    void repliesOfTwoRecipientsAreTwoThreadsOfOneConversation() throws Exception { // a.1
        var first = ReceivedMessage.of(fromBob(OutgoingMessage.text("1")), SETTINGS.limits());
        var other =
                ReceivedMessage.of(
                        first.request().toBuilder()
                                .set("P-Asserted-Identity", "<" + CAROL + ">")
                                .build(),
                        SETTINGS.limits());

        assertThat(first.conversationId()).isEqualTo(other.conversationId());
        assertThat(first.thread()).isPresent().isNotEqualTo(other.thread());
    }

    @Test
    void registeringStatesWhatTheDeviceCanDoAndUnregisteringTakesItBack() throws Exception {
        network.script(request ->
                request.answer(200)
                        .header("Contact", request.header("Contact").orElseThrow())
                        .header("Expires", request.header("Expires").orElseThrow()));
        try (var alice =
                client(TransportProtocol.UDP).instance("urn:gsma:imei:35469106-056673-0").start()) {
            var state = alice.register(Duration.ofMinutes(10));

            assertThat(state.isRegistered()).isTrue();
            assertThat(state.expires()).isEqualTo(Duration.ofMinutes(10));
            var register = network.next();
            assertThat(register.method()).isEqualTo(Method.REGISTER);
            assertThat(register.requestUri()).isEqualTo(Uri.parse("sip:home.example"));
            assertThat(register.header("Contact").orElseThrow())
                    .startsWith("<sip:+4915100000001@127.0.0.1:" + udp(alice).address().getPort())
                    .contains("+sip.instance=\"<urn:gsma:imei:35469106-056673-0>\"")
                    .contains(
                            "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg,"
                                    + "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"");

            assertThat(alice.unregister().isRegistered()).isFalse();
            var removal = network.next();
            assertThat(removal.header("Expires")).contains("0");
            assertThat(removal.callId()).isEqualTo(register.callId());
            assertThat(removal.cseq().number()).isGreaterThan(register.cseq().number());
        }
    }

    @Test
    void aRegistrationThatIsTooBriefIsMadeLonger() throws Exception { // RFC 3261 10.2.8
        network.script(request ->
                request.expires().orElse(0) < 600
                        ? request.answer(423).header("Min-Expires", "600")
                        : request.answer(200).header("Expires", "600"));
        try (var alice = start()) {
            assertThat(alice.register(Duration.ofSeconds(60)).expires())
                    .isEqualTo(Duration.ofSeconds(600));
        }
    }

    @Test
    void aRegistrationIsRefreshedBeforeItEnds() throws Exception {
        network.script(request -> request.answer(200).header("Expires", "1"));
        try (var alice = start()) {
            alice.register(Duration.ofSeconds(1));

            var first = network.next();
            var second = network.next();
            assertThat(second.callId()).isEqualTo(first.callId());
            assertThat(second.cseq().number()).isGreaterThan(first.cseq().number());
        }
    }

    private static final String CHALLENGE =
            "Digest realm=\"home.example\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"";

    @Test
    void aChallengeOfTheOwnRealmIsAnswered() throws Exception {
        network.script(request ->
                request.header("Proxy-Authorization").isPresent()
                        ? request.answer(200)
                        : request.answer(407).header("Proxy-Authenticate", CHALLENGE));
        try (var alice =
                client(TransportProtocol.UDP)
                        .account(new Account("home.example", "alice", "secret"))
                        .start()) {
            assertThat(alice.send(LUNCH).isSuccess()).isTrue();

            var first = network.next();
            var second = network.next();
            assertThat(second.callId()).isEqualTo(first.callId());
            assertThat(second.cseq().number()).isEqualTo(2);
            assertThat(second.header("Proxy-Authorization").orElseThrow())
                    .contains("username=\"alice\"")
                    .doesNotContain("secret");
        }
    }

    @Test
    void aChallengeOfAnotherRealmIsNotAnsweredNorIsOneWithoutAnAccount() throws Exception { // I12
        var elsewhere = CHALLENGE.replace("home.example", "evil.example");
        network.script(request -> request.answer(407).header("Proxy-Authenticate", elsewhere));
        try (var alice =
                        client(TransportProtocol.UDP)
                                .account(new Account("home.example", "alice", "secret"))
                                .start();
                var nobody = start()) {
            assertThat(alice.send(LUNCH).status()).isEqualTo(407);
            assertThat(nobody.send(LUNCH).status()).isEqualTo(407);
            network.next();
            network.next();
            assertThat(network.hasMore()).isFalse();
        }
    }

    @Test
    void aWrongPasswordIsNotTriedForever() throws Exception {
        network.script(request -> request.answer(401).header("WWW-Authenticate", CHALLENGE));
        try (var alice =
                client(TransportProtocol.UDP)
                        .account(new Account("home.example", "alice", "wrong"))
                        .start()) {
            var state = alice.register(Duration.ofMinutes(10));

            assertThat(state.isRegistered()).isFalse();
            assertThat(state.status()).isEqualTo(401);
            network.next();
            network.next();
            assertThat(network.hasMore()).isFalse();
        }
    }
}
