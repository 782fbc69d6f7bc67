package org.fanfare.ledger;

import org.fanfare.ledger.Command.Answer;
import org.fanfare.ledger.Command.Flush;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// The ledger in a database.
///
/// [WriterLane]s write, queries read on connections of their own, and a [Keeper] renews the lease
/// and forgets what is old.
final class SqlLedger implements Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(SqlLedger.class);

    private final Engine engine;
    private final LedgerSettings settings;
    private final Clock clock;
    private final Health health = new Health();
    private final Counters counters = new Counters();
    private final HeldMessages held;
    private final Lanes lanes;
    private final Queries queries;
    private final Upkeep upkeep;
    private final Takeover takeover;
    private final Submissions submissions;
    private final Dispositions dispositions;
    private final Keeper keeper;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SqlLedger(Engine engine, LedgerSettings settings, Clock clock, RandomGenerator random) {
        this.engine = engine;
        this.settings = settings;
        this.clock = clock;
        var refs = new RefSource(clock, random);
        long node = refs.next().value();
        this.held = new HeldMessages(refs, node, settings.flush().changes());
        this.lanes = new Lanes(engine.lanes(), this::lane);
        this.queries = new Queries(engine);
        this.upkeep = new Upkeep(settings, clock, node);
        this.takeover = new Takeover(lanes, upkeep, queries, held, counters);
        this.submissions = new SqlSubmissions(engine, lanes);
        this.dispositions = new SqlDispositions(engine, lanes);
        this.keeper = new Keeper(engine, settings, clock, lanes, upkeep, submissions, health);
    }

    private WriterLane lane(int number) {
        return new WriterLane("ledger-" + number, engine, settings, clock, held, health, counters);
    }

    static SqlLedger start(
            Engine engine,
            LedgerSettings settings,
            Clock clock,
            RandomGenerator random,
            String nodeName)
            throws LedgerRefused {
        var ledger = new SqlLedger(engine, settings, clock, random);
        boolean started = false;
        try {
            ledger.checkUnfinished();
            ledger.lanes.start();
            ledger.lanes.perform(connection -> ledger.upkeep.register(connection, nodeName));
            ledger.keeper.start();
            started = true;
            return ledger;
        } catch (SQLException | LedgerUnavailable e) {
            throw new LedgerRefused(
                    "the ledger %s cannot be opened: %s".formatted(engine.name(), e.getMessage()),
                    e);
        } finally {
            if (!started) {
                ledger.lanes.close();
                engine.close();
            }
        }
    }

    /// A damaged record of an unfinished message must not be found only when its turn comes (R4).
    /// Nodes that share a database find it when they claim it.
    private void checkUnfinished() throws SQLException, LedgerRefused {
        if (engine.lanes() > 1 || settings.quarantineDamaged()) {
            return;
        }
        try {
            queries.checkUnfinished();
        } catch (DamagedRecord e) {
            throw new LedgerRefused(
                    "the ledger %s is damaged: %s; restore it from a backup, or set ledger.quarantine-damaged to go on without such records"
                            .formatted(engine.name(), e.getMessage()),
                    e);
        }
    }

    // Acceptance.

    @Override
    public Acceptance accept(AcceptRecord message) {
        if (!health.isWell()) {
            counters.refused.increment();
            throw health.unavailable();
        }
        CrashPoint.BEFORE_ACCEPT.visit();
        var accept = AcceptEncoder.encode(message);
        try {
            lanes.of(accept).submitAccept(accept);
        } catch (LedgerUnavailable e) {
            counters.refused.increment();
            throw e;
        }
        var result = Command.await(accept.result());
        CrashPoint.AFTER_ACCEPT.visit();
        return result;
    }

    // Work.

    @Override
    public void record(MessageRef message, int recipient, Outcome outcome) {
        var range = held.range(message, recipient);
        var change = range.set(recipient % RANGE_SIZE, outcome);
        counters.changes.increment();
        lanes.of(message).changed(range, change);
    }

    @Override
    public void reported(MessageRef message, int recipient) {
        var range = held.range(message, recipient);
        lanes.of(message).changed(range, range.setReported(recipient % RANGE_SIZE));
    }

    @Override
    public void flush(MessageRef message) {
        var found = held.find(message);
        if (found == null) {
            return; // ended: everything was written
        }
        var flush = new Flush(found, System.nanoTime(), new CompletableFuture<>());
        lanes.of(message).submit(flush);
        Command.await(flush.result());
    }

    @Override
    public void answered(MessageRef message, StoredAnswer answer) {
        var found = held.find(message);
        if (found == null) {
            return; // ended: was answered before
        }
        found.range(0);
        var command = new Answer(found, answer, System.nanoTime(), new CompletableFuture<>());
        lanes.of(message).submit(command);
        Command.await(command.result());
        CrashPoint.OUTCOMES_WRITTEN_BEFORE_ANSWER.visit();
    }

    // Taking over.

    @Override
    public List<Unfinished> claimUnfinished(int max) {
        return takeover.claimUnfinished(max);
    }

    // History.

    @Override
    public void recorded(MessageRef message) {
        lanes.perform(connection -> upkeep.recorded(connection, message));
    }

    @Override
    public List<Unrecorded> unrecorded(MessageRef after, int max) {
        var claimed = lanes.perform(connection -> upkeep.claimUnrecorded(connection, after, max));
        var found = new ArrayList<Unrecorded>();
        for (var ref : claimed) {
            try {
                queries.unrecorded(ref).ifPresent(found::add);
            } catch (DamagedRecord e) {
                LOG.error("ledger: {}: it will not be recorded", e.getMessage());
                recorded(ref);
            } catch (SQLException e) {
                throw new LedgerUnavailable("ledger: " + e.getMessage(), e);
            }
        }
        return found;
    }

    @Override
    public void giveBack(Unfinished range) {
        takeover.giveBack(range);
    }

    @Override
    public int release(MessageRef message, boolean drop) {
        return lanes.perform(connection -> upkeep.endQuarantine(connection, message, drop));
    }

    // Queries.

    @Override
    public Optional<Acceptance.Duplicate> earlier(String originator, String contributionId) {
        var accepted = clock.instant().minus(settings.duplicateWindow());
        return ask(() -> queries.earlier(originator, contributionId, accepted));
    }

    @Override
    public Set<String> spools() {
        return ask(() -> queries.spools(clock.instant()));
    }

    @Override
    public Optional<MessageSummary> message(String contributionId) {
        return ask(() -> queries.message(contributionId));
    }

    @Override
    public Optional<MessageSummary> message(MessageRef message) {
        return ask(() -> queries.message(message));
    }

    @Override
    public Page<RecipientRow> recipients(
            String contributionId, Optional<OutcomeKind> only, int after, int limit) {
        return ask(() -> queries.recipients(contributionId, only, after, limit));
    }

    @Override
    public List<MessageSummary> recent(int limit) {
        return ask(() -> queries.recent(limit));
    }

    private interface Question<T> {
        T ask() throws SQLException;
    }

    private static <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (SQLException | DamagedRecord e) {
            throw new LedgerUnavailable("ledger: " + e.getMessage(), e);
        }
    }

    @Override
    public Submissions submissions() {
        return submissions;
    }

    @Override
    public Dispositions dispositions() {
        return dispositions;
    }

    // Upkeep.

    @Override
    public int removeEnded(Instant before) {
        return keeper.removeEnded(before);
    }

    /// For tests, which cannot wait for it.
    Keeper keeper() {
        return keeper;
    }

    HeldMessages held() {
        return held;
    }

    @Override
    public boolean healthy() {
        return health.isWell();
    }

    @Override
    public LedgerFigures figures() {
        return counters.figures(held.size(), lanes.waiting());
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        keeper.close();
        lanes.close();
        if (!health.isBroken()) {
            try (var connection = engine.writer()) {
                upkeep.leave(connection);
                connection.commit();
            } catch (SQLException e) {
                LOG.warn("ledger: could not give up what is held: {}", e.toString());
            }
        }
        engine.close();
    }
}
