package org.fanfare.core;

import org.fanfare.reginfo.RegInfo;
import org.fanfare.reginfo.RegInfo.Registration;
import org.fanfare.reginfo.RegInfo.State;
import org.fanfare.reginfo.RegisteredContact;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.dialog.Dialog;
import org.fanfare.sip.transaction.ResponseListener;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.NameAddress;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/// One subscription to the registrations of a user (RFC 6665 4.2.2). Each NOTIFY has full state,
/// one at a time, those about changes at most every [#PAUSE] milliseconds (RFC 3680 4.10): what
/// happens meanwhile is in the next one.
final class RegSubscription {

    private static final long PAUSE = 5_000;

    /// Where the state is from.
    record Sources(LocationService locations, Domain domain, InstantSource clock, Timers timers) {}

    private final AddressOfRecord user;
    private final Way back;
    private final Sources sources;
    private final Runnable onEnd;
    private Dialog dialog;
    private Instant until = Instant.MIN;
    private long version;
    private boolean wasActive;
    private boolean due;
    private boolean atOnce;
    private boolean sending;
    private boolean ended;
    private long sentAt;
    private Timers.@Nullable Cancellable wakeUp;

    /// @param back how the subscriber is reached
    /// @param onEnd called once, when there is nothing more to tell
    RegSubscription(
            AddressOfRecord user, Dialog dialog, Way back, Sources sources, Runnable onEnd) {
        this.user = user;
        this.dialog = dialog;
        this.back = back;
        this.sources = sources;
        this.onEnd = onEnd;
    }

    synchronized boolean isInOrder(SipRequest subscribe) {
        return dialog.isInOrder(subscribe);
    }

    /// A SUBSCRIBE that is answered with 200: the subscriber is told of everything, once that is
    /// sent and [#proceed] called.
    ///
    /// @param duration none to end it
    synchronized void accept(SipRequest subscribe, Duration duration) {
        dialog = dialog.received(subscribe).withTargetOf(subscribe);
        until = sources.clock.instant().plus(duration);
        due = true;
        atOnce = true;
    }

    /// The bindings of the user are other ones now.
    synchronized void changed() {
        due = true;
        proceed();
    }

    /// Tells what is to be told, as soon as it may be.
    synchronized void proceed() {
        if (ended || sending) {
            return;
        }
        var now = sources.clock.instant();
        boolean over = !now.isBefore(until);
        if (!due && !over) {
            return;
        }
        long passed = (sources.timers.nanoTime() - sentAt) / 1_000_000;
        if (version > 0 && !atOnce && !over && passed < PAUSE) {
            wakeIn(PAUSE - passed);
        } else {
            send(now, over);
        }
    }

    private void send(Instant now, boolean over) {
        due = false;
        atOnce = false;
        sending = true;
        sentAt = sources.timers.nanoTime();
        dialog = dialog.nextLocal();
        var bindings = sources.locations.active(user, now);
        var document = document(bindings, now);
        var notify =
                dialog.request(Method.NOTIFY)
                        .header(HeaderName.CONTACT, NameAddress.of(user.uri(sources.domain)))
                        .header(HeaderName.EVENT, RegInfo.EVENT)
                        .header(
                                HeaderName.SUBSCRIPTION_STATE,
                                over
                                        ? "terminated;reason=timeout"
                                        : "active;expires=" + seconds(now, until))
                        .body(RegInfo.MEDIA_TYPE, document.toXml())
                        .build();
        var next =
                bindings.stream().map(Binding::expires).filter(until::isAfter).sorted().findFirst();
        back.send(
                notify,
                back.layer().newBranch(),
                new Answer(over, Duration.between(now, next.orElse(until))));
    }

    private RegInfo document(List<Binding> bindings, Instant now) {
        var state = !bindings.isEmpty() ? State.ACTIVE : wasActive ? State.TERMINATED : State.INIT;
        wasActive = !bindings.isEmpty();
        var contacts = bindings.stream().map(binding -> contact(binding, now)).toList();
        var aor = user.uri(sources.domain).toString();
        return new RegInfo(
                version++, true, List.of(new Registration(id("r", aor), aor, state, contacts)));
    }

    private static RegisteredContact contact(Binding binding, Instant now) {
        var contact = binding.contact();
        return new RegisteredContact(
                id("c", contact.uri().toString()),
                true,
                "registered",
                OptionalLong.of(seconds(now, binding.expires())),
                contact.withParameters(contact.parameters().without("q")));
    }

    /// The same for the same URI, whenever it is told of.
    private static String id(String kind, String uri) {
        return kind + UUID.nameUUIDFromBytes(uri.getBytes(StandardCharsets.UTF_8));
    }

    private static long seconds(Instant now, Instant then) {
        return Math.max(1, Duration.between(now, then).toSeconds());
    }

    private synchronized void wakeIn(long millis) {
        if (wakeUp != null) {
            wakeUp.cancel();
        }
        wakeUp = sources.timers.after(millis, this::proceed);
    }

    /// @param next until a binding ends, or the subscription does
    private synchronized void sent(Duration next) {
        sending = false;
        if (due) {
            proceed();
        } else {
            wakeUp(next);
        }
    }

    private void wakeUp(Duration next) {
        if (wakeUp != null) {
            wakeUp.cancel();
        }
        wakeUp = sources.timers.after(next.toMillis() + 1, this::changed);
    }

    /// Nobody listens any more, or nobody wants to (RFC 6665 4.2.2).
    private synchronized void end() {
        if (!ended) {
            ended = true;
            if (wakeUp != null) {
                wakeUp.cancel();
            }
            onEnd.run();
        }
    }

    private final class Answer implements ResponseListener {

        private final boolean last;
        private final Duration next;

        private Answer(boolean last, Duration next) {
            this.last = last;
            this.next = next;
        }

        @Override
        public void onFinal(SipResponse response) {
            if (last || !response.isSuccess()) {
                end();
            } else {
                sent(next);
            }
        }

        @Override
        public void onTimeout() {
            end();
        }

        @Override
        public void onTransportFailure(IOException cause) {
            end();
        }
    }
}
