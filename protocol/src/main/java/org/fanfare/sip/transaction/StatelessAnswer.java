package org.fanfare.sip.transaction;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;

import java.util.Optional;

/// An answer that must not be larger than what it answers (A1).
final class StatelessAnswer {

    private StatelessAnswer() {}

    /// The response, or one that has only what it must have (RFC 3261 8.2.6) and challenges, or
    /// none.
    static Optional<SipResponse> within(int octets, SipResponse response) {
        if (response.encoded().length() <= octets) {
            return Optional.of(response);
        }
        return Optional.of(shortened(response)).filter(r -> r.encoded().length() <= octets);
    }

    private static SipResponse shortened(SipResponse response) {
        return SipResponse.builder(response.status(), StatusCode.reasonPhrase(response.status()))
                .copy(response, HeaderName.VIA)
                .copy(response, HeaderName.FROM)
                .copy(response, HeaderName.TO)
                .copy(response, HeaderName.CALL_ID)
                .copy(response, HeaderName.CSEQ)
                .copy(response, HeaderName.WWW_AUTHENTICATE)
                .copy(response, HeaderName.PROXY_AUTHENTICATE)
                .build();
    }
}
