package org.fanfare.registrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.pf.Device;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.testing.ManualTimers;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// The server asks the core who is registered (RFC 3680, RFC 6665 4.1; references n.1), and
/// believes what it is told in a subscription of its own and nothing else. The core is a script.
class SubscriptionsTest {

    private static final String ALICE = "sip:alice@home.example";
    private static final Uri SELF = Uri.parse("sip:exploder@home.example");

    /// Of an hour, and a little more.
    private static final Duration NINE_TENTHS = Duration.ofSeconds(3250);

    /// Of the hour that a NOTIFY says, exactly.
    private static final Duration REFRESH = Duration.ofMinutes(54);

    private final AtomicInteger registers = new AtomicInteger();

    /// That the server has taken in.
    private final AtomicInteger answers = new AtomicInteger();

    private final WheelTimers transactionTimers = new WheelTimers();
    private final ManualTimers timers = new ManualTimers();
    private final AtomicBoolean trusting = new AtomicBoolean(true);
    private ScriptedPeer core;
    private TransactionLayer layer;
    private Registrations registrations;

    @BeforeEach
    void start() throws Exception {
        core = new ScriptedPeer(SubscriptionsTest::accept);
        var transport = TransportLayer.builder().listen(ListenPoint.parse("udp:127.0.0.1:0"));
        layer = new TransactionLayer(transport, this::onRequest, transactionTimers);
        layer.start();
        registrations =
                new Registrations(
                        (Flow _) -> trusting.get(),
                        Limits.DEFAULT,
                        InstantSource.system(),
                        new SubscriptionSettings(
                                this::toCore, SELF, Uri.parse("sip:pf.home.example"), timers));
    }

    private void toCore(SipRequest subscribe, ResponseListener listener) {
        layer.send(
                subscribe,
                core.hop(TransportProtocol.UDP),
                new ResponseListener() {
                    @Override
                    public void onFinal(SipResponse response) {
                        listener.onFinal(response);
                        answers.incrementAndGet();
                    }

                    @Override
                    public void onTimeout() {
                        listener.onTimeout();
                    }

                    @Override
                    public void onTransportFailure(IOException cause) {
                        listener.onTransportFailure(cause);
                    }
                });
    }

    @AfterEach
    void stop() {
        layer.close();
        core.close();
        transactionTimers.close();
    }

    private void onRequest(ServerTransaction transaction) {
        if (registrations.isAbout(transaction.request())) {
            registrations.onRequest(transaction);
        } else {
            transaction.respond(transaction.request().answer(405).build());
        }
    }

    private static SipResponse.Builder accept(SipRequest subscribe) {
        return subscribe
                .answer(200)
                .toTag("core")
                .header("Contact", "<sip:core@127.0.0.1>")
                .header("Expires", subscribe.header("Expires").orElse(""));
    }

    private SipResponse send(SipRequest.Builder request) throws InterruptedException {
        return core.send(request.build(), layer.listening().getFirst());
    }

    /// A third-party REGISTER that says only that the user is registered, or is not.
    private void register(String user, int expires) throws InterruptedException {
        var request =
                SipRequest.builder(Method.REGISTER, Uri.parse("sip:pf.home.example"))
                        .header("Max-Forwards", "70")
                        .header("From", "<sip:scscf@home.example>;tag=1")
                        .header("To", "<" + user + ">")
                        .header("Call-ID", "third-party-" + user)
                        .header("CSeq", registers.incrementAndGet() + " REGISTER")
                        .header("Contact", "<sip:scscf@home.example>")
                        .header("Expires", expires);
        assertThat(send(request).status()).isEqualTo(200);
    }

    /// The SUBSCRIBE that a registration brings about.
    private SipRequest asked() throws InterruptedException {
        register(ALICE, 3600);
        var subscribe = core.next();
        assertThat(subscribe.method()).isEqualTo(Method.SUBSCRIBE);
        return subscribe;
    }

    /// The same, answered.
    private SipRequest subscribed() throws InterruptedException {
        int before = answers.get();
        var subscribe = asked();
        await().until(() -> answers.get() > before);
        return subscribe;
    }

    private static SipRequest.Builder notify(SipRequest subscribe, int cseq, String body) {
        return SipRequest.builder(Method.NOTIFY, Uri.parse("sip:pf.home.example"))
                .header("Max-Forwards", "70")
                .header(
                        "From",
                        subscribe
                                .to()
                                .withParameters(NameAddress.parse("<sip:x>;tag=core").parameters()))
                .header("To", subscribe.from())
                .header("Call-ID", subscribe.callId())
                .header("CSeq", cseq + " NOTIFY")
                .header("Contact", "<sip:core@127.0.0.1>")
                .header("Event", "reg")
                .header("Subscription-State", "active;expires=3600")
                .body("application/reginfo+xml", Octets.utf8(body));
    }

    private static String document(int version, String state, String... contacts) {
        return "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\""
                + " xmlns:gr=\"urn:ietf:params:xml:ns:gruuinfo\" version=\""
                + version
                + "\" state=\""
                + state
                + "\"><registration aor=\""
                + ALICE
                + "\" id=\"r\" state=\"active\">"
                + String.join("", contacts)
                + "</registration></reginfo>";
    }

    private static String contact(String name, String state) {
        return "<contact id=\"%1$s\" state=\"%2$s\" event=\"registered\" expires=\"600\">"
                        .formatted(name, state)
                + "<uri>sip:%1$s@192.0.2.1</uri>".formatted(name)
                + "<unknown-param name=\"+sip.instance\">\"&lt;urn:uuid:%1$s&gt;\"</unknown-param>"
                        .formatted(name)
                + "<gr:pub-gruu uri=\"sip:alice@home.example;gr=urn:uuid:%1$s\"/></contact>"
                        .formatted(name);
    }

    private static String full(int version, String... devices) {
        return document(
                version,
                "full",
                java.util.stream.Stream.of(devices)
                        .map(name -> contact(name, "active"))
                        .toArray(String[]::new));
    }

    private List<String> instances() {
        return registrations.of(List.of(ALICE)).stream().map(Device::instance).toList();
    }

    @Clause({"8.2.1.1/dd.send", "8.2.1.2/dd.send"})
    @Test
    void aRegisteredUserIsSubscribedToAndHisDevicesAreKnown() throws Exception {
        var subscribe = subscribed();

        assertThat(subscribe.requestUri()).hasToString(ALICE);
        assertThat(subscribe.header("Event")).contains("reg");
        assertThat(subscribe.header("Accept")).contains("application/reginfo+xml");
        assertThat(subscribe.expires()).hasValue(3761);
        assertThat(subscribe.assertedIdentities()).containsExactly(NameAddress.of(SELF));
        assertThat(send(notify(subscribe, 1, full(0, "phone", "tablet"))).status()).isEqualTo(200);
        assertThat(instances()).containsExactly("urn:uuid:phone", "urn:uuid:tablet");
        assertThat(registrations.of(List.of(ALICE)).getFirst().gruu())
                .contains(Uri.parse("sip:alice@home.example;gr=urn:uuid:phone"));
        assertThat(registrations.subscriptions()).isEqualTo(1);
    }

    @Test
    void whoSendsWhileHisDevicesAreNotKnownIsWaitedFor() throws Exception {
        core.script(subscribe -> {
            Thread.ofVirtual()
                    .start(() ->
                            core.start(
                                    notify(subscribe, 1, full(0, "phone", "tablet")).build(),
                                    hop()));
            return accept(subscribe);
        });

        assertThat(instances()).containsExactly("urn:uuid:phone", "urn:uuid:tablet");
    }

    @Test
    void allAddressesOfASenderAreAskedForBeforeAnyIsWaitedFor() throws Exception {
        var asking =
                new FutureTask<>(
                        () -> registrations.of(List.of("tel:+15551234", "tel:+15556789", ALICE)));
        Thread.ofVirtual().start(asking);

        assertThat(asking).succeedsWithin(SubscriptionSettings.WAIT.multipliedBy(5).dividedBy(2));
        assertThat(registrations.subscriptions()).isEqualTo(3);
    }

    private Hop hop() {
        return Hop.udp(layer.listening().getFirst().address());
    }

    @Test
    void aUserIsSubscribedToOnce() throws Exception {
        subscribed();
        register(ALICE, 3600);

        assertThat(registrations.subscriptions()).isEqualTo(1);
        assertThat(core.hasMore()).isFalse();
    }

    @Test
    void soManyWaitForTheirNotificationAndNoMore() throws Exception {
        for (int i = 0; i < 200; i++) {
            register("sip:user" + i + "@home.example", 3600);
        }
        var first = core.next();
        register(ALICE, 3600);
        assertThat(registrations.subscriptions()).isEqualTo(200);

        send(notify(first, 1, "").remove("Content-Type")); // nothing is known yet
        register(ALICE, 3600);

        assertThat(registrations.subscriptions()).isEqualTo(201);
    }

    @Test
    void partialStateChangesWhatItNames() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone", "tablet")));

        send(
                notify(
                        subscribe,
                        2,
                        document(
                                1,
                                "partial",
                                contact("phone", "terminated"),
                                contact("watch", "active"))));

        assertThat(instances()).containsExactly("urn:uuid:tablet", "urn:uuid:watch");
    }

    @Test
    void afterAGapFullStateIsAskedForButNotAtOnceAgain() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));
        timers.advance(Duration.ofMinutes(1));

        send(notify(subscribe, 2, document(5, "partial", contact("watch", "active"))));
        var refresh = core.next();
        assertThat(refresh.callId()).isEqualTo(subscribe.callId());
        assertThat(refresh.to().tag()).contains("core");
        assertThat(refresh.cseq().number()).isEqualTo(2);
        send(notify(subscribe, 3, document(9, "partial", contact("tablet", "active"))));

        assertThat(core.hasMore()).isFalse();
        assertThat(instances()).hasSize(3);
    }

    @Test
    void aSubscriptionIsRefreshedInTime() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));

        timers.advance(NINE_TENTHS);

        assertThat(core.next().callId()).isEqualTo(subscribe.callId());
    }

    @Test
    void aRefreshGoesToWhereTheCoreHasMoved() throws Exception { // RFC 6665 3.2
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));
        send(notify(subscribe, 2, full(1, "phone")).set("Contact", "<sip:core@127.0.0.2>"));

        timers.advance(NINE_TENTHS);

        assertThat(core.next().requestUri()).hasToString("sip:core@127.0.0.2");
    }

    @Test
    void andEndedWhenTheUserIsGone() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, document(0, "full")));

        register(ALICE, 0);

        var last = core.next();
        assertThat(last.expires()).hasValue(0);
        assertThat(
                        send(notify(subscribe, 2, document(1, "full"))
                                        .set("Subscription-State", "terminated;reason=timeout"))
                                .status())
                .isEqualTo(200);
        assertThat(registrations.subscriptions()).isZero();
        register(ALICE, 3600);
        assertThat(core.next().callId()).isNotEqualTo(subscribe.callId());
    }

    @Test
    void whoComesBackWhileHisSubscriptionIsBeingEndedHasANewOne() throws Exception {
        var first = subscribed();
        send(notify(first, 1, document(0, "full")));
        register(ALICE, 0);
        assertThat(core.next().expires()).hasValue(0);

        register(ALICE, 3600);
        send(
                notify(first, 2, document(1, "full"))
                        .set("Subscription-State", "terminated;reason=timeout"));

        assertThat(core.next().callId()).isNotEqualTo(first.callId());
    }

    @Test
    void whoLeavesBeforeTheCoreHasAnsweredMayComeBackAtOnce() throws Exception {
        core.script(request -> request.answer(100));
        asked();

        register(ALICE, 0);
        assertThat(registrations.subscriptions()).isZero();
        assertThat(registrations.notifications()).containsEntry("failed", 0L);
        register(ALICE, 3600);

        assertThat(core.next().expires()).hasValue(3761);
        assertThat(registrations.subscriptions()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 481, 489, 500, 503})
    void aCoreThatRefusesIsNotAskedAgainForEveryMessage(int status) throws Exception {
        core.script(request -> request.answer(status));
        subscribed();
        await().until(() -> registrations.subscriptions() == 0);

        assertThat(registrations.of(List.of(ALICE))).isEmpty();
        register(ALICE, 3600);
        assertThat(core.hasMore()).isFalse();

        timers.advance(Duration.ofMinutes(5));
        register(ALICE, 3600);
        assertThat(core.next().method()).isEqualTo(Method.SUBSCRIBE);
    }

    @Test
    void aCoreThatNeverNotifiesIsGivenUp() throws Exception {
        subscribed();

        timers.advance(Duration.ofSeconds(32));

        assertThat(registrations.subscriptions()).isZero();
        assertThat(registrations.notifications()).containsEntry("failed", 1L);
    }

    @Test
    void aSubscriptionThatTheCoreHasForgottenIsMadeAnew() throws Exception {
        var first = subscribed();
        send(notify(first, 1, full(0, "phone")));
        core.script(
                request -> request.to().tag().isPresent() ? request.answer(481) : accept(request));

        timers.advance(NINE_TENTHS);

        assertThat(core.next().callId()).isEqualTo(first.callId());
        assertThat(core.next().callId()).isNotEqualTo(first.callId());
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500, 503})
    void aRefreshThatFailsIsTriedAgainAsLongAsTheSubscriptionIsInForce(int status)
            throws Exception { // RFC 6665 4.1.2.2
        var first = subscribed();
        send(notify(first, 1, full(0, "phone")));
        core.script(request -> request.answer(status).header("Retry-After", "40"));
        timers.advance(REFRESH);
        core.next();
        await().until(() -> timers.waiting().equals(List.of(Duration.ofSeconds(40))));

        core.script(SubscriptionsTest::accept);
        timers.advance(Duration.ofSeconds(40));

        assertThat(core.next().callId()).isEqualTo(first.callId());
        assertThat(registrations.notifications()).containsEntry("failed", 0L);
    }

    @Test
    void aRefreshThatFailsUntilTheSubscriptionIsOverEndsIt() throws Exception {
        var first = subscribed();
        send(notify(first, 1, full(0, "phone")));
        core.script(request -> request.answer(500).header("Retry-After", "300"));
        timers.advance(REFRESH);
        core.next();
        await().until(() -> timers.waiting().equals(List.of(Duration.ofMinutes(5))));
        timers.advance(Duration.ofMinutes(5));
        core.next();
        await().until(() -> timers.waiting().equals(List.of(Duration.ofMinutes(1))));

        timers.advance(Duration.ofMinutes(1));

        await().until(() -> registrations.subscriptions() == 0);
    }

    @ParameterizedTest
    @CsvSource({"deactivated, true", "timeout, true", "rejected, false", "giveup, false"})
    void whatTheCoreEndsIsMadeAnewWhereItWantsThat(String reason, boolean again) throws Exception {
        var first = subscribed();
        send(notify(first, 1, full(0, "phone")));
        timers.advance(Duration.ofMinutes(1));

        send(
                notify(first, 2, full(1, "phone"))
                        .set("Subscription-State", "terminated;reason=" + reason));

        if (again) {
            assertThat(core.next().callId()).isNotEqualTo(first.callId());
        } else {
            assertThat(registrations.subscriptions()).isZero();
            register(ALICE, 3600);
            assertThat(core.hasMore()).isFalse();
        }
        assertThat(instances()).hasSize(1);
    }

    @Test
    void devicesThatTheCoreGivesNoTimeAreThereWhenItEndsASubscription() throws Exception {
        UnaryOperator<String> timeless = xml -> xml.replace(" expires=\"600\"", "");
        var first = subscribed();
        send(notify(first, 1, timeless.apply(full(0, "phone"))));
        timers.advance(Duration.ofMinutes(1));

        send(
                notify(first, 2, timeless.apply(full(1, "phone")))
                        .set("Subscription-State", "terminated;reason=deactivated"));

        assertThat(core.next().callId()).isNotEqualTo(first.callId());
        assertThat(instances()).containsExactly("urn:uuid:phone");
    }

    @Test
    void aCoreThatEndsEachOneAtOnceDoesNotKeepUsBusy() throws Exception {
        var first = subscribed();

        send(
                notify(first, 1, full(0, "phone"))
                        .set("Subscription-State", "terminated;reason=deactivated"));
        register(ALICE, 3600);

        assertThat(core.hasMore()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "Call-ID, unknown, 481",
        "From, <sip:alice@home.example>;tag=other, 481",
        "To, <sip:exploder@home.example>;tag=other, 481",
        "To, <sip:exploder@home.example>, 481",
        "Event, presence, 489",
        "Content-Type, application/pidf+xml, 415",
        "CSeq, 1 NOTIFY, 500"
    })
    void whatIsOfNoSubscriptionIsNotBelieved(String field, String value, int status)
            throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));

        var foreign = notify(subscribe, 2, full(1, "evil")).set(field, value);

        assertThat(send(foreign).status()).isEqualTo(status);
        assertThat(instances()).containsExactly("urn:uuid:phone");
        assertThat(registrations.notifications()).containsEntry("rejected", 1L);
    }

    @Test
    void norWhatComesFromElsewhere() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));
        trusting.set(false);

        assertThat(send(notify(subscribe, 2, full(1, "evil"))).status()).isEqualTo(403);

        assertThat(instances()).containsExactly("urn:uuid:phone");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no xml",
                "<!DOCTYPE reginfo [<!ENTITY x \"y\">]><reginfo/>",
                "<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\">"
            })
    void whatCannotBeReadChangesNothing(String body) throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));

        assertThat(send(notify(subscribe, 2, body)).status()).isEqualTo(400);

        assertThat(instances()).containsExactly("urn:uuid:phone");
        send(notify(subscribe, 3, full(1, "tablet")));
        assertThat(instances()).containsExactly("urn:uuid:tablet");
    }

    @Test
    void anOlderDocumentChangesNothing() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(7, "phone")));

        assertThat(send(notify(subscribe, 2, full(6, "evil"))).status()).isEqualTo(200);

        assertThat(instances()).containsExactly("urn:uuid:phone");
    }

    @Test
    void aUserHasSoManyDevicesAndNoMore() throws Exception {
        var subscribe = subscribed();
        var devices = new String[60];
        java.util.Arrays.setAll(devices, i -> "d" + i);

        send(notify(subscribe, 1, full(0, devices)));

        assertThat(instances()).hasSize(10);
    }

    @Test
    void whatANotifierDoesNotTellIsAsItWasKnown() throws Exception {
        var subscribe = subscribed();
        send(notify(subscribe, 1, full(0, "phone")));

        UnaryOperator<String> bare =
                xml -> xml.replaceAll("<unknown-param.*?/unknown-param>|<gr:.*?/>", "");
        send(notify(subscribe, 2, bare.apply(full(1, "phone", "tablet"))));

        assertThat(instances()).containsExactly("urn:uuid:phone", "");
    }
}
