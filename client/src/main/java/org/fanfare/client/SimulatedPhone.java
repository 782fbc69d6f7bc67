package org.fanfare.client;

import org.fanfare.mime.MediaType;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;

/// One phone of a [PhoneFleet]: a user with his own address and contact, who behaves by a script.
public final class SimulatedPhone {

    private final int number;
    private final ClientSettings settings;
    private final PhoneScript script;
    private final PhoneFleet fleet;
    private final Exchange exchange;
    private final Registration registration;
    private final DispositionNotices notices;
    private final SeenMessages seen = new SeenMessages();
    private volatile @Nullable LargeReceiving large;

    SimulatedPhone(
            int number,
            ClientSettings settings,
            PhoneScript script,
            PhoneFleet fleet,
            Exchange exchange,
            Registration registration,
            DispositionNotices notices) {
        this.number = number;
        this.settings = settings;
        this.script = script;
        this.fleet = fleet;
        this.exchange = exchange;
        this.registration = registration;
        this.notices = notices;
    }

    /// Which phone of the fleet it is, counted from 1.
    public int number() {
        return number;
    }

    /// The address of its user.
    public Uri uri() {
        return settings.from().uri();
    }

    /// How it behaves.
    public PhoneScript script() {
        return script;
    }

    Registration registration() {
        return registration;
    }

    /// Who takes invitations of this phone.
    void invitations(LargeReceiving receiver) {
        large = receiver;
    }

    /// What large messages become.
    LargeReceiving.Sink largeMessages() {
        return new LargeReceiving.Sink() {
            @Override
            public boolean accepts(MediaType type) {
                return true;
            }

            @Override
            public void onMessage(ReceivedMessage message) {
                fleet.counts().largeMessage();
                try {
                    handOn(message);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    void onRequest(ServerTransaction transaction) {
        var method = transaction.request().method();
        if (!method.equals(Method.MESSAGE) && !method.equals(Method.INVITE)) {
            transaction.respond(
                    transaction
                            .request()
                            .answer(StatusCode.METHOD_NOT_ALLOWED)
                            .header("Allow", "MESSAGE, INVITE, ACK, CANCEL, BYE, UPDATE")
                            .build());
            return;
        }
        try {
            onMessage(transaction);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onMessage(ServerTransaction transaction) throws InterruptedException {
        fleet.counts().message();
        if (script.isSilent(fleet.random())) {
            fleet.counts().silence();
            transaction.staySilent();
            return;
        }
        waitFor(script.delay());
        int status = script.answer(fleet.random());
        var invitations = large;
        if (!StatusCode.isSuccess(status)) {
            answer(transaction, status);
        } else if (transaction.request().method().equals(Method.MESSAGE)) {
            take(transaction, status);
        } else if (invitations != null) {
            int answered = invitations.onInvite(transaction);
            if (answered != 0) {
                fleet.counts().answer(answered);
            }
        } else {
            answer(transaction, StatusCode.TEMPORARILY_UNAVAILABLE);
        }
    }

    private void take(ServerTransaction transaction, int status) throws InterruptedException {
        ReceivedMessage message;
        try {
            message = ReceivedMessage.of(transaction.request(), settings.limits());
        } catch (MalformedMessage malformed) {
            answer(transaction, malformed.sipStatus());
            return;
        }
        answer(transaction, status);
        handOn(message);
    }

    private void handOn(ReceivedMessage message) throws InterruptedException {
        if (message.isNotification()) {
            fleet.counts().reportReceived();
        } else {
            show(message);
        }
    }

    private void answer(ServerTransaction transaction, int status) {
        fleet.counts().answer(status);
        transaction.respond(
                transaction.request().answer(status).header("Server", settings.product()).build());
    }

    private void show(ReceivedMessage message) throws InterruptedException {
        if (message.contributionId().isPresent() && !seen.isFirst(SeenMessages.Key.of(message))) {
            fleet.counts().duplicate();
            return;
        }
        fleet.shown(this, message);
        if (script.delivery()) {
            report(notices.delivered(message));
        }
        if (script.display()) {
            waitFor(script.displayDelay());
            report(notices.displayed(message));
        }
    }

    private void report(Optional<SipRequest> notice) throws InterruptedException {
        if (notice.isEmpty()) {
            return;
        }
        if (Exchange.isTaken(exchange.send(notice.get()))) {
            fleet.counts().reportSent();
        } else {
            fleet.counts().reportRefused();
        }
    }

    private static void waitFor(Duration time) throws InterruptedException {
        if (time.isPositive()) {
            Thread.sleep(time);
        }
    }

    @Override
    public String toString() {
        return uri().toString();
    }
}
