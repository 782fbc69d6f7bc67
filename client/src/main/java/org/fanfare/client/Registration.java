package org.fanfare.client;

import org.fanfare.sip.Contact;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.transaction.Timers;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Keeps one contact of the user registered (RFC 3261 10.2): all requests have the same Call-ID and
/// rising CSeqs, and the binding is refreshed before it ends.
final class Registration {

    private static final Logger LOG = System.getLogger(Registration.class.getName());

    /// After a refresh that failed.
    private static final Duration RETRY = Duration.ofSeconds(30);

    private static final RegistrationState NEVER =
            new RegistrationState(0, "not registered", Duration.ZERO);

    private final ClientSettings settings;
    private final Uri registrar;
    private final NameAddress contact;
    private final Exchange exchange;
    private final Timers timers;
    private final String callId;
    private final String tag;
    private long cseq = 1;
    private volatile RegistrationState state = NEVER;
    private Timers.@Nullable Cancellable refresh;

    Registration(
            ClientSettings settings,
            Uri registrar,
            NameAddress contact,
            Exchange exchange,
            Timers timers,
            Tokens tokens) {
        this.settings = settings;
        this.registrar = registrar;
        this.contact = contact;
        this.exchange = exchange;
        this.timers = timers;
        callId = tokens.callId();
        tag = tokens.tag();
    }

    RegistrationState state() {
        return state;
    }

    /// Registers for this time, or longer if the registrar insists, and refreshes from then on.
    synchronized RegistrationState register(Duration wanted) throws InterruptedException {
        stop();
        var answered = attempt(wanted);
        if (answered.isSuccess()) {
            again(beforeTheEnd(answered.expires()), wanted);
        }
        state = answered;
        return answered;
    }

    /// Takes the binding away (RFC 3261 10.2.2).
    synchronized RegistrationState unregister() throws InterruptedException {
        stop();
        var answered = attempt(Duration.ZERO);
        state = answered;
        return answered;
    }

    /// Refreshes no more.
    synchronized void stop() {
        if (refresh != null) {
            refresh.cancel();
            refresh = null;
        }
    }

    private RegistrationState attempt(Duration wanted) throws InterruptedException {
        return switch (exchange.send(request(wanted))) {
            case Exchange.Answer.Nothing(var why) -> new RegistrationState(0, why, Duration.ZERO);
            case Exchange.Answer.Final(var response) ->
                    tooBrief(response, wanted)
                            ? attempt(minimum(response))
                            : read(response, wanted);
        };
    }

    /// RFC 3261 10.2.8; a registrar whose minimum is no longer than what it refused is not asked
    /// again.
    private static boolean tooBrief(SipResponse response, Duration wanted) {
        return response.status() == StatusCode.INTERVAL_TOO_BRIEF
                && minimum(response).compareTo(wanted) > 0;
    }

    private static Duration minimum(SipResponse response) {
        return Duration.ofSeconds(response.minExpires().orElse(0));
    }

    private SipRequest request(Duration wanted) {
        long number = cseq;
        cseq += Exchange.MAX_ATTEMPTS; // each answer to a challenge takes one more
        var own = NameAddress.of(settings.from().uri());
        return SipRequest.builder(Method.REGISTER, registrar)
                .header("Max-Forwards", "70")
                .header("From", own.withTag(tag))
                .header("To", own)
                .header("Call-ID", callId)
                .header("CSeq", number + " REGISTER")
                .header("Contact", contact)
                .header("Expires", Long.toString(wanted.toSeconds()))
                .header("Allow", Receiving.ALLOW)
                .header("User-Agent", settings.product())
                .build();
    }

    private RegistrationState read(SipResponse response, Duration wanted) {
        var granted = response.isSuccess() ? granted(response, wanted) : Duration.ZERO;
        return new RegistrationState(response.status(), response.reason(), granted);
    }

    /// What the answer says about our contact, which is what counts (RFC 3261 10.2.4).
    private Duration granted(SipResponse response, Duration wanted) {
        if (wanted.isZero()) {
            return Duration.ZERO;
        }
        for (var bound : response.contacts()) {
            if (bound instanceof Contact.Address address
                    && address.uri().matches(contact.uri())
                    && address.expires().isPresent()) {
                return Duration.ofSeconds(address.expires().getAsLong());
            }
        }
        return Duration.ofSeconds(response.expires().orElse(wanted.toSeconds()));
    }

    private static Duration beforeTheEnd(Duration expires) {
        var tenMinutes = Duration.ofMinutes(10);
        return expires.compareTo(tenMinutes.multipliedBy(2)) > 0
                ? expires.minus(tenMinutes)
                : expires.dividedBy(2);
    }

    private void again(Duration after, Duration wanted) {
        refresh = timers.after(after, () -> Thread.ofVirtual().start(() -> refresh(wanted)));
    }

    private synchronized void refresh(Duration wanted) {
        try {
            if (refresh != null && !register(wanted).isSuccess()) {
                LOG.log(Level.WARNING, "the registration was not renewed: {0}", state.reason());
                again(RETRY, wanted);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
