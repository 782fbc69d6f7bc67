package org.fanfare.pf;

import org.awaitility.Awaitility;
import org.fanfare.interworking.InterworkingSelection;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerRefused;
import org.fanfare.ledger.Ledgers;
import org.fanfare.pf.fanout.FanOutSettings;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/// A Participating Function between alice's home network, which it trusts, and a scripted core. No
/// socket, and no time but the test's.
public final class FakeNetwork implements AutoCloseable {

    /// However slow the machine of the test is.
    static final Recorder.Settings PATIENT =
            new Recorder.Settings(
                    Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofHours(24));

    static final Peer TRUSTED =
            new Peer(
                    InetAddress.ofLiteral("192.0.2.1"),
                    InetAddress.ofLiteral("192.0.2.5"),
                    Set.of());
    static final Peer STRANGER =
            new Peer(
                    InetAddress.ofLiteral("203.0.113.9"),
                    InetAddress.ofLiteral("192.0.2.5"),
                    Set.of());

    public final ManualClock clock = new ManualClock();
    public final ScriptedCore core = new ScriptedCore();
    private Policy policy = Policy.DEFAULT;
    private Trust trust =
            new Trust(List.of(TrustedPeer.parse("192.0.2.1/32")), new Authentication.None());
    private FanOutSettings fanOut =
            FanOutSettings.defaults(ScriptedCore.HOP, "pf.home.example:5062");
    private DirectDeliveryWay way = DirectDeliveryWay.OFF;
    private List<Device> devices = List.of();
    private final AtomicInteger lookups = new AtomicInteger();
    private String ledgerUrl = "memory:";
    private @Nullable MessageStore store;
    private Recorder.Settings recording = Recorder.Settings.DEFAULT;
    private @Nullable UserPreferences preferences;
    private @Nullable Ledger ledger;
    private @Nullable ParticipatingFunction pf;

    public FakeNetwork policy(UnaryOperator<Policy.Builder> changes) {
        policy = policy.with(changes);
        return this;
    }

    FakeNetwork trust(Trust value) {
        trust = value;
        return this;
    }

    /// With an interworking function that the core knows the way to.
    public FakeNetwork interworking() {
        return interworking(InterworkingSelection.LISTED_CODES);
    }

    public FakeNetwork interworking(Set<Integer> codes) {
        var isf =
                new InterworkingSelection.Isf(
                        SipUri.parse("sip:isf.home.example;lr"), Optional.empty(), false);
        fanOut = fanOut.withInterworking(new InterworkingSelection(Optional.of(isf), codes));
        return this;
    }

    /// With a message store; what is recorded is for the policy to say.
    public FakeNetwork store(MessageStore value, Recorder.Settings settings) {
        store = value;
        recording = settings;
        return this;
    }

    public FakeNetwork preferences(UserPreferences value) {
        preferences = value;
        return this;
    }

    /// Alice has these devices, and they get what the one that sends does.
    FakeNetwork directDelivery(DirectDeliveryWay value, Device... registered) {
        way = value;
        devices = List.of(registered);
        return this;
    }

    /// How often it was asked which devices are registered.
    int lookups() {
        return lookups.get();
    }

    public FakeNetwork fanOut(UnaryOperator<FanOutSettings> changes) {
        fanOut = changes.apply(fanOut);
        return this;
    }

    public FakeNetwork ledger(String url) {
        ledgerUrl = url;
        return this;
    }

    public Ledger ledger() {
        var open = ledger;
        if (open == null) {
            try {
                open = Ledgers.open(ledgerUrl, clock, "test");
            } catch (LedgerRefused e) {
                throw new AssertionError(e);
            }
            ledger = open;
        }
        return open;
    }

    ParticipatingFunction pf() {
        var running = pf;
        if (running == null) {
            var self =
                    new Self(
                            "pf.home.example",
                            List.of(
                                    Uri.parse(TestMessage.EXPLODER),
                                    Uri.parse("sip:alias@home.example")),
                            Set.of(HostPort.parse("pf.home.example:5062")));
            var builder =
                    ParticipatingFunction.builder(self, fanOut, core, ledger(), clock)
                            .trust(trust)
                            .policy(policy)
                            .clock(clock)
                            .random(new Random(1));
            if (store != null) {
                builder.messageStore(store, recording);
            }
            builder.directDelivery(
                    way,
                    user -> {
                        lookups.incrementAndGet();
                        return user.contains(TestMessage.ALICE) ? devices : List.of();
                    });
            if (preferences != null) {
                builder.userPreferences(preferences);
            }
            running = builder.build();
            pf = running;
        }
        return running;
    }

    /// Sends and waits for the answer, which must not need time to pass.
    public SipResponse send(TestMessage message) {
        return send(message.build(), TRUSTED);
    }

    SipResponse send(SipRequest request, Peer from) {
        return begin(request, from).answer();
    }

    /// Sends, and comes back when the answer is there or is waited for.
    public Sent begin(TestMessage message) {
        return begin(message.build(), TRUSTED);
    }

    Sent begin(SipRequest request, Peer from) {
        var answer = new CompletableFuture<SipResponse>();
        var participatingFunction = pf();
        var thread =
                Thread.startVirtualThread(() -> {
                    try {
                        var outcome = participatingFunction.answer(request, from);
                        answer.complete(outcome.response());
                        outcome.afterwards().run();
                    } catch (Throwable e) {
                        answer.completeExceptionally(e);
                    }
                });
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .until(() -> thread.getState() == Thread.State.TERMINATED || isCollecting(thread));
        return new Sent(thread, answer);
    }

    private static boolean isCollecting(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame ->
                                (frame.getClassName().endsWith(".Progress")
                                                && frame.getMethodName().startsWith("await"))
                                        || frame.getMethodName().equals("answerToBe"));
    }

    /// A request that waits for its answer.
    public record Sent(Thread thread, CompletableFuture<SipResponse> future) {

        public boolean isAnswered() {
            return future.isDone();
        }

        /// Waits until the answer is out and all that follows it at once has been done.
        public SipResponse answer() {
            try {
                var response = future.get(10, TimeUnit.SECONDS);
                thread.join(Duration.ofSeconds(10));
                return response;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /// The process is gone, and a new one starts on the same ledger.
    public void restart() {
        close();
        pf = null;
        ledger = null;
    }

    @Override
    public void close() {
        if (pf != null) {
            pf.close();
        }
        if (ledger != null) {
            ledger.close();
        }
    }
}
