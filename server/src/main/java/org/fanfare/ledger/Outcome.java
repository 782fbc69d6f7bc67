package org.fanfare.ledger;

import java.time.Instant;

/// What is known of one recipient.
///
/// @param sipStatus the last final response to the leg, 0 where there was none
/// @param reason reason phrase or our own words, "" for none; kept to [#MAX_REASON] characters of
///   printable text
/// @param at when it became so, to the millisecond
/// @param attempts requests sent so far, at most 255
public record Outcome(OutcomeKind kind, int sipStatus, String reason, Instant at, int attempts) {

    public static final int MAX_REASON = 128;

    public Outcome {
        if (sipStatus < 0 || sipStatus > 999) {
            throw new IllegalArgumentException("sipStatus: expected 0 to 999, got " + sipStatus);
        }
        reason = printable(reason);
        attempts = Math.clamp(attempts, 0, 255);
    }

    public static Outcome pending(Instant since) {
        return new Outcome(OutcomeKind.PENDING, 0, "", since, 0);
    }

    /// Reasons come from other people's servers: no line breaks or controls, not without end.
    private static String printable(String text) {
        var clean = true;
        for (int i = 0; clean && i < text.length(); i++) {
            clean = isPrintable(text.charAt(i));
        }
        if (clean && text.length() <= MAX_REASON) {
            return text;
        }
        var kept = new StringBuilder();
        text.codePoints()
                .limit(MAX_REASON)
                .forEach(c -> kept.appendCodePoint(c > 0xffff || isPrintable((char) c) ? c : ' '));
        while (kept.length() > MAX_REASON) {
            kept.setLength(kept.offsetByCodePoints(kept.length(), -1));
        }
        return kept.toString();
    }

    private static boolean isPrintable(char c) {
        return !Character.isISOControl(c) && c != '\u2028' && c != '\u2029';
    }
}
