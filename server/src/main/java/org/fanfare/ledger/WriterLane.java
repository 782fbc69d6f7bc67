package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.ledger.Command.Answer;
import org.fanfare.ledger.Command.Flush;
import org.fanfare.ledger.Command.Task;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.BatchUpdateException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One thread that writes to the database: what came together while the last transaction went to
/// disk goes into the next one (group commit). All ranges of a message are written by the same
/// lane.
final class WriterLane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WriterLane.class);

    private static final int MAX_COMMANDS = 512;
    private static final long MAX_OCTETS = 4L << 20;
    private static final long RETRY_NANOS = 100_000_000L;

    private static final Comparator<Accept> BY_KEY =
            (one, other) -> Arrays.compare(one.encoded().key, other.encoded().key);

    /// What a lane tells the ledger.
    interface Owner {
        MessageRef newRef();

        long owner();

        /// The message will be committed; told before, so that a row of this node which nobody
        /// holds is known to be an orphan.
        void hold(HeldMessage message);

        /// It was not committed after all, as far as is known.
        void letGo(HeldMessage message);

        /// The connection broke while messages were committed: they may be there, and nobody holds
        /// them.
        void mayHaveOrphans();

        /// The range is done or fenced.
        void settled(HeldMessage message);
    }

    private final Engine engine;
    private final LedgerSettings settings;
    private final Clock clock;
    private final Owner owner;
    private final Health health;
    private final Counters counters;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<Command> commands = new ArrayDeque<>();

    /// Ranges with something to write, and when (nanoTime) that is due; in the order of that time,
    /// but for those that became due early.
    private final Map<HeldRange, Long> unwritten = new LinkedHashMap<>();

    private boolean urgent;
    private boolean closing;
    private long notBefore = System.nanoTime();
    private int waitingAccepts;
    private long waitingOctets;

    private @Nullable Statements statements;

    WriterLane(
            String name,
            Engine engine,
            LedgerSettings settings,
            Clock clock,
            Owner owner,
            Health health,
            Counters counters) {
        this.engine = engine;
        this.settings = settings;
        this.clock = clock;
        this.owner = owner;
        this.health = health;
        this.counters = counters;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// @throws LedgerUnavailable at once, if too much waits already (S4)
    void submitAccept(Accept accept) {
        lock.lock();
        try {
            checkOpen();
            if (waitingAccepts >= settings.maxWaitingAccepts()
                    || (waitingAccepts > 0
                            && waitingOctets + accept.octets() > settings.maxWaitingOctets())) {
                throw new LedgerUnavailable(
                        "ledger: %d messages (%d octets) wait for the disk already"
                                .formatted(waitingAccepts, waitingOctets));
            }
            waitingAccepts++;
            waitingOctets += accept.octets();
            commands.add(accept);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    void submit(Command command) {
        lock.lock();
        try {
            checkOpen();
            commands.add(command);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closing) {
            throw new LedgerUnavailable("ledger: closed");
        }
    }

    /// The range has changed as said.
    void changed(HeldRange range, HeldRange.Change change) {
        if (change != HeldRange.Change.FIRST && change != HeldRange.Change.DUE) {
            return;
        }
        boolean due = change == HeldRange.Change.DUE;
        lock.lock();
        try {
            boolean idle = unwritten.isEmpty();
            long now = System.nanoTime();
            unwritten.put(range, due ? now : now + settings.flush().delay().toNanos());
            urgent |= due;
            if (idle || due) {
                work.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    int waiting() {
        lock.lock();
        try {
            return waitingAccepts;
        } finally {
            lock.unlock();
        }
    }

    /// Writes what waits, then ends the thread. Tasks given before are done.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// What goes into one transaction.
    private static final class Batch {
        /// Has been taken out of a batch that failed: is not divided again.
        boolean alone;

        final List<Accept> accepts = new ArrayList<>();
        final List<Flush> flushes = new ArrayList<>();
        final List<Answer> answers = new ArrayList<>();
        final Set<HeldRange> ranges = new LinkedHashSet<>();
        @Nullable Task<?> task;

        /// Accepted by the transaction, should it be committed.
        final List<HeldMessage> held = new ArrayList<>();

        int size() {
            return accepts.size() + flushes.size() + answers.size() + ranges.size();
        }

        List<Command> commands() {
            var all = new ArrayList<Command>(accepts);
            all.addAll(flushes);
            all.addAll(answers);
            if (task != null) {
                all.add(task);
            }
            return all;
        }
    }

    private void run() {
        for (var batch = next(); batch != null; batch = next()) {
            try {
                write(batch);
            } catch (RuntimeException | Error e) {
                LOG.error("ledger: a fault in the writer", e);
                giveUp(batch, new LedgerUnavailable("ledger: a fault in the writer: " + e, e));
                if (e instanceof Error) {
                    health.broken("a fault in the writer: " + e);
                }
            }
        }
        closeConnection();
    }

    /// Waits for work; null when there is none and will be none.
    private @Nullable Batch next() {
        lock.lock();
        try {
            while (true) {
                long now = System.nanoTime();
                long wait = nanosToWait(now);
                if (wait <= 0) {
                    return take(now);
                }
                if (closing && commands.isEmpty() && (unwritten.isEmpty() || health.isBroken())) {
                    return null;
                }
                if (closing && notBefore - now <= 0) {
                    return take(Long.MAX_VALUE);
                }
                work.awaitNanos(wait);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a writer", e);
        } finally {
            lock.unlock();
        }
    }

    private long nanosToWait(long now) {
        long held = notBefore - now;
        if (!commands.isEmpty() || urgent) {
            return held;
        }
        if (unwritten.isEmpty() || health.isBroken()) {
            return Long.MAX_VALUE;
        }
        return Math.max(held, unwritten.values().iterator().next() - now);
    }

    private Batch take(long now) {
        var batch = new Batch();
        long octets = 0;
        for (var command = commands.peek();
                command != null && batch.size() < MAX_COMMANDS && octets < MAX_OCTETS;
                command = commands.peek()) {
            if (command instanceof Task<?> && batch.size() > 0) {
                break;
            }
            commands.remove();
            switch (command) {
                case Accept accept -> {
                    batch.accepts.add(accept);
                    octets += accept.octets();
                    waitingAccepts--;
                    waitingOctets -= accept.octets();
                }
                case Flush flush -> batch.flushes.add(flush);
                case Answer answer -> batch.answers.add(answer);
                case Task<?> task -> batch.task = task;
            }
            if (batch.task != null) {
                return batch;
            }
        }
        takeDue(batch, now);
        return batch;
    }

    private void takeDue(Batch batch, long now) {
        urgent = false;
        for (Iterator<Map.Entry<HeldRange, Long>> i = unwritten.entrySet().iterator();
                i.hasNext() && batch.ranges.size() < MAX_COMMANDS; ) {
            var entry = i.next();
            if (now == Long.MAX_VALUE || entry.getValue() - now <= 0) {
                batch.ranges.add(entry.getKey());
                i.remove();
            }
        }
    }

    private void write(Batch batch) {
        if (health.isBroken()) {
            giveUp(batch, health.unavailable());
            return;
        }
        try {
            perform(batch);
            health.worked();
        } catch (SQLException e) {
            rollback(batch);
            failed(batch, e);
        }
    }

    private void failed(Batch batch, SQLException e) {
        switch (engine.trouble(e)) {
            case FULL -> full(batch, e);
            case AWAY -> {
                health.away(reason(e));
                if (!batch.accepts.isEmpty()) {
                    owner.mayHaveOrphans();
                }
                closeConnection();
                postpone(batch, health.unavailable());
            }
            case BROKEN -> {
                health.broken("writing failed: " + reason(e));
                giveUp(batch, health.unavailable());
            }
            case STATEMENT -> {
                if (!batch.alone && batch.task == null) {
                    oneByOne(batch);
                } else {
                    LOG.error("ledger: a statement failed: {}", reason(e));
                    giveUp(batch, new LedgerUnavailable("ledger: " + reason(e)));
                }
            }
        }
    }

    /// What the database says, without the values of the statement that drivers put around it:
    /// recipients belong into no log.
    static String reason(SQLException e) {
        var next = e instanceof BatchUpdateException ? e.getNextException() : null;
        if (next != null) {
            return reason(next);
        }
        return e instanceof BatchUpdateException
                ? "batch failed, SQLSTATE " + e.getSQLState()
                : String.valueOf(e.getMessage());
    }

    /// New messages are refused; what belongs to accepted ones may use the reserve (S1).
    private void full(Batch batch, SQLException e) {
        boolean freed = engine.freeReserve();
        health.full(reason(e));
        boolean hadAccepts = !batch.accepts.isEmpty();
        batch.accepts.forEach(accept -> accept.fail(health.unavailable()));
        counters.refused.add(batch.accepts.size());
        batch.accepts.clear();
        if (freed || hadAccepts) {
            if (batch.size() > 0 || batch.task != null) {
                writeAgain(batch);
            }
        } else {
            postpone(batch, health.unavailable());
        }
    }

    private void writeAgain(Batch batch) {
        try {
            perform(batch);
        } catch (SQLException e) {
            rollback(batch);
            if (engine.trouble(e) == Engine.Trouble.FULL) {
                postpone(batch, health.unavailable());
            } else {
                failed(batch, e);
            }
        }
    }

    /// Something in the batch cannot be written: finds out what, so that the rest is.
    private void oneByOne(Batch batch) {
        // each answer goes with its own ranges, or a crash between them would leave it owed by
        // nobody
        batch.answers.forEach(answer -> answer.message().withdrawAnswer());
        for (var range : batch.ranges) {
            var one = new Batch();
            one.alone = true;
            one.ranges.add(range);
            write(one);
        }
        for (var command : batch.commands()) {
            var one = new Batch();
            one.alone = true;
            switch (command) {
                case Accept accept -> one.accepts.add(accept);
                case Flush flush -> one.flushes.add(flush);
                case Answer answer -> one.answers.add(answer);
                case Task<?> task -> one.task = task;
            }
            write(one);
        }
    }

    /// New messages and tasks fail; flushes and answers of accepted ones wait as long as is
    /// configured.
    private void postpone(Batch batch, LedgerUnavailable reason) {
        fail(batch.accepts, reason);
        if (batch.task != null) {
            batch.task.fail(reason);
        }
        long now = System.nanoTime();
        lock.lock();
        try {
            for (var answer : batch.answers.reversed()) {
                if (isPatient(answer.since(), now)) {
                    commands.addFirst(answer);
                } else {
                    answer.message().withdrawAnswer();
                    answer.fail(reason);
                }
            }
            for (var flush : batch.flushes.reversed()) {
                if (isPatient(flush.since(), now)) {
                    commands.addFirst(flush);
                } else {
                    flush.fail(reason);
                }
            }
            notBefore = now + RETRY_NANOS;
            putBack(batch.ranges, notBefore);
        } finally {
            lock.unlock();
        }
    }

    private boolean isPatient(long since, long now) {
        return !closing && now - since < settings.patience().toNanos();
    }

    private void giveUp(Batch batch, RuntimeException reason) {
        fail(batch.accepts, reason);
        batch.answers.forEach(answer -> answer.message().withdrawAnswer());
        batch.commands().stream()
                .filter(command -> !(command instanceof Accept))
                .forEach(command -> command.fail(reason));
        lock.lock();
        try {
            putBack(batch.ranges, System.nanoTime() + 10 * RETRY_NANOS);
        } finally {
            lock.unlock();
        }
    }

    /// Not when closing: what is not written then is found pending by the next start.
    private void putBack(Set<HeldRange> ranges, long due) {
        if (closing) {
            return;
        }
        for (var range : ranges) {
            range.restore();
            range.getInLine();
            unwritten.put(range, due);
        }
    }

    private void fail(List<Accept> accepts, RuntimeException reason) {
        counters.refused.add(accepts.size());
        accepts.forEach(accept -> accept.fail(reason));
    }

    // The transaction.

    private void perform(Batch batch) throws SQLException {
        var sql = statements();
        if (batch.task != null) {
            perform(batch.task, sql);
            return;
        }
        addRanges(batch);
        // In one order everywhere, so that nodes which get the same messages do not block each
        // other.
        batch.accepts.sort(BY_KEY);
        var accepted = insertAccepts(batch, sql);
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

    private List<Acceptance> insertAccepts(Batch batch, Statements sql) throws SQLException {
        var accepts = batch.accepts;
        if (accepts.isEmpty()) {
            return List.of();
        }
        var refs = accepts.stream().map(_ -> owner.newRef()).toList();
        int[] fresh = insertSeen(accepts, refs, sql);
        var result = new ArrayList<Acceptance>(accepts.size());
        boolean any = false;
        for (int i = 0; i < accepts.size(); i++) {
            if (fresh[i] == 0) {
                result.add(duplicate(accepts.get(i), sql));
            } else {
                any = true;
                addMessage(accepts.get(i), refs.get(i), sql);
                batch.held.add(held(accepts.get(i), refs.get(i)));
                result.add(new Acceptance.Accepted(refs.get(i)));
            }
        }
        if (any) {
            sql.prepare(Sql.INSERT_MESSAGE).executeBatch();
            sql.prepare(Sql.INSERT_RECIPIENTS).executeBatch();
            sql.prepare(Sql.INSERT_STATE).executeBatch();
            batch.held.forEach(owner::hold);
        }
        return result;
    }

    private int[] insertSeen(List<Accept> accepts, List<MessageRef> refs, Statements sql)
            throws SQLException {
        var insert = sql.prepare(Sql.INSERT_SEEN);
        long now = clock.millis();
        for (int i = 0; i < accepts.size(); i++) {
            insert.setBytes(1, accepts.get(i).encoded().key);
            insert.setLong(2, accepts.get(i).encoded().source);
            insert.setLong(3, refs.get(i).value());
            insert.setLong(4, now + settings.duplicateWindow().toMillis());
            insert.setLong(5, now);
            insert.addBatch();
        }
        return insert.executeBatch();
    }

    private static Acceptance duplicate(Accept accept, Statements sql) throws SQLException {
        var select = sql.prepare(Sql.SELECT_SEEN);
        select.setBytes(1, accept.encoded().key);
        try (var row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the key of a duplicate is gone");
            }
            return new Acceptance.Duplicate(new MessageRef(row.getLong(1)), Rows.answer(row, 2));
        }
    }

    private void addMessage(Accept accept, MessageRef ref, Statements sql) throws SQLException {
        Rows.setMessage(sql.prepare(Sql.INSERT_MESSAGE), accept, ref).addBatch();
        var recipients = sql.prepare(Sql.INSERT_RECIPIENTS);
        var states = sql.prepare(Sql.INSERT_STATE);
        for (int part = 0; part < accept.encoded().recipients.size(); part++) {
            var text = accept.encoded().recipients.get(part);
            recipients.setLong(1, ref.value());
            recipients.setInt(2, part);
            recipients.setLong(3, Checksum.of(ref.value(), part).and(text).value());
            recipients.setBytes(4, text);
            recipients.addBatch();
            addState(states, accept.encoded().states.get(part), ref, part);
        }
    }

    private void addState(PreparedStatement insert, StateArray states, MessageRef ref, int part)
            throws SQLException {
        var octets = states.states();
        var reasons = states.reasons();
        insert.setLong(1, ref.value());
        insert.setInt(2, part);
        insert.setLong(3, owner.owner());
        insert.setLong(4, 1);
        insert.setInt(5, states.open(false) + (part == 0 ? 1 : 0));
        insert.setLong(6, clock.millis());
        insert.setLong(7, Checksum.of(ref.value(), part).and(octets).and(reasons).value());
        insert.setBytes(8, octets);
        insert.setBytes(9, reasons);
        insert.addBatch();
    }

    private List<HeldRange.Snapshot> updateRanges(Set<HeldRange> ranges, Statements sql)
            throws SQLException {
        if (ranges.isEmpty()) {
            return List.of();
        }
        lock.lock();
        try {
            ranges.forEach(unwritten::remove);
        } finally {
            lock.unlock();
        }
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

    private HeldMessage held(Accept accept, MessageRef ref) {
        var head = accept.message().head();
        var message =
                new HeldMessage(
                        ref,
                        head.acceptedAt(),
                        head.negativeDeliveryWanted(),
                        accept.message().recipients().size(),
                        null);
        for (int part = 0; part < accept.encoded().states.size(); part++) {
            message.hold(
                    new HeldRange(
                            message,
                            part,
                            1,
                            accept.encoded().states.get(part),
                            settings.flush().changes()));
        }
        return message;
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

    // The connection.

    private Statements statements() throws SQLException {
        var open = statements;
        if (open == null) {
            open = new Statements(engine.writer());
            statements = open;
        }
        return open;
    }

    private void rollback(Batch batch) {
        batch.held.forEach(owner::letGo);
        batch.held.clear();
        var open = statements;
        if (open == null) {
            return;
        }
        try {
            open.clear();
            open.connection().rollback();
        } catch (SQLException e) {
            LOG.debug("ledger: rollback failed, taking a new connection: {}", reason(e));
            replaceConnection(open);
        }
    }

    /// When the disk is full, SQLite rolls back by itself, and its driver does not know any more
    /// where it is. The new connection comes before the old one goes: the last one to be closed
    /// would take the log with it, whose space is needed.
    private void replaceConnection(Statements old) {
        statements = null;
        try {
            statements();
        } catch (SQLException e) {
            LOG.debug("ledger: no new connection yet: {}", reason(e));
        }
        close(old);
    }

    private void closeConnection() {
        var open = statements;
        statements = null;
        if (open != null) {
            close(open);
        }
    }

    private static void close(Statements open) {
        try {
            open.close();
        } catch (SQLException e) {
            LOG.debug("ledger: closing a connection failed: {}", reason(e));
        }
    }
}
