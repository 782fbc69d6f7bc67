package org.fanfare.pf.fanout;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;

/// One accepted message on its way to its recipients, or the part of it that is left after a
/// restart.
public final class Distribution {

    /// Is told how it ended with each recipient, once for each, by a thread that must not be
    /// blocked.
    @FunctionalInterface
    public interface Listener {

        /// It has ended with one recipient.
        ///
        /// @throws org.fanfare.ledger.Fenced when this node has nothing more to do with the message
        void onDelivery(int recipient, String uri, Delivery delivery, int attempts);
    }

    /// The recipients that are still to be served.
    ///
    /// @param uris Request-URIs, in the order of the list
    /// @param first index in the message of the first of them
    /// @param ended those of them, counted from 0, with which it has already ended
    public record Recipients(List<String> uris, int first, BitSet ended) {

        /// A message that has just been accepted.
        public static Recipients all(List<String> uris) {
            return new Recipients(uris, 0, new BitSet());
        }

        int left() {
            return uris.size() - ended.cardinality();
        }
    }

    private final Object id;
    private final LegTemplate template;
    private final Recipients recipients;
    private final long deadline;
    private final Listener listener;
    private int mostOpen = Integer.MAX_VALUE;
    private volatile boolean passingErrorsOn;
    private boolean byTheCoreAlone;
    private @Nullable SessionCarrier carrier;
    private BooleanSupplier interworking = () -> true;

    // Guarded by the fan-out.
    private final ArrayDeque<Leg> ready = new ArrayDeque<>(0);
    private int next;
    private int open;
    private int left;
    private boolean inTurns;
    private boolean started;
    private volatile boolean abandoned;

    /// A message to be started by [FanOut#start].
    ///
    /// @param id what it is called in the log
    /// @param deadline when the message expires, on the clock of the timers
    public Distribution(
            Object id,
            LegTemplate template,
            Recipients recipients,
            long deadline,
            Listener listener) {
        this.id = id;
        this.template = template;
        this.recipients = recipients;
        this.deadline = deadline;
        this.listener = listener;
        this.left = recipients.left();
        this.next = recipients.ended.nextClearBit(0);
    }

    /// One leg at a time: something in this message may be what ended the process before
    /// (reliability R5).
    public Distribution oneByOne() {
        mostOpen = 1;
        return this;
    }

    /// As long as the sender waits, an error that comes back is the final response and not a reason
    /// to try again (8.2.1.1/8.A.v): for a message to a single recipient.
    public Distribution passingErrorsOn() {
        passingErrorsOn = true;
        return this;
    }

    /// The sender has its answer: from now on it is ours to try again.
    public void senderIsAnswered() {
        passingErrorsOn = false;
    }

    /// The core gets it whatever scheme the recipient has (8.2.1.1/8.A.iii.adhoc).
    public Distribution byTheCoreAlone() {
        byTheCoreAlone = true;
        return this;
    }

    /// Its legs are no plain requests.
    public Distribution by(SessionCarrier value) {
        carrier = value;
        return this;
    }

    @Nullable SessionCarrier carrier() {
        return carrier;
    }

    boolean isByTheCoreAlone() {
        return byTheCoreAlone;
    }

    /// Asked before each recipient goes to interworking; what it allows is used.
    public Distribution interworkingIf(BooleanSupplier quota) {
        interworking = quota;
        return this;
    }

    boolean takesInterworking() {
        return interworking.getAsBoolean();
    }

    boolean triesAgain() {
        return !passingErrorsOn;
    }

    Object id() {
        return id;
    }

    LegTemplate template() {
        return template;
    }

    long deadline() {
        return deadline;
    }

    Listener listener() {
        return listener;
    }

    /// Now its legs may go; false when nobody is to get it any more.
    boolean start() {
        started = !abandoned;
        return started;
    }

    /// Another node has taken the message over. True the first time, unless it had ended or never
    /// started.
    boolean abandon() {
        boolean first = started && !abandoned && left > 0;
        abandoned = true;
        return first;
    }

    boolean abandoned() {
        return abandoned;
    }

    /// A leg that was sent before, or had to wait, may go (again).
    void addReady(Leg leg) {
        ready.add(leg);
    }

    /// The next leg that may go: those that have waited come first.
    @Nullable Leg take(FanOut fanOut) {
        var waited = ready.poll();
        if (waited != null) {
            return waited;
        }
        if (abandoned || next >= recipients.uris.size()) {
            return null;
        }
        var leg = new Leg(fanOut, this, recipients.first + next, recipients.uris.get(next));
        next = recipients.ended.nextClearBit(next + 1);
        return leg;
    }

    boolean hasWork() {
        return !ready.isEmpty() || (!abandoned && next < recipients.uris.size());
    }

    boolean mayOpen(int free) {
        return open < mostOpen && open / 4 < free;
    }

    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    /// One recipient less; true when it was the last.
    boolean ended() {
        return --left == 0 && !abandoned;
    }

    int left() {
        return left;
    }

    /// Whether the message was not in the round, and now is.
    boolean joinTurns() {
        if (inTurns) {
            return false;
        }
        inTurns = true;
        return true;
    }

    void leaveTurns() {
        inTurns = false;
    }
}
