package org.fanfare.sip.transaction;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Octets;

import java.util.List;

/// An INVITE.
final class InviteClientTransaction extends ClientTransaction {

    private InviteClient.State state = InviteClient.State.CALLING;
    private boolean cancelWanted;
    private boolean cancelSent;

    InviteClientTransaction(TransactionLayer layer, Octets branch, ResponseListener listener) {
        super(layer, branch, Method.INVITE, listener);
    }

    @Override
    List<ClientAction> begin() {
        return take(InviteClient.START);
    }

    @Override
    List<ClientAction> onResponse(int status) {
        if (status < 200) {
            return take(InviteClient.Event.PROVISIONAL);
        }
        return take(status < 300 ? InviteClient.Event.SUCCESS : InviteClient.Event.FAILURE);
    }

    @Override
    List<ClientAction> onTimer(Timer timer) {
        return switch (timer) {
            case A -> take(InviteClient.Event.TIMER_A);
            case B -> take(InviteClient.Event.TIMER_B);
            case D -> take(InviteClient.Event.TIMER_D);
            case M -> take(InviteClient.Event.TIMER_M);
            case E, F, G, H, I, J, K, L, INVITE_TRYING, TRYING, EXPIRY -> List.of();
        };
    }

    @Override
    List<ClientAction> onTransportError() {
        return take(InviteClient.Event.TRANSPORT_ERROR);
    }

    private List<ClientAction> take(InviteClient.Event event) {
        return take(InviteClient.next(state, event));
    }

    private List<ClientAction> take(Step<InviteClient.State, ClientAction> step) {
        state = step.next();
        return step.actions();
    }

    @Override
    synchronized boolean isTerminated() {
        return state == InviteClient.State.TERMINATED;
    }

    @Override
    void received(SipResponse response) {
        super.received(response);
        cancelIfWanted();
    }

    @Override
    public void cancel() {
        synchronized (this) {
            cancelWanted = true;
        }
        cancelIfWanted();
    }

    @Override
    public void abandon() {
        forget(() -> state = InviteClient.State.TERMINATED);
    }

    /// Not before a provisional response (RFC 3261 9.1): the CANCEL could overtake the INVITE.
    private void cancelIfWanted() {
        synchronized (this) {
            if (!cancelWanted || cancelSent || state != InviteClient.State.PROCEEDING) {
                return;
            }
            cancelSent = true;
        }
        var to = flow();
        if (to != null) {
            layer().sendCancel(cancelRequest(), outgoing().branch(), to);
        }
    }

    @Override
    void sendAck(SipResponse response) {
        send(ackRequest(response).encoded());
    }

    /// RFC 3261 17.1.1.3.
    private SipRequest ackRequest(SipResponse response) {
        return sameBut(Method.ACK).copy(response, HeaderName.TO).build();
    }

    /// RFC 3261 9.1.
    private SipRequest cancelRequest() {
        return sameBut(Method.CANCEL).copy(sent(), HeaderName.TO).build();
    }

    /// Request-URI, top Via, Route, From, Call-ID and the number of CSeq are those of the INVITE.
    private SipRequest.Builder sameBut(Method method) {
        var invite = sent();
        var request =
                SipRequest.builder(method, invite.requestUri())
                        .header(HeaderName.VIA, invite.topVia())
                        .header(HeaderName.MAX_FORWARDS, "70")
                        .copy(invite, HeaderName.ROUTE)
                        .copy(invite, HeaderName.FROM)
                        .copy(invite, HeaderName.CALL_ID);
        return request.header(HeaderName.CSEQ, invite.cseq().number() + " " + method);
    }

    private SipRequest sent() {
        return (SipRequest) SipParser.parse(outgoing().wire(), layer().limits());
    }
}
