package org.fanfare.registrations;

import org.fanfare.reginfo.RegInfo;
import org.fanfare.reginfo.RegisteredContact;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Subscriptions to the registrations of users at the core (RFC 3680, references n.1), at most one
/// for each user. One that could not be had, or was ended, is not asked for again before its pause
/// is over.
final class Subscriptions implements Subscription.Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    private final SubscriptionSettings settings;
    private final DeviceTable table;
    private final Timers timers;
    private final Limits limits;
    private final Map<String, Subscription> byUser = new ConcurrentHashMap<>();
    private final Map<String, Subscription> byCallId = new ConcurrentHashMap<>();
    private final Map<String, Long> pauses =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                    return size() > SubscriptionSettings.MOST;
                }
            };
    private final Map<Subscription, Boolean> opening = new ConcurrentHashMap<>();
    private final LongAdder notifications = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder failures = new LongAdder();

    Subscriptions(SubscriptionSettings settings, DeviceTable table, Limits limits) {
        this.settings = settings;
        this.table = table;
        this.timers = settings.timers();
        this.limits = limits;
    }

    int open() {
        return byUser.size();
    }

    Map<String, Long> figures() {
        return Map.of(
                "taken", notifications.sum(),
                "rejected", rejected.sum(),
                "failed", failures.sum());
    }

    /// Subscribes to the registrations of a user, unless that is done already or may not be now.
    Optional<Subscription> want(Uri user) {
        if (!(user instanceof SipUri || user instanceof TelUri)) {
            return Optional.empty();
        }
        var key = user.canonical();
        var known = byUser.get(key);
        if (known != null && known.want()) {
            return Optional.of(known);
        }
        if (isPaused(key)
                || byUser.size() >= SubscriptionSettings.MOST
                || opening.size() >= SubscriptionSettings.MOST_OPENING) {
            return Optional.empty();
        }
        var made = new Subscription(user, settings, this);
        byCallId.put(made.callId(), made);
        opening.put(made, true);
        var other = byUser.putIfAbsent(key, made); // last: whoever finds it may end it
        if (other != null) {
            forget(made);
            return Optional.of(other);
        }
        made.start();
        return Optional.of(made);
    }

    private boolean isPaused(String user) {
        synchronized (pauses) {
            var until = pauses.get(user);
            return until != null && until - timers.nanoTime() > 0;
        }
    }

    /// The user is not registered any more.
    void unwant(Uri user) {
        var known = byUser.get(user.canonical());
        if (known != null) {
            known.unsubscribe();
        }
    }

    /// The answer to a NOTIFY from the core (RFC 6665 4.1.3).
    ///
    /// @throws org.fanfare.wire.MalformedMessage when it cannot be read
    SipResponse onNotify(SipRequest notify) {
        var subscription = byCallId.get(notify.callId());
        if (subscription == null) {
            return rejected(notify, StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST).build();
        }
        if (notify.event().filter(event -> event.is(RegInfo.EVENT)).isEmpty()) {
            return rejected(notify, StatusCode.BAD_EVENT)
                    .header("Allow-Events", RegInfo.EVENT)
                    .build();
        }
        var state = NotifiedState.of(notify);
        if (!notify.body().isEmpty()
                && notify.contentType().filter(t -> t.is(RegInfo.MEDIA_TYPE)).isEmpty()) {
            return rejected(notify, StatusCode.UNSUPPORTED_MEDIA_TYPE)
                    .header(HeaderName.ACCEPT, RegInfo.MEDIA_TYPE)
                    .build();
        }
        var status = subscription.onNotify(notify, state, document(notify));
        if (status != StatusCode.OK) {
            return rejected(notify, status).build();
        }
        opening.remove(subscription);
        notifications.increment();
        return notify.answer(status).build();
    }

    private @Nullable RegInfo document(SipRequest notify) {
        return notify.body().isEmpty() ? null : RegInfo.parse(notify.body(), limits);
    }

    private SipResponse.Builder rejected(SipRequest notify, int status) {
        rejected.increment();
        return notify.answer(status);
    }

    @Override
    public void onContacts(Subscription of, List<RegisteredContact> contacts, Duration lasting) {
        table.update(of.user().canonical(), contacts, lasting);
    }

    @Override
    public boolean isWanted(Subscription of) {
        return !table.of(of.user().canonical()).isEmpty();
    }

    /// A new one follows at once where the core wants it so, unless that was a short life: a core
    /// that ends each would keep us busy.
    @Override
    public void onEnd(Subscription of, Ending ending) {
        var key = of.user().canonical();
        forget(of);
        boolean lived = of.age().compareTo(SubscriptionSettings.PATIENCE) > 0;
        if (ending.again() && (lived || !ending.isFailure())) {
            if (of.comesBack() || isWanted(of)) {
                Thread.ofVirtual().name("reg-subscribe").start(() -> want(of.user()));
            }
        } else if (!ending.pause().isZero()) {
            synchronized (pauses) {
                pauses.remove(key);
                pauses.put(key, timers.nanoTime() + ending.pause().toNanos());
            }
        }
        if (ending.isFailure()) {
            failures.increment();
            LOG.info("event=registrations-subscription-ended reason=\"{}\"", ending.reason());
        }
        byUser.remove(key, of); // last: whoever does not find it must find its pause
    }

    private void forget(Subscription subscription) {
        opening.remove(subscription);
        byCallId.remove(subscription.callId(), subscription);
    }
}
