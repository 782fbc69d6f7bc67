package org.fanfare.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The thread that renews the lease of this node, forgets what is old, and looks whether a trouble
/// is over.
final class Keeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private static final long PROBE_MILLIS = 1_000;

    private final Engine engine;
    private final LedgerSettings settings;
    private final Clock clock;
    private final Lanes lanes;
    private final Upkeep upkeep;
    private final Submissions submissions;
    private final Health health;
    private final Thread thread =
            Thread.ofPlatform().name("ledger-upkeep").daemon().unstarted(this::keepUp);
    private final CountDownLatch closing = new CountDownLatch(1);

    Keeper(
            Engine engine,
            LedgerSettings settings,
            Clock clock,
            Lanes lanes,
            Upkeep upkeep,
            Submissions submissions,
            Health health) {
        this.engine = engine;
        this.settings = settings;
        this.clock = clock;
        this.lanes = lanes;
        this.upkeep = upkeep;
        this.submissions = submissions;
        this.health = health;
    }

    void start() {
        thread.start();
    }

    private void keepUp() {
        checkStructure();
        long beat = Math.max(1, settings.lease().toMillis() / 3);
        long sinceBeat = 0;
        try {
            for (long wait = Math.min(beat, PROBE_MILLIS);
                    !closing.await(wait, TimeUnit.MILLISECONDS); ) {
                probe();
                sinceBeat += wait;
                if (sinceBeat >= beat) {
                    beat();
                    sinceBeat = 0;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the upkeep", e);
        }
    }

    int removeEnded(Instant before) {
        var earliest = clock.instant().minus(settings.duplicateWindow());
        var time = before.isBefore(earliest) ? before : earliest;
        int removed = 0;
        int some;
        do {
            some = lanes.perform(connection -> upkeep.removeEnded(connection, time));
            removed += some;
            CrashPoint.IN_RETENTION.visit();
        } while (some > 0);
        return removed;
    }

    /// Renews the lease and forgets what is old.
    void beat() {
        try {
            if (!lanes.perform(upkeep::renewLease)) {
                health.broken("another process runs as the same node");
                return;
            }
            lanes.perform(upkeep::forgetKeys);
            submissions.removeUntil(clock.instant());
            removeEnded(clock.instant().minus(settings.retention()));
            lanes.perform(connection -> {
                engine.compact(connection);
                return true;
            });
        } catch (LedgerUnavailable e) {
            LOG.warn("ledger: upkeep put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("ledger: a fault in the upkeep", e);
        }
    }

    /// Looks whether a trouble is over.
    void probe() {
        if (health.isFull() && engine.restoreReserve()) {
            health.emptied();
        }
        if (!health.isWell() && !health.isBroken()) {
            try {
                lanes.perform(upkeep::renewLease);
            } catch (LedgerUnavailable e) {
                LOG.debug("ledger: still in trouble", e);
            }
        }
    }

    private void checkStructure() {
        if (engine instanceof SqliteEngine sqlite) {
            try {
                var wrong = sqlite.checkBesideWork();
                if (wrong != null) {
                    health.broken(wrong);
                }
            } catch (SQLException | IOException e) {
                health.broken(e.toString());
            }
        }
    }

    /// Returns when the thread has ended.
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
