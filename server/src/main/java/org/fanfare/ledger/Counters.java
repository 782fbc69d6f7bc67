package org.fanfare.ledger;

import java.util.concurrent.atomic.LongAdder;

/// What [LedgerFigures] tells, while it is counted.
final class Counters {
    final LongAdder accepted = new LongAdder();
    final LongAdder duplicates = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder changes = new LongAdder();
    final LongAdder writes = new LongAdder();
    final LongAdder commits = new LongAdder();
    final LongAdder commitNanos = new LongAdder();
    final LongAdder fenced = new LongAdder();
    final LongAdder quarantined = new LongAdder();

    LedgerFigures figures(int held, int waiting) {
        return new LedgerFigures(
                accepted.sum(),
                duplicates.sum(),
                refused.sum(),
                changes.sum(),
                writes.sum(),
                commits.sum(),
                commitNanos.sum(),
                fenced.sum(),
                quarantined.sum(),
                held,
                waiting);
    }
}
