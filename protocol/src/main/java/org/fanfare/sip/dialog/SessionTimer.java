package org.fanfare.sip.dialog;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Interval;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.Parameters;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How long a session lives without a refresh, and who refreshes it (RFC 4028): what a request and
/// its 2xx agree on.
///
/// @param interval from one 2xx until the session ends
/// @param byUs whether we refresh
public record SessionTimer(Duration interval, boolean byUs) {

    /// The option tag.
    public static final String TIMER = "timer";

    /// No interval is shorter (4).
    public static final Duration LEAST = Duration.ofSeconds(90);

    private static final String REFRESHER = "refresher";
    private static final String UAC = "uac";
    private static final String UAS = "uas";
    private static final Duration BEFORE_THE_END = Duration.ofSeconds(32);

    /// Who refreshes, in the words of one transaction.
    private enum Refresher {
        UAC,
        UAS,
        UNSAID
    }

    /// What we make of a request that sets up or refreshes a session (9).
    public sealed interface Terms {

        /// 422 with this as Min-SE.
        record TooShort(Duration least) implements Terms {}

        /// Without a timer.
        record Untimed() implements Terms {}

        /// With a timer.
        ///
        /// @param sessionExpires for our 2xx
        /// @param required whether the 2xx says `Require: timer`
        record Timed(SessionTimer timer, Interval sessionExpires, boolean required)
                implements Terms {}
    }

    /// When whoever refreshes should (10).
    public Duration refreshAfter() {
        return interval.dividedBy(2);
    }

    /// When the session is over: for the one who waits for a refresh a little earlier (10).
    public Duration endsAfter() {
        if (byUs) {
            return interval;
        }
        var third = interval.dividedBy(3);
        return interval.minus(third.compareTo(BEFORE_THE_END) < 0 ? third : BEFORE_THE_END);
    }

    /// The timer that the 2xx to our request sets (7.2): none without Session-Expires, whatever was
    /// asked. Where it does not say who refreshes, against section 9, it is as we asked, and we if
    /// we did not.
    public static Optional<SessionTimer> ofAnswer(SipRequest ours, SipResponse success) {
        return success.sessionExpires()
                .map(answered -> {
                    var refresher = refresher(answered);
                    if (refresher == Refresher.UNSAID) {
                        refresher =
                                ours.sessionExpires()
                                        .map(SessionTimer::refresher)
                                        .orElse(Refresher.UNSAID);
                    }
                    return new SessionTimer(
                            notTooShort(answered.seconds()), refresher != Refresher.UAS);
                });
    }

    /// A peer must not make us refresh all the time (11.1).
    private static Duration notTooShort(long seconds) {
        return Duration.ofSeconds(Math.max(seconds, LEAST.toSeconds()));
    }

    /// What we answer to a request that sets up or refreshes a session (9, table 2). We refresh
    /// ourselves where the request leaves it open.
    ///
    /// @param wanted our interval: where one is asked for, it becomes shorter if it was longer
    /// @param least shorter ones are refused
    public static Terms termsFor(SipRequest request, Duration wanted, Duration least) {
        boolean supported = supportsTimer(request);
        var asked = request.sessionExpires();
        if (asked.isEmpty()) {
            return supported
                    ? timed(wanted.compareTo(minSe(request)) < 0 ? minSe(request) : wanted, false)
                    : new Terms.Untimed();
        }
        var interval = Duration.ofSeconds(asked.get().seconds());
        if (interval.compareTo(least) < 0 && supported) {
            return new Terms.TooShort(least);
        }
        var floor = minSe(request).compareTo(least) < 0 ? least : minSe(request);
        var shorter = wanted.compareTo(floor) < 0 ? floor : wanted;
        var agreed = interval.compareTo(shorter) < 0 ? interval : shorter;
        if (!supported) { // a proxy wants it
            return timed(notTooShort(agreed.toSeconds()), false, false);
        }
        return timed(agreed, refresher(asked.get()) == Refresher.UAC);
    }

    private static Terms timed(Duration interval, boolean byThem) {
        return timed(interval, byThem, true);
    }

    private static Terms timed(Duration interval, boolean byThem, boolean required) {
        return new Terms.Timed(
                new SessionTimer(interval, !byThem),
                sessionExpires(interval, byThem ? UAC : UAS),
                required);
    }

    /// Session-Expires of a refresh that we send (7.4).
    Interval sessionExpires() {
        return sessionExpires(interval, byUs ? UAC : UAS);
    }

    private static Interval sessionExpires(Duration interval, String refresher) {
        return new Interval(interval.toSeconds(), Parameters.NONE.with(REFRESHER, refresher));
    }

    static boolean supportsTimer(SipMessage message) {
        return message.supported().stream().anyMatch(TIMER::equalsIgnoreCase);
    }

    private static Duration minSe(SipMessage message) {
        return message.minSe().map(value -> notTooShort(value.seconds())).orElse(LEAST);
    }

    private static Refresher refresher(Interval sessionExpires) {
        var value = sessionExpires.parameters().value(REFRESHER).orElse("");
        return switch (value.toLowerCase(Locale.ROOT)) {
            case UAC -> Refresher.UAC;
            case UAS -> Refresher.UAS;
            default -> Refresher.UNSAID;
        };
    }

    /// The request again after a 422, with the interval that was asked for (7.4), but for the CSeq;
    /// empty where the 422 asks for nothing that we did not offer.
    static Optional<SipRequest.Builder> longer(SipRequest refused, SipResponse tooShort) {
        var least = tooShort.minSe();
        var offered = refused.sessionExpires();
        if (least.isEmpty()
                || offered.isEmpty()
                || least.get().seconds() <= offered.get().seconds()) {
            return Optional.empty();
        }
        var seconds = least.get().seconds();
        return Optional.of(
                refused.toBuilder()
                        .set(
                                HeaderName.SESSION_EXPIRES,
                                new Interval(seconds, offered.get().parameters()))
                        .set(HeaderName.MIN_SE, Long.toString(seconds)));
    }
}
