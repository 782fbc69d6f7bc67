package org.fanfare.sip.transaction;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.SendQueueFull;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A request of somebody that waits for our final response (RFC 3261 17.2).
///
/// Retransmissions are absorbed, 100 Trying goes out by itself when it is due (RFC 4320 4.1, RFC
/// 3261 17.2.1), and a response is sent where RFC 3261 18.2.2 and RFC 3581 want it: over a
/// connection only on the one that the request came on. When that has ended the response is
/// dropped, and the user is told: a new connection to sent-by would let a client make us connect to
/// anybody (A2), and one that closed its connection asks again.
public abstract sealed class ServerTransaction
        permits NonInviteServerTransaction, InviteServerTransaction {

    private final TransactionLayer layer;
    private final ServerKey key;
    private final IncomingRequest incoming;
    private final String tag;
    private final TransactionTimers timers;
    private @Nullable SipResponse last;

    ServerTransaction(TransactionLayer layer, ServerKey key, IncomingRequest incoming) {
        this.layer = layer;
        this.key = key;
        this.incoming = incoming;
        tag = layer.newTag();
        timers = new TransactionTimers(layer.timers(), layer.values(), this::fired);
    }

    abstract List<ServerAction> begin();

    abstract List<ServerAction> onRequestAgain();

    abstract List<ServerAction> onAck();

    /// Empty where the response must not be sent.
    abstract List<ServerAction> onAnswer(int status);

    abstract List<ServerAction> onTimer(Timer timer);

    abstract List<ServerAction> onTransportError();

    abstract boolean isTerminated();

    /// Ends it without a trace.
    abstract void forget();

    /// With `received` and `rport` in the top Via.
    public SipRequest request() {
        return incoming.request();
    }

    /// Where the request came from.
    public Flow flow() {
        return incoming.flow();
    }

    ServerKey key() {
        return key;
    }

    IncomingRequest incoming() {
        return incoming;
    }

    /// Sends a response; the layer adds the tag of To where it is missing. After a final one, all
    /// but another 2xx to an INVITE are dropped. To another request than INVITE no provisional
    /// response is sent, but for the 100 that the layer makes (RFC 4320 4.1), no 408, and nothing
    /// after 64 * T1 (RFC 4320 4.2): such responses are dropped and counted.
    public void respond(SipResponse response) {
        var answer = withTag(response);
        List<ServerAction> actions;
        synchronized (this) {
            actions = onAnswer(answer.status());
            if (actions.contains(ServerAction.SEND_RESPONSE)) {
                last = answer;
            }
            setTimers(actions);
        }
        if (actions.isEmpty()) {
            layer.counters().lateAnswers.increment();
        }
        act(actions, null);
    }

    /// Sends a final response and forgets the transaction: a retransmission of the request is a new
    /// one. For challenges and refusals of strangers (RFC 3261 26.3.2.4, A1): no state, and over
    /// UDP to an address that is not trusted never more octets than came; what does not fit is cut
    /// down to what a response must have, or dropped.
    public void respondStatelessly(SipResponse response) {
        synchronized (this) {
            forget();
            timers.stop();
            timers.arm();
        }
        layer.terminated(this, null);
        layer.answerOnce(withTag(response), incoming);
    }

    /// Nothing is sent, not even 100: a request that is lost, or a phone without power. What comes
    /// again is absorbed until the client has given up.
    public void staySilent() {
        synchronized (this) {
            timers.stop();
            timers.start(Timer.EXPIRY, flow().protocol().isReliable());
            timers.arm();
        }
    }

    private SipResponse withTag(SipResponse response) {
        return response.status() == StatusCode.TRYING || response.to().tag().isPresent()
                ? response
                : response.toBuilder().toTag(tag).build();
    }

    /// What was answered, once it was.
    public synchronized Optional<SipResponse> lastFinal() {
        return Optional.ofNullable(last).filter(response -> !response.isProvisional());
    }

    /// The tag that the layer gives To in its responses.
    public String tag() {
        return tag;
    }

    void start() {
        step(this::begin, null);
    }

    void requestAgain() {
        step(this::onRequestAgain, null);
    }

    void acknowledged(SipRequest ack, Flow flow) {
        List<ServerAction> actions;
        synchronized (this) {
            actions = onAck();
            setTimers(actions);
        }
        act(actions, null);
        if (actions.contains(ServerAction.PASS_ACK)) {
            layer.passAck(ack, flow);
        }
    }

    private void transportFailed(IOException cause) {
        step(this::onTransportError, cause);
    }

    private void fired() {
        List<ServerAction> actions;
        synchronized (this) {
            var timer = timers.takeDue();
            actions = timer == null ? List.of() : onTimer(timer);
            actions.forEach(this::setTimer);
            timers.arm();
        }
        act(actions, null);
    }

    /// One arrow of the machine.
    private interface Arrow {

        List<ServerAction> take();
    }

    private void step(Arrow arrow, @Nullable IOException cause) {
        List<ServerAction> actions;
        synchronized (this) {
            actions = arrow.take();
            setTimers(actions);
        }
        act(actions, cause);
    }

    private void setTimers(List<ServerAction> actions) {
        boolean changed = false;
        for (var action : actions) {
            changed |= setTimer(action);
        }
        if (changed) {
            timers.arm();
        }
    }

    private boolean setTimer(ServerAction action) {
        boolean reliable = flow().protocol().isReliable();
        switch (action) {
            case START_G -> timers.start(Timer.G, reliable);
            case START_H -> timers.start(Timer.H, reliable);
            case START_I -> timers.start(Timer.I, reliable);
            case START_L -> timers.start(Timer.L, reliable);
            case START_TRYING -> timers.start(tryingTimer(), reliable);
            case START_EXPIRY -> timers.start(Timer.EXPIRY, reliable);
            case RESET_G -> timers.lengthen();
            case STOP_TIMERS -> timers.stop();
            // For Timer J see AnsweredRequests.
            case START_J,
                    PASS_REQUEST,
                    PASS_ACK,
                    SEND_RESPONSE,
                    RESEND_RESPONSE,
                    SEND_TRYING,
                    INFORM_TIMEOUT,
                    INFORM_TRANSPORT_ERROR -> {
                return false;
            }
        }
        return true;
    }

    abstract Timer tryingTimer();

    private void act(List<ServerAction> actions, @Nullable IOException cause) {
        for (var action : actions) {
            act(action, cause);
        }
        if (isTerminated()) {
            layer.terminated(this, last());
        }
    }

    private void act(ServerAction action, @Nullable IOException cause) {
        switch (action) {
            case PASS_REQUEST -> layer.passRequest(this);
            case SEND_RESPONSE, RESEND_RESPONSE -> resend();
            case SEND_TRYING -> sendTrying();
            case INFORM_TIMEOUT -> layer.passTimeout(this);
            case INFORM_TRANSPORT_ERROR ->
                    layer.passTransportFailure(
                            this, cause == null ? new IOException("not sent") : cause);
            case PASS_ACK,
                    START_G,
                    START_H,
                    START_I,
                    START_J,
                    START_L,
                    START_TRYING,
                    START_EXPIRY,
                    RESET_G,
                    STOP_TIMERS -> {}
        }
    }

    private void sendTrying() {
        synchronized (this) {
            last = request().answer(StatusCode.TRYING).build();
        }
        resend();
    }

    private void resend() {
        var response = last();
        if (response != null) {
            send(response.encoded());
        }
    }

    private synchronized @Nullable SipResponse last() {
        return last;
    }

    private void send(Octets response) {
        try {
            incoming.back().send(response);
        } catch (SendQueueFull e) {
            incoming.back().close(); // it reads none of our responses (T3)
            transportFailed(e);
        } catch (IOException e) {
            transportFailed(e);
        }
    }
}
