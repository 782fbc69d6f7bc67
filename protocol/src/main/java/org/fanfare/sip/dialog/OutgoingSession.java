package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Step;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Hop;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A session that we ask for (RFC 3261 13.2).
public final class OutgoingSession extends Session {

    private OutgoingInvite.State state = OutgoingInvite.START.next();
    private SipRequest invite;
    private int attempts;
    private @Nullable ClientTransaction transaction;
    private @Nullable Attempt attempt;
    private Timers.@Nullable Cancellable guard;
    private Timers.@Nullable Cancellable patience;

    /// By the tag of the branch that they answer.
    private final Map<String, SipRequest> acks = new HashMap<>();

    private final Map<String, Dialog> early = new HashMap<>();

    OutgoingSession(DialogLayer layer, SipRequest invite, Hop next, SessionListener listener) {
        super(layer, next, listener);
        this.invite = invite;
        said(invite);
    }

    synchronized void start() {
        act(OutgoingInvite.START, null, null);
    }

    /// As it was sent last, without Via.
    @Override
    public synchronized SipRequest invite() {
        return invite;
    }

    @Override
    public synchronized boolean isOpen() {
        return state == OutgoingInvite.State.OPEN;
    }

    @Override
    boolean isAnswered() {
        return switch (state) {
            case CALLING, PROCEEDING, GIVING_UP, CANCELLING -> false;
            case OPEN, ENDING, ENDED -> true;
        };
    }

    /// Gives up before there is an answer; the CANCEL waits for a provisional response (9.1). After
    /// a 2xx it is a BYE.
    public void cancel() {
        end(List.of());
    }

    private void take(OutgoingInvite.Event event) {
        take(event, null, null);
    }

    private void take(OutgoingInvite.Event event, SipResponse response) {
        take(event, response, null);
    }

    private synchronized void take(
            OutgoingInvite.Event event,
            @Nullable SipResponse response,
            @Nullable ServerTransaction bye) {
        act(OutgoingInvite.next(state, event), response, bye);
    }

    private void act(
            Step<OutgoingInvite.State, OutgoingInvite.Action> step,
            @Nullable SipResponse response,
            @Nullable ServerTransaction bye) {
        var before = state;
        state = step.next();
        for (var action : step.actions()) {
            switch (action) {
                case SEND_INVITE -> sendInvite();
                case START_GUARD -> guard = after(layer.settings().guard(), this::guardOver);
                case START_PATIENCE ->
                        patience =
                                after(
                                        layer.transactions().values().t1().multipliedBy(64),
                                        () -> take(OutgoingInvite.Event.PATIENCE));
                case START_SESSION_TIMER ->
                        startTimer(SessionTimer.ofAnswer(invite, response(response)));
                case STOP_TIMERS -> stopAllTimers();
                case TELL_PROVISIONAL -> {
                    var told = response(response);
                    if (told.status() > StatusCode.TRYING) {
                        events.add(() -> listener.onProvisional(told));
                    }
                }
                case ACKNOWLEDGE -> acknowledge(response(response));
                case TELL_ANSWERED -> {
                    var told = response(response);
                    events.add(() -> listener.onAnswered(told));
                }
                case REJECT -> reject(response(response));
                case CANCEL -> {
                    if (transaction != null) {
                        transaction.cancel();
                    }
                }
                case ABANDON -> {
                    if (transaction != null) {
                        transaction.abandon();
                    }
                }
                case SEND_BYE -> sendBye();
                case ANSWER_BYE -> {
                    if (bye != null) {
                        answerBye(bye, before == OutgoingInvite.State.OPEN);
                    }
                }
                case TELL_ENDED -> {
                    forgetEarly();
                    tellEnded(new SessionEnd.Cancelled());
                }
            }
        }
    }

    private static SipResponse response(@Nullable SipResponse response) {
        if (response == null) {
            throw new IllegalStateException("an event without its response");
        }
        return response;
    }

    private Timers.Cancellable after(Duration delay, Runnable task) {
        return layer.transactions().timers().after(delay, task);
    }

    private void stopAllTimers() {
        cancel(guard);
        cancel(patience);
        stopTimers();
    }

    private synchronized void guardOver() {
        endsBecause(new SessionEnd.NoAnswer());
        take(OutgoingInvite.Event.GUARD);
    }

    private void sendInvite() {
        attempts++;
        var now = new Attempt();
        attempt = now;
        transaction = layer.transactions().send(invite, next, now);
    }

    /// The first one makes our dialog, all others one that is ended at once.
    private void acknowledge(SipResponse success) {
        var confirmed = Dialog.ofCaller(invite, success);
        if (state == OutgoingInvite.State.OPEN && dialog == null) {
            dialog = confirmed;
            heard(success);
            forgetEarly();
            layer.register(confirmed.id(), this);
        }
        var ack = confirmed.ack(invite);
        acks.put(confirmed.id().remoteTag(), ack);
        layer.transactions().acknowledge(ack, next);
    }

    private void forgetEarly() {
        early.values().forEach(branch -> layer.forget(branch.id()));
        early.clear();
    }

    private void reject(SipResponse success) {
        layer.end(Dialog.ofCaller(invite, success), next);
    }

    @Override
    void endWanted() {
        take(OutgoingInvite.Event.END_WANTED);
    }

    @Override
    void byeReceived(ServerTransaction bye) {
        if (!isAnswered()) { // the other side must not end an early dialog (15)
            respond(bye, StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST);
            return;
        }
        endsBecause(new SessionEnd.ByeReceived(bye.request()));
        take(OutgoingInvite.Event.BYE_RECEIVED, null, bye);
    }

    @Override
    void byeDone() {
        take(OutgoingInvite.Event.BYE_DONE);
    }

    @Override
    synchronized void onAck(SipRequest ack) {
        acknowledges(ack);
    }

    @Override
    void onNoAck() {
        endWanted(); // of the 2xx to a re-INVITE
    }

    /// A response with a tag makes an early dialog, one for each branch.
    private synchronized void onProvisional(SipResponse response) {
        var tag = response.to().tag().orElse("");
        if (response.status() > StatusCode.TRYING
                && !tag.isEmpty()
                && !isAnswered()
                && early.size() < layer.settings().earlyDialogs()) {
            early.computeIfAbsent(tag, _ -> newEarly(response));
        }
        take(OutgoingInvite.Event.PROVISIONAL, response);
    }

    private Dialog newEarly(SipResponse response) {
        var made = Dialog.ofCaller(invite, response);
        layer.register(made.id(), this);
        return made;
    }

    /// Before the answer it is in an early dialog.
    @Override
    void onRequest(ServerTransaction transaction) {
        synchronized (this) {
            if (dialog == null) {
                onEarlyRequest(transaction);
                return;
            }
        }
        super.onRequest(transaction);
    }

    private void onEarlyRequest(ServerTransaction transaction) {
        var request = transaction.request();
        boolean harmless =
                request.method().equals(Method.OPTIONS)
                        || (request.method().equals(Method.UPDATE) && request.body().isEmpty());
        if (harmless) {
            transaction.respond(
                    answer(request, StatusCode.OK)
                            .header(
                                    HeaderName.CONTACT,
                                    invite.header(HeaderName.CONTACT).orElse(""))
                            .build());
        } else {
            respond(
                    transaction,
                    isRefresh(request)
                            ? StatusCode.REQUEST_PENDING // our own offer is open (RFC 3311 5.2)
                            : StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST);
        }
    }

    private synchronized void onSuccess(SipResponse response) {
        var ack = acks.get(response.to().tag().orElse(""));
        if (ack != null) {
            layer.transactions().acknowledge(ack, next);
        } else {
            take(OutgoingInvite.Event.SUCCESS, response);
        }
    }

    private synchronized void onFailure(SipResponse response) {
        if (attempts <= layer.settings().attempts()) {
            var longer =
                    response.status() == StatusCode.SESSION_INTERVAL_TOO_SMALL
                            ? SessionTimer.longer(invite, response)
                            : Optional.<SipRequest.Builder>empty();
            if (longer.isPresent()) {
                mended(longer.get().build());
                return;
            } else if (InDialogRequest.isChallenge(response)) {
                var refused = invite;
                events.add(() -> challenged(refused, response));
                return;
            }
        }
        refused(response);
    }

    private void challenged(SipRequest refused, SipResponse challenge) {
        listener.onChallenged(refused, challenge)
                .ifPresentOrElse(this::mended, () -> refused(challenge));
    }

    /// The same call with the next CSeq (RFC 3261 22.2, RFC 4028 7.4), unless it was given up.
    private synchronized void mended(SipRequest again) {
        long number = invite.cseq().number() + 1;
        invite = again.toBuilder().set(HeaderName.CSEQ, number + " " + Method.INVITE).build();
        take(OutgoingInvite.Event.MENDED);
    }

    private synchronized void refused(SipResponse response) {
        if (state == OutgoingInvite.State.CALLING || state == OutgoingInvite.State.PROCEEDING) {
            endsBecause(new SessionEnd.Refused(response));
        }
        take(OutgoingInvite.Event.FAILURE, response);
    }

    private synchronized void noResponse(SessionEnd end) {
        endsBecause(end);
        take(OutgoingInvite.Event.NO_RESPONSE);
    }

    private final class Attempt implements ResponseListener {

        private boolean isCurrent() {
            synchronized (OutgoingSession.this) {
                return attempt == this;
            }
        }

        @Override
        public void onProvisional(SipResponse response) {
            if (isCurrent()) {
                OutgoingSession.this.onProvisional(response);
            }
        }

        @Override
        public void onFinal(SipResponse response) {
            if (response.isSuccess()) {
                onSuccess(response);
            } else if (isCurrent()) {
                onFailure(response);
            }
        }

        @Override
        public void onTimeout() {
            if (isCurrent()) {
                noResponse(new SessionEnd.NoAnswer());
            }
        }

        @Override
        public void onTransportFailure(IOException cause) {
            if (isCurrent()) {
                noResponse(new SessionEnd.Unreachable(cause));
            }
        }
    }
}
