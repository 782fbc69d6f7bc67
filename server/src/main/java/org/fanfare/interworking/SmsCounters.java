package org.fanfare.interworking;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// What has gone to an SMSC and come from it.
public final class SmsCounters {

    private final LongAdder taken = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder busy = new LongAdder();
    private final LongAdder unknown = new LongAdder();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder undelivered = new LongAdder();
    private final LongAdder stray = new LongAdder();

    void submitted(Submitted result) {
        switch (result) {
            case Submitted.Taken _ -> taken.increment();
            case Submitted.Refused _ -> refused.increment();
            case Submitted.Later _ -> busy.increment();
            case Submitted.Unknown _ -> unknown.increment();
        }
    }

    void receipt(Receipt.Outcome outcome) {
        switch (outcome) {
            case DELIVERED -> delivered.increment();
            case UNDELIVERED -> undelivered.increment();
        }
    }

    void strayReceipt() {
        stray.increment();
    }

    /// Short messages by what the SMSC said to them.
    public Map<String, Long> submissions() {
        return Map.of(
                "taken", taken.sum(),
                "refused", refused.sum(),
                "later", busy.sum(),
                "unknown", unknown.sum());
    }

    /// Receipts by what they tell; those of messages that are not known (yet) are stray.
    public Map<String, Long> receipts() {
        return Map.of(
                "delivered", delivered.sum(),
                "undelivered", undelivered.sum(),
                "stray", stray.sum());
    }
}
