package org.fanfare.ledger;

/// Counters since the start, for metrics.
///
/// @param accepted messages
/// @param duplicates accepts answered from an earlier message
/// @param refused accepts that ended in [LedgerUnavailable]
/// @param changes outcomes noted
/// @param writes packed arrays written
/// @param commits transactions, each one wait for the disk
/// @param commitNanos time spent in them
/// @param fenced ranges lost to another node
/// @param quarantined ranges set aside
/// @param held messages in work now
/// @param waiting accepts waiting for the disk now
public record LedgerFigures(
        long accepted,
        long duplicates,
        long refused,
        long changes,
        long writes,
        long commits,
        long commitNanos,
        long fenced,
        long quarantined,
        int held,
        int waiting) {}
