package org.fanfare.sip.transaction;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipResponse;
import org.fanfare.wire.Octets;

import java.util.Optional;

/// An answer that must not be larger than what it answers (A1).
final class StatelessAnswer {

    private StatelessAnswer() {}

    /// The response, or one with nothing but what it must have (RFC 3261 8.2.6) and challenges, in
    /// the compact form and with as much of the phrase as there is room for; none when that is too
    /// large too.
    static Optional<Octets> within(int octets, SipResponse response) {
        if (response.encoded().length() <= octets) {
            return Optional.of(response.encoded());
        }
        int room = octets - compact(response, "").length();
        return room < 0
                ? Optional.empty()
                : Optional.of(compact(response, cut(response.reason(), room)));
    }

    /// At most so many octets of the text; of one that is not ASCII none.
    private static String cut(String text, int octets) {
        boolean ascii = text.chars().allMatch(c -> c < 128);
        return ascii ? text.substring(0, Math.min(text.length(), octets)).stripTrailing() : "";
    }

    private static Octets compact(SipResponse response, String phrase) {
        var text = new StringBuilder("SIP/2.0 ").append(response.status()).append(' ');
        text.append(phrase).append("\r\n");
        append(text, "v", response, HeaderName.VIA);
        append(text, "f", response, HeaderName.FROM);
        append(text, "t", response, HeaderName.TO);
        append(text, "i", response, HeaderName.CALL_ID);
        append(text, HeaderName.CSEQ, response, HeaderName.CSEQ);
        append(text, HeaderName.WWW_AUTHENTICATE, response, HeaderName.WWW_AUTHENTICATE);
        append(text, HeaderName.PROXY_AUTHENTICATE, response, HeaderName.PROXY_AUTHENTICATE);
        return Octets.utf8(text.append("l:0\r\n\r\n").toString());
    }

    private static void append(StringBuilder text, String as, SipResponse response, String name) {
        for (var value : response.headers().all(name)) {
            text.append(as).append(':').append(value).append("\r\n");
        }
    }
}
