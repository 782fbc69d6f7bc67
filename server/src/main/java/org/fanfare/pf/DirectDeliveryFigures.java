package org.fanfare.pf;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What has become of copies for senders' other devices since the start.
public final class DirectDeliveryFigures {

    final LongAdder sent = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder failed = new LongAdder();
    final LongAdder skipped = new LongAdder();

    DirectDeliveryFigures() {}

    /// By a word for each: copies that were sent, and how they ended; messages that were skipped,
    /// because there is no other device, or none is known.
    public Map<String, Long> byOutcome() {
        return Map.of(
                "sent", sent.sum(),
                "delivered", delivered.sum(),
                "failed", failed.sum(),
                "skipped", skipped.sum());
    }
}
