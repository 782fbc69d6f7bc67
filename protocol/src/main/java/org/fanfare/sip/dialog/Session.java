package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderField;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.Warning;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What an INVITE sets up between two sides, from either of them: the part that is the same for
/// both. For any thread. Its lock is held while a state machine takes an arrow and does what stands
/// there, all of which is quick; the listener is called without it.
public abstract sealed class Session permits OutgoingSession, IncomingSession {

    private static final String SDP = "application/sdp";
    private static final HeaderField EXPIRED_REASON =
            new HeaderField(HeaderName.REASON, "SIP;cause=408;text=\"Session expired\"");

    /// Time to try again, when a refresh was refused, before the session ends.
    private static final Duration WORTH_ANOTHER = Duration.ofSeconds(10);

    private static final SessionListener NOBODY = new SessionListener() {};

    final DialogLayer layer;

    /// Nobody any more when the end was told: a caller stays for a while to acknowledge a 2xx that
    /// comes again (timer M of RFC 6026), and who listened may hold far more than that needs.
    volatile SessionListener listener;

    final Events events = new Events();
    final Hop next;
    @Nullable Dialog dialog;
    private String contact = "";
    private Octets localDescription = Octets.EMPTY;
    private Octets remoteDescription = Octets.EMPTY;
    private boolean takesUpdate;
    private Duration wanted;
    private @Nullable SessionTimer timer;
    private long endsAt;
    private Timers.@Nullable Cancellable refreshTimer;
    private Timers.@Nullable Cancellable endTimer;
    private @Nullable ClientTransaction refresh;
    private @Nullable UnacknowledgedAnswer unacknowledged;
    private List<HeaderField> byeFields = List.of();
    private final CompletableFuture<SipResponse> byeAnswer = new CompletableFuture<>();
    private boolean byeSent;
    private @Nullable SessionEnd why;

    Session(DialogLayer layer, Hop next, SessionListener listener) {
        this.layer = layer;
        this.next = next;
        this.listener = listener;
        wanted = layer.settings().interval();
    }

    /// The INVITE that began it.
    public abstract SipRequest invite();

    /// Whether it was answered and is not over, nor about to be.
    public abstract boolean isOpen();

    abstract void endWanted();

    abstract void byeReceived(ServerTransaction bye);

    abstract void byeDone();

    abstract void onAck(SipRequest ack);

    /// The dialog as it is now; empty for a caller before the 2xx.
    public synchronized Optional<Dialog> dialog() {
        return Optional.ofNullable(dialog);
    }

    /// What both sides have agreed on about refreshes.
    public synchronized Optional<SessionTimer> timer() {
        return Optional.ofNullable(timer);
    }

    /// Ends the session. A caller without an answer sends CANCEL instead; who is called and has not
    /// answered refuses with 480; after a 2xx the BYE waits for its ACK (RFC 3261 15).
    ///
    /// @param fields of the BYE, such as Reason
    /// @return the answer to the BYE; fails with [IOException] when there is none, or no BYE was
    ///   sent
    public CompletableFuture<SipResponse> bye(List<HeaderField> fields) {
        end(fields);
        return byeAnswer;
    }

    /// The same for one who does not wait: [SessionListener#onEnded] tells what has become of it.
    public synchronized void end(List<HeaderField> fields) {
        if (!byeSent) {
            byeFields = List.copyOf(fields);
        }
        endWanted();
    }

    /// What a re-INVITE of ours says, and the answer to one: the description that was sent, where
    /// it was not the whole body of the INVITE or the 2xx.
    public synchronized void localDescription(Octets description) {
        localDescription = description;
    }

    /// What we have said about ourselves.
    void said(SipMessage message) {
        contact = message.header(HeaderName.CONTACT).orElse(contact);
        if (!message.body().isEmpty() && localDescription.isEmpty()) {
            localDescription = message.body();
        }
    }

    /// What the other side has said about itself.
    void heard(SipMessage message) {
        if (message.headers().has(HeaderName.ALLOW)) {
            takesUpdate = message.allow().contains(Method.UPDATE);
        }
        if (!message.body().isEmpty()) {
            remoteDescription = message.body();
        }
    }

    void wanted(Duration interval) {
        wanted = interval;
    }

    Dialog current() {
        var now = dialog;
        if (now == null) {
            throw new IllegalStateException("there is no dialog yet");
        }
        return now;
    }

    // The end

    void endsBecause(SessionEnd end) {
        if (why == null) {
            why = end;
        }
    }

    void sendBye() {
        byeSent = true;
        var bye = inDialog(Method.BYE);
        byeFields.forEach(field -> bye.header(field.name(), field.value()));
        new InDialogRequest(this, answer -> byeAnswered(answer)).send(bye.build());
    }

    private synchronized void byeAnswered(Optional<SipResponse> answer) {
        endsBecause(new SessionEnd.ByeSent(answer));
        answer.ifPresent(response -> events.add(() -> byeAnswer.complete(response)));
        byeDone();
    }

    /// 200 to a BYE, with what the listener has to say in it.
    ///
    /// @param tells whether the listener does not know yet that it is over
    void answerBye(ServerTransaction bye, boolean tells) {
        events.add(() -> {
            var answer = bye.request().answer(StatusCode.OK);
            layer.settings()
                    .inResponses()
                    .forEach(field -> answer.header(field.name(), field.value()));
            try {
                if (tells) {
                    listener.onBye(bye.request())
                            .forEach(field -> answer.header(field.name(), field.value()));
                }
            } finally {
                bye.respond(answer.build());
            }
        });
    }

    void tellEnded(SessionEnd otherwise) {
        stopTimers();
        if (refresh != null) {
            refresh.abandon();
        }
        layer.ended(this, dialog);
        endsBecause(otherwise);
        var end = why == null ? otherwise : why;
        events.add(() -> {
            byeAnswer.completeExceptionally(new IOException("no answer to a BYE: " + end));
            try {
                listener.onEnded(end);
            } finally {
                listener = NOBODY;
            }
        });
    }

    void stopTimers() {
        cancel(refreshTimer);
        cancel(endTimer);
    }

    static void cancel(Timers.@Nullable Cancellable timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    // Requests of ours in the dialog

    private SipRequest.Builder inDialog(Method method) {
        var now = current().nextLocal();
        dialog = now;
        var request = now.request(method);
        layer.settings().inRequests().forEach(field -> request.header(field.name(), field.value()));
        return request;
    }

    /// The same request with the CSeq that is next.
    synchronized SipRequest again(SipRequest request) {
        var now = current().nextLocal();
        dialog = now;
        return request.toBuilder()
                .set(HeaderName.CSEQ, now.localSequence() + " " + request.method())
                .build();
    }

    // Refreshes (RFC 4028)

    void startTimer(Optional<SessionTimer> agreed) {
        stopTimers();
        timer = agreed.orElse(null);
        if (agreed.isEmpty()) {
            return;
        }
        var now = agreed.get();
        var timers = layer.transactions().timers();
        endsAt = timers.nanoTime() + now.endsAfter().toNanos();
        endTimer = timers.after(now.endsAfter(), this::expired);
        if (now.byUs()) {
            refreshTimer = timers.after(now.refreshAfter(), this::refreshDue);
        }
    }

    private synchronized void expired() {
        if (isOpen()) {
            endsBecause(new SessionEnd.Expired());
            byeFields = List.of(EXPIRED_REASON);
            endWanted();
        }
    }

    private synchronized void refreshDue() {
        var agreed = timer;
        if (!isOpen() || refresh != null || agreed == null) {
            return;
        }
        var request =
                inDialog(takesUpdate ? Method.UPDATE : Method.INVITE)
                        .header(HeaderName.CONTACT, contact)
                        .header(HeaderName.SUPPORTED, SessionTimer.TIMER)
                        .header(HeaderName.SESSION_EXPIRES, agreed.sessionExpires())
                        .header(HeaderName.ALLOW, layer.allow());
        if (!takesUpdate) {
            request.body(SDP, localDescription);
        }
        sendRefresh(request.build());
    }

    private void sendRefresh(SipRequest request) {
        var exchange = new InDialogRequest(this, answer -> refreshAnswered(request, answer));
        exchange.onAccepted(this::acknowledgeRefresh);
        refresh = exchange.send(request);
    }

    private synchronized void acknowledgeRefresh(SipRequest reinvite) {
        layer.transactions().acknowledge(current().ack(reinvite), next);
    }

    private synchronized void refreshAnswered(SipRequest request, Optional<SipResponse> answer) {
        refresh = null;
        if (!isOpen()) {
            return;
        }
        switch (answer.map(SipResponse::status).orElse(StatusCode.REQUEST_TIMEOUT)) {
            case StatusCode.REQUEST_TIMEOUT, StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST ->
                    expired(); // 10
            case StatusCode.REQUEST_PENDING -> refreshAfter(layer.afterGlare(this));
            case StatusCode.METHOD_NOT_ALLOWED, StatusCode.NOT_IMPLEMENTED -> {
                if (takesUpdate) {
                    takesUpdate = false;
                    refreshDue();
                }
            }
            default -> refreshAnswered(request, answer.orElseThrow());
        }
    }

    private void refreshAnswered(SipRequest request, SipResponse answer) {
        if (answer.isSuccess()) {
            dialog = current().withTargetOf(answer);
            startTimer(SessionTimer.ofAnswer(request, answer));
            events.add(() -> listener.onRefreshed());
            return;
        }
        var longer =
                answer.status() == StatusCode.SESSION_INTERVAL_TOO_SMALL
                        ? SessionTimer.longer(request, answer)
                        : Optional.<SipRequest.Builder>empty();
        if (longer.isPresent()) {
            sendRefresh(again(longer.get().build()));
            return;
        }
        // Not the same again at once; when the time runs out it ends.
        var left = Duration.ofNanos(endsAt - layer.transactions().timers().nanoTime());
        if (left.compareTo(WORTH_ANOTHER) > 0) {
            refreshAfter(left.dividedBy(2));
        }
    }

    private void refreshAfter(Duration wait) {
        refreshTimer = layer.transactions().timers().after(wait, this::refreshDue);
    }

    // Requests of the other side in the dialog

    /// What has no meaning here is answered 405, which leaves the dialog as it is (12.2.1.2).
    void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        synchronized (this) {
            if (!current().isInOrder(request)) { // 12.2.2
                respond(transaction, StatusCode.SERVER_INTERNAL_ERROR);
                return;
            }
            dialog = current().received(request);
            if (request.method().equals(Method.BYE)) {
                byeReceived(transaction);
            } else if (isRefresh(request)) {
                onRefresh(transaction);
            } else if (request.method().equals(Method.OPTIONS)) {
                transaction.respond(answer(request, StatusCode.OK).build());
            } else {
                respond(transaction, StatusCode.METHOD_NOT_ALLOWED);
            }
        }
    }

    static boolean isRefresh(SipRequest request) {
        return request.method().equals(Method.INVITE) || request.method().equals(Method.UPDATE);
    }

    void respond(ServerTransaction transaction, int status) {
        transaction.respond(answer(transaction.request(), status).build());
    }

    SipResponse.Builder answer(SipRequest request, int status) {
        var answer = request.answer(status);
        answer.header(HeaderName.ALLOW, layer.allow());
        layer.settings().inResponses().forEach(field -> answer.header(field.name(), field.value()));
        return answer;
    }

    /// A re-INVITE or UPDATE: the session stays as it is, and lives on (RFC 3261 14.2, RFC 3311
    /// 5.2).
    private void onRefresh(ServerTransaction transaction) {
        var request = transaction.request();
        var unknown =
                request.require().stream()
                        .filter(tag -> !tag.equalsIgnoreCase(SessionTimer.TIMER))
                        .toList();
        if (!unknown.isEmpty()) {
            transaction.respond(
                    answer(request, StatusCode.BAD_EXTENSION)
                            .header(HeaderName.UNSUPPORTED, String.join(", ", unknown))
                            .build());
        } else if (isGlare(request)) {
            respond(transaction, StatusCode.REQUEST_PENDING);
        } else if (!isAnswered()) {
            onEarlyRefresh(transaction);
        } else if (changesSession(request)) {
            transaction.respond(
                    answer(request, StatusCode.NOT_ACCEPTABLE_HERE)
                            .header(HeaderName.WARNING, warning("Session cannot be changed"))
                            .build());
        } else {
            refreshed(transaction);
        }
    }

    /// Whether the INVITE has been answered with a 2xx.
    abstract boolean isAnswered();

    /// Before the answer to the offer of the INVITE there can be no other one (RFC 3311 5.2).
    private void onEarlyRefresh(ServerTransaction transaction) {
        var request = transaction.request();
        if (request.method().equals(Method.UPDATE) && request.body().isEmpty()) {
            dialog = current().withTargetOf(request);
            transaction.respond(
                    answer(request, StatusCode.OK).header(HeaderName.CONTACT, contact).build());
        } else {
            transaction.respond(
                    answer(request, StatusCode.SERVER_INTERNAL_ERROR)
                            .header(HeaderName.RETRY_AFTER, "5")
                            .build());
        }
    }

    /// Whether both sides ask at the same time (RFC 3261 14.2).
    private boolean isGlare(SipRequest request) {
        return refresh != null
                && (refresh.method().equals(Method.INVITE)
                        || request.method().equals(Method.INVITE));
    }

    private boolean changesSession(SipRequest request) {
        return !request.body().isEmpty()
                && !remoteDescription.isEmpty()
                && !SameMedia.in(request.body(), remoteDescription);
    }

    Warning warning(String text) {
        var agent = current().local().uri() instanceof SipUri uri ? uri.host() : "localhost";
        return new Warning(399, agent, text);
    }

    private void refreshed(ServerTransaction transaction) {
        var request = transaction.request();
        switch (SessionTimer.termsFor(request, wanted, layer.settings().least())) {
            case SessionTimer.Terms.TooShort(var least) ->
                    transaction.respond(
                            answer(request, StatusCode.SESSION_INTERVAL_TOO_SMALL)
                                    .header(HeaderName.MIN_SE, Long.toString(least.toSeconds()))
                                    .build());
            case SessionTimer.Terms.Untimed() ->
                    accept(transaction, answer(request, StatusCode.OK), Optional.empty());
            case SessionTimer.Terms.Timed terms ->
                    accept(
                            transaction,
                            withTimer(answer(request, StatusCode.OK), terms),
                            Optional.of(terms.timer()));
        }
    }

    private void accept(
            ServerTransaction transaction,
            SipResponse.Builder answer,
            Optional<SessionTimer> agreed) {
        var request = transaction.request();
        dialog = current().withTargetOf(request);
        heard(request);
        answer.header(HeaderName.CONTACT, contact);
        boolean invites = request.method().equals(Method.INVITE);
        if (invites || !request.body().isEmpty()) {
            answer.body(SDP, localDescription);
        }
        var success = answer.toTag(current().id().localTag()).build();
        if (invites) {
            resendUntilAck(transaction, success);
        }
        transaction.respond(success);
        startTimer(agreed);
        events.add(() -> listener.onRefreshed());
    }

    static SipResponse.Builder withTimer(
            SipResponse.Builder answer, SessionTimer.Terms.Timed terms) {
        answer.set(HeaderName.SESSION_EXPIRES, terms.sessionExpires());
        if (answer.first(HeaderName.SUPPORTED).isEmpty()) {
            answer.header(HeaderName.SUPPORTED, SessionTimer.TIMER);
        }
        if (terms.required() && answer.first(HeaderName.REQUIRE).isEmpty()) {
            answer.header(HeaderName.REQUIRE, SessionTimer.TIMER);
        }
        return answer;
    }

    void resendUntilAck(ServerTransaction transaction, SipResponse success) {
        stopResending();
        unacknowledged =
                new UnacknowledgedAnswer(
                        transaction,
                        success,
                        layer.transactions().timers(),
                        layer.transactions().values(),
                        this::noAck);
        unacknowledged.start();
    }

    void stopResending() {
        if (unacknowledged != null) {
            unacknowledged.stop();
            unacknowledged = null;
        }
    }

    /// Whether it is for the 2xx that waits for one, which then waits no more.
    boolean acknowledges(SipRequest ack) {
        if (unacknowledged == null || unacknowledged.number() != ack.cseq().number()) {
            return false;
        }
        stopResending();
        return true;
    }

    private synchronized void noAck() {
        endsBecause(new SessionEnd.Unacknowledged());
        onNoAck();
    }

    abstract void onNoAck();
}
