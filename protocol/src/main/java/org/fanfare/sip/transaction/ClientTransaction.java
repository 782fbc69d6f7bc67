package org.fanfare.sip.transaction;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.transport.Flow;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/// A request of ours that waits for its final response (RFC 3261 17.1).
///
/// The state machines are [NonInviteClient] and [InviteClient]; here are the things they do not
/// know: the flow, the timers, who listens. Timers are set while the transaction is locked; what
/// goes to the network or the listener goes after, in the order of the arrow.
///
/// The retransmission timer (A, E) and the one that ends a state (B, D, F, K, M) share one entry of
/// the wheel: a leg of a fan-out costs one.
public abstract sealed class ClientTransaction
        permits NonInviteClientTransaction, InviteClientTransaction {

    private final TransactionLayer layer;
    private final Octets branch;
    private final Method method;
    private final ResponseListener listener;
    private @Nullable OutgoingRequest request;
    private @Nullable Flow flow;
    private volatile boolean hasLeft;
    private final TransactionTimers timers;

    ClientTransaction(
            TransactionLayer layer, Octets branch, Method method, ResponseListener listener) {
        this.layer = layer;
        this.branch = branch;
        this.method = method;
        this.listener = listener;
        timers = new TransactionTimers(layer.timers(), layer.values(), this::fired);
    }

    abstract List<ClientAction> begin();

    abstract List<ClientAction> onResponse(int status);

    abstract List<ClientAction> onTimer(Timer timer);

    abstract List<ClientAction> onTransportError();

    /// Whether nothing more can come of it.
    abstract boolean isTerminated();

    /// Ends an INVITE that has no final answer yet (RFC 3261 9.1): as soon as there is a
    /// provisional one, and not at all where there is a final one. Of other requests nothing.
    public void cancel() {}

    /// Ends an INVITE that was cancelled and still has no final answer (RFC 3261 9.1): nothing more
    /// is told of it. Of other requests nothing: they end by themselves.
    public void abandon() {}

    /// That of our Via.
    public String branch() {
        return branch.ascii();
    }

    Octets key() {
        return branch;
    }

    public Method method() {
        return method;
    }

    boolean hasVias(int count) {
        var sent = request;
        return sent != null && sent.vias() == count;
    }

    TransactionLayer layer() {
        return layer;
    }

    /// Sends the request. May be called once.
    void start(OutgoingRequest outgoing, Flow to) {
        List<ClientAction> actions;
        synchronized (this) {
            request = outgoing;
            flow = to;
            actions = begin();
            setTimers(actions);
        }
        layer.counters().requestsSent.increment();
        act(actions, null, null);
    }

    /// It never had a flow.
    void cannotStart(IOException cause) {
        layer.terminated(this, null);
        listener.onTransportFailure(new NotSent(cause));
    }

    void received(SipResponse response) {
        List<ClientAction> actions;
        synchronized (this) {
            actions = onResponse(response.status());
            setTimers(actions);
        }
        act(actions, response, null);
    }

    /// Ends it without a trace.
    void forget(Runnable toTerminated) {
        synchronized (this) {
            toTerminated.run();
            timers.stop();
            timers.arm();
        }
        layer.terminated(this, flow);
    }

    void transportFailed(IOException cause) {
        List<ClientAction> actions;
        synchronized (this) {
            actions = onTransportError();
            setTimers(actions);
        }
        act(actions, null, cause);
    }

    private void fired() {
        List<ClientAction> actions;
        synchronized (this) {
            var timer = timers.takeDue();
            if (timer == null) {
                timers.arm();
                return;
            }
            actions = onTimer(timer);
            actions.forEach(this::setTimer);
            timers.arm();
        }
        act(actions, null, null);
    }

    private void setTimers(List<ClientAction> actions) {
        boolean changed = false;
        for (var action : actions) {
            changed |= setTimer(action);
        }
        if (changed) {
            timers.arm();
        }
    }

    private boolean setTimer(ClientAction action) {
        switch (action) {
            case START_A -> timers.start(Timer.A, isReliable());
            case START_B -> timers.start(Timer.B, isReliable());
            case START_D -> timers.start(Timer.D, isReliable());
            case START_E -> timers.start(Timer.E, isReliable());
            case START_F -> timers.start(Timer.F, isReliable());
            case START_M -> timers.start(Timer.M, isReliable());
            case RESET_DOUBLED -> timers.lengthen();
            case RESET_TO_T2 -> timers.againAfterT2();
            case STOP_TIMERS -> timers.stop();
            // Timer K is not waited for: see NonInviteClientTransaction#isTerminated.
            case START_K,
                    SEND_REQUEST,
                    SEND_ACK,
                    INFORM_RESPONSE,
                    INFORM_TIMEOUT,
                    INFORM_TRANSPORT_ERROR -> {
                return false;
            }
        }
        return true;
    }

    private void act(
            List<ClientAction> actions,
            @Nullable SipResponse response,
            @Nullable IOException cause) {
        if (isTerminated()) {
            layer.terminated(this, flow);
        }
        for (var action : actions) {
            act(action, response, cause);
        }
    }

    private void act(
            ClientAction action, @Nullable SipResponse response, @Nullable IOException cause) {
        switch (action) {
            case SEND_REQUEST -> send(outgoing().wire());
            case SEND_ACK -> {
                if (response != null) {
                    sendAck(response);
                }
            }
            case INFORM_RESPONSE -> {
                if (response != null) {
                    inform(response);
                }
            }
            case INFORM_TIMEOUT -> {
                layer.counters().clientTimeouts.increment();
                listener.onTimeout();
            }
            case INFORM_TRANSPORT_ERROR ->
                    listener.onTransportFailure(
                            cause == null ? new IOException("not sent") : cause);
            case START_A,
                    START_B,
                    START_D,
                    START_E,
                    START_F,
                    START_K,
                    START_M,
                    RESET_DOUBLED,
                    RESET_TO_T2,
                    STOP_TIMERS -> {}
        }
    }

    private void inform(SipResponse response) {
        if (response.isProvisional()) {
            listener.onProvisional(response);
        } else {
            listener.onFinal(response);
        }
    }

    /// Only of an INVITE.
    void sendAck(SipResponse response) {}

    void send(Octets message) {
        var to = flow;
        boolean isFirst = !hasLeft;
        hasLeft = true; // before: what is on its way may fail at any moment
        try {
            if (to != null) {
                to.send(message);
            }
        } catch (IOException e) {
            transportFailed(isFirst ? new NotSent(e) : e);
        }
    }

    OutgoingRequest outgoing() {
        var sent = request;
        if (sent == null) {
            throw new IllegalStateException("not started");
        }
        return sent;
    }

    @Nullable Flow flow() {
        return flow;
    }

    private boolean isReliable() {
        return flow != null && flow.protocol().isReliable();
    }
}
