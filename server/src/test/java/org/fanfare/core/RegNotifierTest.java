package org.fanfare.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.reginfo.RegInfo;
import org.fanfare.reginfo.RegInfo.State;
import org.fanfare.reginfo.RegisteredContact;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.wire.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The embedded core tells who is registered (RFC 3680, RFC 6665 4.2).
class RegNotifierTest {

    private static final String ALICE = "sip:alice@home.example";
    private static final String INSTANCE = "+sip.instance=\"<urn:uuid:phone>\"";

    private EmbeddedCore core;
    private ScriptedPeer function;
    private Phone alice;
    private Phone bob;

    @BeforeEach
    void start() throws Exception {
        core = new EmbeddedCore(CoreSettings.lab("home.example"));
        core.start();
        function = ScriptedPeer.answering(200);
        core.participatingFunction(function.hop(TransportProtocol.TCP));
        alice = new Phone(ALICE, 200, core, TransportProtocol.UDP);
        bob = new Phone("sip:bob@home.example", 200, core, TransportProtocol.UDP);
    }

    @AfterEach
    void stop() {
        bob.close();
        alice.close();
        function.close();
        core.close();
    }

    private static SipRequest.Builder subscribe(Phone phone, String user) {
        return phone.request(Method.SUBSCRIBE, user)
                .header("Contact", phone.contact())
                .header("Event", "reg")
                .header("Accept", "application/reginfo+xml");
    }

    private SipResponse sendFromFunction(SipRequest.Builder request) throws InterruptedException {
        Hop hop = core.serviceHop(TransportProtocol.UDP);
        return function.send(request.build(), hop);
    }

    private static RegInfo document(SipRequest notify) {
        assertThat(notify.method()).isEqualTo(Method.NOTIFY);
        assertThat(notify.header("Event")).contains("reg");
        assertThat(notify.header("Content-Type")).contains("application/reginfo+xml");
        return RegInfo.parse(notify.body(), Limits.DEFAULT);
    }

    private static List<RegisteredContact> contacts(SipRequest notify) {
        return document(notify).registrations().getFirst().contacts();
    }

    @Test
    void theParticipatingFunctionIsToldOfAllContactsAndOfEveryChange() throws Exception {
        alice.send(
                alice.register()
                        .header("Supported", "gruu")
                        .header(
                                "Contact",
                                alice.contact() + ";q=0.5;+x;" + INSTANCE + ";expires=600"));

        var answer = sendFromFunction(subscribe(alice, ALICE).header("Expires", "3600"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.expires()).hasValue(3600);
        var notify = function.next();
        assertThat(notify.from().tag()).isEqualTo(answer.to().tag());
        assertThat(notify.header("Subscription-State").orElseThrow())
                .startsWith("active;expires=3");
        var document = document(notify);
        assertThat(document.version()).isZero();
        assertThat(document.full()).isTrue();
        assertThat(document.registrations().getFirst().aor()).isEqualTo(ALICE);
        var contact = contacts(notify).getFirst();
        assertThat(contact.address().toString()).contains("+x", INSTANCE).doesNotContain("q=");
        assertThat(contact.address().parameters().value("pub-gruu"))
                .contains(ALICE + ";gr=urn:uuid:phone");
        assertThat(contact.expires().orElseThrow()).isBetween(590L, 600L);

        alice.send(alice.register().header("Contact", "<sip:tablet@127.0.0.1:9>"));

        var next = function.next();
        assertThat(document(next).version()).isEqualTo(1);
        assertThat(contacts(next))
                .hasSize(2)
                .extracting(RegisteredContact::id)
                .contains(contact.id());
        assertThat(next.cseq().number()).isGreaterThan(notify.cseq().number());
    }

    @Test
    void aUserMayAskForHimselfAndNobodyElse() throws Exception {
        alice.registered();
        bob.registered();

        assertThat(alice.send(subscribe(alice, ALICE)).status()).isEqualTo(200);
        assertThat(contacts(alice.peer().next())).hasSize(1);
        assertThat(bob.send(subscribe(bob, ALICE)).status()).isEqualTo(403);
    }

    @Test
    void nobodyRegisteredIsTheBeginningAndNoneLeftTheEnd() throws Exception {
        sendFromFunction(subscribe(alice, ALICE));
        assertThat(document(function.next()).registrations().getFirst().state())
                .isEqualTo(State.INIT);

        alice.registered();
        assertThat(document(function.next()).registrations().getFirst().state())
                .isEqualTo(State.ACTIVE);
    }

    @Test
    void aChangeWhileASubscriptionIsBeingAcceptedDoesNotEndIt() throws Exception {
        var user = new AddressOfRecord("alice");
        var locations = new LocationService();
        var changes = new AtomicBoolean(true);
        InstantSource clock =
                () -> {
                    if (changes.getAndSet(false)) {
                        change(locations, user);
                    }
                    return Instant.now();
                };
        var notifier =
                new RegNotifier(locations, new Domain("home.example"), clock, new ManualTimers());
        var hop = function.hop(TransportProtocol.UDP);
        var transactions = new LinkedBlockingQueue<ServerTransaction>();
        var transport = TransportLayer.builder().listen(ListenPoint.parse("udp:127.0.0.1:0"));
        try (var timers = new WheelTimers();
                var layer = new TransactionLayer(transport, transactions::add, timers)) {
            layer.start();
            function.start(
                    subscribe(alice, ALICE).build(),
                    Hop.udp(layer.listening().getFirst().address()));

            notifier.subscribe(transactions.take(), user, new Way.ToHop(layer, hop));

            assertThat(function.next().header("Subscription-State").orElseThrow())
                    .startsWith("active");
        }
    }

    private static void change(LocationService locations, AddressOfRecord user) {
        try {
            locations.update(user, Instant.now(), all -> all);
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aFetchIsAnsweredOnceWithAllThereIs() throws Exception {
        alice.registered();

        sendFromFunction(subscribe(alice, ALICE).header("Expires", "0"));

        var notify = function.next();
        assertThat(contacts(notify)).hasSize(1);
        assertThat(notify.header("Subscription-State")).contains("terminated;reason=timeout");
        awaitForgotten(notify);
    }

    /// A subscription that is over is not known any more.
    private void awaitForgotten(SipRequest notify) {
        var again =
                subscribe(alice, ALICE)
                        .set("From", notify.to().toString())
                        .set("To", notify.from().toString())
                        .set("Call-ID", notify.callId())
                        .set("Expires", "3600");
        var number = new AtomicInteger(10);
        await().untilAsserted(() ->
                assertThat(
                                sendFromFunction(
                                                again.set(
                                                        "CSeq",
                                                        number.incrementAndGet() + " SUBSCRIBE"))
                                        .status())
                        .isEqualTo(481));
    }

    @Test
    void aSubscriptionIsRefreshedAndEnded() throws Exception {
        alice.registered();
        var first = subscribe(alice, ALICE);
        var answer = sendFromFunction(first);
        function.next();
        var again = first.set("To", answer.to().toString()).set("CSeq", "2 SUBSCRIBE");

        assertThat(sendFromFunction(again).status()).isEqualTo(200);
        assertThat(document(function.next()).version()).isEqualTo(1);
        assertThat(sendFromFunction(again).status()).isEqualTo(500); // the same number again

        sendFromFunction(again.set("CSeq", "3 SUBSCRIBE").set("Expires", "0"));
        assertThat(function.next().header("Subscription-State"))
                .contains("terminated;reason=timeout");
    }

    @Test
    void aSubscriberThatKnowsNothingOfItIsNotToldAgain() throws Exception {
        function.script(request -> request.answer(481));
        sendFromFunction(subscribe(alice, ALICE));

        awaitForgotten(function.next());
    }

    @ParameterizedTest
    @CsvSource({
        "Expires, 30, 423",
        "Accept, application/pidf+xml, 406",
        "To, <sip:alice@home.example>;tag=unknown, 481"
    })
    void whatCannotBeServedIsRefused(String field, String value, int status) throws Exception {
        assertThat(sendFromFunction(subscribe(alice, ALICE).set(field, value)).status())
                .isEqualTo(status);
    }

    @Test
    void aUserHasSoManySubscriptionsAndNoMore() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(sendFromFunction(subscribe(alice, ALICE)).status()).isEqualTo(200);
        }

        assertThat(sendFromFunction(subscribe(alice, ALICE)).status()).isEqualTo(503);
        assertThat(sendFromFunction(subscribe(bob, "sip:bob@home.example")).status())
                .isEqualTo(200);
    }

    @Test
    void otherEventsGoToThePhonesAsBefore() throws Exception {
        alice.registered();

        bob.send(subscribe(bob, ALICE).set("Event", "presence"));

        assertThat(alice.peer().next().method()).isEqualTo(Method.SUBSCRIBE);
    }
}
