package org.fanfare.core;

import org.fanfare.sip.SipResponse;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which of the final responses of a forked request is the answer (RFC 3261 16.7 step 6).
final class BestResponse {

    /// "Those that provide information affecting resubmission of this request."
    private static final List<Integer> PREFERRED = List.of(401, 407, 415, 420, 484);

    private BestResponse() {}

    /// Empty where nothing came at all.
    static Optional<SipResponse> of(Collection<SipResponse> finals) {
        return finals.stream().min(Comparator.comparingInt(response -> rank(response.status())));
    }

    /// Lower is better: 2xx, then 6xx, then the lower class; in a class what helps to send again,
    /// and the lower code for the sake of a definite answer.
    static int rank(int status) {
        int ofClass =
                switch (status / 100) {
                    case 2 -> 0;
                    case 6 -> 1;
                    default -> status / 100;
                };
        int preference = PREFERRED.contains(status) ? 0 : status == 503 ? 2 : 1;
        return ofClass * 10_000 + preference * 1_000 + status % 100;
    }
}
