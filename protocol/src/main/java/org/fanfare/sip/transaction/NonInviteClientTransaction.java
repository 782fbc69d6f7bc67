package org.fanfare.sip.transaction;

import org.fanfare.sip.Method;
import org.fanfare.wire.Octets;

import java.util.List;

/// Every request but INVITE and ACK.
final class NonInviteClientTransaction extends ClientTransaction {

    private NonInviteClient.State state = NonInviteClient.State.TRYING;

    NonInviteClientTransaction(
            TransactionLayer layer, Octets branch, Method method, ResponseListener listener) {
        super(layer, branch, method, listener);
    }

    @Override
    List<ClientAction> begin() {
        return take(NonInviteClient.START);
    }

    @Override
    List<ClientAction> onResponse(int status) {
        return take(status < 200 ? NonInviteClient.Event.PROVISIONAL : NonInviteClient.Event.FINAL);
    }

    @Override
    List<ClientAction> onTimer(Timer timer) {
        return switch (timer) {
            case E -> take(NonInviteClient.Event.TIMER_E);
            case F -> take(NonInviteClient.Event.TIMER_F);
            case K -> take(NonInviteClient.Event.TIMER_K);
            case A, B, D, G, H, I, J, L, M, INVITE_TRYING, TRYING, EXPIRY -> List.of();
        };
    }

    @Override
    List<ClientAction> onTransportError() {
        return take(NonInviteClient.Event.TRANSPORT_ERROR);
    }

    private List<ClientAction> take(NonInviteClient.Event event) {
        return take(NonInviteClient.next(state, event));
    }

    private List<ClientAction> take(Step<NonInviteClient.State, ClientAction> step) {
        state = step.next();
        return step.actions();
    }

    /// True as soon as it is completed. Timer K would only keep it, 5 s over UDP, to swallow
    /// responses that come again (RFC 3261 17.1.2.2); forgotten at once, these match nothing, and
    /// are dropped and counted: the same to the user, and a fan-out does not keep five seconds of
    /// finished legs.
    @Override
    synchronized boolean isTerminated() {
        return state == NonInviteClient.State.COMPLETED
                || state == NonInviteClient.State.TERMINATED;
    }
}
