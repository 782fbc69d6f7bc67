package org.fanfare.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.UdpPeer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// A callee against a peer that says what it likes (RFC 3261 9.2, 12.2.2, 13.3, 14.2, 15, RFC
/// 4028).
class CalleeTest {

    private static final Duration T1 = Duration.ofMillis(500);
    private static final AtomicInteger BRANCHES = new AtomicInteger();

    private ManualTimers timers;
    private Agent bob;
    private UdpPeer peer;
    private Agent.Told told;
    private SipRequest invite;
    private @Nullable IncomingSession held;

    @BeforeEach
    void start() throws Exception {
        timers = new ManualTimers();
        bob = new Agent(timers);
        peer = new UdpPeer();
        told = new Agent.Told();
        invite = Agent.invite("<sip:alice@127.0.0.1:" + peer.port() + ">").build();
    }

    @AfterEach
    void stop() throws Exception {
        bob.close();
        peer.close();
    }

    private static String via(UdpPeer peer) {
        return "SIP/2.0/UDP 127.0.0.1:"
                + peer.port()
                + ";branch=z9hG4bKcallee"
                + BRANCHES.incrementAndGet();
    }

    /// A request from the one who was called to the one who called.
    static SipRequest fromCallee(
            SipRequest invite, Method method, int cseq, String tag, UdpPeer peer) {
        return SipRequest.builder(method, invite.requestUri())
                .header("Via", via(peer))
                .header("Max-Forwards", "70")
                .header("From", invite.header("To").orElseThrow() + ";tag=" + tag)
                .header("To", invite.header("From").orElseThrow())
                .header("Call-ID", invite.callId())
                .header("CSeq", cseq + " " + method)
                .header("Contact", "<sip:moved@far.example>")
                .build();
    }

    private void send(SipRequest request) throws Exception {
        peer.send(request.encoded(), bob.udp().address());
    }

    private IncomingSession session() {
        return Objects.requireNonNull(held);
    }

    private void invites() throws Exception {
        invite = invite.toBuilder().prepend("Via", via(peer)).build();
        send(invite);
        var hop = new Hop(TransportProtocol.UDP, peer.address(), Hop.Size.ANY);
        var transaction = bob.takeRequest();
        held = bob.dialogs.incoming(transaction, hop, told).orElse(null);
        if (held != null) {
            held.provisional(transaction.request().answer(180));
            assertThat(peer.takeResponse().status()).isEqualTo(180);
        }
    }

    private SipResponse answered() throws Exception {
        invites();
        session()
                .answer(
                        session()
                                .invite()
                                .answer(200)
                                .header("Contact", bob.contact())
                                .body("application/sdp", Agent.sdp("bob", 1)));
        return peer.takeResponse();
    }

    private SipRequest.Builder inDialog(Method method, int cseq, SipResponse answered) {
        return SipRequest.builder(method, invite.requestUri())
                .header("Via", via(peer))
                .header("Max-Forwards", "70")
                .header("From", answered.header("From").orElseThrow())
                .header("To", answered.header("To").orElseThrow())
                .header("Call-ID", invite.callId())
                .header("CSeq", cseq + " " + method);
    }

    private SipResponse established() throws Exception {
        var answered = answered();
        send(inDialog(Method.ACK, 1, answered).build());
        Agent.take(told.acknowledged);
        return answered;
    }

    private SipResponse exchange(SipRequest.Builder request) throws Exception {
        send(request.build());
        return peer.takeResponse();
    }

    private SipRequest take(Method method) throws Exception {
        var request = peer.takeRequest();
        assertThat(request.method()).isEqualTo(method);
        return request;
    }

    @Test
    void the2xxHasWhatADialogNeeds() throws Exception { // 12.1.1
        invite =
                invite.toBuilder()
                        .header("Record-Route", "<sip:p1.example;lr>")
                        .header("Record-Route", "<sip:p2.example;lr>")
                        .build();

        var answer = established();

        assertThat(answer.headers().all("Record-Route"))
                .containsExactly("<sip:p1.example;lr>", "<sip:p2.example;lr>");
        assertThat(answer.to().tag()).isPresent();
        assertThat(answer.allow()).contains(Method.UPDATE);
        assertThat(answer.header("Session-Expires")).contains("1800;refresher=uas");
        assertThat(answer.require()).containsExactly("timer");
        session().end(List.of());
        var bye = take(Method.BYE);
        assertThat(bye.requestUri()).hasToString("sip:alice@127.0.0.1:" + peer.port());
        assertThat(bye.headers().all("Route"))
                .containsExactly("<sip:p1.example;lr>", "<sip:p2.example;lr>");
        assertThat(bye.from().tag()).isEqualTo(answer.to().tag());
    }

    @Test
    void the2xxIsSentAgainUntilItsAck() throws Exception { // 13.3.1.4
        var answer = answered();

        timers.advance(T1);
        assertThat(peer.takeResponse()).isEqualTo(answer);
        timers.advance(T1.multipliedBy(2));
        assertThat(peer.takeResponse()).isEqualTo(answer);
        send(inDialog(Method.ACK, 1, answer).build());
        Agent.take(told.acknowledged);

        timers.advance(Duration.ofSeconds(40));
        assertThat(peer.drain()).isZero();
        assertThat(session().isOpen()).isTrue();
    }

    @Test
    void withoutAckTheSessionIsEnded() throws Exception { // 13.3.1.4
        answered();

        timers.advance(T1.multipliedBy(64));

        for (var message = peer.take(); ; message = peer.take()) {
            if (message.ascii().startsWith("BYE")) {
                break;
            }
            assertThat(message.ascii()).startsWith("SIP/2.0 200");
        }
        timers.advance(T1.multipliedBy(64));
        assertThat(Agent.take(told.ended)).isInstanceOf(SessionEnd.Unacknowledged.class);
    }

    @Test
    void aByeWaitsForTheAck() throws Exception { // 15
        var answer = answered();

        session().end(List.of());
        assertThat(peer.drain()).isZero();
        send(inDialog(Method.ACK, 1, answer).build());

        take(Method.BYE);
    }

    @Test
    void anInviteThatIsCancelledBeforeItIsTakenIsAnswered487() throws Exception {
        invite = invite.toBuilder().prepend("Via", via(peer)).build();
        send(invite);
        var transaction = bob.takeRequest();
        send(cancel());
        assertThat(List.of(peer.takeResponse().status(), peer.takeResponse().status()))
                .containsExactlyInAnyOrder(200, 487);

        var hop = new Hop(TransportProtocol.UDP, peer.address(), Hop.Size.ANY);

        assertThat(bob.dialogs.incoming(transaction, hop, told)).isEmpty();
        assertThat(Agent.take(told.ended)).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(bob.dialogs.sessions()).isZero();
    }

    private SipRequest cancel() {
        return SipRequest.builder(Method.CANCEL, invite.requestUri())
                .copy(invite, "Via")
                .copy(invite, "From")
                .copy(invite, "To")
                .copy(invite, "Call-ID")
                .header("Max-Forwards", "70")
                .header("CSeq", "1 CANCEL")
                .build();
    }

    @Clause("8.2.1.2/cancel.1")
    @Test
    void aCancelledInviteIsAnswered487() throws Exception {
        invites();
        send(cancel());

        assertThat(List.of(peer.takeResponse().status(), peer.takeResponse().status()))
                .containsExactlyInAnyOrder(200, 487);
        assertThat(Agent.take(told.ended)).isInstanceOf(SessionEnd.Cancelled.class);
        session().answer(session().invite().answer(200).header("Contact", bob.contact()));
        assertThat(peer.drain()).isZero();
        assertThat(bob.dialogs.sessions()).isZero();
    }

    @Test
    void anIntervalThatIsTooSmallIsAnswered422() throws Exception { // RFC 4028 9
        invite = invite.toBuilder().header("Session-Expires", "30").build();
        invites();

        var answer = peer.takeResponse();

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Min-SE")).contains("90");
        assertThat(Agent.take(told.ended)).isInstanceOf(SessionEnd.Refused.class);
    }

    @Clause("8.2.1.2/bye.2")
    @Test
    void aByeIsAnsweredAndEndsIt() throws Exception {
        var answer = established();

        assertThat(exchange(inDialog(Method.BYE, 2, answer)).status()).isEqualTo(200);
        assertThat(Agent.take(told.ended)).isInstanceOf(SessionEnd.ByeReceived.class);
        assertThat(exchange(inDialog(Method.BYE, 3, answer)).status()).isEqualTo(481);
    }

    @Test
    void aReinviteWithTheSameOfferIsAnsweredWithTheSameAnswer() throws Exception { // 14.2
        var answer = established();
        var again =
                inDialog(Method.INVITE, 2, answer)
                        .header("Contact", "<sip:moved@far.example>")
                        .body("application/sdp", Agent.sdp("alice", 1));

        var refreshed = exchange(again);

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.body()).isEqualTo(Agent.sdp("bob", 1));
        timers.advance(T1);
        assertThat(peer.takeResponse().status()).as("again, without ACK").isEqualTo(200);
        send(inDialog(Method.ACK, 2, answer).build());
        Agent.take(told.refreshed);
        session().end(List.of());
        assertThat(take(Method.BYE).requestUri()).hasToString("sip:moved@far.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "UPDATE"})
    void anOfferWithAHigherVersionAndTheSameMediaRefreshesTheSession(String method) // RFC 3264 8
            throws Exception {
        var answer = established();

        var refreshed =
                exchange(
                        inDialog(Method.of(method), 2, answer)
                                .header("Contact", "<sip:alice@far.example>")
                                .body("application/sdp", Agent.sdp("alice", 2)));

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.body()).isEqualTo(Agent.sdp("bob", 1));
        assertThat(session().isOpen()).isTrue();
    }

    @Test
    void aReinviteWithAnotherOfferIsRefusedAndTheSessionStays() throws Exception {
        var answer = established();

        var refused =
                exchange(
                        inDialog(Method.INVITE, 2, answer)
                                .header("Contact", "<sip:alice@far.example>")
                                .body("application/sdp", Agent.sdpAt(10, "alice", 2)));

        assertThat(refused.status()).isEqualTo(488);
        assertThat(refused.warnings()).hasSize(1);
        assertThat(session().isOpen()).isTrue();
    }

    @Test
    void anUpdateRefreshesTheSession() throws Exception { // RFC 4028
        var answer = established();
        var update =
                inDialog(Method.UPDATE, 2, answer)
                        .header("Contact", "<sip:alice@far.example>")
                        .header("Supported", "timer")
                        .header("Session-Expires", "120;refresher=uac");

        var refreshed = exchange(update);

        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.header("Session-Expires")).contains("120;refresher=uac");
        assertThat(refreshed.body().isEmpty()).isTrue();
        Agent.take(told.refreshed);
        timers.advance(Duration.ofSeconds(88));
        take(Method.BYE);
    }

    @Test
    void whatComesOutOfOrderIsAnswered500() throws Exception { // 12.2.2
        var answer = established();

        assertThat(exchange(inDialog(Method.OPTIONS, 5, answer)).status()).isEqualTo(200);
        assertThat(exchange(inDialog(Method.BYE, 4, answer)).status()).isEqualTo(500);
        assertThat(session().isOpen()).isTrue();
    }

    @Test
    void whatHasNoMeaningInASessionIsAnswered405AndTheSessionStays() throws Exception {
        var answer = established();

        var refused = exchange(inDialog(Method.INFO, 5, answer));
        assertThat(refused.status()).isEqualTo(405);
        assertThat(refused.header("Allow")).isPresent();
        assertThat(session().isOpen()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVITE", "BYE", "UPDATE", "INFO", "PRACK"})
    void aDialogThatNobodyKnowsDoesNotExist(String method) throws Exception { // 12.2.2
        var request =
                invite.toBuilder()
                        .method(Method.of(method))
                        .prepend("Via", via(peer))
                        .set("CSeq", "2 " + method)
                        .set("To", "<sip:bob@home.example>;tag=nobody");

        assertThat(exchange(request).status()).isEqualTo(481);
        assertThat(bob.requests).isEmpty();
    }

    @Test
    void anExtensionThatIsUnknownIsRefused() throws Exception {
        var answer = established();

        var refused =
                exchange(
                        inDialog(Method.UPDATE, 2, answer)
                                .header("Contact", "<sip:alice@far.example>")
                                .header("Require", "precondition, timer"));

        assertThat(refused.status()).isEqualTo(420);
        assertThat(refused.header("Unsupported")).contains("precondition");
    }

    @Test
    void anUpdateBeforeTheAnswerHasNoOffer() throws Exception { // RFC 3311 5.2
        invites();
        var ringing =
                session()
                        .invite()
                        .answer(180)
                        .toTag(session().dialog().orElseThrow().id().localTag());
        var early = ringing.build();

        assertThat(
                        exchange(
                                        inDialog(Method.UPDATE, 2, early)
                                                .header("Contact", "<sip:alice@far.example>"))
                                .status())
                .isEqualTo(200);
        var refused =
                exchange(
                        inDialog(Method.UPDATE, 3, early)
                                .header("Contact", "<sip:alice@far.example>")
                                .body("application/sdp", Agent.sdp("alice", 1)));
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.header("Retry-After")).isPresent();
    }
}
