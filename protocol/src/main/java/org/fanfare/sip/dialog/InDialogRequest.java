package org.fanfare.sip.dialog;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ClientTransaction;
import org.fanfare.sip.transaction.ResponseListener;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A request of ours in a dialog: sent, again with credentials where they are asked for, until
/// there is an answer that stays.
final class InDialogRequest {

    private final Session session;
    private final Consumer<Optional<SipResponse>> onDone;
    private Consumer<SipRequest> onAccepted = _ -> {};
    private int attempts;

    /// @param onDone with the answer, or with none where there was a timeout or a transport failure
    InDialogRequest(Session session, Consumer<Optional<SipResponse>> onDone) {
        this.session = session;
        this.onDone = onDone;
    }

    /// For a re-INVITE: called with it each time that its 2xx comes.
    void onAccepted(Consumer<SipRequest> acknowledge) {
        onAccepted = acknowledge;
    }

    ClientTransaction send(SipRequest request) {
        attempts++;
        return session.layer.transactions().send(request, session.next, new Attempt(request));
    }

    private void challenged(SipRequest request, SipResponse challenge) {
        var proven =
                attempts > session.layer.settings().attempts()
                        ? Optional.<SipRequest>empty()
                        : session.listener.onChallenged(request, challenge);
        if (proven.isPresent()) {
            send(session.again(proven.get()));
        } else {
            onDone.accept(Optional.of(challenge));
        }
    }

    static boolean isChallenge(SipResponse response) {
        return response.status() == StatusCode.UNAUTHORIZED
                || response.status() == StatusCode.PROXY_AUTHENTICATION_REQUIRED;
    }

    private final class Attempt implements ResponseListener {

        private final SipRequest request;
        private final AtomicBoolean answered = new AtomicBoolean();

        Attempt(SipRequest request) {
            this.request = request;
        }

        @Override
        public void onFinal(SipResponse response) {
            if (response.isSuccess() && request.method().equals(Method.INVITE)) {
                onAccepted.accept(request);
            }
            if (!answered.compareAndSet(false, true)) {
                return;
            }
            if (isChallenge(response)) {
                session.events.add(() -> challenged(request, response));
            } else {
                onDone.accept(Optional.of(response));
            }
        }

        @Override
        public void onTimeout() {
            onDone.accept(Optional.empty());
        }

        @Override
        public void onTransportFailure(IOException cause) {
            onDone.accept(Optional.empty());
        }
    }
}
