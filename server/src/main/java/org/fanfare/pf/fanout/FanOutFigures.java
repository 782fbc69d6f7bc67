package org.fanfare.pf.fanout;

import org.fanfare.ledger.OutcomeKind;

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
        Map<String, Integer> windows) {}
