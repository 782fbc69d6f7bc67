package org.fanfare.pf.fanout;

import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.Fenced;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.sip.RetryAfter;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// Sends the copies of all accepted messages.
///
/// Messages take turns, one leg at a time, so that a list of two does not wait for one of fifty
/// thousand. A leg goes when its turn has come, nothing is pending at its recipient
/// ([PendingRecipients]) and the next hop's [Window] has room. No thread waits for a leg: whoever
/// brings a response sends what may go next.
public final class FanOut implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FanOut.class);

    private final FanOutSettings settings;
    private final Carrier messages;
    private final Timers timers;
    private final RandomGenerator random;
    private final Verdict.Rules rules;
    private final Way toCore;
    private final Way toInterworking;

    private final Object lock = new Object();
    private final ArrayDeque<Distribution> turns = new ArrayDeque<>();
    private final PendingRecipients pending;
    private final NextHop core;
    private final NextHop interworking;

    /// Legs that have timed out, by their branch, as long as it has not ended with the recipient.
    private final Map<String, Leg> givenUp = new HashMap<>();

    private int open;
    private int unfinished;
    private long sent;
    private long retries;
    private final Map<OutcomeKind, Long> ends = new EnumMap<>(OutcomeKind.class);
    private volatile boolean stopped;
    private boolean wakeUpSet;

    private final AtomicInteger rounds = new AtomicInteger();

    public FanOut(FanOutSettings settings, Outlet outlet, Timers timers, RandomGenerator random) {
        this.settings = settings;
        this.messages = new MessageCarrier(outlet);
        this.timers = timers;
        this.random = random;
        this.toCore = settings.toCore();
        this.toInterworking = settings.toInterworking();
        this.rules = new Verdict.Rules(settings.retries(), settings.interworking());
        this.pending = new PendingRecipients(settings.mostWaitingAtRecipient());
        this.core = new NextHop(settings.core(), newWindow());
        this.interworking =
                settings.interworking()
                        .isf()
                        .flatMap(isf -> isf.direct())
                        .map(hop -> new NextHop(hop, newWindow()))
                        .orElse(core);
    }

    private Window newWindow() {
        return new Window(settings.parallelLegs(), settings.mostOpen(), settings.patience());
    }

    /// Starts a message, or what is left of it. Returns at once.
    public void start(Distribution message) {
        synchronized (lock) {
            if (message.left() == 0 || !message.start()) {
                return;
            }
            unfinished++;
            joinTurns(message);
        }
        sendWhatMayGo();
    }

    /// Sends until nothing more may go. Only one thread at a time is in here; another one that
    /// comes along leaves a note and goes, so that legs which fail at once do not end in recursion.
    private void sendWhatMayGo() {
        if (rounds.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            for (var leg = nextLeg(); leg != null; leg = nextLeg()) {
                process(leg);
            }
            seen = rounds.addAndGet(-seen);
        } while (seen > 0);
    }

    /// The leg whose turn it is, opened; or one with which it has ended before it began; or
    /// nothing.
    private @Nullable Leg nextLeg() {
        synchronized (lock) {
            long now = timers.nanoTime();
            if (stopped || open >= settings.mostOpen()) {
                return null;
            }
            var parked = interworking.parked();
            if (!parked.isEmpty() && hasRoom(interworking, now)) {
                return opened(parked.remove(), interworking, now);
            }
            return hasRoom(core, now) ? nextInTurn(now) : null;
        }
    }

    private @Nullable Leg nextInTurn(long now) {
        int passes = 0;
        while (passes < turns.size()) {
            var message = turns.remove();
            if (!message.mayOpen(settings.mostOpen() - open)) {
                turns.add(message);
                passes++;
                continue;
            }
            passes = 0;
            var leg = message.take(this);
            if (message.hasWork()) {
                turns.add(message); // behind all others
            } else {
                message.leaveTurns();
            }
            if (leg != null && enters(leg, now)) {
                return leg;
            }
        }
        return null;
    }

    /// Whether the leg can go, or has ended; otherwise it waits where it will be found again.
    private boolean enters(Leg leg, long now) {
        if (leg.done() || leg.message().abandoned()) {
            leaveRecipient(leg);
            return false;
        }
        if (now >= leg.message().deadline()) { // reliability W4
            leg.foregone(new Delivery.Expired());
            return true;
        }
        if (leg.interworking() && !settings.interworking().allowed()) { // reading 44
            leg.foregone(new Delivery.Failed(416, "Unsupported URI Scheme"));
            return true;
        }
        boolean isNew = leg.attempt() == 1 && !leg.admitted();
        if (isNew && leg.interworking() && !leg.message().takesInterworking()) { // A9
            leg.foregone(new Delivery.Failed(480, "too many to interworking in a day"));
            return true;
        }
        switch (entrance(leg)) {
            case FREE -> leg.admitted(leg.message().carrier() == null);
            case CROWDED -> {
                leg.foregone(new Delivery.Failed(480, "too many messages wait for this recipient"));
                return true;
            }
            case WAIT -> {
                return false;
            }
        }
        var hop = hopOf(leg);
        if (hop != core && !hasRoom(hop, now)) {
            hop.parked().add(leg);
            return false;
        }
        opened(leg, hop, now);
        return true;
    }

    /// One MESSAGE at a time is pending at a recipient (RFC 3428 8); sessions may be several.
    private PendingRecipients.Entrance entrance(Leg leg) {
        return leg.admitted() || leg.message().carrier() != null
                ? PendingRecipients.Entrance.FREE
                : pending.enter(leg);
    }

    private Leg opened(Leg leg, NextHop hop, long now) {
        open++;
        sent++;
        retries += leg.attempt() > 1 ? 1 : 0;
        leg.message().opened();
        leg.sentAt(now);
        hop.window().sent(leg);
        return leg;
    }

    /// When the window is full of silent legs no response will wake us up.
    private boolean hasRoom(NextHop hop, long now) {
        if (hop.window().hasRoom(now)) {
            return true;
        }
        if (!wakeUpSet) {
            wakeUpSet = true;
            timers.after(millis(hop.window().nextOverdue() - now), this::wakeUp);
        }
        return false;
    }

    private void wakeUp() {
        synchronized (lock) {
            wakeUpSet = false;
        }
        sendWhatMayGo();
    }

    private NextHop hopOf(Leg leg) {
        return leg.interworking() ? interworking : core;
    }

    /// Whatever goes wrong with one leg is the end of that leg and of no other.
    private void process(Leg leg) {
        var foregone = leg.foregone();
        try {
            if (foregone == null) {
                send(leg);
            } else {
                end(leg, foregone);
            }
        } catch (RuntimeException e) {
            LOG.error(
                    "message={} recipient={} a fault of ours",
                    leg.message().id(),
                    leg.recipient(),
                    e);
            if (close(leg)) {
                end(leg, new Delivery.Failed(500, "internal error"));
            }
        }
    }

    private void send(Leg leg) {
        var carrier = leg.message().carrier();
        (carrier == null ? messages : carrier)
                .carry(leg, hopOf(leg).hop(), leg.interworking() ? toInterworking : toCore);
        CrashPoint.BETWEEN_COPIES.visit();
    }

    /// The far side has taken the session: how long it goes on says nothing about the next hop.
    void inSession(Leg leg) {
        synchronized (lock) {
            hopOf(leg).window().answered(leg, timers.nanoTime());
        }
        sendWhatMayGo();
    }

    /// A final response has come (8.2.1.1/8.A.iv.1, 8.2.1.1/8.A.v).
    void answered(Leg leg, SipResponse response) {
        CrashPoint.AFTER_RESPONSE_BEFORE_OUTCOME.visit();
        long now = timers.nanoTime();
        synchronized (lock) {
            if (response.status() == 503) {
                hopOf(leg).window().refused(leg, now);
            } else if (leg.inWindow()) {
                hopOf(leg).window().answered(leg, now);
            }
        }
        if (close(leg)) {
            settle(
                    leg,
                    rules.answered(
                            leg,
                            response.status(),
                            response.reason(),
                            retryAfter(response),
                            now,
                            random));
            sendWhatMayGo();
        }
    }

    /// Its life was over while it was under way (reliability W4).
    void expired(Leg leg) {
        leaveWindowUnanswered(leg);
        if (close(leg)) {
            settle(leg, new Verdict.Ended(new Delivery.Expired()));
            sendWhatMayGo();
        }
    }

    private void leaveWindow(Leg leg) {
        synchronized (lock) {
            if (leg.inWindow()) {
                hopOf(leg).window().answered(leg, timers.nanoTime());
            }
        }
    }

    private void leaveWindowUnanswered(Leg leg) {
        synchronized (lock) {
            if (leg.inWindow()) {
                hopOf(leg).window().unanswered(leg, timers.nanoTime());
            }
        }
    }

    /// The far side was there and did not want the content (8.2.1.1/8.B.d.vii.d.a.msrp).
    void refused(Leg leg, int status, String reason) {
        leaveWindow(leg);
        if (close(leg)) {
            settle(leg, rules.refused(leg, status, reason));
            sendWhatMayGo();
        }
    }

    void hungUp(Leg leg, String reason) {
        leaveWindow(leg);
        if (close(leg)) {
            settle(leg, new Verdict.Ended(new Delivery.Failed(480, reason)));
            sendWhatMayGo();
        }
    }

    /// The transaction, or the transfer, has ended without a result.
    ///
    /// @param perhapsTaken whether the far side may have it all the same
    void unanswered(Leg leg, String reason, boolean perhapsTaken) {
        leaveWindowUnanswered(leg);
        if (close(leg)) {
            long now = timers.nanoTime();
            var verdict = rules.unanswered(leg, reason, perhapsTaken, now, random);
            if (verdict instanceof Verdict.Again) {
                giveUp(leg);
            }
            settle(leg, verdict);
            sendWhatMayGo();
        }
    }

    /// A session that comes to be so late has nobody to send the content any more.
    private void giveUp(Leg leg) {
        if (leg.message().carrier() != null) {
            return;
        }
        synchronized (lock) {
            leg.givenUpAs(new String(leg.identity().branch(), StandardCharsets.US_ASCII));
            givenUp.put(leg.givenUpAs(), leg);
        }
    }

    /// A success for a leg that had timed out: the recipient has the message, and no other attempt
    /// is made that can still be stopped (reliability D7).
    public void late(String branch, int status) {
        Leg current;
        Delivery delivery;
        synchronized (lock) {
            var leg = givenUp.get(branch);
            if (leg == null) {
                return;
            }
            current = leg.last();
            delivery = Verdict.Rules.success(leg, status);
        }
        end(current, delivery);
        sendWhatMayGo();
    }

    /// Nothing of it is pending any more: the next one at that recipient may go. False when that
    /// was so before.
    private boolean close(Leg leg) {
        synchronized (lock) {
            if (!leg.closeOnce()) {
                return false;
            }
            open--;
            leg.message().closed();
            leaveRecipient(leg);
            return true;
        }
    }

    private void leaveRecipient(Leg leg) {
        if (!leg.admitted()) {
            return;
        }
        leg.admitted(false);
        var next = pending.leave(leg);
        if (next != null) {
            next.admitted(true);
            makeReady(next);
        }
    }

    private void makeReady(Leg leg) {
        leg.message().addReady(leg);
        joinTurns(leg.message());
    }

    private void joinTurns(Distribution message) {
        if (message.joinTurns()) {
            turns.add(message);
        }
    }

    /// Nobody else is to get it, and nothing more is noted of it: it was not accepted.
    public void abandon(Distribution message) {
        synchronized (lock) {
            if (message.abandon()) {
                unfinished--;
                lock.notifyAll();
            }
        }
    }

    private void settle(Leg leg, Verdict verdict) {
        // A late answer to an attempt before this one, or nobody wants to know any more.
        if (leg.done() || leg.message().abandoned() || isCutByUs(leg, verdict)) {
            return;
        }
        switch (verdict) {
            case Verdict.Ended(var delivery) -> end(leg, delivery);
            case Verdict.Again(var next, var pause) -> tryAgain(leg, next, pause);
        }
    }

    /// A server that stops ends its sessions; the next start takes them up again.
    private boolean isCutByUs(Leg leg, Verdict verdict) {
        boolean succeeded = verdict instanceof Verdict.Ended(var delivery) && delivery.isSuccess();
        return stopped && leg.message().carrier() != null && !succeeded;
    }

    private void tryAgain(Leg leg, Leg next, long pause) {
        synchronized (lock) {
            leg.follow(next);
        }
        if (pause == 0) {
            comeBack(next);
        } else {
            timers.after(
                    millis(pause),
                    () -> {
                        comeBack(next);
                        sendWhatMayGo();
                    });
        }
    }

    private void comeBack(Leg leg) {
        synchronized (lock) {
            if (!leg.done()) {
                makeReady(leg);
            }
        }
    }

    private void end(Leg leg, Delivery delivery) {
        var message = leg.message();
        boolean ours = true;
        synchronized (lock) {
            if (!leg.doneOnce()) {
                return;
            }
            for (var each = leg; each != null; each = each.before()) {
                givenUp.remove(each.givenUpAs());
            }
        }
        try {
            message.listener().onDelivery(leg.recipient(), leg.uri(), delivery, leg.attempt());
        } catch (Fenced _) { // another node goes on with it
            ours = false;
        } catch (RuntimeException e) { // whoever brought the response has others to bring
            LOG.error("message={} recipient={} outcome lost", message.id(), leg.recipient(), e);
        }
        synchronized (lock) {
            leaveRecipient(leg);
            ends.merge(delivery.kind(), 1L, Long::sum);
            if (ours ? message.ended() : message.abandon()) {
                unfinished--;
                lock.notifyAll();
            }
        }
    }

    private static long retryAfter(SipResponse response) {
        try {
            return response.retryAfter().map(RetryAfter::seconds).orElse(0L);
        } catch (MalformedMessage _) {
            return 0;
        }
    }

    private static long millis(long nanos) {
        return Math.max((nanos + 999_999) / 1_000_000, 1);
    }

    /// What has happened so far, and what is going on.
    public FanOutFigures figures() {
        synchronized (lock) {
            var windows = new LinkedHashMap<String, Integer>();
            windows.put(core.hop().toString(), core.window().size());
            windows.put(interworking.hop().toString(), interworking.window().size());
            return new FanOutFigures(
                    sent, retries, Map.copyOf(ends), unfinished, open, pending.waiting(), windows);
        }
    }

    /// Waits until everything that was started has ended; false when it takes longer.
    public boolean awaitIdle(Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        synchronized (lock) {
            for (long left = longest.toNanos();
                    unfinished > 0 && left > 0;
                    left = end - System.nanoTime()) {
                lock.wait(millis(left));
            }
            return unfinished == 0;
        }
    }

    /// No further leg goes out. What has not ended is in the ledger.
    @Override
    public void close() {
        synchronized (lock) {
            stopped = true;
        }
    }
}
