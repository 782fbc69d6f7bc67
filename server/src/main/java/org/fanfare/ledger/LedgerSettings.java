package org.fanfare.ledger;

import java.time.Duration;
import java.util.function.UnaryOperator;

/// How a ledger behaves. Durations of retention, lease and window are measured by the clock that
/// the ledger is opened with.
///
/// @param retention how long ended messages are kept for queries; never below the duplicate window
/// @param lease how long a node may be silent before others take its ranges over
/// @param duplicateWindow how long a duplicate is known after the acceptance
/// @param maxKeysPerOriginator duplicates known for one originator; beyond, its own oldest go (A10)
/// @param maxWaitingAccepts accepts that may wait for the disk; beyond, [LedgerUnavailable] (S4)
/// @param maxWaitingOctets the same in octets of content and recipients
/// @param flush when outcomes are written
/// @param patience how long answers and flushes wait for a database that is away
/// @param maxStarts claims of a range without progress; the next one quarantines it (R5)
/// @param reserve octets kept on disk for the outcomes of accepted messages when it is full (S1)
/// @param maxSize octets that the database file may grow to (SQLite)
/// @param quarantineDamaged open a ledger although unfinished records are damaged, and set those
///   aside
public record LedgerSettings(
        Duration retention,
        Duration lease,
        Duration duplicateWindow,
        int maxKeysPerOriginator,
        int maxWaitingAccepts,
        long maxWaitingOctets,
        Flush flush,
        Duration patience,
        int maxStarts,
        long reserve,
        long maxSize,
        boolean quarantineDamaged) {

    public static final LedgerSettings DEFAULT = new Builder().build();

    /// When outcomes are written.
    ///
    /// @param changes of one range that make a write due at once
    /// @param delay the longest that a change waits for a write
    public record Flush(int changes, Duration delay) {}

    /// These settings with some changed: `settings.with(s -> s.retention(Duration.ofHours(1)))`.
    public LedgerSettings with(UnaryOperator<Builder> changes) {
        return changes.apply(new Builder(this)).build();
    }

    /// Starts from the defaults, or from other settings.
    public static final class Builder {
        private Duration retention = Duration.ofHours(24);
        private Duration lease = Duration.ofSeconds(30);
        private Duration duplicateWindow = Duration.ofMinutes(5);
        private int maxKeysPerOriginator = 10_000;
        private int maxWaitingAccepts = 2_000;
        private long maxWaitingOctets = 64L << 20;
        private Flush flush = new Flush(200, Duration.ofMillis(20));
        private Duration patience = Duration.ofSeconds(10);
        private int maxStarts = 3;
        private long reserve = 8L << 20;
        private long maxSize = Long.MAX_VALUE;
        private boolean quarantineDamaged;

        private Builder() {}

        private Builder(LedgerSettings from) {
            retention = from.retention;
            lease = from.lease;
            duplicateWindow = from.duplicateWindow;
            maxKeysPerOriginator = from.maxKeysPerOriginator;
            maxWaitingAccepts = from.maxWaitingAccepts;
            maxWaitingOctets = from.maxWaitingOctets;
            flush = from.flush;
            patience = from.patience;
            maxStarts = from.maxStarts;
            reserve = from.reserve;
            maxSize = from.maxSize;
            quarantineDamaged = from.quarantineDamaged;
        }

        public Builder retention(Duration value) {
            retention = value;
            return this;
        }

        public Builder lease(Duration value) {
            lease = value;
            return this;
        }

        public Builder duplicateWindow(Duration value) {
            duplicateWindow = value;
            return this;
        }

        public Builder maxKeysPerOriginator(int value) {
            maxKeysPerOriginator = value;
            return this;
        }

        public Builder maxWaitingAccepts(int value) {
            maxWaitingAccepts = value;
            return this;
        }

        public Builder maxWaitingOctets(long value) {
            maxWaitingOctets = value;
            return this;
        }

        public Builder flush(int changes, Duration delay) {
            flush = new Flush(changes, delay);
            return this;
        }

        public Builder patience(Duration value) {
            patience = value;
            return this;
        }

        public Builder maxStarts(int value) {
            maxStarts = value;
            return this;
        }

        public Builder reserve(long octets) {
            reserve = octets;
            return this;
        }

        public Builder maxSize(long octets) {
            maxSize = octets;
            return this;
        }

        public Builder quarantineDamaged(boolean value) {
            quarantineDamaged = value;
            return this;
        }

        private LedgerSettings build() {
            return new LedgerSettings(
                    retention,
                    lease,
                    duplicateWindow,
                    maxKeysPerOriginator,
                    maxWaitingAccepts,
                    maxWaitingOctets,
                    flush,
                    patience,
                    maxStarts,
                    reserve,
                    maxSize,
                    quarantineDamaged);
        }
    }
}
