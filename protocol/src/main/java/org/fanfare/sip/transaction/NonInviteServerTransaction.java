package org.fanfare.sip.transaction;

import org.fanfare.sip.StatusCode;

import java.util.List;

/// Every request but INVITE and ACK.
final class NonInviteServerTransaction extends ServerTransaction {

    private NonInviteServer.State state = NonInviteServer.State.TRYING;

    NonInviteServerTransaction(TransactionLayer layer, ServerKey key, IncomingRequest incoming) {
        super(layer, key, incoming);
    }

    @Override
    List<ServerAction> begin() {
        return take(NonInviteServer.START);
    }

    @Override
    List<ServerAction> onRequestAgain() {
        return take(NonInviteServer.Event.REQUEST);
    }

    @Override
    List<ServerAction> onAck() {
        return List.of();
    }

    @Override
    List<ServerAction> onAnswer(int status) {
        boolean forbidden = status < 200 || status == StatusCode.REQUEST_TIMEOUT; // RFC 4320 4
        return forbidden ? List.of() : take(NonInviteServer.Event.FINAL);
    }

    @Override
    List<ServerAction> onTimer(Timer timer) {
        return switch (timer) {
            case TRYING -> take(NonInviteServer.Event.TIMER_TRYING);
            case EXPIRY -> take(NonInviteServer.Event.TIMER_EXPIRY);
            case J -> take(NonInviteServer.Event.TIMER_J);
            case A, B, D, E, F, G, H, I, K, L, M, INVITE_TRYING -> List.of();
        };
    }

    @Override
    List<ServerAction> onTransportError() {
        return take(NonInviteServer.Event.TRANSPORT_ERROR);
    }

    private List<ServerAction> take(NonInviteServer.Event event) {
        return take(NonInviteServer.next(state, event));
    }

    private List<ServerAction> take(Step<NonInviteServer.State, ServerAction> step) {
        state = step.next();
        return step.actions();
    }

    @Override
    Timer tryingTimer() {
        return Timer.TRYING;
    }

    /// True as soon as it is completed: what is left to do until Timer J, [AnsweredRequests] does.
    @Override
    synchronized boolean isTerminated() {
        return state == NonInviteServer.State.COMPLETED
                || state == NonInviteServer.State.TERMINATED;
    }

    @Override
    void forget() {
        state = NonInviteServer.State.TERMINATED;
    }
}
