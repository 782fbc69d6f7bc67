package org.fanfare.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Set;

/// Sessions through the embedded core (RFC 3261 16), with phones and a Participating Function on
/// sockets of their own.
class CallTest {

    private static final String EXPLODER = "sip:exploder@home.example";

    private EmbeddedCore core;
    private ScriptedPeer participatingFunction;
    private Phone alice;
    private Phone bob;

    @BeforeEach
    void start() throws Exception {
        core =
                new EmbeddedCore(
                        CoreSettings.lab("home.example")
                                .withExploderUris(Set.of(Uri.parse(EXPLODER))));
        core.start();
        participatingFunction = ScriptedPeer.answering(200);
        core.participatingFunction(participatingFunction.hop(TransportProtocol.UDP));
        alice = phone("alice").registered();
        bob = phone("bob").registered();
    }

    @AfterEach
    void stop() {
        alice.close();
        bob.close();
        participatingFunction.close();
        core.close();
    }

    private Phone phone(String user) throws Exception {
        return new Phone("sip:" + user + "@home.example", 200, core, TransportProtocol.UDP);
    }

    private Hop service() {
        return core.serviceHop(TransportProtocol.UDP);
    }

    private String contactOfFunction() {
        var port = participatingFunction.hop(TransportProtocol.UDP).address().getPort();
        return "<sip:pf@127.0.0.1:" + port + ">";
    }

    private static SipResponse.Builder ok(SipRequest invite, String contact) {
        return invite.answer(200)
                .toTag("callee")
                .copy(invite, "Record-Route")
                .header("Contact", contact);
    }

    private static void answersInDialog(ScriptedPeer peer) {
        peer.script(request -> request.answer(200));
    }

    /// A request in the dialog, of the one who called.
    private static SipRequest ofCaller(Method method, int cseq, SipResponse answered) {
        var request =
                SipRequest.builder(method, contact(answered.header("Contact").orElseThrow()))
                        .header("Max-Forwards", "70")
                        .header("From", answered.header("From").orElseThrow())
                        .header("To", answered.header("To").orElseThrow())
                        .header("Call-ID", answered.callId())
                        .header("CSeq", cseq + " " + method);
        answered.recordRoutes().reversed().forEach(route -> request.header("Route", route));
        return request.build();
    }

    /// A request in the dialog, of the one who was called.
    private static SipRequest ofCallee(Method method, SipRequest invite) {
        var request =
                SipRequest.builder(method, contact(invite.header("Contact").orElseThrow()))
                        .header("Max-Forwards", "70")
                        .header("From", invite.header("To").orElseThrow() + ";tag=callee")
                        .header("To", invite.header("From").orElseThrow())
                        .header("Call-ID", invite.callId())
                        .header("CSeq", "1 " + method);
        invite.recordRoutes().forEach(route -> request.header("Route", route));
        return request.build();
    }

    private static Uri contact(String value) {
        return NameAddress.parse(value).uri();
    }

    @Test
    void aSessionWithTheExploderStaysWithTheParticipatingFunction() throws Exception {
        participatingFunction.script(invite -> ok(invite, contactOfFunction()));
        var invite =
                alice.request(Method.INVITE, EXPLODER).header("Contact", alice.contact()).build();

        var answered = alice.peer().send(invite, alice.coreHop());

        assertThat(answered.status()).isEqualTo(200);
        var received = participatingFunction.next();
        assertThat(received.requestUri()).hasToString(EXPLODER);
        assertThat(received.header("P-Asserted-Identity")).contains("<sip:alice@home.example>");
        assertThat(received.recordRoutes()).hasSize(1);

        alice.peer().sendAck(ofCaller(Method.ACK, 1, answered), alice.coreHop());
        assertThat(participatingFunction.nextAck().requestUri())
                .isEqualTo(contact(contactOfFunction()));

        answersInDialog(participatingFunction);
        assertThat(
                        alice.peer()
                                .send(ofCaller(Method.UPDATE, 2, answered), alice.coreHop())
                                .status())
                .isEqualTo(200);
        assertThat(participatingFunction.next().header("P-Asserted-Identity"))
                .contains("<sip:alice@home.example>");

        var bye = ofCallee(Method.BYE, received);
        assertThat(participatingFunction.send(bye, service()).status()).isEqualTo(200);
        assertThat(alice.peer().next().requestUri()).isEqualTo(contact(alice.contact()));
    }

    @Test
    void theParticipatingFunctionHasSessionsWithPhones() throws Exception {
        bob.peer().script(invite -> ok(invite, bob.contact()));
        var invite =
                alice.request(Method.INVITE, "sip:bob@home.example")
                        .header("Contact", contactOfFunction())
                        .header("P-Asserted-Identity", "<sip:alice@home.example>")
                        .build();

        var answered = participatingFunction.send(invite, service());

        assertThat(answered.status()).isEqualTo(200);
        var received = bob.peer().next();
        assertThat(received.header("P-Asserted-Identity")).contains("<sip:alice@home.example>");
        participatingFunction.sendAck(ofCaller(Method.ACK, 1, answered), service());
        assertThat(bob.peer().nextAck().requestUri()).isEqualTo(contact(bob.contact()));

        answersInDialog(bob.peer());
        for (var method : new Method[] {Method.UPDATE, Method.INVITE}) {
            var refresh =
                    ofCaller(method, method.equals(Method.UPDATE) ? 2 : 3, answered).toBuilder()
                            .header("Contact", contactOfFunction())
                            .build();
            assertThat(participatingFunction.send(refresh, service()).status()).isEqualTo(200);
            assertThat(bob.peer().next().method()).isEqualTo(method);
        }

        var bye = ofCallee(Method.BYE, received);
        assertThat(bob.peer().send(bye, bob.coreHop()).status()).isEqualTo(200);
        var ended = participatingFunction.next();
        assertThat(ended.method()).isEqualTo(Method.BYE);
        assertThat(ended.header("P-Asserted-Identity")).contains("<sip:bob@home.example>");
    }

    @Test
    void theFirstOfSeveralPhonesToAnswerHasTheSessionAndTheOthersStopRinging() throws Exception {
        try (var tablet = phone("bob").registered()) {
            bob.peer().script(request -> request.answer(180).toTag("b"));
            tablet.peer().script(request -> request.answer(180).toTag("t"));
            var invite =
                    alice.request(Method.INVITE, "sip:bob@home.example")
                            .header("Contact", alice.contact())
                            .build();
            var call = alice.peer().start(invite, alice.coreHop());
            var ringing = bob.peer().nextTransaction();
            var onTablet = tablet.peer().nextTransaction();

            onTablet.respond(ok(onTablet.request(), tablet.contact()).build());

            assertThat(call.answer().to().tag()).contains("callee");
            bob.peer().nextCancel();
            ringing.respond(ringing.request().answer(487).toTag("b").build());
            // Our own answer again, as long as there is no ACK.
            onTablet.respond(ok(onTablet.request(), tablet.contact()).build());
            assertThat(call.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aRouteToTheFunctionIsWorthNothingOutsideOfADialog() throws Exception {
        var port = alice.coreHop().address().getPort();
        var message =
                alice.message("sip:bob@home.example")
                        .header("Route", "<sip:service@127.0.0.1:" + port + ";lr>");

        assertThat(alice.send(message).status()).isEqualTo(200);
        bob.peer().next();
        assertThat(participatingFunction.hasMore()).isFalse();
    }

    @Test
    void anInviteOfCpmGoesToTheFunctionWhereItServesAllSenders() throws Exception {
        var settings = CoreSettings.lab("home.example").withAllOriginating(true);
        try (var other = new EmbeddedCore(settings)) {
            other.start();
            other.participatingFunction(participatingFunction.hop(TransportProtocol.UDP));
            try (var carol =
                    new Phone("sip:carol@home.example", 200, other, TransportProtocol.UDP)) {
                var icsi =
                        "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"";
                var invite =
                        carol.request(Method.INVITE, "sip:dave@home.example")
                                .header("Contact", carol.contact())
                                .header("Accept-Contact", icsi);

                assertThat(carol.send(invite).status()).isEqualTo(200);
                assertThat(participatingFunction.next().requestUri())
                        .hasToString("sip:dave@home.example");
            }
        }
    }
}
