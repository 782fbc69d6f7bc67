package org.fanfare.core;

import org.fanfare.reginfo.RegInfo;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.dialog.Dialog;
import org.fanfare.sip.dialog.DialogId;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.NameAddress;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Tells subscribers who of a user is registered: the notifier of the event package `reg` (RFC
/// 3680, RFC 6665 4.2). In memory: after a restart subscribers are told that there is no such
/// subscription, and subscribe again.
final class RegNotifier {

    private static final int MOST_SUBSCRIPTIONS = 20_000;
    private static final int MOST_OF_USER = 10;

    private static final long SHORTEST = 60;
    private static final long LONGEST = Duration.ofHours(2).toSeconds();

    private final LocationService locations;
    private final Domain domain;
    private final InstantSource clock;
    private final Timers timers;
    private final Map<AddressOfRecord, Map<DialogId, RegSubscription>> subscriptions =
            new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    RegNotifier(LocationService locations, Domain domain, InstantSource clock, Timers timers) {
        this.locations = locations;
        this.domain = domain;
        this.clock = clock;
        this.timers = timers;
        locations.onChange(this::changed);
    }

    /// Whether a request asks for the registrations of a user.
    static boolean isAsked(SipRequest request) {
        return request.method().equals(Method.SUBSCRIBE)
                && request.event().filter(event -> event.is(RegInfo.EVENT)).isPresent();
    }

    /// Takes a SUBSCRIBE of somebody who may know (RFC 6665 4.2.1.1).
    ///
    /// @param back how the subscriber is reached
    void subscribe(ServerTransaction transaction, AddressOfRecord user, Way back) throws Refused {
        var request = transaction.request();
        checkAccepts(request);
        long expires = expires(request);
        var duration = Duration.ofSeconds(expires);
        var subscription =
                request.to().tag().isPresent()
                        ? refreshed(request, user, duration)
                        : opened(transaction, user, back, duration);
        transaction.respond(
                request.answer(StatusCode.OK)
                        .header(HeaderName.EXPIRES, expires)
                        .header(HeaderName.CONTACT, NameAddress.of(user.uri(domain)))
                        .build());
        subscription.proceed();
    }

    private static void checkAccepts(SipRequest request) throws Refused {
        var accepted = request.accept();
        if (request.headers().has(HeaderName.ACCEPT)
                && accepted.stream().noneMatch(type -> type.accepts(RegInfo.MEDIA_TYPE))) {
            throw new Refused(StatusCode.NOT_ACCEPTABLE);
        }
    }

    private static long expires(SipRequest request) throws Refused {
        long wanted = request.expires().orElse(RegInfo.DEFAULT_EXPIRES);
        if (wanted > 0 && wanted < SHORTEST) {
            throw new Refused(StatusCode.INTERVAL_TOO_BRIEF)
                    .with(HeaderName.MIN_EXPIRES, Long.toString(SHORTEST));
        }
        return Math.min(wanted, LONGEST);
    }

    private RegSubscription refreshed(SipRequest request, AddressOfRecord user, Duration duration)
            throws Refused {
        var id =
                new DialogId(
                        request.callId(),
                        request.to().tag().orElse(""),
                        request.from().tag().orElse(""));
        var subscription = of(user).get(id);
        if (subscription == null) {
            throw new Refused(StatusCode.CALL_OR_TRANSACTION_DOES_NOT_EXIST);
        }
        if (!subscription.isInOrder(request)) { // RFC 3261 12.2.2
            throw new Refused(StatusCode.SERVER_INTERNAL_ERROR);
        }
        subscription.accept(request, duration);
        return subscription;
    }

    private RegSubscription opened(
            ServerTransaction transaction, AddressOfRecord user, Way back, Duration duration)
            throws Refused {
        if (of(user).size() >= MOST_OF_USER || open.get() >= MOST_SUBSCRIPTIONS) {
            throw new Refused(StatusCode.SERVICE_UNAVAILABLE, "Too Many Subscriptions");
        }
        var dialog = Dialog.ofCallee(transaction.request(), transaction.tag()).confirm();
        var subscription =
                new RegSubscription(
                        user,
                        dialog,
                        back,
                        new RegSubscription.Sources(locations, domain, clock, timers),
                        () -> forget(user, dialog.id()));
        subscription.accept(transaction.request(), duration); // first: a change tells all there are
        subscriptions.compute(
                user,
                (_, all) -> {
                    var more =
                            all == null ? new ConcurrentHashMap<DialogId, RegSubscription>() : all;
                    more.put(dialog.id(), subscription);
                    return more;
                });
        open.incrementAndGet();
        return subscription;
    }

    private void forget(AddressOfRecord user, DialogId id) {
        subscriptions.computeIfPresent(
                user,
                (_, all) -> {
                    if (all.remove(id) != null) {
                        open.decrementAndGet();
                    }
                    return all.isEmpty() ? null : all;
                });
    }

    private Map<DialogId, RegSubscription> of(AddressOfRecord user) {
        return subscriptions.getOrDefault(user, Map.of());
    }

    private void changed(AddressOfRecord user) {
        of(user).values().forEach(RegSubscription::changed);
    }
}
