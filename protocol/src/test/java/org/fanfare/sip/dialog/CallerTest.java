package org.fanfare.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.UdpPeer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A caller against a peer that says what it likes (RFC 3261 9.1, 13.2, 14.1, 15, RFC 4028).
class CallerTest {

    private static final Duration T1 = Duration.ofMillis(500);

    private ManualTimers timers;
    private Agent alice;
    private UdpPeer peer;
    private Agent.Told told;

    @BeforeEach
    void start() throws Exception {
        timers = new ManualTimers();
        alice = new Agent(timers);
        peer = new UdpPeer();
        told = new Agent.Told();
    }

    @AfterEach
    void stop() throws Exception {
        alice.close();
        peer.close();
    }

    private Hop hop() {
        return new Hop(TransportProtocol.UDP, peer.address(), Hop.Size.ANY);
    }

    private OutgoingSession call(SipRequest.Builder invite) {
        return alice.dialogs.invite(invite.build(), hop(), told);
    }

    private SipRequest take(Method method) throws Exception {
        var request = peer.takeRequest();
        assertThat(request.method()).isEqualTo(method);
        return request;
    }

    private SipResponse.Builder ok(SipRequest invite, String tag) {
        return invite.answer(200)
                .toTag(tag)
                .header("Contact", "<sip:" + tag + "@far.example>")
                .body("application/sdp", Agent.sdp("bob", 1));
    }

    private void send(SipResponse.Builder response) throws Exception {
        peer.send(response.build().encoded(), peer.source());
    }

    private SipRequest answered(String... fields) throws Exception {
        var invite = take(Method.INVITE);
        var answer = ok(invite, "b");
        for (var field : fields) {
            int colon = field.indexOf(':');
            answer.header(field.substring(0, colon), field.substring(colon + 2));
        }
        send(answer);
        take(Method.ACK);
        Agent.take(told.answered);
        return invite;
    }

    private SessionEnd end() throws Exception {
        return Agent.take(told.ended);
    }

    @Clause("7.2.1.2/200.B")
    @Test
    void everyOther2xxIsAcknowledgedAgain() throws Exception {
        var session = call(alice.invite());
        var invite = take(Method.INVITE);
        var success =
                ok(invite, "b").header("Record-Route", "<sip:p2.example;lr>, <sip:p1.example;lr>");

        send(success);
        var first = take(Method.ACK);
        send(success);
        var second = take(Method.ACK);

        assertThat(first.requestUri()).hasToString("sip:b@far.example");
        assertThat(first.headers().all("Route"))
                .containsExactly("<sip:p1.example;lr>", "<sip:p2.example;lr>");
        assertThat(first.to().tag()).contains("b");
        assertThat(first.cseq().number()).isEqualTo(invite.cseq().number());
        assertThat(first.topBranch()).isNotEqualTo(invite.topBranch());
        assertThat(second.cseq()).isEqualTo(first.cseq());
        assertThat(Agent.take(told.answered).status()).isEqualTo(200);
        assertThat(told.answered).isEmpty();
        assertThat(session.isOpen()).isTrue();
    }

    @Clause("7.2.1.2/cancel")
    @Test
    void aCancelWaitsForAProvisionalResponse() throws Exception {
        var session = call(alice.invite());
        var invite = take(Method.INVITE);

        session.cancel();
        assertThat(peer.drain()).isZero();
        peer.answer(invite, 180);
        var cancel = take(Method.CANCEL);
        peer.answer(cancel, 200);
        peer.answer(invite, 487);
        take(Method.ACK);

        assertThat(end()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(alice.dialogs.sessions()).isZero();
    }

    @Test
    void a2xxThatCrossesTheCancelIsAcknowledgedAndEnded() throws Exception {
        var session = call(alice.invite());
        var invite = take(Method.INVITE);
        peer.answer(invite, 180);
        Agent.take(told.provisional);

        session.cancel();
        take(Method.CANCEL);
        send(ok(invite, "b"));

        take(Method.ACK);
        assertThat(take(Method.BYE).requestUri()).hasToString("sip:b@far.example");
        assertThat(end()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(told.answered).isEmpty();
    }

    @Test
    void a2xxOfAnotherBranchIsAcknowledgedAndEnded() throws Exception {
        var session = call(alice.invite());
        var invite = take(Method.INVITE);
        send(ok(invite, "one"));
        take(Method.ACK);

        send(ok(invite, "two"));

        assertThat(take(Method.ACK).to().tag()).contains("two");
        var bye = take(Method.BYE);
        assertThat(bye.to().tag()).contains("two");
        assertThat(bye.cseq().number()).isEqualTo(2);
        assertThat(session.isOpen()).isTrue();
        assertThat(session.dialog().orElseThrow().id().remoteTag()).isEqualTo("one");
    }

    @Test
    void afterTheGuardTimeItIsCancelled() throws Exception {
        call(alice.invite());
        var invite = take(Method.INVITE);
        peer.answer(invite, 180);
        Agent.take(told.provisional);

        timers.advance(DialogSettings.DEFAULT.guard());
        take(Method.CANCEL);
        peer.answer(invite, 487);

        assertThat(end()).isInstanceOf(SessionEnd.NoAnswer.class);
    }

    @Test
    void anInviteWhoseCancelBringsNothingIsForgotten() throws Exception { // 9.1
        var session = call(alice.invite());
        var invite = take(Method.INVITE);
        peer.answer(invite, 180);
        Agent.take(told.provisional);
        session.cancel();
        peer.answer(take(Method.CANCEL), 200);

        timers.advance(T1.multipliedBy(64));

        assertThat(end()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(alice.transactions.openClientTransactions()).isZero();
    }

    @Test
    void withoutAnyResponseThereIsNoAnswer() throws Exception {
        call(alice.invite());
        take(Method.INVITE);

        timers.advance(T1.multipliedBy(64));

        assertThat(end()).isInstanceOf(SessionEnd.NoAnswer.class);
    }

    @Clause("7.2.1.2/non2xx.A")
    @Test
    void aRefusalIsTold() throws Exception {
        call(alice.invite());
        peer.answer(take(Method.INVITE), 486);

        take(Method.ACK);
        assertThat(end())
                .isInstanceOfSatisfying(
                        SessionEnd.Refused.class,
                        refused -> assertThat(refused.response().status()).isEqualTo(486));
        assertThat(alice.dialogs.sessions()).isZero();
    }

    @Test
    void anIntervalThatIsTooSmallIsAskedForAgainLonger() throws Exception { // RFC 4028 7.4
        call(alice.invite().header("Session-Expires", "90;refresher=uac"));
        var invite = take(Method.INVITE);
        send(invite.answer(422).toTag("b").header("Min-SE", "300"));
        take(Method.ACK);

        var again = take(Method.INVITE);

        assertThat(again.cseq().number()).isEqualTo(2);
        assertThat(again.callId()).isEqualTo(invite.callId());
        assertThat(again.header("Session-Expires")).contains("300;refresher=uac");
        assertThat(again.header("Min-SE")).contains("300");
    }

    @Test
    void aChallengedInviteIsSentAgainWithCredentials() throws Exception {
        call(alice.invite());
        peer.answer(take(Method.INVITE), 401);
        take(Method.ACK);

        var again = take(Method.INVITE);
        send(ok(again, "b"));

        assertThat(again.header("Authorization")).contains("Digest proof");
        assertThat(again.cseq().number()).isEqualTo(2);
        assertThat(take(Method.ACK).header("Authorization")).contains("Digest proof");
    }

    @Test
    void aByeHasTheFieldsItIsGivenAndItsAnswerIsHandedOver() throws Exception {
        var session = call(alice.invite());
        answered();

        var answer = session.bye(List.of());
        var bye = take(Method.BYE);
        peer.answer(bye, 200);

        assertThat(bye.cseq().number()).isEqualTo(2);
        assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        assertThat(end()).isInstanceOf(SessionEnd.ByeSent.class);
    }

    @Test
    void whoListenedIsLetGoWithTheEndAndA2xxStillAcknowledged() throws Exception { // RFC 6026 7.2
        var session = call(alice.invite());
        var invite = answered();
        session.end(List.of());
        peer.send(take(Method.BYE).answer(200).build().encoded(), peer.source());
        assertThat(end()).isInstanceOf(SessionEnd.ByeSent.class);
        var listened = new WeakReference<>(told);
        told = new Agent.Told();

        send(ok(invite, "b"));

        take(Method.ACK);
        await().until(() -> {
            System.gc();
            return listened.get() == null;
        });
        assertThat(session.isOpen()).isFalse();
    }

    @Clause("8.2.1.1/8.B.d.i")
    @Test
    void aSessionIsRefreshedByUpdateWhereThatIsAllowed() throws Exception { // RFC 4028 10
        call(alice.invite().header("Session-Expires", "600;refresher=uac"));
        answered("Session-Expires: 600;refresher=uac", "Allow: INVITE, UPDATE");

        timers.advance(Duration.ofMinutes(5));
        var update = take(Method.UPDATE);
        assertThat(update.header("Session-Expires")).contains("600;refresher=uac");
        assertThat(update.body().isEmpty()).isTrue();
        send(update.answer(200).header("Session-Expires", "200;refresher=uac"));
        Agent.take(told.refreshed);

        timers.advance(Duration.ofSeconds(100));
        take(Method.UPDATE);
    }

    @Test
    void aSessionIsRefreshedByTheSameOfferWhereUpdateIsNot() throws Exception {
        call(alice.invite().header("Session-Expires", "600;refresher=uac"));
        answered("Session-Expires: 600;refresher=uac");

        timers.advance(Duration.ofMinutes(5));
        var again = take(Method.INVITE);
        assertThat(again.body()).isEqualTo(Agent.sdp("alice", 1));
        send(ok(again, "b").header("Session-Expires", "600;refresher=uac"));

        assertThat(take(Method.ACK).cseq().number()).isEqualTo(2);
        Agent.take(told.refreshed);
    }

    @Test
    void aReinviteThatMeetsOursIsRefusedWith491() throws Exception { // 14.2
        call(alice.invite().header("Session-Expires", "600;refresher=uac"));
        var invite = answered("Session-Expires: 600;refresher=uac");
        timers.advance(Duration.ofMinutes(5));
        take(Method.INVITE);

        peer.send(
                CalleeTest.fromCallee(invite, Method.INVITE, 1, "b", peer).encoded(),
                alice.udp().address());

        assertThat(peer.takeResponse().status()).isEqualTo(491);
    }

    @Test
    void after491TheRefreshIsTriedAgain() throws Exception { // 14.1
        call(alice.invite().header("Session-Expires", "600;refresher=uac"));
        answered("Session-Expires: 600;refresher=uac", "Allow: UPDATE");
        timers.advance(Duration.ofMinutes(5));
        var refused = take(Method.UPDATE);
        peer.answer(refused, 491);
        // The transaction has no timer any more, and the session has one.
        await().until(() ->
                alice.transactions.openClientTransactions() == 0
                        && timers.waiting().stream()
                                .anyMatch(due -> due.compareTo(Duration.ofSeconds(5)) < 0));

        timers.advance(Duration.ofSeconds(4));

        assertThat(take(Method.UPDATE).cseq().number()).isGreaterThan(refused.cseq().number());
    }

    @Clause("8.2.1.1/8.B.d.i")
    @Test
    void aSessionThatIsNotRefreshedExpires() throws Exception { // RFC 4028 10
        call(alice.invite().header("Session-Expires", "600"));
        answered("Session-Expires: 600;refresher=uas");

        timers.advance(Duration.ofSeconds(567));
        assertThat(peer.drain()).isZero();
        timers.advance(Duration.ofSeconds(1));

        assertThat(take(Method.BYE).header("Reason")).isPresent();
        timers.advance(T1.multipliedBy(64));
        assertThat(end()).isInstanceOf(SessionEnd.Expired.class);
    }

    @Test
    void aRefreshThatFindsNoDialogEndsTheSession() throws Exception {
        call(alice.invite().header("Session-Expires", "600;refresher=uac"));
        answered("Session-Expires: 600;refresher=uac", "Allow: UPDATE");
        timers.advance(Duration.ofMinutes(5));
        peer.answer(take(Method.UPDATE), 481);

        peer.answer(take(Method.BYE), 481);

        assertThat(end()).isInstanceOf(SessionEnd.Expired.class);
    }
}
