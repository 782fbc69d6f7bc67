package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The dialogs of one user agent, over its transactions (RFC 3261 12 to 15). Stands between the
/// transaction layer and the user who serves everything else: that one gets each INVITE that begins
/// something, makes a session of it with [#incoming], or answers it himself.
///
/// All requests in a dialog go to the hop that its owner names, whatever a peer writes into Contact
/// or Record-Route: those stand in the message, for the proxy at that hop (decision 8).
public final class DialogLayer implements TransactionUser {

    /// Which mean nothing outside of a dialog.
    private static final Set<Method> IN_DIALOG =
            Set.of(Method.INVITE, Method.BYE, Method.UPDATE, Method.PRACK, Method.INFO);

    private final TransactionUser others;
    private final DialogSettings settings;
    private final Map<DialogId, Session> dialogs = new ConcurrentHashMap<>();
    private final Map<ServerTransaction, IncomingSession> unanswered = new ConcurrentHashMap<>();
    private final AtomicInteger sessions = new AtomicInteger();
    private final RandomGenerator random = new SecureRandom();
    private @Nullable TransactionLayer transactions;

    /// @param others gets what belongs to no session
    public DialogLayer(TransactionUser others, DialogSettings settings) {
        this.others = others;
        this.settings = settings;
    }

    /// Says over which transactions. To be called once, before they are started with this as their
    /// user.
    public void attach(TransactionLayer layer) {
        transactions = layer;
    }

    TransactionLayer transactions() {
        var layer = transactions;
        if (layer == null) {
            throw new IllegalStateException("attach the transaction layer first");
        }
        return layer;
    }

    DialogSettings settings() {
        return settings;
    }

    String allow() {
        return settings.allow().stream().map(Method::name).collect(Collectors.joining(", "));
    }

    /// Sessions that have begun and not ended, answered or not.
    public int sessions() {
        return sessions.get();
    }

    /// Sends an INVITE (13.2). Returns at once. It is sent again for 422 with the interval that is
    /// asked for, and for 401 and 407 when the listener has credentials; Allow is put in where it
    /// is missing.
    ///
    /// @param invite without Via; with From tag, To, Call-ID, CSeq, Contact
    /// @param next for all requests of the session
    public OutgoingSession invite(SipRequest invite, Hop next, SessionListener listener) {
        var complete =
                invite.headers().has(HeaderName.ALLOW)
                        ? invite
                        : invite.toBuilder().header(HeaderName.ALLOW, allow()).build();
        var session = new OutgoingSession(this, complete, next, listener);
        sessions.incrementAndGet();
        session.start();
        return session;
    }

    /// Takes an INVITE that begins something as a session (13.3): the caller of this then rings,
    /// answers or refuses. Empty when it has a final response already, which the listener is told:
    /// because it was cancelled, its session interval is too short (422), or there are too many
    /// sessions (503).
    ///
    /// @param next for all requests of ours in the session
    /// @throws org.fanfare.wire.MalformedMessage when it has no Contact
    public Optional<IncomingSession> incoming(
            ServerTransaction invite, Hop next, SessionListener listener) {
        var session = new IncomingSession(this, invite, next, listener);
        boolean tooMany = sessions.incrementAndGet() > settings.sessions();
        unanswered.put(invite, session);
        register(session.current().id(), session);
        var terms = SessionTimer.termsFor(invite.request(), settings.interval(), settings.least());
        if (invite.lastFinal().isPresent()) {
            session.cancelled();
        } else if (tooMany) {
            session.refuse(
                    session.answer(invite.request(), StatusCode.SERVICE_UNAVAILABLE).build());
        } else if (terms instanceof SessionTimer.Terms.TooShort(var shortest)) {
            session.refuse(
                    session.answer(invite.request(), StatusCode.SESSION_INTERVAL_TOO_SMALL)
                            .header(HeaderName.MIN_SE, Long.toString(shortest.toSeconds()))
                            .build());
        } else {
            return Optional.of(session);
        }
        return Optional.empty();
    }

    @Override
    public void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        var id = DialogId.ofReceived(request);
        if (id.isEmpty()) {
            onRequestOutside(transaction);
            return;
        }
        var session = dialogs.get(id.get());
        if (session == null) {
            onUnknownDialog(transaction);
        } else {
            session.onRequest(transaction);
        }
    }

    private void onRequestOutside(ServerTransaction transaction) {
        var method = transaction.request().method();
        if (IN_DIALOG.contains(method) && !method.equals(Method.INVITE)) {
            refuseUnknown(transaction);
        } else {
            others.onRequest(transaction);
        }
    }

    private void onUnknownDialog(ServerTransaction transaction) {
        if (IN_DIALOG.contains(transaction.request().method())) { // 12.2.2
            refuseUnknown(transaction);
        } else {
            others.onRequest(transaction);
        }
    }

    private void refuseUnknown(ServerTransaction transaction) {
        var answer = transaction.request().answer(StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST);
        settings.inResponses().forEach(field -> answer.header(field.name(), field.value()));
        transaction.respond(answer.build());
    }

    @Override
    public void onAck(SipRequest ack, Flow flow) {
        var session = DialogId.ofReceived(ack).map(dialogs::get);
        if (session.isPresent()) {
            session.get().onAck(ack);
        } else {
            others.onAck(ack, flow);
        }
    }

    /// 487 also to an INVITE whose session does not exist yet (9.2).
    @Override
    public void onCancel(ServerTransaction transaction) {
        if (!cancelSession(transaction)) {
            if (transaction.lastFinal().isEmpty()) {
                transaction.respond(
                        transaction.request().answer(StatusCode.REQUEST_TERMINATED).build());
            }
            cancelSession(transaction); // made meanwhile
            others.onCancel(transaction);
        }
    }

    private boolean cancelSession(ServerTransaction transaction) {
        var session = unanswered.get(transaction);
        if (session != null) {
            session.cancelled();
        }
        return session != null;
    }

    @Override
    public void onTimeout(ServerTransaction transaction) {
        others.onTimeout(transaction);
    }

    @Override
    public void onTransportFailure(ServerTransaction transaction, IOException cause) {
        others.onTransportFailure(transaction, cause);
    }

    @Override
    public void onUnmatchedResponse(SipResponse response) {
        others.onUnmatchedResponse(response);
    }

    @Override
    public void onClosed(Flow flow) {
        others.onClosed(flow);
    }

    void register(DialogId id, Session session) {
        dialogs.put(id, session);
    }

    void forget(DialogId id) {
        dialogs.remove(id);
    }

    void ended(Session session, @Nullable Dialog dialog) {
        sessions.decrementAndGet();
        if (dialog != null) {
            dialogs.remove(dialog.id(), session);
        }
        if (session instanceof IncomingSession incoming) {
            unanswered.remove(incoming.transaction(), incoming);
        }
    }

    /// Ends a dialog that nobody wants: nothing depends on the answer.
    void end(Dialog dialog, Hop next) {
        var bye = dialog.nextLocal().request(Method.BYE);
        settings.inRequests().forEach(field -> bye.header(field.name(), field.value()));
        transactions().send(bye.build(), next, ResponseListener.UNCONCERNED);
    }

    /// When to try again after a 491 (14.1): who has made the Call-ID after 2.1 to 4 s, the other
    /// one after 0 to 2 s.
    Duration afterGlare(Session session) {
        return session instanceof OutgoingSession
                ? Duration.ofMillis(random.nextInt(2_100, 4_001))
                : Duration.ofMillis(random.nextInt(0, 2_001));
    }
}
