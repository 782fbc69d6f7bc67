package org.fanfare.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether promises can be made. Full and away pass; broken stays until a restart, because after a
/// failed write nobody knows what the disk holds (S3).
final class Health {

    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private enum State {
        WELL,
        FULL,
        AWAY,
        BROKEN
    }

    private record Finding(State state, String reason) {}

    private static final Finding WELL = new Finding(State.WELL, "");

    private volatile Finding finding = WELL;

    boolean isWell() {
        return finding.state() == State.WELL;
    }

    boolean isFull() {
        return finding.state() == State.FULL;
    }

    boolean isBroken() {
        return finding.state() == State.BROKEN;
    }

    LedgerUnavailable unavailable() {
        return new LedgerUnavailable("ledger: " + finding.reason());
    }

    void full(String cause) {
        become(State.FULL, "no space left (" + cause + ")");
    }

    void away(String cause) {
        become(State.AWAY, "database cannot be reached (" + cause + ")");
    }

    void broken(String cause) {
        become(State.BROKEN, "restart needed (" + cause + ")");
    }

    /// A transaction went through.
    void worked() {
        if (finding.state() == State.AWAY) {
            recover("the database is back");
        }
    }

    /// There is room again.
    void emptied() {
        if (finding.state() == State.FULL) {
            recover("there is space again");
        }
    }

    private synchronized void become(State state, String reason) {
        if (finding.state() == State.BROKEN || finding.state() == state) {
            return;
        }
        finding = new Finding(state, reason);
        LOG.error("ledger: {}: no message is accepted", reason);
    }

    private synchronized void recover(String why) {
        if (!isBroken()) {
            finding = WELL;
            LOG.warn("ledger: {}: messages are accepted again", why);
        }
    }
}
