package org.fanfare.pf.fanout;

import org.fanfare.ledger.OutcomeKind;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a fan-out has done since it was made, and what it is doing.
///
/// @param sent requests that went out, retries included
/// @param retries second and further attempts
/// @param ended recipients with which it has ended, by how
/// @param messages under way, reports included
/// @param open requests without a final response
/// @param waiting legs that wait because another message is pending at their recipient
/// @param windows size of the window of each next hop
public record FanOutFigures(
        long sent,
        long retries,
        Map<OutcomeKind, Long> ended,
        int messages,
        int open,
        int waiting,
        Map<String, Integer> windows) {

    /// With those of another fan-out, whose windows are called so.
    public FanOutFigures plus(FanOutFigures other, String windowsOf) {
        var endedOfBoth = new EnumMap<OutcomeKind, Long>(OutcomeKind.class);
        endedOfBoth.putAll(ended);
        other.ended.forEach((kind, count) -> endedOfBoth.merge(kind, count, Long::sum));
        var allWindows = new LinkedHashMap<>(windows);
        other.windows.forEach((hop, size) -> allWindows.put(hop + " " + windowsOf, size));
        return new FanOutFigures(
                sent + other.sent,
                retries + other.retries,
                endedOfBoth,
                messages + other.messages,
                open + other.open,
                waiting + other.waiting,
                allWindows);
    }
}
