package org.fanfare.registrations;

import org.fanfare.pf.Device;
import org.fanfare.pf.RegisteredDevices;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Which devices the users have registered, as the core tells by third-party REGISTER, and by the
/// event package `reg` where it is asked (references n.1).
public final class Registrations implements RegisteredDevices {

    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private static final int MOST_USERS = 200_000;

    private final Predicate<Flow> trusted;
    private final Limits limits;
    private final DeviceTable table;
    private final @Nullable Subscriptions subscriptions;

    /// @param trusted whose word about registrations counts
    /// @param asking subscribes to the registrations of every user that the core tells of, or that
    ///   sends while his devices are not known, as after a restart; null: never
    public Registrations(
            Predicate<Flow> trusted,
            Limits limits,
            InstantSource clock,
            @Nullable SubscriptionSettings asking) {
        this.trusted = trusted;
        this.limits = limits;
        this.table = new DeviceTable(clock, MOST_USERS);
        this.subscriptions = asking == null ? null : new Subscriptions(asking, table, limits);
    }

    /// Whether a request is about registrations, and [#onRequest] answers it.
    public boolean isAbout(SipRequest request) {
        return request.method().equals(Method.REGISTER)
                || (subscriptions != null && request.method().equals(Method.NOTIFY));
    }

    /// Devices that are known.
    public int devices() {
        return table.devices();
    }

    /// Subscriptions that are open.
    public int subscriptions() {
        return subscriptions == null ? 0 : subscriptions.open();
    }

    /// By a word for each: notifications that were taken, and that were not; subscriptions that
    /// could not be had or kept.
    public Map<String, Long> notifications() {
        return subscriptions == null ? Map.of() : subscriptions.figures();
    }

    @Override
    public List<Device> of(List<String> user) {
        var known = user.stream().filter(address -> !table.of(address).isEmpty()).findFirst();
        if (subscriptions != null) {
            var asked = ask(subscriptions, known.map(List::of).orElse(user));
            if (known.isEmpty()) {
                awaitTold(asked);
            }
        }
        return user.stream()
                .map(table::of)
                .filter(devices -> !devices.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static List<Subscription> ask(Subscriptions open, List<String> addresses) {
        var asked = new ArrayList<Subscription>();
        for (var address : addresses) {
            try {
                open.want(Uri.parse(address)).ifPresent(asked::add);
            } catch (MalformedMessage e) {
                LOG.info("event=registrations-unknown reason=\"{}\"", e.getMessage());
            }
        }
        return asked;
    }

    /// All of them together wait no longer than one.
    private static void awaitTold(List<Subscription> asked) {
        long end = System.nanoTime() + SubscriptionSettings.WAIT.toNanos();
        try {
            for (var subscription : asked) {
                subscription.awaitTold(Duration.ofNanos(end - System.nanoTime()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public void onRequest(ServerTransaction transaction) {
        var request = transaction.request();
        if (!trusted.test(transaction.flow())) {
            transaction.respondStatelessly(request.answer(StatusCode.FORBIDDEN).build());
            return;
        }
        try {
            var notified = subscriptions;
            transaction.respond(
                    notified != null && request.method().equals(Method.NOTIFY)
                            ? notified.onNotify(request)
                            : onRegister(request));
        } catch (MalformedMessage e) {
            var what = request.method().equals(Method.NOTIFY) ? "notify" : "third-party-register";
            LOG.info("event={}-malformed reason=\"{}\"", what, e.getMessage());
            transaction.respond(request.answer(e.sipStatus(), e.reason()).build());
        }
    }

    private SipResponse onRegister(SipRequest request) {
        var told = ThirdPartyRegister.of(request, limits);
        table.update(told);
        if (subscriptions != null) {
            subscribe(subscriptions, request.to().uri(), told);
        }
        var answer = request.answer(StatusCode.OK);
        request.header("Contact").ifPresent(contact -> answer.header("Contact", contact));
        return answer.build();
    }

    private void subscribe(Subscriptions open, Uri user, ThirdPartyRegister told) {
        if (told.expires() > 0) {
            open.want(user);
        } else if (table.of(told.user()).isEmpty()) {
            open.unwant(user);
        }
    }
}
