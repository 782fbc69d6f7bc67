package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transport.Hop;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/// A session that we are asked for (RFC 3261 13.3).
public final class IncomingSession extends Session {

    private final ServerTransaction transaction;
    private Optional<SessionTimer> agreed = Optional.empty();
    private @Nullable SipRequest ack;
    private IncomingInvite.State state = IncomingInvite.State.RINGING;

    IncomingSession(
            DialogLayer layer, ServerTransaction transaction, Hop next, SessionListener listener) {
        super(layer, next, listener);
        this.transaction = transaction;
        dialog = Dialog.ofCallee(transaction.request(), transaction.tag());
        heard(transaction.request());
    }

    ServerTransaction transaction() {
        return transaction;
    }

    @Override
    public SipRequest invite() {
        return transaction.request();
    }

    @Override
    public synchronized boolean isOpen() {
        return state == IncomingInvite.State.OPEN || state == IncomingInvite.State.ANSWERED;
    }

    @Override
    boolean isAnswered() {
        return state != IncomingInvite.State.RINGING;
    }

    /// Answers 101 to 199, with the fields that make an early dialog. Nothing after a final answer.
    ///
    /// @param response from [SipRequest#answer] of the INVITE, with Contact
    public void provisional(SipResponse.Builder response) {
        take(IncomingInvite.Event.PROVISIONAL, inDialog(response).build());
    }

    /// Answers 2xx, again and again until the ACK is here, and nothing where the caller has given
    /// up meanwhile: then [SessionListener#onEnded] tells so. Record-Route, Allow and the session
    /// timer (RFC 4028 9) are put in.
    ///
    /// @param response from [SipRequest#answer] of the INVITE, with Contact and description
    public void answer(SipResponse.Builder response) {
        answer(response, layer.settings().interval());
    }

    /// The same with a session interval of its own.
    ///
    /// @param interval where the caller leaves it to us, else the longest
    public synchronized void answer(SipResponse.Builder response, Duration interval) {
        wanted(interval);
        if (response.first(HeaderName.ALLOW).isEmpty()) {
            response.header(HeaderName.ALLOW, layer.allow());
        }
        var least = layer.settings().least();
        switch (SessionTimer.termsFor(invite(), interval, least)) {
            case SessionTimer.Terms.Timed terms -> {
                withTimer(response, terms);
                agreed = Optional.of(terms.timer());
            }
            case SessionTimer.Terms.Untimed(), SessionTimer.Terms.TooShort(_) -> {}
        }
        var success = inDialog(response).build();
        if (state == IncomingInvite.State.RINGING) {
            said(success);
        }
        take(IncomingInvite.Event.ANSWER, success);
    }

    /// Answers 300 to 699. Nothing after a final answer.
    public synchronized void refuse(SipResponse response) {
        if (state == IncomingInvite.State.RINGING) {
            endsBecause(new SessionEnd.Refused(response));
        }
        take(IncomingInvite.Event.REFUSE, response);
    }

    private SipResponse.Builder inDialog(SipResponse.Builder response) {
        if (response.first(HeaderName.RECORD_ROUTE).isEmpty()) { // 12.1.1
            response.copy(invite(), HeaderName.RECORD_ROUTE);
        }
        return response.toTag(transaction.tag());
    }

    private void take(IncomingInvite.Event event) {
        take(event, null, null);
    }

    private void take(IncomingInvite.Event event, SipResponse response) {
        take(event, response, null);
    }

    private synchronized void take(
            IncomingInvite.Event event,
            @Nullable SipResponse response,
            @Nullable ServerTransaction bye) {
        var before = state;
        var step = IncomingInvite.next(state, event);
        state = step.next();
        for (var action : step.actions()) {
            switch (action) {
                case RESPOND -> {
                    if (response != null) {
                        transaction.respond(response);
                    }
                }
                case RESEND_UNTIL_ACK -> {
                    if (response != null) {
                        dialog = current().confirm();
                        resendUntilAck(transaction, response);
                    }
                }
                case STOP_RESENDING -> stopResending();
                case START_SESSION_TIMER -> startTimer(agreed);
                case STOP_TIMERS -> stopTimers();
                case REFUSE_480 -> respond(transaction, StatusCode.TEMPORARILY_UNAVAILABLE);
                case REFUSE_487 -> respond(transaction, StatusCode.REQUEST_TERMINATED);
                case TELL_ACKNOWLEDGED -> tellAcknowledged();
                case SEND_BYE -> sendBye();
                case ANSWER_BYE -> {
                    if (bye != null) {
                        answerBye(bye, isTold(before));
                    }
                }
                case TELL_ENDED -> tellEnded(new SessionEnd.Cancelled());
            }
        }
    }

    private static boolean isTold(IncomingInvite.State state) {
        return state == IncomingInvite.State.OPEN || state == IncomingInvite.State.ANSWERED;
    }

    private void tellAcknowledged() {
        var told = ack;
        if (told != null) {
            events.add(() -> listener.onAcknowledged(told));
        }
    }

    @Override
    void endWanted() {
        take(IncomingInvite.Event.END_WANTED);
    }

    @Override
    void byeReceived(ServerTransaction bye) {
        if (isAnswered()) {
            endsBecause(new SessionEnd.ByeReceived(bye.request()));
        }
        take(IncomingInvite.Event.BYE_RECEIVED, null, bye);
    }

    @Override
    void byeDone() {
        take(IncomingInvite.Event.BYE_DONE);
    }

    @Override
    synchronized void onAck(SipRequest received) {
        boolean first = invite().cseq().number() == received.cseq().number();
        if (first) {
            ack = received;
            take(IncomingInvite.Event.ACK);
        } else {
            acknowledges(received);
        }
    }

    @Override
    void onNoAck() {
        take(IncomingInvite.Event.NO_ACK);
    }

    void cancelled() {
        take(IncomingInvite.Event.CANCEL);
    }
}
