package org.fanfare.registrations;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.reginfo.RegInfo;
import org.fanfare.reginfo.RegisteredContact;
import org.fanfare.reginfo.RegistrationTables;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.dialog.Dialog;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One subscription to the registrations of a user, from its first SUBSCRIBE to its end (RFC 6665
/// 4.1). Begins with [#start]; what goes wrong ends it, unless it is in force and may be refreshed
/// a little later (4.1.2.2). What comes after its end is for [Subscriptions] to say.
final class Subscription {

    /// Shorter ones of a notifier are refreshed as if they were that long.
    private static final Duration SHORTEST = Duration.ofSeconds(60);

    /// Told of what happens; called with the subscription locked, so it must not block.
    interface Watcher {

        /// These are all contacts of the user now.
        ///
        /// @param lasting how long that is true, if nothing else comes
        void onContacts(Subscription of, List<RegisteredContact> contacts, Duration lasting);

        /// There will be no more.
        void onEnd(Subscription of, Ending ending);

        /// Whether a subscription is still of use when it is to be refreshed.
        boolean isWanted(Subscription of);
    }

    private final Uri user;
    private final SubscriptionSettings settings;
    private final Timers timers;
    private final Watcher watcher;
    private final String callId = UUID.randomUUID().toString();
    private final String localTag = UUID.randomUUID().toString();
    private final RegistrationTables tables = new RegistrationTables();
    private final CountDownLatch told = new CountDownLatch(1);
    private final long beganAt;
    private String remoteTag = "";
    private @Nullable Dialog dialog;
    private long notifySequence = -1;
    private long askedAt;
    private long grantedAt;
    private Duration granted = Duration.ZERO;
    private boolean asking;
    private boolean leaving;
    private boolean comesBack;
    private boolean ended;
    private Timers.@Nullable Cancellable timer;

    Subscription(Uri user, SubscriptionSettings settings, Watcher watcher) {
        this.user = user;
        this.settings = settings;
        this.timers = settings.timers();
        this.watcher = watcher;
        this.beganAt = timers.nanoTime();
    }

    Uri user() {
        return user;
    }

    String callId() {
        return callId;
    }

    /// How long it has been there.
    Duration age() {
        return since(beganAt);
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(timers.nanoTime() - nanos);
    }

    /// Waits for the first notification, or for the end.
    void awaitTold(Duration most) throws InterruptedException {
        told.await(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Somebody wants to know again. One that is being left is followed by a new one.
    ///
    /// @return false when it has ended
    synchronized boolean want() {
        comesBack = leaving;
        return !ended;
    }

    /// Whether somebody has wanted it while it was being left.
    synchronized boolean comesBack() {
        return comesBack;
    }

    /// Sends the first SUBSCRIBE (RFC 6665 4.1.2.1).
    synchronized void start() {
        if (ended) {
            return; // nobody wants it any more
        }
        var from = NameAddress.of(settings.self());
        var request =
                SipRequest.builder(Method.SUBSCRIBE, user)
                        .header(HeaderName.MAX_FORWARDS, "70")
                        .header(HeaderName.FROM, from.withTag(localTag))
                        .header(HeaderName.TO, NameAddress.of(user))
                        .header(HeaderName.CALL_ID, callId)
                        .header(HeaderName.CSEQ, "1 " + Method.SUBSCRIBE);
        ask(request, RegInfo.DEFAULT_EXPIRES);
    }

    private void ask(SipRequest.Builder request, long expires) {
        asking = true;
        leaving = expires == 0;
        askedAt = timers.nanoTime();
        after(SubscriptionSettings.PATIENCE, this::onSilence); // Timer N
        var complete =
                request.header(HeaderName.CONTACT, NameAddress.of(settings.contact()))
                        .header(HeaderName.EVENT, RegInfo.EVENT)
                        .header(HeaderName.EXPIRES, expires)
                        .header(HeaderName.ACCEPT, RegInfo.MEDIA_TYPE)
                        .header(HeaderName.P_ASSERTED_IDENTITY, NameAddress.of(settings.self()))
                        .header(CpmHeader.USER_AGENT, ReleaseVersion.OMA_2_2.serverProduct())
                        .build();
        settings.outlet().send(complete, new Answer(complete));
    }

    private void after(Duration delay, Runnable task) {
        if (timer != null) {
            timer.cancel();
        }
        timer =
                timers.after(
                        delay,
                        () -> {
                            synchronized (this) {
                                if (!ended) {
                                    task.run();
                                }
                            }
                        });
    }

    private void onSilence() {
        end(leaving ? Ending.LEFT : Ending.failed("no notification"));
    }

    private synchronized void onAnswer(SipRequest subscribe, SipResponse response) {
        if (ended) {
            return;
        }
        if (!response.isSuccess()) {
            if (Ending.isToldBy(response.status())) {
                end(leaving ? Ending.LEFT : Ending.refused(response));
            } else {
                askLater(
                        Duration.ofSeconds(
                                response.retryAfter().map(wanted -> wanted.seconds()).orElse(0L)),
                        Ending.refused(response));
            }
            return;
        }
        var confirmed = Dialog.ofCaller(subscribe, response);
        var tag = confirmed.id().remoteTag();
        if (!remoteTag.isEmpty() && !remoteTag.equals(tag)) { // RFC 3680 4.9
            end(Ending.failed("accepted by more than one"));
            return;
        }
        remoteTag = tag;
        dialog = dialog == null ? confirmed : dialog.withTargetOf(response);
        long asked = subscribe.expires().orElse(0);
        long seconds = Math.min(asked, response.expires().orElse(asked));
        if (seconds > 0 && !asking) { // else the notification says how long
            refreshAt(Duration.ofSeconds(seconds));
        }
    }

    /// Checks that a NOTIFY is of this subscription and takes it over (RFC 6665 4.1.3).
    ///
    /// @param document its body; null when it has none
    /// @return the status of the answer
    synchronized int onNotify(SipRequest notify, NotifiedState state, @Nullable RegInfo document) {
        var tag = notify.from().tag().orElse("");
        if (ended
                || !localTag.equals(notify.to().tag().orElse(""))
                || !(remoteTag.isEmpty() || remoteTag.equals(tag))) {
            return StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST;
        }
        if (notify.cseq().number() <= notifySequence) { // RFC 3261 12.2.2
            return StatusCode.SERVER_INTERNAL_ERROR;
        }
        var outcome = document == null ? RegistrationTables.Outcome.OLD : tables.apply(document);
        remoteTag = tag;
        notifySequence = notify.cseq().number();
        if (dialog != null) {
            dialog = dialog.withTargetOf(notify); // RFC 6665 3.2
        }
        asking = false;
        var lasting =
                Duration.ofSeconds(
                        Math.min(
                                RegInfo.DEFAULT_EXPIRES,
                                state.expires().orElse(RegInfo.DEFAULT_EXPIRES)));
        if (outcome != RegistrationTables.Outcome.OLD) {
            watcher.onContacts(
                    this,
                    tables.of(user.canonical()),
                    state.isTerminated() ? Duration.ZERO : lasting);
        }
        told.countDown();
        if (state.isTerminated()) {
            end(leaving ? Ending.LEFT : Ending.terminated(state));
        } else {
            refreshAt(lasting);
            if (outcome == RegistrationTables.Outcome.GAP) {
                askForAll();
            }
        }
        return StatusCode.OK;
    }

    /// Nine tenths of the time that is granted, so that the core never ends it.
    private void refreshAt(Duration lasting) {
        granted = lasting;
        grantedAt = timers.nanoTime();
        var most = lasting.compareTo(SHORTEST) < 0 ? SHORTEST : lasting;
        after(most.multipliedBy(9).dividedBy(10), this::refresh);
    }

    /// A refresh has failed, and the core has not said that the subscription is over: it is in
    /// force as long as was granted before (RFC 6665 4.1.2.2).
    ///
    /// @param wanted pause that the core wants
    /// @param otherwise how it ends where it is not in force any more, or never was
    private void askLater(Duration wanted, Ending otherwise) {
        var left = granted.minus(since(grantedAt));
        if (leaving || !left.isPositive()) {
            end(leaving ? Ending.LEFT : otherwise);
            return;
        }
        var least = SubscriptionSettings.PATIENCE;
        var pause = wanted.compareTo(least) < 0 ? least : wanted;
        after(pause.compareTo(left) < 0 ? pause : left, this::refresh);
    }

    /// A notification is missing (RFC 3680 5.2). Not at once again: a notifier that counts wrong
    /// would keep us busy.
    private void askForAll() {
        if (since(askedAt).compareTo(SubscriptionSettings.PATIENCE) > 0) {
            refresh();
        }
    }

    private void refresh() {
        askAgain(watcher.isWanted(this) ? RegInfo.DEFAULT_EXPIRES : 0);
    }

    /// The user is gone (RFC 6665 4.1.2.3).
    synchronized void unsubscribe() {
        comesBack = false;
        if (!ended && !leaving) {
            askAgain(0);
        }
    }

    private void askAgain(long expires) {
        var known = dialog;
        if (known == null) {
            end(expires == 0 ? Ending.OVER : Ending.failed("no answer"));
        } else {
            var next = known.nextLocal();
            dialog = next;
            ask(next.request(Method.SUBSCRIBE), expires);
        }
    }

    private void end(Ending ending) {
        if (!ended) {
            ended = true;
            if (timer != null) {
                timer.cancel();
            }
            told.countDown();
            watcher.onEnd(this, ending);
        }
    }

    private synchronized void fail(String reason) {
        end(leaving ? Ending.LEFT : Ending.failed(reason));
    }

    private synchronized void unreached(String reason) {
        if (!ended) {
            askLater(Duration.ZERO, Ending.failed(reason));
        }
    }

    private final class Answer implements ResponseListener {

        private final SipRequest subscribe;

        private Answer(SipRequest subscribe) {
            this.subscribe = subscribe;
        }

        @Override
        public void onFinal(SipResponse response) {
            onAnswer(subscribe, response);
        }

        @Override
        public void onTimeout() {
            fail("no answer");
        }

        @Override
        public void onTransportFailure(IOException cause) {
            unreached(String.valueOf(cause.getMessage()));
        }
    }
}
