package org.fanfare.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Claims ranges that nobody works on, and reads what is needed to go on with them.
final class Takeover {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final Lanes lanes;
    private final Upkeep upkeep;
    private final Queries queries;
    private final HeldMessages held;
    private final Counters counters;
    private final Object claiming = new Object();

    Takeover(Lanes lanes, Upkeep upkeep, Queries queries, HeldMessages held, Counters counters) {
        this.lanes = lanes;
        this.upkeep = upkeep;
        this.queries = queries;
        this.held = held;
        this.counters = counters;
    }

    List<Unfinished> claimUnfinished(int max) {
        synchronized (claiming) { // what one call claims, it holds before the next one looks
            while (true) {
                var claimed = claim(max);
                counters.quarantined.add(claimed.quarantined());
                CrashPoint.IN_RECOVERY.visit();
                var unfinished = take(claimed.ranges());
                if (!unfinished.isEmpty() || claimed.isNothing()) {
                    return unfinished;
                }
            }
        }
    }

    void giveBack(Unfinished range) {
        synchronized (claiming) {
            if (lanes.perform(c -> upkeep.giveBack(c, range.message(), range.range()))) {
                held.letGo(range.message(), range.range());
            }
        }
    }

    private Upkeep.Claims claim(int max) {
        if (held.takeOrphans()) {
            var own = lanes.perform(c -> upkeep.claim(c, upkeep.orphans(c, max, held::isHeld)));
            if (!own.isNothing()) {
                held.mayHaveOrphans(); // there may be more
                return own;
            }
        }
        return lanes.perform(c -> upkeep.claim(c, upkeep.abandoned(c, max)));
    }

    private List<Unfinished> take(List<Upkeep.Claim> claims) {
        var unfinished = new ArrayList<Unfinished>(claims.size());
        Queries.Range before = null;
        for (var claim : claims) {
            try {
                var range = queries.range(claim, before);
                held.take(claim, range);
                unfinished.add(unfinished(claim, range));
                before = range;
            } catch (DamagedRecord e) {
                LOG.error("ledger: {}: set aside, its recipients get nothing more", e.getMessage());
                lanes.perform(connection -> upkeep.quarantine(connection, claim));
                counters.quarantined.increment();
            } catch (SQLException e) {
                held.mayHaveOrphans();
                throw new LedgerUnavailable("ledger: " + e.getMessage(), e);
            }
        }
        return unfinished;
    }

    private static Unfinished unfinished(Upkeep.Claim claim, Queries.Range range) {
        var row = range.message();
        return new Unfinished(
                claim.message(),
                row.head(),
                claim.part(),
                claim.part() * Ledger.RANGE_SIZE,
                range.recipients(),
                IntStream.range(0, range.states().size())
                        .mapToObj(i ->
                                new Unfinished.State(
                                        range.states().outcome(i), range.states().isReported(i)))
                        .toList(),
                row.recipients(),
                row.answer(),
                claim.starts());
    }
}
