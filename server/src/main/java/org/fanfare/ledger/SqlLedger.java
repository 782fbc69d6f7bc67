package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.ledger.Command.Answer;
import org.fanfare.ledger.Command.Flush;
import org.fanfare.ledger.Command.Task;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/// The ledger in a database.
///
/// [WriterLane]s write, queries read on connections of their own, and one thread renews the lease
/// and forgets what is old.
final class SqlLedger implements Ledger, WriterLane.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(SqlLedger.class);

    private static final int MAX_FENCED_KNOWN = 10_000;
    private static final long PROBE_MILLIS = 1_000;

    private final Engine engine;
    private final LedgerSettings settings;
    private final Clock clock;
    private final RefSource refs;
    private final long node;
    private final Health health = new Health();
    private final Counters counters = new Counters();
    private final List<WriterLane> lanes;
    private final Queries queries;
    private final Upkeep upkeep;
    private final Thread keeper =
            Thread.ofPlatform().name("ledger-upkeep").daemon().unstarted(this::keepUp);
    private final CountDownLatch closing = new CountDownLatch(1);

    private final AtomicBoolean orphans = new AtomicBoolean();
    private final Object claiming = new Object();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Map<MessageRef, HeldMessage> held = new ConcurrentHashMap<>();

    /// Messages that were lost to another node, so that nobody is told they are safe with this one.
    private final Set<MessageRef> lost =
            Collections.newSetFromMap(
                    Collections.synchronizedMap(
                            new LinkedHashMap<>() {
                                @Override
                                protected boolean removeEldestEntry(
                                        Map.Entry<MessageRef, Boolean> eldest) {
                                    return size() > MAX_FENCED_KNOWN;
                                }
                            }));

    private SqlLedger(Engine engine, LedgerSettings settings, Clock clock, RandomGenerator random) {
        this.engine = engine;
        this.settings = settings;
        this.clock = clock;
        this.refs = new RefSource(clock, random);
        this.node = refs.next().value();
        this.lanes =
                IntStream.range(0, engine.lanes())
                        .mapToObj(i ->
                                new WriterLane(
                                        "ledger-" + i,
                                        engine,
                                        settings,
                                        clock,
                                        this,
                                        health,
                                        counters))
                        .toList();
        this.queries = new Queries(engine);
        this.upkeep = new Upkeep(settings, clock, node);
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
            ledger.lanes.forEach(WriterLane::start);
            ledger.perform(connection -> ledger.upkeep.register(connection, nodeName));
            ledger.keeper.start();
            started = true;
            return ledger;
        } catch (SQLException | LedgerUnavailable e) {
            throw new LedgerRefused(
                    "the ledger %s cannot be opened: %s".formatted(engine.name(), e.getMessage()),
                    e);
        } finally {
            if (!started) {
                ledger.lanes.forEach(WriterLane::close);
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

    private void keepUp() {
        checkStructure();
        long beat = Math.max(1, settings.lease().toMillis() / 3);
        long sinceBeat = 0;
        try {
            for (long wait = Math.min(beat, PROBE_MILLIS);
                    !closing.await(wait, TimeUnit.MILLISECONDS); ) {
                probe();
                sinceBeat += wait;
                if (sinceBeat >= beat) {
                    beat();
                    sinceBeat = 0;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the upkeep", e);
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
        var accept = encode(message);
        var lane = lanes.get(Math.floorMod(accept.encoded().source, lanes.size()));
        try {
            lane.submitAccept(accept);
        } catch (LedgerUnavailable e) {
            counters.refused.increment();
            throw e;
        }
        var result = Command.await(accept.result());
        CrashPoint.AFTER_ACCEPT.visit();
        return result;
    }

    private static Accept encode(AcceptRecord message) {
        var head = message.head();
        var recipients = new ArrayList<byte[]>();
        var states = new ArrayList<StateArray>();
        int total = message.recipients().size();
        for (int from = 0; from < total; from += RANGE_SIZE) {
            var range = message.recipients().subList(from, Math.min(from + RANGE_SIZE, total));
            recipients.add(RecipientText.encode(range));
            states.add(StateArray.pending(head.acceptedAt(), range.size()));
        }
        for (var failed : message.preFailed()) {
            var outcome = new Outcome(OutcomeKind.FAILED, 0, failed.reason(), head.acceptedAt(), 0);
            states.get(failed.index() / RANGE_SIZE).set(failed.index() % RANGE_SIZE, outcome);
        }
        for (var known : message.known()) {
            var range = states.get(known.index() / RANGE_SIZE);
            range.set(known.index() % RANGE_SIZE, known.outcome());
        }
        return new Accept(
                message,
                new Command.Encoded(
                        key(head),
                        ByteBuffer.wrap(digest().digest(utf8(head.originator()))).getLong(),
                        head.template().toByteArray(),
                        recipients,
                        states),
                new CompletableFuture<>());
    }

    /// What makes two messages the same (reliability 2.7).
    private static byte[] key(MessageHead head) {
        var digest = digest();
        for (var part :
                List.of(
                        utf8(head.originator()),
                        utf8(head.contributionId()),
                        utf8(head.imdnMessageId()),
                        head.contentHash().toByteArray())) {
            digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
            digest.update(part);
        }
        return digest.digest();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    // Work.

    @Override
    public void record(MessageRef message, int recipient, Outcome outcome) {
        var range = held(message, recipient).rangeOf(recipient);
        var change = range.set(recipient % RANGE_SIZE, outcome);
        counters.changes.increment();
        lane(message).changed(range, change);
    }

    @Override
    public void reported(MessageRef message, int recipient) {
        var range = held(message, recipient).rangeOf(recipient);
        lane(message).changed(range, range.setReported(recipient % RANGE_SIZE));
    }

    private HeldMessage held(MessageRef message, int recipient) {
        var found = held.get(message);
        if (found == null) {
            throw new Fenced(message, recipient / RANGE_SIZE);
        }
        return found;
    }

    private WriterLane lane(MessageRef message) {
        return lanes.get(Math.floorMod(message.value(), lanes.size()));
    }

    @Override
    public void flush(MessageRef message) {
        var found = held.get(message);
        if (found == null) {
            checkNotLost(message);
            return; // ended: everything was written
        }
        var flush = new Flush(found, System.nanoTime(), new CompletableFuture<>());
        lane(message).submit(flush);
        Command.await(flush.result());
    }

    @Override
    public void answered(MessageRef message, StoredAnswer answer) {
        var found = held.get(message);
        if (found == null) {
            checkNotLost(message);
            return; // ended: was answered before
        }
        found.range(0);
        var command = new Answer(found, answer, System.nanoTime(), new CompletableFuture<>());
        lane(message).submit(command);
        Command.await(command.result());
        CrashPoint.OUTCOMES_WRITTEN_BEFORE_ANSWER.visit();
    }

    private void checkNotLost(MessageRef message) {
        if (lost.contains(message)) {
            throw new Fenced(message, 0);
        }
    }

    // What the lanes tell.

    @Override
    public MessageRef newRef() {
        return refs.next();
    }

    @Override
    public long owner() {
        return node;
    }

    @Override
    public void hold(HeldMessage message) {
        held.put(message.ref(), message);
    }

    @Override
    public void letGo(HeldMessage message) {
        held.remove(message.ref());
    }

    @Override
    public void mayHaveOrphans() {
        orphans.set(true);
    }

    @Override
    public void settled(HeldMessage message) {
        if (message.isFenced()) {
            lost.add(message.ref());
        }
        held.computeIfPresent(message.ref(), (_, found) -> found.isSettled() ? null : found);
    }

    // Taking over.

    @Override
    public List<Unfinished> claimUnfinished(int max) {
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

    private Upkeep.Claims claim(int max) {
        if (orphans.getAndSet(false)) {
            var own = perform(c -> upkeep.claim(c, upkeep.orphans(c, max, this::isHeld)));
            if (!own.isNothing()) {
                orphans.set(true); // there may be more
                return own;
            }
        }
        return perform(c -> upkeep.claim(c, upkeep.abandoned(c, max)));
    }

    private boolean isHeld(Upkeep.Claim range) {
        var message = held.get(range.message());
        return message != null && message.holds(range.part());
    }

    private List<Unfinished> take(List<Upkeep.Claim> claims) {
        var unfinished = new ArrayList<Unfinished>(claims.size());
        Queries.Range before = null;
        for (var claim : claims) {
            try {
                var range = queries.range(claim, before);
                unfinished.add(take(claim, range));
                before = range;
            } catch (DamagedRecord e) {
                LOG.error("ledger: {}: set aside, its recipients get nothing more", e.getMessage());
                perform(connection -> upkeep.quarantine(connection, claim));
                counters.quarantined.increment();
            } catch (SQLException e) {
                mayHaveOrphans();
                throw new LedgerUnavailable("ledger: " + e.getMessage(), e);
            }
        }
        return unfinished;
    }

    private Unfinished take(Upkeep.Claim claim, Queries.Range range) {
        var row = range.message();
        held.compute(
                claim.message(),
                (ref, known) -> {
                    var message =
                            known != null
                                    ? known
                                    : new HeldMessage(
                                            ref,
                                            row.head().acceptedAt(),
                                            row.head().negativeDeliveryWanted(),
                                            row.recipients(),
                                            row.answer().orElse(null));
                    message.hold(
                            new HeldRange(
                                    message,
                                    claim.part(),
                                    claim.epoch(),
                                    range.states(),
                                    settings.flush().changes()));
                    return message;
                });
        lost.remove(claim.message());
        return new Unfinished(
                claim.message(),
                row.head(),
                claim.part(),
                claim.part() * RANGE_SIZE,
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

    // Queries.

    @Override
    public Optional<Acceptance.Duplicate> earlier(String originator, String contributionId) {
        var accepted = clock.instant().minus(settings.duplicateWindow());
        return ask(() -> queries.earlier(originator, contributionId, accepted));
    }

    @Override
    public Set<String> spools() {
        return ask(queries::spools);
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

    // Upkeep.

    @Override
    public int removeEnded(Instant before) {
        var earliest = clock.instant().minus(settings.duplicateWindow());
        var time = before.isBefore(earliest) ? before : earliest;
        int removed = 0;
        int some;
        do {
            some = perform(connection -> upkeep.removeEnded(connection, time));
            removed += some;
            CrashPoint.IN_RETENTION.visit();
        } while (some > 0);
        return removed;
    }

    /// Renews the lease and forgets what is old.
    void beat() {
        try {
            if (!perform(upkeep::renewLease)) {
                health.broken("another process runs as the same node");
                return;
            }
            perform(upkeep::forgetKeys);
            removeEnded(clock.instant().minus(settings.retention()));
            perform(connection -> {
                engine.compact(connection);
                return true;
            });
        } catch (LedgerUnavailable e) {
            LOG.warn("ledger: upkeep put off: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("ledger: a fault in the upkeep", e);
        }
    }

    /// Looks whether a trouble is over.
    void probe() {
        if (health.isFull() && engine.restoreReserve()) {
            health.emptied();
        }
        if (!health.isWell() && !health.isBroken()) {
            try {
                perform(upkeep::renewLease);
            } catch (LedgerUnavailable e) {
                LOG.debug("ledger: still in trouble", e);
            }
        }
    }

    private void checkStructure() {
        if (engine instanceof SqliteEngine sqlite) {
            try {
                var wrong = sqlite.checkBesideWork();
                if (wrong != null) {
                    health.broken(wrong);
                }
            } catch (SQLException | java.io.IOException e) {
                health.broken(e.toString());
            }
        }
    }

    private <T extends @Nullable Object> T perform(Command.Work<T> work) {
        var task = new Task<T>(work, new CompletableFuture<>());
        lanes.getFirst().submit(task);
        return Command.await(task.result());
    }

    @Override
    public boolean healthy() {
        return health.isWell();
    }

    @Override
    public LedgerFigures figures() {
        return counters.figures(held.size(), lanes.stream().mapToInt(WriterLane::waiting).sum());
    }

    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        closing.countDown();
        try {
            keeper.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        lanes.forEach(WriterLane::close);
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
