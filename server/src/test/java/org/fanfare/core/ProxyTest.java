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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Set;

/// The embedded core as a proxy (RFC 3261 16), with users on sockets of their own.
class ProxyTest {

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
        participatingFunction = ScriptedPeer.answering(202);
        core.participatingFunction(participatingFunction.hop(TransportProtocol.UDP));
        alice = phone("alice", 200).registered();
        bob = phone("bob", 200).registered();
    }

    @AfterEach
    void stop() {
        List.of(alice, bob).forEach(Phone::close);
        participatingFunction.close();
        core.close();
    }

    private Phone phone(String user, int answer) throws Exception {
        return phone(user, answer, TransportProtocol.UDP);
    }

    private Phone phone(String user, int answer, TransportProtocol protocol) throws Exception {
        return new Phone("sip:" + user + "@home.example", answer, core, protocol);
    }

    private SipRequest.Builder toBob() {
        return alice.message("sip:bob@home.example");
    }

    @Test
    void aMessageReachesTheContactOfItsRecipient() throws Exception {
        var answer = alice.send(toBob());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.vias()).as("the core's Via is off again").hasSize(1);
        var received = bob.peer().next();
        assertThat(received.requestUri()).isEqualTo(NameAddress.parse(bob.contact()).uri());
        assertThat(received.to().uri()).hasToString("sip:bob@home.example");
        assertThat(received.header("Max-Forwards")).contains("69");
        assertThat(received.vias()).hasSize(2);
        assertThat(received.body().utf8()).isEqualTo("Hello");
        assertThat(alice.peer().hasMore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:+491511@home.example;user=phone",
                "tel:+49-151-1",
                "sip:+491511@HOME.example"
            })
    void aTelephoneNumberIsAUser(String uri) throws Exception {
        try (var carol = phone("+491511", 200).registered()) {
            assertThat(alice.send(alice.message(uri)).status()).isEqualTo(200);
            assertThat(carol.peer().next().to().uri()).isEqualTo(Uri.parse(uri));
        }
    }

    @Test
    void theAddressOfTheCoreIsAsGoodAsTheDomain() throws Exception {
        var uri = "sip:bob@127.0.0.1:" + alice.coreHop().address().getPort();

        assertThat(alice.send(alice.message(uri)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"UDP, TCP", "TCP, UDP", "TCP, TCP"})
    void senderAndRecipientMayUseDifferentTransports(TransportProtocol from, TransportProtocol to)
            throws Exception {
        try (var carol = phone("carol", 200, from).registered();
                var dave = phone("dave", 200, to).registered()) {
            assertThat(carol.send(carol.message("sip:dave@home.example")).status()).isEqualTo(200);

            assertThat(dave.peer().next().topVia().transport()).isEqualTo(to.name());
        }
    }

    @Test
    void somebodyWhoHasNeverRegisteredIsNotFound() throws Exception {
        assertThat(alice.send(alice.message("sip:nobody@home.example")).status()).isEqualTo(404);
    }

    @Test
    void somebodyWhoHasGoneIsTemporarilyUnavailable() throws Exception {
        bob.send(bob.register().header("Contact", "*").header("Expires", "0"));

        assertThat(alice.send(toBob()).status()).isEqualTo(480);
        assertThat(bob.peer().hasMore()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sip:bob@other.example", "sip:bob@127.0.0.1:1", "sip:bob@localhost"})
    void otherDomainsAreNotServedNorLookedUp(String uri) throws Exception { // decision 8
        assertThat(alice.send(alice.message(uri)).status()).isEqualTo(404);
    }

    @Test
    void aNameWithNulInItIsNobody() throws Exception { // I4
        assertThat(alice.send(alice.message("sip:bob%00x@home.example")).status()).isEqualTo(404);
        var from = "<sip:alice%00x@home.example>;tag=1";
        assertThat(alice.send(toBob().set("From", from)).status()).isEqualTo(200);
        assertThat(bob.peer().next().header("P-Asserted-Identity"))
                .as("known by the flow")
                .contains("<sip:alice@home.example>");
    }

    @Test
    void anotherSchemeIsNotServed() throws Exception {
        assertThat(alice.send(alice.message("mailto:bob@home.example")).status()).isEqualTo(416);
    }

    @Test
    void allContactsAreTriedAtOnceAndTheFirstSuccessCounts() throws Exception {
        try (var tablet = phone("bob", 480).registered();
                var watch = phone("bob", 603).registered()) {
            assertThat(alice.send(toBob()).status()).isEqualTo(200);

            bob.peer().next();
            tablet.peer().next();
            watch.peer().next();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "480, 486, 480",
        "486, 603, 603",
        "404, 415, 415",
        "500, 404, 404",
        "503, 503, 500"
    })
    void ofFailuresTheBestCounts(int first, int second, int expected) throws Exception { // 16.7
        try (var carol = phone("carol", first).registered();
                var tablet = phone("carol", second).registered()) {
            assertThat(alice.send(alice.message("sip:carol@home.example")).status())
                    .isEqualTo(expected);
            carol.peer().next();
            tablet.peer().next();
        }
    }

    @Test
    void retryAfterOfA503IsPassedOnThoughItBecomesA500() throws Exception {
        bob.peer().script(request -> request.answer(503).header("Retry-After", "7"));

        var answer = alice.send(toBob());

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("Retry-After")).contains("7");
    }

    @Test
    void aPhoneWhoseConnectionIsGoneIsTemporarilyUnavailable() throws Exception {
        try (var carol = phone("carol", 200, TransportProtocol.TCP).registered()) {
            carol.peer().close();

            assertThat(alice.send(alice.message("sip:carol@home.example")).status()).isEqualTo(480);
        }
    }

    @Test
    void aRequestThatMayGoNoFurtherIsRefusedWith483() throws Exception {
        assertThat(alice.send(toBob().set("Max-Forwards", "0")).status()).isEqualTo(483);
        assertThat(alice.send(toBob().set("Max-Forwards", "1")).status()).isEqualTo(200);
    }

    @Test
    void aLoopIsFoundAtItsSecondRound() throws Exception { // 16.3 step 4
        var own = "<sip:loop@127.0.0.1:" + alice.coreHop().address().getPort() + ">";
        try (var loop = phone("loop", 200)) {
            loop.send(loop.register().header("Contact", own));

            assertThat(alice.send(alice.message("sip:loop@home.example")).status()).isEqualTo(482);
        }
    }

    @Test
    void whatAProxyMustUnderstandIsNotUnderstood() throws Exception {
        var answer = alice.send(toBob().header("Proxy-Require", "sec-agree"));

        assertThat(answer.status()).isEqualTo(420);
        assertThat(answer.header("Unsupported")).contains("sec-agree");
    }

    @Test
    void theSenderIsAssertedByHisRegistration() throws Exception {
        alice.send(toBob().header("P-Preferred-Identity", "<sip:alice@home.example>"));

        var received = bob.peer().next();
        assertThat(received.headers().all("P-Asserted-Identity"))
                .containsExactly("<sip:alice@home.example>");
        assertThat(received.headers().has("P-Preferred-Identity")).isFalse();
    }

    @Test
    void whatAPhoneAssertsItselfIsTakenAway() throws Exception { // I1, I7
        alice.send(
                toBob().header("P-Asserted-Identity", "<sip:king@home.example>")
                        .header("P-Asserted-Identity", "<tel:+1>")
                        .header("P-Asserted-Service", "urn:urn-7:3gpp-service.x")
                        .header("P-Served-User", "<sip:king@home.example>"));

        var received = bob.peer().next();
        assertThat(received.headers().all("P-Asserted-Identity"))
                .containsExactly("<sip:alice@home.example>");
        assertThat(received.headers().has("P-Asserted-Service")).isFalse();
        assertThat(received.headers().has("P-Served-User")).isFalse();
    }

    @Test
    void aWishForAnotherOfTheUsersAddressesIsGrantedAndForSomebodyElsesIsNot() throws Exception {
        try (var carol = phone("+491511", 200).registered()) {
            carol.send(
                    carol.message("sip:bob@home.example")
                            .header("P-Preferred-Identity", "<tel:+491511>"));
            assertThat(bob.peer().next().header("P-Asserted-Identity")).contains("<tel:+491511>");
        }
    }

    @Test
    void anAnonymousSenderIsKnownToTheCoreAndNotToTheRecipient() throws Exception { // I9
        var anonymous =
                toBob().set("From", "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1")
                        .header("P-Preferred-Identity", "<sip:alice@home.example>")
                        .header("Privacy", "id");

        assertThat(alice.send(anonymous).status()).isEqualTo(200);

        var received = bob.peer().next();
        assertThat(received.encoded().utf8()).doesNotContain("alice");
        assertThat(received.header("Privacy")).contains("id");
    }

    @Test
    void anAnonymousSenderAloneOnHisFlowNeedsNoWish() throws Exception {
        var anonymous =
                alice.message(EXPLODER)
                        .set("From", "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1")
                        .header("Privacy", "id");

        alice.send(anonymous);

        assertThat(participatingFunction.next().header("P-Asserted-Identity"))
                .contains("<sip:alice@home.example>");
    }

    @Test
    void whoNamesNobodyOfThisDomainIsRefused() throws Exception {
        try (var stranger = phone("stranger", 200)) {
            var request =
                    stranger.message("sip:bob@home.example")
                            .set("From", "<sip:stranger@other.example>;tag=1");

            assertThat(stranger.send(request).status()).isEqualTo(403);
            assertThat(bob.peer().hasMore()).isFalse();
        }
    }

    @Test
    void theExploderUriLeadsToTheParticipatingFunction() throws Exception {
        var answer = alice.send(alice.message("sip:exploder@HOME.example"));

        assertThat(answer.status()).isEqualTo(202);
        var received = participatingFunction.next();
        assertThat(received.requestUri()).hasToString("sip:exploder@HOME.example");
        assertThat(received.header("P-Asserted-Identity")).contains("<sip:alice@home.example>");
    }

    @Test
    void withoutAParticipatingFunctionTheExploderIsTemporarilyUnavailable() throws Exception {
        try (var bare =
                new EmbeddedCore(
                        CoreSettings.lab("home.example")
                                .withExploderUris(Set.of(Uri.parse(EXPLODER))))) {
            bare.start();
            try (var carol =
                    new Phone("sip:carol@home.example", 200, bare, TransportProtocol.UDP)) {
                assertThat(carol.send(carol.message(EXPLODER)).status()).isEqualTo(480);
            }
        }
    }

    @Test
    void everyMessageOfCpmGoesToTheParticipatingFunctionWhereItServesAllSenders() throws Exception {
        var settings = CoreSettings.lab("home.example").withAllOriginating(true);
        try (var other = new EmbeddedCore(settings)) {
            other.start();
            other.participatingFunction(participatingFunction.hop(TransportProtocol.UDP));
            try (var carol =
                            new Phone("sip:carol@home.example", 200, other, TransportProtocol.UDP);
                    var dave =
                            new Phone("sip:dave@home.example", 200, other, TransportProtocol.UDP)) {
                dave.registered();
                var toDave = "sip:dave@home.example";
                var icsi = "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"";

                var answer = carol.send(carol.message(toDave).header("Accept-Contact", icsi));

                assertThat(answer.status()).isEqualTo(202);
                assertThat(participatingFunction.next().requestUri()).hasToString(toDave);
                assertThat(dave.peer().hasMore()).isFalse();
                assertThat(carol.send(carol.message(toDave)).status())
                        .as("no message of CPM")
                        .isEqualTo(200);
                var copy = carol.message(toDave).header("Accept-Contact", icsi).build();
                var back = other.serviceHop(TransportProtocol.UDP);
                assertThat(participatingFunction.send(copy, back).status()).isEqualTo(200);
            }
        }
    }

    private Hop service() {
        return core.serviceHop(TransportProtocol.UDP);
    }

    private SipRequest fromParticipatingFunction(String to) {
        return alice.message(to)
                .header("P-Asserted-Identity", "<sip:alice@home.example>")
                .header("P-Asserted-Service", "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg")
                .build();
    }

    @Test
    void whatTheParticipatingFunctionAssertsIsBelieved() throws Exception {
        var answer =
                participatingFunction.send(
                        fromParticipatingFunction("sip:bob@home.example"), service());

        assertThat(answer.status()).isEqualTo(200);
        var received = bob.peer().next();
        assertThat(received.header("P-Asserted-Identity")).contains("<sip:alice@home.example>");
        assertThat(received.header("P-Asserted-Service"))
                .contains("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
    }

    @Test
    void aCopyThatWouldBeExplodedAgainIsALoop() throws Exception { // A5
        var answer = participatingFunction.send(fromParticipatingFunction(EXPLODER), service());

        assertThat(answer.status()).isEqualTo(482);
        assertThat(participatingFunction.hasMore()).isFalse();
    }

    @Test
    void theParticipatingFunctionMaySendByRoute() throws Exception {
        try (var interworking = ScriptedPeer.answering(202)) {
            var hop = interworking.hop(TransportProtocol.UDP);
            var request =
                    fromParticipatingFunction("tel:+49301").toBuilder()
                            .header("Route", "<sip:home.example;lr>")
                            .header("Route", "<sip:127.0.0.1:" + hop.address().getPort() + ";lr>")
                            .build();

            assertThat(participatingFunction.send(request, service()).status()).isEqualTo(202);
            var received = interworking.next();
            assertThat(received.requestUri()).hasToString("tel:+49301");
            assertThat(received.headers().all("Route"))
                    .as("its own is off, the next stays")
                    .hasSize(1);
        }
    }

    @Test
    void aPhoneMayNot() throws Exception { // L9
        try (var victim = ScriptedPeer.answering(200)) {
            var hop = victim.hop(TransportProtocol.UDP);
            var answer =
                    alice.send(
                            toBob().header(
                                            "Route",
                                            "<sip:127.0.0.1:" + hop.address().getPort() + ";lr>"));

            assertThat(answer.status()).isEqualTo(403);
            assertThat(victim.hasMore()).isFalse();
        }
    }

    @Test
    void theCoreItselfAnswersOptions() throws Exception {
        var options = alice.request(Method.OPTIONS, "sip:home.example");
        assertThat(alice.send(options).status()).isEqualTo(200);

        var message = alice.message("sip:home.example");
        assertThat(alice.send(message).status()).isEqualTo(405);
    }

    @Test
    void aCallIsSetUpAndEndedThroughTheCore() throws Exception {
        bob.peer().script(request -> request.answer(180).toTag("b"));
        var invite =
                alice.request(Method.INVITE, "sip:bob@home.example")
                        .header("Contact", alice.contact())
                        .build();
        var call = alice.peer().start(invite, alice.coreHop());
        assertThat(call.provisional().status()).isEqualTo(180);
        var ringing = bob.peer().nextTransaction();
        ringing.respond(
                ringing.request()
                        .answer(200)
                        .toTag("b")
                        .copy(ringing.request(), "Record-Route")
                        .header("Contact", bob.contact())
                        .build());
        var answered = call.answer();
        assertThat(answered.status()).isEqualTo(200);
        assertThat(answered.recordRoutes()).hasSize(1);

        alice.peer().sendAck(inDialog(Method.ACK, 1, invite, answered), alice.coreHop());
        assertThat(bob.peer().nextAck().callId()).isEqualTo(invite.callId());

        bob.peer().script(request -> request.answer(200));
        var bye = inDialog(Method.BYE, 2, invite, answered);
        assertThat(alice.peer().send(bye, alice.coreHop()).status()).isEqualTo(200);
        assertThat(bob.peer().next().method()).isEqualTo(Method.BYE);
    }

    private static SipRequest inDialog(
            Method method, int cseq, SipRequest invite, SipResponse answered) {
        var request =
                SipRequest.builder(
                                method,
                                answered.contacts().getFirst().asAddress().orElseThrow().uri())
                        .header("Max-Forwards", "70")
                        .header("From", answered.header("From").orElseThrow())
                        .header("To", answered.header("To").orElseThrow())
                        .header("Call-ID", invite.callId())
                        .header("CSeq", cseq + " " + method);
        answered.recordRoutes().forEach(route -> request.header("Route", route));
        return request.build();
    }

    @Test
    void aCallThatIsCancelledStopsRinging() throws Exception {
        bob.peer().script(request -> request.answer(180).toTag("b"));
        var invite =
                alice.request(Method.INVITE, "sip:bob@home.example")
                        .header("Contact", alice.contact())
                        .build();
        var call = alice.peer().start(invite, alice.coreHop());
        call.provisional();
        var ringing = bob.peer().nextTransaction();

        call.cancel();

        bob.peer().nextCancel();
        ringing.respond(ringing.request().answer(487).toTag("b").build());
        assertThat(call.answer().status()).isEqualTo(487);
    }
}
