package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerRefused;
import org.fanfare.ledger.Ledgers;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.ledger.RecipientRow;
import org.fanfare.msrp.MsrpEndpoint;
import org.fanfare.msrp.MsrpLimits;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.pf.fanout.FanOut;
import org.fanfare.pf.fanout.FanOutSettings;
import org.fanfare.pf.fanout.Outlet;
import org.fanfare.pf.fanout.RetryRules;
import org.fanfare.pf.fanout.SessionCarrier;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.DialogLayer;
import org.fanfare.sip.dialog.DialogSettings;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;
import org.fanfare.sip.transport.TransportLayer;
import org.fanfare.spool.SpoolLimits;
import org.fanfare.spool.SpoolStore;
import org.fanfare.testing.FutureResponse;
import org.fanfare.testing.TestCertificates;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// A Participating Function with Large Message Mode, over real layers on loopback, between alice
/// and a core with all recipients behind it. Everybody answers and takes everything unless told
/// otherwise. Closing it asserts that nothing has been left behind.
final class LargeNetwork implements TransactionUser, AutoCloseable {

    /// What a recipient does with an INVITE, on a thread of its own.
    @FunctionalInterface
    interface Reaction {
        void to(Called call) throws Exception;
    }

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Longer than anybody takes who does what he should.
    static final Duration LIMIT = Duration.ofSeconds(8);

    private static final RetryRules NO_RETRIES =
            new RetryRules(0, Duration.ofMillis(10), Duration.ofMillis(20));

    private final WheelTimers timers = new WheelTimers();
    private final AddedTime time = new AddedTime(timers);
    private final Path folder;
    private final Map<String, ArrayDeque<Reaction>> scripts = new HashMap<>();
    private final List<Called> calls = new ArrayList<>();
    private final List<SipRequest> messages = new ArrayList<>();

    private Policy policy = Policy.DEFAULT;
    private Duration interval = Duration.ofMinutes(20);
    private Duration hold = LIMIT;
    private DialogSettings dialogSettings = DialogSettings.DEFAULT;
    private Duration watch = LIMIT;
    private int slowestSender = 1 << 10;
    private Duration bindWithin = LIMIT;
    private RetryRules retries = NO_RETRIES;
    private InterworkingSelection interworking = InterworkingSelection.NONE;
    private MsrpLimits msrp = MsrpLimits.DEFAULT.withMessageOctets(4 << 20);
    private long largest = 4 << 20;
    private Predicate<InetSocketAddress> mayConnect = _ -> true;
    private @Nullable MessageStore store;
    private @Nullable UserPreferences preferences;
    private @Nullable Running running;
    private boolean expectsLeftovers;
    private boolean tls;
    private volatile int byeStatus;
    private DirectDeliveryWay way = DirectDeliveryWay.OFF;
    private List<Device> devices = List.of();
    private String ledgerUrl = "memory:";
    private @Nullable String fault;

    /// All that is opened together.
    private record Running(
            Ledger ledger,
            DialogLayer dialogs,
            TransactionLayer transactions,
            MsrpEndpoint media,
            SpoolStore spools,
            FanOut legs,
            ParticipatingFunction pf,
            DialogLayer theirDialogs,
            TransactionLayer theirTransactions,
            MsrpEndpoint theirMedia) {}

    LargeNetwork(Path folder) {
        this.folder = folder;
    }

    LargeNetwork policy(UnaryOperator<Policy.Builder> changes) {
        policy = policy.with(changes);
        return this;
    }

    /// Where everything is recorded.
    LargeNetwork store(MessageStore value) {
        store = value;
        return policy(p -> p.recording(Policy.Recording.ALWAYS));
    }

    /// What users want to have recorded, where that decides.
    LargeNetwork preferences(UserPreferences value) {
        preferences = value;
        return policy(p -> p.recording(Policy.Recording.PREFERENCE));
    }

    /// Alice has these devices, and they get what the one that sends does.
    LargeNetwork directDelivery(DirectDeliveryWay value, Device... registered) {
        way = value;
        devices = List.of(registered);
        return this;
    }

    LargeNetwork hold(Duration value) {
        hold = value;
        return this;
    }

    /// How long recipients may leave an INVITE without an answer.
    LargeNetwork answersWithin(Duration value) {
        dialogSettings = DialogSettings.DEFAULT.withGuard(value);
        return this;
    }

    /// How long a peer may do nothing.
    LargeNetwork watch(Duration value) {
        watch = value;
        return this;
    }

    /// Octets that a sender must give while he is watched once.
    LargeNetwork slowestSender(int octets) {
        slowestSender = octets;
        return this;
    }

    LargeNetwork bindWithin(Duration value) {
        bindWithin = value;
        return this;
    }

    LargeNetwork retries(int value) {
        retries = new RetryRules(value, Duration.ofMillis(10), Duration.ofMillis(20));
        return this;
    }

    LargeNetwork interval(Duration value) {
        interval = value;
        return this;
    }

    LargeNetwork interworking() {
        var isf =
                new InterworkingSelection.Isf(
                        SipUri.parse("sip:isf.home.example;lr"), Optional.empty(), false);
        interworking =
                new InterworkingSelection(Optional.of(isf), InterworkingSelection.LISTED_CODES);
        return this;
    }

    LargeNetwork msrp(UnaryOperator<MsrpLimits> changes) {
        msrp = changes.apply(msrp);
        return this;
    }

    LargeNetwork largest(long octets) {
        largest = octets;
        return this;
    }

    LargeNetwork mayConnect(Predicate<InetSocketAddress> value) {
        mayConnect = value;
        return this;
    }

    /// What alice and the recipients say to a BYE from now on.
    LargeNetwork answersByeWith(int status) {
        byeStatus = status;
        return this;
    }

    /// Everybody listens for MSRP over TLS as well.
    LargeNetwork tls() {
        tls = true;
        return this;
    }

    LargeNetwork ledger(String url) {
        ledgerUrl = url;
        return this;
    }

    /// The Participating Function stops, with what it has on disk, and starts again.
    void restart() {
        var before = running();
        synchronized (this) {
            running = null;
        }
        stop(before);
        running();
    }

    /// What is left over is recorded, as it is from time to time.
    void recordLeftOver() {
        running().pf.recorder().recordLeftOver();
    }

    /// What the ledger is asked to do goes wrong the first time.
    LargeNetwork ledgerThatFailsOnceTo(String method) {
        fault = method;
        return this;
    }

    private Ledger ledger(Ledger real) {
        var pending = new AtomicReference<>(fault);
        return (Ledger)
                Proxy.newProxyInstance(
                        Ledger.class.getClassLoader(),
                        new Class<?>[] {Ledger.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals(pending.get())) {
                                pending.set(null);
                                throw new IllegalStateException("the disk is on fire");
                            }
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    /// The recipient's first INVITE gets the first of these, and all further ones the last.
    LargeNetwork when(String uri, Reaction... reactions) {
        synchronized (calls) {
            scripts.put(Uri.parse(uri).canonical(), new ArrayDeque<>(List.of(reactions)));
        }
        return this;
    }

    LargeNetwork refuses(String uri, int... statuses) {
        var reactions = new Reaction[statuses.length];
        for (int i = 0; i < statuses.length; i++) {
            int status = statuses[i];
            reactions[i] = status == 200 ? Called::answer : call -> call.refuse(status);
        }
        return when(uri, reactions);
    }

    // ---- running

    private synchronized Running running() {
        var now = running;
        if (now == null) {
            try {
                now = start();
            } catch (IOException | LedgerRefused e) {
                throw new AssertionError(e);
            }
            running = now;
        }
        return now;
    }

    /// Belongs to the two layers before there is anybody to serve.
    private static final class Later implements TransactionUser {

        private final CompletableFuture<TransactionUser> user = new CompletableFuture<>();

        @Override
        public void onRequest(ServerTransaction transaction) {
            user.join().onRequest(transaction);
        }

        @Override
        public void onAck(SipRequest ack, Flow flow) {}

        @Override
        public void onCancel(ServerTransaction transaction) {}
    }

    /// Answers BYE in front of the dialogs of alice and of the recipients, if that is wanted.
    private final class ByeRefuser implements TransactionUser {

        private final DialogLayer dialogs;

        ByeRefuser(DialogLayer dialogs) {
            this.dialogs = dialogs;
        }

        @Override
        public void onRequest(ServerTransaction transaction) {
            int status = byeStatus;
            if (status > 0 && transaction.request().method().equals(Method.BYE)) {
                transaction.respond(transaction.request().answer(status).build());
            } else {
                dialogs.onRequest(transaction);
            }
        }

        @Override
        public void onAck(SipRequest ack, Flow flow) {
            dialogs.onAck(ack, flow);
        }

        @Override
        public void onCancel(ServerTransaction transaction) {
            dialogs.onCancel(transaction);
        }
    }

    private static TransactionLayer layer(
            TransactionUser user, DialogLayer dialogs, WheelTimers timers) throws IOException {
        var layer =
                new TransactionLayer(
                        TransportLayer.builder()
                                .listen(ListenPoint.parse("tcp:127.0.0.1:0"))
                                .host("127.0.0.1"),
                        user,
                        timers,
                        TransactionLayer.Settings.DEFAULT.withoutMergeDetection());
        dialogs.attach(layer);
        layer.start();
        return layer;
    }

    private static Hop hop(TransactionLayer layer) {
        return Hop.tcp(layer.listening().getFirst().address());
    }

    private MsrpEndpoint.Builder listening() {
        var builder = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0");
        return tls
                ? builder.listen("tls:127.0.0.1:0")
                        .tls(TestCertificates.settings(ClientAuthentication.NONE, "ip:127.0.0.1"))
                : builder;
    }

    private Running start() throws IOException, LedgerRefused {
        var later = new Later();
        var dialogs = new DialogLayer(later, dialogSettings);
        var transactions = layer(dialogs, dialogs, timers);
        var theirDialogs = new DialogLayer(this, DialogSettings.DEFAULT);
        var theirTransactions = layer(new ByeRefuser(theirDialogs), theirDialogs, timers);
        var media = listening().limits(msrp).mayConnect(mayConnect).start();
        var theirMedia =
                listening()
                        .limits(MsrpLimits.DEFAULT.withMessageOctets(16 << 20))
                        .trusted(_ -> true) // all recipients live at one address
                        .start();
        var spools =
                SpoolStore.open(
                        folder,
                        "test",
                        SpoolLimits.DEFAULT.withOfMessage(16 << 20).withKeptFree(0));
        var ledger = ledger(Ledgers.open(ledgerUrl, java.time.Clock.systemUTC(), "test"));
        var own = hop(transactions).address();
        var sentBy = new HostPort("127.0.0.1", own.getPort());
        var fanOut =
                FanOutSettings.defaults(hop(theirTransactions), sentBy.toString())
                        .withRetries(retries)
                        .withInterworking(interworking)
                        .withPatience(Duration.ofHours(1));
        var outlet = Outlet.through(() -> transactions);
        var legs = new FanOut(fanOut, outlet, time, new Random(1));
        var large =
                new LargeMode(
                        new SessionCarrier.Sessions(
                                dialogs,
                                media,
                                time,
                                Limits.DEFAULT,
                                bindWithin,
                                SLOWEST,
                                slowestSender,
                                watch),
                        spools,
                        legs,
                        hop(theirTransactions),
                        "sip:" + sentBy,
                        interval,
                        largest,
                        LIMIT,
                        hold);
        var self =
                new Self(
                        "pf.home.example",
                        List.of(Uri.parse(TestMessage.EXPLODER)),
                        Set.of(HostPort.parse("pf.home.example:5062"), sentBy));
        var builder =
                ParticipatingFunction.builder(self, fanOut, outlet, ledger, time)
                        .directDelivery(
                                way, user -> user.contains(TestMessage.ALICE) ? devices : List.of())
                        .trust(
                                new Trust(
                                        List.of(TrustedPeer.parse("127.0.0.1/32")),
                                        new Authentication.None()))
                        .policy(policy)
                        .random(new Random(1))
                        .largeMode(large);
        if (store != null) {
            builder.messageStore(store, FakeNetwork.PATIENT);
        }
        if (preferences != null) {
            builder.userPreferences(preferences);
        }
        var pf = builder.build();
        later.user.complete(pf);
        return new Running(
                ledger,
                dialogs,
                transactions,
                media,
                spools,
                legs,
                pf,
                theirDialogs,
                theirTransactions,
                theirMedia);
    }

    private static final int SLOWEST = 30 << 10;

    Ledger ledger() {
        return running().ledger;
    }

    MsrpEndpoint media() {
        return running().media;
    }

    ParticipatingFunction pf() {
        return running().pf;
    }

    /// With alice and with recipients.
    int sessions() {
        return running().dialogs.sessions();
    }

    /// Octets of content that have come.
    long spooled() {
        return running().spools.figures().octets();
    }

    /// Alice sends an INVITE.
    Calling call(LargeInvite invite) {
        var now = running();
        return new Calling(
                invite,
                receiver -> now.theirMedia.open(invite.isOverTls(), receiver),
                now.theirDialogs,
                hop(now.transactions));
    }

    /// Alice sends a MESSAGE, and has its final answer.
    SipResponse send(TestMessage message) {
        return Called.wait(begin(message));
    }

    CompletableFuture<SipResponse> begin(TestMessage message) {
        var answer = new FutureResponse();
        var request = message.build().toBuilder().remove("Via").build();
        running().theirTransactions.send(request, hop(running().transactions), answer);
        return answer;
    }

    // ---- the core

    @Override
    public void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        if (!request.method().equals(Method.INVITE)) {
            synchronized (calls) {
                messages.add(request);
            }
            transaction.respond(request.answer(200).build());
            return;
        }
        var secure =
                MessageMedia.of(Descriptions.of(request, Limits.DEFAULT), Limits.DEFAULT).secure();
        var call = new Called(request, receiver -> running().theirMedia.open(secure, receiver));
        Reaction reaction;
        synchronized (calls) {
            calls.add(call);
            reaction = reactionTo(request);
        }
        var session =
                running().theirDialogs.incoming(transaction, hop(running().transactions), call);
        session.ifPresent(open -> {
            call.begun(open);
            try {
                reaction.to(call);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private Reaction reactionTo(SipRequest request) {
        var script = scripts.get(request.requestUri().canonical());
        if (script == null) {
            return Called::answer;
        }
        return script.size() > 1 ? script.remove() : script.element();
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {}

    @Override
    public void onCancel(ServerTransaction transaction) {}

    /// All INVITEs for a recipient so far.
    List<Called> callsTo(String uri) {
        synchronized (calls) {
            return calls.stream().filter(c -> c.invite().requestUriText().equals(uri)).toList();
        }
    }

    List<Called> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    /// The only session with a recipient, which is waited for.
    Called callTo(String uri) {
        return callTo(uri, 1);
    }

    /// The n-th.
    Called callTo(String uri, int number) {
        await().until(() -> callsTo(uri).size() >= number);
        assertThat(callsTo(uri)).hasSize(number);
        return callsTo(uri).getLast();
    }

    /// Requests other than INVITE that have come to alice or to recipients.
    List<SipRequest> messages() {
        synchronized (calls) {
            return List.copyOf(messages);
        }
    }

    // ---- the ledger

    /// How many recipients of a message that was accepted have it so far, or how it ended else.
    int count(LargeInvite invite, OutcomeKind kind) {
        return ledger().message(invite.contribution()).map(m -> m.count(kind)).orElse(0);
    }

    /// Waits until the ledger has the last recipient's outcome, and gives them all.
    List<RecipientRow> outcomes(LargeInvite invite) {
        return outcomes(invite.contribution());
    }

    List<RecipientRow> outcomes(String contribution) {
        await().until(() ->
                ledger().message(contribution)
                        .filter(m -> m.count(OutcomeKind.PENDING) == 0)
                        .isPresent());
        return ledger().recipients(contribution, Optional.empty(), -1, 1000).rows();
    }

    /// `DELIVERED 200`, in the order of the list.
    List<String> ends(LargeInvite invite) {
        return outcomes(invite).stream()
                .map(row -> row.outcome().kind() + " " + row.outcome().sipStatus())
                .toList();
    }

    /// Lets time pass on the side of the Participating Function.
    void passTime(Duration more) {
        time.add(more);
    }

    /// The same, one limit after the other, until it is so.
    void passTimeUntil(Callable<Boolean> end) {
        await().until(() -> {
            time.add(LIMIT);
            return end.call();
        });
    }

    static org.awaitility.core.ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2));
    }

    // ---- the end

    /// A test that ends in the middle.
    void leavesThingsBehind() {
        expectsLeftovers = true;
    }

    /// Nothing of any message is left in memory, on disk, on the network or in the accounts.
    void assertNothingLeft() {
        var now = running();
        await().untilAsserted(() -> {
            assertThat(now.legs.figures().messages()).as("messages in the fan-out").isZero();
            assertThat(now.legs.figures().open()).as("open legs").isZero();
            assertThat(now.legs.figures().waiting()).as("waiting legs").isZero();
            assertThat(now.dialogs.sessions()).as("our dialogs").isZero();
            assertThat(now.media.openSessions()).as("our MSRP sessions").isZero();
            assertThat(now.media.openConnections()).as("MSRP connections").isZero();
            assertThat(now.spools.figures().open()).as("spools").isZero();
            assertThat(now.spools.figures().readers()).as("readers").isZero();
            assertThat(now.spools.figures().octets()).as("octets in spools").isZero();
            assertThat(now.pf.openMessages()).as("messages that wait for their answer").isZero();
        });
    }

    @Override
    public void close() {
        var now = running;
        try {
            if (now != null && !expectsLeftovers) {
                assertNothingLeft();
            }
        } finally {
            if (now != null) {
                stop(now);
            }
            timers.close();
        }
    }

    private static void stop(Running now) {
        now.pf.close();
        now.theirMedia.close();
        now.media.close();
        now.theirTransactions.close();
        now.transactions.close();
        now.spools.close();
        now.ledger.close();
    }
}
