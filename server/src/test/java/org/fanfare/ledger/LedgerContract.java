package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.fanfare.ledger.Messages.BUSY;
import static org.fanfare.ledger.Messages.OK;
import static org.fanfare.ledger.Messages.SPOOL;
import static org.fanfare.ledger.Messages.T0;
import static org.fanfare.ledger.Messages.delivered;
import static org.fanfare.ledger.Messages.failed;
import static org.fanfare.ledger.Messages.head;
import static org.fanfare.ledger.Messages.history;
import static org.fanfare.ledger.Messages.large;
import static org.fanfare.ledger.Messages.message;
import static org.fanfare.ledger.Messages.phone;
import static org.fanfare.ledger.Messages.phones;
import static org.fanfare.ledger.Messages.reported;
import static org.fanfare.ledger.Messages.withHistory;
import static org.fanfare.ledger.Submission.State.TAKEN;
import static org.fanfare.ledger.Submission.State.UNKNOWN;

import org.fanfare.ledger.Acceptance.Accepted;
import org.fanfare.ledger.Acceptance.Duplicate;
import org.fanfare.ledger.Submission.Part;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// What every database behind the ledger must do; one subclass for each.
abstract class LedgerContract {

    static final LedgerSettings SETTINGS = LedgerSettings.DEFAULT.with(s -> s.reserve(4_096));

    final SettableClock clock = new SettableClock();
    Ledger ledger;

    /// Opens the database of this test, again and again.
    abstract Ledger open(LedgerSettings settings) throws Exception;

    /// Past the ledger.
    abstract Connection connect() throws SQLException;

    @BeforeEach
    void openLedger() throws Exception {
        ledger = open(SETTINGS);
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    private void restart() throws Exception {
        ledger.close();
        ledger = open(SETTINGS);
    }

    private MessageRef accept(AcceptRecord message) {
        return assertAccepted(ledger.accept(message));
    }

    private static MessageRef assertAccepted(Acceptance acceptance) {
        assertThat(acceptance).isInstanceOf(Accepted.class);
        return acceptance.message();
    }

    private void deliverAll(MessageRef ref, int recipients) {
        for (int i = 0; i < recipients; i++) {
            ledger.record(ref, i, delivered(1));
        }
        ledger.answered(ref, OK);
    }

    // History.

    @Test
    void whatIsToBeRecordedIsRememberedUntilItIs() throws Exception { // N1
        var ref = accept(withHistory(message("c1", 2), history("object")));
        accept(message("c2", 2));
        deliverAll(ref, 2);

        restart();

        assertThat(ledger.unrecorded(new MessageRef(0), 10))
                .containsExactly(new Unrecorded(ref, head("c1"), history("object")));
        assertThat(ledger.unrecorded(ref, 10)).isEmpty();
        ledger.recorded(ref);
        assertThat(ledger.unrecorded(new MessageRef(0), 10)).isEmpty();
    }

    @Test
    void whatIsToBeRecordedIsGivenOldestFirstAndNoMoreThanWanted() {
        var refs = new ArrayList<MessageRef>();
        for (int i = 0; i < 3; i++) {
            refs.add(accept(withHistory(message("c" + i, 1), history("object " + i))));
        }

        assertThat(ledger.unrecorded(new MessageRef(0), 2))
                .extracting(Unrecorded::message)
                .containsExactly(refs.get(0), refs.get(1));
        assertThat(ledger.unrecorded(refs.get(1), 2))
                .extracting(Unrecorded::message)
                .containsExactly(refs.get(2));
    }

    @Test
    void aSpoolStaysUntilItsMessageIsRecordedOrGivenUp() {
        var ref = accept(withHistory(large("c1", 1), history("head")));
        deliverAll(ref, 1);
        ledger.flush(ref);

        assertThat(ledger.spools()).containsExactly(SPOOL.id());
        ledger.recorded(ref);
        assertThat(ledger.spools()).isEmpty();

        var other = accept(withHistory(large("c2", 1), history("head")));
        deliverAll(other, 1);
        ledger.flush(other);
        clock.advance(Duration.ofHours(2).plusMillis(1));
        assertThat(ledger.spools()).isEmpty();
    }

    @Test
    void aMessageThatIsNotRecordedIsNotForgottenBeforeItIsGivenUp() {
        var ref = accept(withHistory(message("c1", 1), history("object")));
        deliverAll(ref, 1);
        ledger.flush(ref);

        assertThat(ledger.removeEnded(T0.plus(Duration.ofHours(1)))).isZero();
        clock.advance(Duration.ofDays(2));
        assertThat(ledger.removeEnded(T0.plus(Duration.ofDays(1)))).isEqualTo(1);
        assertThat(ledger.unrecorded(new MessageRef(0), 10)).isEmpty();
    }

    // Acceptance.

    @Test
    void anAcceptedMessageIsFoundWithEverythingThatItNeeds() throws Exception {
        var ref = accept(message("c1", 2_500));

        restart();

        var unfinished = ledger.claimUnfinished(100);
        assertThat(unfinished)
                .extracting(Unfinished::message, Unfinished::range, Unfinished::from)
                .containsExactly(tuple(ref, 0, 0), tuple(ref, 1, 1_000), tuple(ref, 2, 2_000));
        assertThat(unfinished.getFirst().head()).isEqualTo(head("c1"));
        assertThat(unfinished.getFirst().total()).isEqualTo(2_500);
        assertThat(unfinished.get(2).recipients()).isEqualTo(phones(2_500).subList(2_000, 2_500));
        assertThat(unfinished.get(2).states())
                .hasSize(500)
                .containsOnly(new Unfinished.State(Outcome.pending(T0), false));
    }

    @Test
    void recipientsThatFailedBeforeAreStoredAsFailed() {
        accept(
                new AcceptRecord(
                        head("c1"), phones(3), List.of(new PreFailed(1, "not a valid URI"))));

        assertThat(ledger.recipients("c1", Optional.of(OutcomeKind.FAILED), -1, 10).rows())
                .containsExactly(
                        new RecipientRow(
                                1,
                                phone(1),
                                new Outcome(OutcomeKind.FAILED, 0, "not a valid URI", T0, 0),
                                false));
    }

    @Test
    void namesBeyondAsciiAndOddPhrasesComeBackAsTheyWere() {
        var recipients =
                List.of("sip:%E2%82%AC@home.example", "sip:zoë@home.example", "tel:+1-555");
        var ref = accept(new AcceptRecord(head("c1"), recipients, List.of()));
        ledger.record(ref, 1, failed(480, "nicht erreichbar – später"));
        ledger.record(ref, 2, failed(404, "first\r\nsecond\0"));
        ledger.flush(ref);

        var rows = ledger.recipients("c1", Optional.empty(), -1, 10).rows();

        assertThat(rows).extracting(RecipientRow::uri).isEqualTo(recipients);
        assertThat(rows.get(1).outcome().reason()).isEqualTo("nicht erreichbar – später");
        assertThat(rows.get(2).outcome().reason()).isEqualTo("first  second ");
    }

    @Test
    void concurrentAcceptsAreAllKeptAndHaveDifferentNames() throws Exception {
        int count = 200;
        var results = new ArrayList<Future<Acceptance>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                var id = "c" + i;
                results.add(threads.submit(() -> ledger.accept(message(id, 3))));
            }
        }

        var refs = new HashSet<MessageRef>();
        for (var result : results) {
            refs.add(assertAccepted(result.get()));
        }
        assertThat(refs).hasSize(count);
        assertThat(ledger.recent(1_000)).extracting(MessageSummary::message).containsAll(refs);
        assertThat(ledger.figures().accepted()).isEqualTo(count);
    }

    // Duplicates.

    // D4
    @Test
    void aDuplicateOfAnAnsweredMessageGetsItsAnswer() {
        var ref = accept(message("c1", 1));
        deliverAll(ref, 1);

        assertThat(ledger.accept(message("c1", 1))).isEqualTo(new Duplicate(ref, Optional.of(OK)));
    }

    // D4, K5
    @Test
    void aDuplicateIsKnownAfterARestart() throws Exception {
        var ref = accept(message("c1", 1));
        ledger.record(ref, 0, failed(486, "Busy Here"));
        ledger.answered(ref, BUSY);

        restart();

        assertThat(ledger.accept(message("c1", 1)))
                .isEqualTo(new Duplicate(ref, Optional.of(BUSY)));
    }

    @Test
    void aDuplicateOfAMessageInWorkHasNoAnswerYet() {
        var ref = accept(message("c1", 1));

        assertThat(ledger.accept(message("c1", 1))).isEqualTo(new Duplicate(ref, Optional.empty()));
    }

    @Test
    void theSameIdsWithOtherContentAreNotADuplicate() {
        accept(message("c1", 1));

        assertAccepted(
                ledger.accept(new AcceptRecord(head("c1", "other", false), phones(1), List.of())));
    }

    @Test
    void afterTheWindowTheSameMessageIsANewOne() {
        var ref = accept(message("c1", 1));
        deliverAll(ref, 1);

        clock.advance(SETTINGS.duplicateWindow());

        assertThat(accept(message("c1", 1))).isNotEqualTo(ref);
    }

    @Test
    void aMessageWithoutAnswerIsNeverStartedTwice() throws Exception {
        var ref = accept(message("c1", 1));

        clock.advance(SETTINGS.duplicateWindow().multipliedBy(2));
        restart();

        assertThat(ledger.accept(message("c1", 1)).message()).isEqualTo(ref);
    }

    @Test
    void ofTheSameMessageManyTimesAtOnceOneIsAccepted() throws Exception {
        var results = new ArrayList<Future<Acceptance>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                results.add(threads.submit(() -> ledger.accept(message("c1", 3))));
            }
        }

        int accepted = 0;
        var refs = new HashSet<MessageRef>();
        for (var result : results) {
            accepted += result.get() instanceof Accepted ? 1 : 0;
            refs.add(result.get().message());
        }
        assertThat(accepted).isEqualTo(1);
        assertThat(refs).hasSize(1);
    }

    // Outcomes.

    @Test
    void aFlushedOutcomeIsThereAfterARestart() throws Exception {
        var ref = accept(message("c1", 1_500));
        ledger.record(ref, 0, delivered(2));
        ledger.record(ref, 1_499, failed(404, "Not Found"));
        ledger.flush(ref);

        restart();

        var states = ledger.claimUnfinished(10);
        assertThat(states.getFirst().states().getFirst().outcome()).isEqualTo(delivered(2));
        assertThat(states.get(1).states().getLast().outcome()).isEqualTo(failed(404, "Not Found"));
    }

    @Test
    void outcomesNotFlushedAreWrittenByThemselves() {
        var ref = accept(message("c1", 2));
        ledger.record(ref, 1, delivered(1));

        org.awaitility.Awaitility.await()
                .until(() -> ledger.message("c1").get().count(OutcomeKind.DELIVERED) == 1);
    }

    @Test
    void closingWritesWhatIsNoted() throws Exception {
        var ref = accept(message("c1", 2));
        ledger.record(ref, 1, delivered(1));

        restart();

        assertThat(ledger.message(ref).get().count(OutcomeKind.DELIVERED)).isEqualTo(1);
    }

    @Test
    void successStandsAndFailureGivesWayToLateSuccessOnly() { // D7
        var ref = accept(message("c1", 3));
        ledger.record(ref, 0, delivered(1));
        ledger.record(ref, 0, failed(480, "late"));
        ledger.record(ref, 1, failed(408, "no answer"));
        ledger.record(ref, 1, failed(480, "late"));
        ledger.record(ref, 2, failed(408, "no answer"));
        ledger.record(ref, 2, delivered(33));
        ledger.flush(ref);

        assertThat(ledger.recipients("c1", Optional.empty(), -1, 10).rows())
                .extracting(RecipientRow::outcome)
                .containsExactly(delivered(1), failed(408, "no answer"), delivered(33));
    }

    @Test
    void attemptsAreKeptWhileARecipientIsPending() throws Exception {
        var retry =
                new Outcome(OutcomeKind.PENDING, 503, "Service Unavailable", T0.plusMillis(1), 2);
        var ref = accept(message("c1", 1));
        ledger.record(ref, 0, retry);
        ledger.flush(ref);

        restart();

        assertThat(ledger.claimUnfinished(1).getFirst().states().getFirst().outcome())
                .isEqualTo(retry);
    }

    @Test
    void manyThreadsMayRecordAtOnce() throws Exception {
        int count = 5_000;
        var ref = accept(message("c1", count));
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (int t = 0; t < 4; t++) {
                int first = t;
                threads.execute(() -> {
                    for (int i = first; i < count; i += 4) {
                        ledger.record(ref, i, i % 10 == 0 ? failed(486, "Busy") : delivered(i));
                    }
                });
            }
        }
        ledger.answered(ref, OK);

        var summary = ledger.message(ref).get();
        assertThat(summary.outcomes())
                .isEqualTo(
                        Map.of(
                                OutcomeKind.PENDING, 0,
                                OutcomeKind.DELIVERED, 4_500,
                                OutcomeKind.INTERWORKED, 0,
                                OutcomeKind.FAILED, 500,
                                OutcomeKind.EXPIRED, 0));
        assertThat(ledger.figures().held()).isZero();
    }

    @Test
    void moreReasonsThanTheTableHoldsDoNoHarm() {
        int count = 400;
        var ref = accept(message("c1", count));
        for (int i = 0; i < count; i++) {
            ledger.record(ref, i, failed(400 + i % 100, "reason " + i));
        }
        ledger.answered(ref, BUSY);

        var rows = ledger.recipients("c1", Optional.empty(), -1, count).rows();
        assertThat(rows.get(7).outcome().reason()).isEqualTo("reason 7");
        assertThat(rows.get(399).outcome()).isEqualTo(failed(499, ""));
    }

    // Answers.

    @Test
    void theFirstAnswerStands() {
        var ref = accept(message("c1", 2));
        ledger.answered(ref, OK);
        ledger.answered(ref, BUSY);

        assertThat(ledger.message("c1").get().answer()).contains(OK);
    }

    @Test
    void theAnswerWritesEveryOutcomeNotedBefore() {
        var ref = accept(message("c1", 1_200));
        deliverAll(ref, 1_200);

        assertThat(ledger.message("c1").get().count(OutcomeKind.DELIVERED)).isEqualTo(1_200);
    }

    // K5
    @Test
    void aMessageWithoutAnswerIsUnfinishedAlthoughNothingIsPending() throws Exception {
        var ref = accept(message("c1", 1_200));
        for (int i = 0; i < 1_200; i++) {
            ledger.record(ref, i, delivered(1));
        }
        ledger.flush(ref);
        restart();

        var unfinished = ledger.claimUnfinished(10);
        assertThat(unfinished).extracting(Unfinished::range).containsExactly(0);
        ledger.answered(ref, OK);

        restart();
        assertThat(ledger.claimUnfinished(10)).isEmpty();
        assertThat(ledger.message("c1").get().answer()).contains(OK);
    }

    // Reports: K11, reading 2

    @Test
    void aFailureThatHasToBeReportedIsUnfinishedUntilThen() throws Exception {
        var ref = accept(reported("c1", 3));
        ledger.record(ref, 0, delivered(1));
        ledger.record(ref, 1, failed(404, "Not Found"));
        ledger.record(ref, 2, failed(404, "Not Found"));
        ledger.answered(ref, OK);
        ledger.reported(ref, 1);
        restart();

        var range = ledger.claimUnfinished(10).getFirst();
        assertThat(range.answer()).contains(OK);
        assertThat(range.states())
                .extracting(state -> state.outcome().kind(), Unfinished.State::reported)
                .containsExactly(
                        tuple(OutcomeKind.DELIVERED, false),
                        tuple(OutcomeKind.FAILED, true),
                        tuple(OutcomeKind.FAILED, false));
        ledger.reported(ref, 2);

        restart();
        assertThat(ledger.claimUnfinished(10)).isEmpty();
    }

    @Test
    void afterAFailureAsAnswerNoReportIsOwed() throws Exception {
        var ref = accept(reported("c1", 1_500));
        for (int i = 0; i < 1_500; i++) {
            ledger.record(ref, i, failed(486, "Busy Here"));
        }
        ledger.answered(ref, BUSY);
        restart();

        assertThat(ledger.claimUnfinished(10)).isEmpty();
    }

    // Taking over and fencing.

    @Test
    void whatIsInWorkHereIsNotUnfinished() {
        accept(message("c1", 1));

        assertThat(ledger.claimUnfinished(10)).isEmpty();
    }

    @Test
    void rangesAreClaimedOldestFirstAndOnlyOnce() throws Exception {
        var first = accept(message("c1", 1_001));
        var second = accept(message("c2", 1));
        restart();

        assertThat(ledger.claimUnfinished(2))
                .extracting(Unfinished::message)
                .containsExactly(first, first);
        assertThat(ledger.claimUnfinished(2))
                .extracting(Unfinished::message)
                .containsExactly(second);
        assertThat(ledger.claimUnfinished(2)).isEmpty();
    }

    @Test
    void aRangeThatIsGivenBackIsFoundAgainAsIfItHadNotBeenClaimed() throws Exception {
        var ref = accept(message("c1", 1_001));
        restart();
        var claimed = ledger.claimUnfinished(10);

        ledger.giveBack(claimed.getFirst());

        assertThat(ledger.claimUnfinished(10)).containsExactly(claimed.getFirst());
        deliverAll(ref, 1_001);
        restart();
        assertThat(ledger.claimUnfinished(10)).isEmpty();
    }

    @Test
    void aClaimedRangeIsWorkedOnLikeANewOne() throws Exception {
        var ref = accept(message("c1", 1_001));
        restart();
        ledger.claimUnfinished(10);
        deliverAll(ref, 1_001);
        restart();

        assertThat(ledger.claimUnfinished(10)).isEmpty();
        assertThat(ledger.message(ref).get().count(OutcomeKind.DELIVERED)).isEqualTo(1_001);
    }

    @Test
    void aMessageThatWasCommittedWithoutTheNodeKnowingIsTakenUp() throws Exception {
        var held = accept(message("c1", 1_001));
        var unknown = accept(message("c2", 1_001));
        // as after a connection that broke in the commit
        ((SqlLedger) ledger).held().letGo(new HeldMessage(unknown, T0, false, 1_001, null));
        assertThat(ledger.claimUnfinished(10)).isEmpty();
        ((SqlLedger) ledger).held().mayHaveOrphans();

        assertThat(ledger.claimUnfinished(1)).extracting(Unfinished::range).containsExactly(0);
        assertThat(ledger.claimUnfinished(9))
                .extracting(Unfinished::message, Unfinished::range)
                .containsExactly(tuple(unknown, 1));
        assertThat(ledger.claimUnfinished(9)).isEmpty();
        deliverAll(unknown, 1_001);
        deliverAll(held, 1_001);
    }

    @Test
    void whoeverHoldsAnOlderEpochIsFenced() throws Exception {
        var ref = accept(message("c1", 1_001));
        ledger.record(ref, 0, delivered(1));
        ledger.flush(ref);
        takeOver(ref, 0);

        ledger.record(ref, 1, delivered(2));
        assertThatThrownBy(() -> ledger.flush(ref)).isInstanceOf(Fenced.class);

        assertThatThrownBy(() -> ledger.record(ref, 2, delivered(2))).isInstanceOf(Fenced.class);
        assertThatThrownBy(() -> ledger.answered(ref, OK)).isInstanceOf(Fenced.class);
        ledger.record(ref, 1_000, delivered(3)); // the other range is still ours
        assertThatThrownBy(() -> ledger.flush(ref)).isInstanceOf(Fenced.class);
        assertThat(ledger.recipients("c1", Optional.of(OutcomeKind.DELIVERED), -1, 10).rows())
                .extracting(RecipientRow::index)
                .containsExactly(0, 1_000);
        assertThat(ledger.message("c1").get().answer()).isEmpty();
        assertThat(ledger.figures().fenced()).isEqualTo(1);
    }

    @Test
    void anAnswerIsNotStoredByAFencedNode() throws Exception {
        var ref = accept(message("c1", 1));
        takeOver(ref, 0);

        ledger.record(ref, 0, delivered(1));
        assertThatThrownBy(() -> ledger.answered(ref, OK)).isInstanceOf(Fenced.class);

        assertThat(ledger.message("c1").get().answer()).isEmpty();
        assertThatThrownBy(() -> ledger.flush(ref)).isInstanceOf(Fenced.class);
    }

    private void takeOver(MessageRef ref, int part) throws SQLException {
        execute(
                "UPDATE ledger_state SET epoch = epoch + 1, owner = 7 WHERE message = %d AND part = %d"
                        .formatted(ref.value(), part));
    }

    void execute(String sql) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    @Test
    void aMessageThatIsUnknownOrHasEndedCannotBeWorkedOn() {
        var ref = accept(message("c1", 1));
        deliverAll(ref, 1);

        assertThatThrownBy(() -> ledger.record(ref, 0, failed(480, "late")))
                .isInstanceOf(Fenced.class);
        assertThatThrownBy(() -> ledger.record(new MessageRef(5), 0, delivered(1)))
                .isInstanceOf(Fenced.class);
        ledger.flush(ref);
    }

    // R5
    @Test
    void aRangeThatEndsTheProcessThreeTimesIsSetAside() throws Exception {
        var poisoned = accept(message("c1", 1));
        var other = accept(message("c2", 1));
        for (int start = 1; start <= SETTINGS.maxStarts(); start++) {
            crash();
            assertThat(ledger.claimUnfinished(10))
                    .extracting(Unfinished::message, Unfinished::starts)
                    .containsExactly(tuple(poisoned, start), tuple(other, 1));
            ledger.record(other, 0, new Outcome(OutcomeKind.PENDING, 503, "", T0, start));
            ledger.flush(other);
        }
        crash();

        assertThat(ledger.claimUnfinished(10))
                .extracting(Unfinished::message)
                .containsExactly(other);
        assertThat(ledger.message(poisoned).get().quarantined()).isEqualTo(1);
        assertThat(ledger.figures().quarantined()).isEqualTo(1);

        assertThat(ledger.release(other, false)).isZero();
        assertThat(ledger.release(poisoned, false)).isOne();
        assertThat(ledger.claimUnfinished(10))
                .extracting(Unfinished::message, Unfinished::starts, Unfinished::isDropped)
                .containsExactly(tuple(poisoned, 1, false));
    }

    // R5
    @Test
    void whatAnOperatorDropsIsClaimedToBeEnded() throws Exception {
        var poisoned = accept(message("c1", 1));
        execute("UPDATE ledger_state SET owner = 7, quarantined = 1, starts = 3");
        ledger.close();
        ledger = open(SETTINGS);
        assertThat(ledger.claimUnfinished(10)).isEmpty();

        assertThat(ledger.release(poisoned, true)).isOne();

        assertThat(ledger.claimUnfinished(10))
                .extracting(Unfinished::message, Unfinished::isDropped)
                .containsExactly(tuple(poisoned, true));
    }

    /// What is held is not given up, as if the process had just ended.
    private void crash() throws Exception {
        execute("UPDATE ledger_state SET owner = 7");
        ledger.close();
        ledger = open(SETTINGS);
    }

    @Test
    void stoppingInGoodOrderDoesNotCountAgainstWhatWasInWork() throws Exception {
        accept(message("c1", 1));
        for (int i = 0; i < 5; i++) {
            restart();
            assertThat(ledger.claimUnfinished(10)).extracting(Unfinished::starts).containsOnly(1);
        }
    }

    // Damage in a shared database is found when a range is claimed.

    @Test
    void aDamagedRangeIsSetAsideWhenItsTurnComes() throws Exception {
        var damaged = accept(message("c1", 1));
        var other = accept(message("c2", 1));
        execute("UPDATE ledger_recipients SET checksum = 1 WHERE message = " + damaged.value());
        ledger.close();
        ledger = open(SETTINGS.with(s -> s.quarantineDamaged(true)));

        assertThat(ledger.claimUnfinished(10))
                .extracting(Unfinished::message)
                .containsExactly(other);
        assertThat(ledger.message(damaged).get().quarantined()).isEqualTo(1);
    }

    // Queries.

    @Test
    void aSummaryCountsOutcomesAndFailures() {
        var ref = accept(message("c1", 5));
        ledger.record(ref, 0, delivered(1));
        ledger.record(ref, 1, new Outcome(OutcomeKind.INTERWORKED, 202, "", T0, 1));
        ledger.record(ref, 2, failed(486, "Busy Here"));
        ledger.record(ref, 3, new Outcome(OutcomeKind.EXPIRED, 0, "", T0, 1));
        ledger.answered(ref, OK);

        var summary = ledger.message("c1").get();
        assertThat(summary)
                .isEqualTo(
                        new MessageSummary(
                                ref,
                                "sip:alice@home.example",
                                "c1",
                                "conversation-c1",
                                "pager",
                                5,
                                Map.of(
                                        OutcomeKind.PENDING, 1,
                                        OutcomeKind.DELIVERED, 1,
                                        OutcomeKind.INTERWORKED, 1,
                                        OutcomeKind.FAILED, 1,
                                        OutcomeKind.EXPIRED, 1),
                                new java.util.TreeMap<>(Map.of(486, 1)),
                                0,
                                T0,
                                T0.plus(Duration.ofHours(1)),
                                Optional.of(OK)));
        assertThat(ledger.message("unknown")).isEmpty();
        assertThat(ledger.message(new MessageRef(5))).isEmpty();
    }

    @Test
    void recipientsComeInPages() {
        var ref = accept(message("c1", 2_200));
        for (int i = 0; i < 2_200; i += 2) {
            ledger.record(ref, i, delivered(1));
        }
        ledger.flush(ref);

        var found = new ArrayList<Integer>();
        var next = OptionalInt.of(-1);
        int pages = 0;
        while (next.isPresent()) {
            var page =
                    ledger.recipients(
                            "c1", Optional.of(OutcomeKind.DELIVERED), next.getAsInt(), 300);
            page.rows().forEach(row -> found.add(row.index()));
            next = page.next();
            pages++;
        }

        assertThat(found)
                .isEqualTo(
                        java.util.stream.IntStream.range(0, 1_100)
                                .map(i -> 2 * i)
                                .boxed()
                                .toList());
        assertThat(pages).isEqualTo(4);
        assertThat(ledger.recipients("unknown", Optional.empty(), -1, 10).rows()).isEmpty();
    }

    @Test
    void theNewestMessagesComeFirst() {
        accept(message("c1", 1));
        accept(message("c2", 1));
        accept(message("c3", 1));

        assertThat(ledger.recent(2))
                .extracting(MessageSummary::contributionId)
                .containsExactly("c3", "c2");
    }

    @Test
    void ofTwoMessagesWithOneContributionIdTheNewerIsShown() {
        accept(message("c1", 1));
        var newer = accept(new AcceptRecord(head("c1", "other", false), phones(2), List.of()));

        assertThat(ledger.message("c1").get().message()).isEqualTo(newer);
    }

    // Large messages.

    @Test
    void aLargeMessageNamesItsSpoolAlsoAfterARestart() throws Exception {
        var message = large("c1", 2);
        accept(message);

        restart();

        assertThat(ledger.claimUnfinished(10))
                .singleElement()
                .satisfies(range -> assertThat(range.head()).isEqualTo(message.head()));
        assertThat(ledger.message("c1").get().mode()).isEqualTo("large");
    }

    @Test
    void legsThatEndedBeforeTheAcceptanceAreStoredWithIt() throws Exception {
        var refused = failed(486, "Busy Here");
        var expired = new Outcome(OutcomeKind.EXPIRED, 0, "", T0.plusSeconds(2), 1);
        accept(
                large(
                        "c1",
                        1_003,
                        new KnownOutcome(1, refused),
                        new KnownOutcome(1_002, expired),
                        new KnownOutcome(1_002, refused)));

        restart();

        var states = ledger.claimUnfinished(10).stream().flatMap(r -> r.states().stream()).toList();
        assertThat(states.get(1).outcome()).isEqualTo(refused);
        assertThat(states.get(1_002).outcome()).isEqualTo(expired);
        assertThat(states)
                .filteredOn(s -> s.outcome().kind() == OutcomeKind.PENDING)
                .hasSize(1_001);
    }

    @Test
    void aLargeMessageWhoseLegsHaveAllFailedBeforeOwesOnlyItsAnswer() throws Exception {
        var ref = accept(large("c1", 1, new KnownOutcome(0, failed(486, "Busy Here"))));
        ledger.answered(ref, OK);

        restart();

        assertThat(ledger.claimUnfinished(10)).isEmpty();
        assertThat(ledger.spools()).isEmpty();
    }

    @Test
    void aRangeWhoseLegsHaveAllFailedBeforeIsDone() throws Exception {
        var ref = accept(large("c1", 1_001, new KnownOutcome(1_000, failed(486, "Busy Here"))));
        for (int i = 0; i < 1_000; i++) {
            ledger.record(ref, i, delivered(1));
        }
        ledger.answered(ref, OK);
        assertThat(ledger.figures().held()).isZero();

        restart();

        assertThat(ledger.claimUnfinished(10)).isEmpty();
    }

    // K9
    @Test
    void aSpoolIsNeededWhileARecipientIsPending() throws Exception {
        accept(message("pager", 1));
        var ref = accept(large("c1", new SpoolReference("one", 1, 1), 1_001));
        var other = accept(large("c2", new SpoolReference("two", 1, 1), 1));
        deliverAll(other, 1);
        for (int i = 0; i < 1_000; i++) {
            ledger.record(ref, i, delivered(1));
        }
        ledger.answered(ref, OK);
        assertThat(ledger.spools()).containsExactly("one");

        restart();
        assertThat(ledger.spools()).containsExactly("one");
        ledger.claimUnfinished(10);
        ledger.record(ref, 1_000, failed(408, "Request Timeout"));
        ledger.flush(ref);

        assertThat(ledger.spools()).isEmpty();
    }

    @Test
    void anInviteIsKnownByItsIdsWhileTheDuplicateWindowIsOpen() throws Exception {
        var alice = head("c1").originator();
        assertThat(ledger.earlier(alice, "c1")).isEmpty();
        accept(large("c1", 1));
        var ref = accept(new AcceptRecord(head("c1", "other", false), phones(1), List.of()));
        assertThat(ledger.earlier(alice, "c1")).contains(new Duplicate(ref, Optional.empty()));
        clock.advance(SETTINGS.duplicateWindow().multipliedBy(2));
        deliverAll(ref, 1);

        restart();

        assertThat(ledger.earlier(alice, "c1")).contains(new Duplicate(ref, Optional.of(OK)));
        assertThat(ledger.earlier("sip:carol@home.example", "c1")).isEmpty();
        assertThat(ledger.earlier(alice, "c2")).isEmpty();
    }

    @Test
    void afterTheWindowAnInviteIsANewOne() {
        var ref = accept(large("c1", 1));
        deliverAll(ref, 1);
        clock.advance(SETTINGS.duplicateWindow());

        assertThat(ledger.earlier(head("c1").originator(), "c1")).isEmpty();
    }

    // R8
    @Test
    void aLedgerOfFormat1IsTakenOver() throws Exception {
        var old = message("c1", 1_500);
        var ref = accept(old);
        ledger.close();
        makeFormat1();

        ledger = open(SETTINGS);

        assertThat(ledger.claimUnfinished(10))
                .hasSize(2)
                .allSatisfy(range -> assertThat(range.head()).isEqualTo(old.head()));
        assertThat(ledger.accept(old)).isEqualTo(new Duplicate(ref, Optional.empty()));
        accept(large("c2", 1));
        restart();
        assertThat(ledger.spools()).containsExactly(SPOOL.id());
    }

    private void makeFormat1() throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE ledger_history");
            statement.execute("DROP INDEX ledger_message_spool");
            statement.execute("DROP INDEX ledger_message_imdn");
            for (var table : List.of("submission_name", "submission", "reported")) {
                statement.execute("DROP TABLE ledger_" + table);
            }
            for (var column : List.of("spool", "spool_length", "spool_checksum")) {
                statement.execute("ALTER TABLE ledger_message DROP COLUMN " + column);
            }
            statement.execute("UPDATE ledger_format SET version = 1");
        }
    }

    // Dispositions.

    @Test
    void whatRecipientsReportIsKeptForEach() throws Exception {
        var ref = accept(message("c1", 1_500));
        var id = head("c1").imdnMessageId();
        var dispositions = ledger.dispositions();

        assertThat(dispositions.asked(id))
                .extracting(Dispositions.Asked::message, Dispositions.Asked::recipients)
                .containsExactly(tuple(ref, 1_500));
        assertThat(dispositions.recipients(ref, 1)).hasSize(500);
        assertThat(dispositions.note(ref, 1_002, Disposition.DELIVERED)).isTrue();
        assertThat(dispositions.note(ref, 1_002, Disposition.DELIVERED)).isFalse();
        assertThat(dispositions.note(ref, 1_001, Disposition.INTERWORKED)).isTrue();
        assertThat(dispositions.note(ref, 1_002, Disposition.DISPLAYED)).isTrue();
        restart();

        assertThat(ledger.dispositions().of(ref, 0)).isEmpty();
        assertThat(ledger.dispositions().of(ref, 1))
                .containsExactly(
                        Set.of(),
                        Set.of(Disposition.INTERWORKED),
                        Set.of(Disposition.DELIVERED, Disposition.DISPLAYED));
        assertThat(ledger.recipients("c1", Optional.empty(), 1_000, 3).rows())
                .extracting(RecipientRow::dispositions)
                .containsExactly(
                        Set.of(Disposition.INTERWORKED),
                        Set.of(Disposition.DELIVERED, Disposition.DISPLAYED),
                        Set.of());
    }

    @Test
    void reportsOfManyAtOnceAreAllKept() throws Exception {
        var ref = accept(message("c1", 300));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                int recipient = i;
                threads.execute(
                        () -> ledger.dispositions().note(ref, recipient, Disposition.DELIVERED));
            }
        }

        assertThat(ledger.dispositions().of(ref, 0))
                .hasSize(300)
                .containsOnly(Set.of(Disposition.DELIVERED));
    }

    // Submissions.

    @Test
    void aSubmissionIsThereAfterARestartAndFoundByTheNameOfAPart() throws Exception { // K12
        var until = T0.plus(Duration.ofHours(1));
        var first =
                new Submission("k1", List.of(Part.WAITING, Part.WAITING), 0, "about\nit", until);
        ledger.submissions().put(first);
        var changed =
                first.withParts(List.of(new Part(TAKEN, "17"), new Part(UNKNOWN, ""))).withOwed(3);
        ledger.submissions().put(changed);

        restart();

        assertThat(ledger.submissions().find("k1")).contains(changed);
        assertThat(ledger.submissions().named("17")).contains(changed);
        assertThat(ledger.submissions().named("")).isEmpty();
        assertThat(ledger.submissions().find("17")).isEmpty();
        assertThat(ledger.submissions().owing(5)).containsExactly(changed);
    }

    @Test
    void aSubmissionIsForgottenWhenItsTimeIsOver() {
        var until = T0.plus(Duration.ofHours(1));
        var part = new Part(TAKEN, "17");
        ledger.submissions().put(new Submission("k1", List.of(part), 0, "", until));

        assertThat(ledger.submissions().removeUntil(until)).isZero();
        assertThat(ledger.submissions().removeUntil(until.plusMillis(1))).isEqualTo(1);

        assertThat(ledger.submissions().find("k1")).isEmpty();
        assertThat(ledger.submissions().named("17")).isEmpty();
    }

    // Retention.

    @Test
    void endedMessagesAreRemovedOthersStay() {
        var ended = accept(message("c1", 1_001));
        deliverAll(ended, 1_001);
        var unanswered = accept(message("c2", 1));
        ledger.record(unanswered, 0, delivered(1));
        ledger.flush(unanswered);
        var pending = accept(message("c3", 2));
        ledger.record(pending, 0, delivered(1));
        ledger.answered(pending, OK);
        var owed = accept(reported("c4", 1));
        ledger.record(owed, 0, failed(404, "Not Found"));
        ledger.answered(owed, OK);

        clock.advance(Duration.ofMinutes(30));
        var late = accept(message("c5", 1));
        deliverAll(late, 1);
        int removed = ledger.removeEnded(clock.instant().minus(Duration.ofMinutes(10)));

        assertThat(removed).isEqualTo(1);
        assertThat(ledger.recent(10))
                .extracting(MessageSummary::message)
                .containsExactly(late, owed, pending, unanswered);
    }

    @Test
    void retentionNeverForgetsWithinTheDuplicateWindow() {
        var ref = accept(message("c1", 1));
        deliverAll(ref, 1);
        clock.advance(Duration.ofSeconds(30));

        assertThat(ledger.removeEnded(Instant.MAX)).isZero();
        assertThat(ledger.accept(message("c1", 1))).isInstanceOf(Duplicate.class);
    }

    // A10
    @Test
    void ofAGreedyOriginatorTheOldestKeysGoAndOfNobodyElse() throws Exception {
        ledger.close();
        ledger = open(SETTINGS.with(s -> s.maxKeysPerOriginator(10)));
        var carol = head("c0");
        var others =
                new AcceptRecord(
                        new MessageHead(
                                "sip:carol@home.example",
                                carol.contributionId(),
                                carol.conversationId(),
                                carol.imdnMessageId(),
                                carol.contentHash(),
                                carol.mode(),
                                carol.template(),
                                T0,
                                carol.deadline(),
                                false),
                        phones(1),
                        List.of());
        deliverAll(accept(others), 1);
        for (int i = 0; i < 30; i++) {
            deliverAll(accept(message("c" + i, 1)), 1);
            clock.advance(Duration.ofSeconds(1));
        }

        ((SqlLedger) ledger).keeper().beat();

        assertThat(count("ledger_seen")).isEqualTo(11);
        assertThat(ledger.accept(others)).isInstanceOf(Duplicate.class);
        assertThat(ledger.accept(message("c29", 1))).isInstanceOf(Duplicate.class);
        assertAccepted(ledger.accept(message("c0", 1)));
    }

    @Test
    void keysAreForgottenAfterTheWindow() throws Exception {
        deliverAll(accept(message("c1", 1)), 1);
        accept(message("c2", 1));
        clock.advance(SETTINGS.duplicateWindow());

        ((SqlLedger) ledger).keeper().beat();

        assertThat(count("ledger_seen")).isEqualTo(1); // that of the message without answer
    }

    int count(String table) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    @Test
    void afterCloseNothingIsAccepted() {
        ledger.close();

        assertThatThrownBy(() -> ledger.accept(message("c1", 1)))
                .isInstanceOf(LedgerUnavailable.class);
    }
}
