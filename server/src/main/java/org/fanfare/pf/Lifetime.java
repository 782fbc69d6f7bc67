package org.fanfare.pf;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipDate;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Cursor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How long a message may be delivered: Expires, counted from Date, or from receipt where there is
/// no Date that can be believed (RFC 3428 section 7).
///
/// @param start what Expires counts from
/// @param receivedAt when we got it
/// @param expires nothing for a message that does not expire by itself
/// @param date the Date header field of the copies; empty for none
record Lifetime(Instant start, Instant receivedAt, Optional<Duration> expires, String date) {

    /// Clocks of senders may be this far off (reading 51).
    private static final Duration SKEW = Duration.ofSeconds(60);

    static Lifetime of(SipRequest message, Instant receivedAt) {
        var expires = expiresOf(message);
        var date = message.date();
        var start = date.filter(d -> d.isBefore(receivedAt)).orElse(receivedAt); // W2
        boolean told = expires.isPresent() || date.isPresent();
        return new Lifetime(start, receivedAt, expires, told ? SipDate.format(start) : "");
    }

    /// A MESSAGE has it in Expires; an INVITE in Message-Expires, its Expires is about the call
    /// (Appendix C).
    private static Optional<Duration> expiresOf(SipRequest message) {
        if (!message.method().equals(Method.INVITE)) {
            return message.expires().stream().mapToObj(Duration::ofSeconds).findFirst();
        }
        return message.header(CpmHeader.MESSAGE_EXPIRES)
                .map(value -> Cursor.over(value, CpmHeader.MESSAGE_EXPIRES, "Appendix C"))
                .map(cursor -> {
                    long seconds = cursor.expectNumber("seconds", Integer.MAX_VALUE);
                    cursor.expectEnd();
                    return Duration.ofSeconds(seconds);
                });
    }

    /// Whether it was over when the message came. 0 means that nobody wants it any more (W3).
    boolean isOver() {
        return expires.filter(e -> e.isZero() || start.plus(e).plus(SKEW).isBefore(receivedAt))
                .isPresent();
    }

    /// When nobody may get it any more; never later than the policy wants.
    Instant deadline(Duration longestLife) {
        var latest = receivedAt.plus(longestLife);
        return expires.map(start::plus)
                .map(end -> end.isBefore(receivedAt) ? receivedAt.plusSeconds(1) : end)
                .filter(end -> end.isBefore(latest))
                .orElse(latest);
    }
}
