package org.fanfare.pf;

import java.util.List;

/// The one answer for many failures, chosen as a forking proxy does (RFC 3261 16.7 step 6, readings
/// 1 and 75).
final class BestFailure {

    private static final int TEMPORARILY_UNAVAILABLE = 480;

    /// What helps to send again.
    private static final List<Integer> PREFERRED = List.of(415, 420, 484);

    private BestFailure() {}

    /// The one of two final statuses, 300 to 699, that says more.
    static int better(int one, int other) {
        return rank(other) < rank(one) ? other : one;
    }

    /// Lower is better: 6xx, then the lower class; a challenge, which the sender could not answer,
    /// only when there is nothing else.
    private static int rank(int status) {
        if (isChallenge(status)) {
            return 10_000;
        }
        int told = asAnswer(status);
        int ofClass = told / 100 == 6 ? 0 : told / 100;
        int preference = PREFERRED.contains(told) ? 0 : 1;
        return ofClass * 1_000 + preference * 100 + told % 100;
    }

    private static boolean isChallenge(int status) {
        return status == 401 || status == 407;
    }

    /// What the sender is told: no challenge, no redirection (reading 74), no 408 to a MESSAGE (RFC
    /// 4320 4.2), no 503, which would be about us.
    static int asAnswer(int status) {
        if (isChallenge(status) || status == 408 || status / 100 == 3) {
            return TEMPORARILY_UNAVAILABLE;
        }
        return status == 503 ? 500 : status;
    }
}
