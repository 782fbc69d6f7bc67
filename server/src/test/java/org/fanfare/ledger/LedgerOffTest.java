package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fanfare.ledger.Messages.OK;
import static org.fanfare.ledger.Messages.T0;
import static org.fanfare.ledger.Messages.delivered;
import static org.fanfare.ledger.Messages.failed;
import static org.fanfare.ledger.Messages.message;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

/// The ledger that keeps nothing behaves like the others while the process lives.
class LedgerOffTest {

    private final SettableClock clock = new SettableClock();
    private Ledger ledger;

    @BeforeEach
    void open() throws Exception {
        ledger = Ledgers.open("memory:", clock, "node");
    }

    @Test
    void outcomesAndAnswersAreKept() {
        var ref = ledger.accept(message("c1", 3)).message();
        ledger.record(ref, 0, delivered(1));
        ledger.record(ref, 1, failed(404, "Not Found"));
        ledger.answered(ref, OK);

        var summary = ledger.message("c1").get();
        assertThat(summary.count(OutcomeKind.DELIVERED)).isEqualTo(1);
        assertThat(summary.count(OutcomeKind.PENDING)).isEqualTo(1);
        assertThat(summary.failures()).containsExactly(java.util.Map.entry(404, 1));
        assertThat(summary.answer()).contains(OK);
        assertThat(ledger.recipients("c1", Optional.of(OutcomeKind.PENDING), -1, 10).rows())
                .containsExactly(
                        new RecipientRow(2, Messages.phone(2), Outcome.pending(T0), false));
    }

    @Test
    void aDuplicateIsKnownWithinTheWindow() {
        var ref = ledger.accept(message("c1", 1)).message();
        assertThat(ledger.accept(message("c1", 1)))
                .isEqualTo(new Acceptance.Duplicate(ref, Optional.empty()));
        ledger.answered(ref, OK);
        assertThat(ledger.accept(message("c1", 1)))
                .isEqualTo(new Acceptance.Duplicate(ref, Optional.of(OK)));

        clock.advance(LedgerSettings.DEFAULT.duplicateWindow());
        // its acceptance counts from the time in the message
        assertThat(ledger.accept(message("c1", 1))).isInstanceOf(Acceptance.Accepted.class);
    }

    @Test
    void endedMessagesAreRemoved() {
        var ended = ledger.accept(message("c1", 1)).message();
        ledger.record(ended, 0, delivered(1));
        ledger.answered(ended, OK);
        var pending = ledger.accept(message("c2", 1)).message();
        clock.advance(Duration.ofHours(1));

        assertThat(ledger.removeEnded(clock.instant())).isEqualTo(1);
        assertThat(ledger.recent(10)).extracting(MessageSummary::message).containsExactly(pending);
        assertThatThrownBy(() -> ledger.record(ended, 0, delivered(1))).isInstanceOf(Fenced.class);
    }

    @Test
    void itDoesNotGrowForEver() {
        for (int i = 0; i < 20_000; i++) {
            ledger.answered(ledger.accept(message("c" + i, 1)).message(), OK);
        }

        assertThat(ledger.recent(Integer.MAX_VALUE)).hasSizeLessThanOrEqualTo(10_000);
    }
}
