package org.fanfare.sip.transaction;

import java.util.List;

/// An INVITE.
final class InviteServerTransaction extends ServerTransaction {

    private InviteServer.State state = InviteServer.State.PROCEEDING;

    InviteServerTransaction(TransactionLayer layer, ServerKey key, IncomingRequest incoming) {
        super(layer, key, incoming);
    }

    @Override
    List<ServerAction> begin() {
        return take(InviteServer.START);
    }

    @Override
    List<ServerAction> onRequestAgain() {
        return take(InviteServer.Event.REQUEST);
    }

    @Override
    List<ServerAction> onAck() {
        return take(InviteServer.Event.ACK);
    }

    @Override
    List<ServerAction> onAnswer(int status) {
        if (status < 200) {
            return take(InviteServer.Event.PROVISIONAL);
        }
        return take(status < 300 ? InviteServer.Event.SUCCESS : InviteServer.Event.FAILURE);
    }

    @Override
    List<ServerAction> onTimer(Timer timer) {
        return switch (timer) {
            case INVITE_TRYING -> take(InviteServer.Event.TIMER_TRYING);
            case G -> take(InviteServer.Event.TIMER_G);
            case H -> take(InviteServer.Event.TIMER_H);
            case I -> take(InviteServer.Event.TIMER_I);
            case L -> take(InviteServer.Event.TIMER_L);
            case A, B, D, E, F, J, K, M, TRYING, EXPIRY -> List.of();
        };
    }

    @Override
    List<ServerAction> onTransportError() {
        return take(InviteServer.Event.TRANSPORT_ERROR);
    }

    private List<ServerAction> take(InviteServer.Event event) {
        return take(InviteServer.next(state, event));
    }

    private List<ServerAction> take(Step<InviteServer.State, ServerAction> step) {
        state = step.next();
        return step.actions();
    }

    @Override
    Timer tryingTimer() {
        return Timer.INVITE_TRYING;
    }

    @Override
    synchronized boolean isTerminated() {
        return state == InviteServer.State.TERMINATED;
    }

    @Override
    void forget() {
        state = InviteServer.State.TERMINATED;
    }
}
