package org.fanfare.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;

/// A process with a small heap that works on lists of 100,000, one after another.
final class LongListChild {

    private static final int RECIPIENTS = 100_000;
    private static final int MESSAGES = 5;

    private LongListChild() {}

    /// The only argument is the directory of the ledger.
    public static void main(String[] args) throws Exception {
        var url = "file:" + Path.of(args[0]);
        try (var ledger = Ledgers.open(url, Clock.systemUTC(), "node")) {
            for (int m = 0; m < MESSAGES; m++) {
                var ref = ledger.accept(Messages.message("c" + m, RECIPIENTS)).message();
                for (int i = 0; i < RECIPIENTS / 2; i++) {
                    ledger.record(ref, i, Messages.delivered(1));
                }
                ledger.flush(ref);
            }
        }
        try (var ledger = Ledgers.open(url, Clock.systemUTC(), "node")) {
            int resumed = 0;
            for (var ranges = ledger.claimUnfinished(8);
                    !ranges.isEmpty();
                    ranges = ledger.claimUnfinished(8)) {
                for (var range : ranges) {
                    for (int i = 0; i < range.recipients().size(); i++) {
                        if (range.states().get(i).outcome().kind() == OutcomeKind.PENDING) {
                            ledger.record(range.message(), range.from() + i, Messages.delivered(2));
                            resumed++;
                        }
                    }
                }
            }
            for (var message : ledger.recent(MESSAGES)) {
                ledger.answered(message.message(), Messages.OK);
            }
            System.out.printf("resumed %d, delivered %d%n", resumed, delivered(ledger));
        }
    }

    private static int delivered(Ledger ledger) {
        int found = 0;
        for (var next = OptionalInt.of(-1); next.isPresent(); ) {
            var page =
                    ledger.recipients(
                            "c0", Optional.of(OutcomeKind.DELIVERED), next.getAsInt(), 1_000);
            found += page.rows().size();
            next = page.next();
        }
        return found;
    }
}
