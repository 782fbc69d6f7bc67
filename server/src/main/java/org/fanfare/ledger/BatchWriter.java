package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.ledger.Command.Answer;
import org.fanfare.ledger.Command.Flush;
import org.fanfare.ledger.Command.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// One transaction of a [WriterLane]: the statements of a batch, the commit, and then the news for
/// those who wait for it.
final class BatchWriter {

    private static final Logger LOG = LoggerFactory.getLogger(BatchWriter.class);

    private final Clock clock;
    private final WriterLane.Owner owner;
    private final LaneQueue queue;
    private final Counters counters;
    private final AcceptWriter accepting;

    BatchWriter(
            LedgerSettings settings,
            Clock clock,
            WriterLane.Owner owner,
            LaneQueue queue,
            Counters counters) {
        this.clock = clock;
        this.owner = owner;
        this.queue = queue;
        this.counters = counters;
        this.accepting = new AcceptWriter(settings, clock, owner);
    }

    /// Returns when the batch is on stable storage and everybody knows.
    void perform(Batch batch, Statements sql) throws SQLException {
        if (batch.task != null) {
            perform(batch.task, sql);
            return;
        }
        addRanges(batch);
        var accepted = accepting.insert(batch, sql);
        var snapshots = updateRanges(batch.ranges, sql);
        updateAnswers(batch.answers, sql);
        if (!batch.accepts.isEmpty()) {
            CrashPoint.ACCEPT_WRITTEN_NOT_COMMITTED.visit();
        }
        if (!batch.ranges.isEmpty()) {
            CrashPoint.OUTCOMES_WRITTEN_NOT_COMMITTED.visit();
        }
        commit(sql);
        tell(batch, accepted, snapshots);
    }

    private void commit(Statements sql) throws SQLException {
        var began = System.nanoTime();
        sql.connection().commit();
        counters.commitNanos.add(System.nanoTime() - began);
        counters.commits.increment();
    }

    private <T> void perform(Task<T> task, Statements sql) throws SQLException {
        var result = task.work().perform(sql.connection());
        commit(sql);
        task.result().complete(result);
    }

    /// The ranges that flushes and answers ask for.
    private static void addRanges(Batch batch) {
        for (var flush : batch.flushes) {
            flush.message().ranges().stream()
                    .filter(HeldRange::hasUnwritten)
                    .forEach(batch.ranges::add);
        }
        for (var answer : batch.answers) {
            var message = answer.message();
            message.proposeAnswer(answer.answer());
            message.ranges().stream()
                    .filter(range -> needsWrite(range, answer.answer()))
                    .forEach(batch.ranges::add);
        }
    }

    /// The first range is where the answer is owed, and a failure as answer ends the duty to
    /// report.
    private static boolean needsWrite(HeldRange range, StoredAnswer answer) {
        return range.part() == 0 || range.hasUnwritten() || !(range.isDone() || answer.isSuccess());
    }

    private List<HeldRange.Snapshot> updateRanges(Set<HeldRange> ranges, Statements sql)
            throws SQLException {
        if (ranges.isEmpty()) {
            return List.of();
        }
        queue.takeOut(ranges);
        var update = sql.prepare(Sql.UPDATE_STATE);
        long now = clock.millis();
        var snapshots = new ArrayList<HeldRange.Snapshot>(ranges.size());
        for (var range : ranges) {
            var snapshot = range.snapshot();
            snapshots.add(snapshot);
            long ref = range.message().ref().value();
            update.setBytes(1, snapshot.states);
            update.setBytes(2, snapshot.reasons);
            update.setLong(
                    3,
                    Checksum.of(ref, range.part())
                            .and(snapshot.states)
                            .and(snapshot.reasons)
                            .value());
            update.setInt(4, snapshot.pending);
            update.setInt(5, snapshot.done ? 1 : 0);
            update.setLong(6, now);
            update.setLong(7, ref);
            update.setInt(8, range.part());
            update.setLong(9, range.epoch());
            update.addBatch();
        }
        int[] counts = update.executeBatch();
        counters.writes.add(counts.length);
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] == 0) {
                fence(snapshots.get(i).range);
            }
        }
        return snapshots;
    }

    /// Another node holds the range with a newer epoch, or retention has removed it.
    private void fence(HeldRange range) {
        if (!range.isFenced()) {
            range.fence();
            counters.fenced.increment();
            LOG.warn(
                    "ledger: message={} range={} was taken over by another node",
                    range.message().ref(),
                    range.part());
        }
    }

    /// The answer belongs to the holder of range 0, whose row this transaction has just changed and
    /// thereby locked.
    private void updateAnswers(List<Answer> answers, Statements sql) throws SQLException {
        if (answers.isEmpty()) {
            return;
        }
        var update = sql.prepare(Sql.UPDATE_ANSWER);
        boolean any = false;
        for (var answer : answers) {
            if (holdsFirst(answer.message())) {
                update.setInt(1, answer.answer().status());
                update.setString(2, answer.answer().warning());
                update.setString(3, answer.answer().messageUid());
                update.setLong(4, clock.millis());
                update.setLong(5, answer.message().ref().value());
                update.addBatch();
                any = true;
            }
        }
        if (any) {
            update.executeBatch();
        }
    }

    private static boolean holdsFirst(HeldMessage message) {
        return message.ranges().stream().anyMatch(r -> r.part() == 0 && !r.isFenced());
    }

    /// After the commit: whoever waits may go on.
    private void tell(Batch batch, List<Acceptance> accepted, List<HeldRange.Snapshot> snapshots) {
        for (int i = 0; i < accepted.size(); i++) {
            tell(batch.accepts.get(i), accepted.get(i));
        }
        for (var snapshot : snapshots) {
            snapshot.range.written(snapshot);
            if (snapshot.done || snapshot.range.isFenced()) {
                owner.settled(snapshot.range.message());
            }
        }
        for (var flush : batch.flushes) {
            tell(flush.message(), flush.message().isFenced(), flush);
        }
        for (var answer : batch.answers) {
            boolean fenced = !holdsFirst(answer.message());
            if (!fenced) {
                answer.message().answerStored();
            }
            tell(answer.message(), fenced, answer);
        }
    }

    private void tell(Accept accept, Acceptance result) {
        switch (result) {
            case Acceptance.Accepted _ -> counters.accepted.increment();
            case Acceptance.Duplicate _ -> counters.duplicates.increment();
        }
        accept.result().complete(result);
    }

    private static void tell(HeldMessage message, boolean fenced, Command command) {
        if (fenced) {
            command.fail(new Fenced(message.ref(), 0));
            return;
        }
        switch (command) {
            case Flush flush -> flush.result().complete(true);
            case Answer answer -> answer.result().complete(true);
            case Accept _, Task<?> _ -> throw new IllegalArgumentException("told elsewhere");
        }
    }
}
