package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/// One thread that writes to the database: what came together in its [LaneQueue] while the last
/// transaction went to disk goes into the next one (group commit), and what cannot be written is
/// refused, divided or put off, as the trouble is. All ranges of a message are written by the same
/// lane.
final class WriterLane implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WriterLane.class);

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
    private final Owner owner;
    private final Health health;
    private final Counters counters;
    private final LaneQueue queue;
    private final BatchWriter writer;
    private final LaneConnection connection;
    private final Thread thread;

    WriterLane(
            String name,
            Engine engine,
            LedgerSettings settings,
            Clock clock,
            Owner owner,
            Health health,
            Counters counters) {
        this.engine = engine;
        this.owner = owner;
        this.health = health;
        this.counters = counters;
        this.queue = new LaneQueue(settings, health);
        this.writer = new BatchWriter(settings, clock, owner, queue, counters);
        this.connection = new LaneConnection(engine);
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    LaneQueue queue() {
        return queue;
    }

    /// Writes what waits, then ends the thread. Tasks given before are done.
    @Override
    public void close() {
        queue.close();
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

    private void run() {
        for (var batch = queue.next(); batch != null; batch = queue.next()) {
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
        connection.close();
    }

    private void write(Batch batch) {
        if (health.isBroken()) {
            giveUp(batch, health.unavailable());
            return;
        }
        try {
            writer.perform(batch, connection.statements());
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
                connection.close();
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
            writer.perform(batch, connection.statements());
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
        batch.ranges.forEach(range -> write(Batch.of(range)));
        batch.commands().forEach(command -> write(Batch.of(command)));
    }

    private void rollback(Batch batch) {
        batch.held.forEach(owner::letGo);
        batch.held.clear();
        connection.rollback();
    }

    /// New messages and tasks fail; flushes and answers of accepted ones wait as long as is
    /// configured.
    private void postpone(Batch batch, LedgerUnavailable reason) {
        fail(batch.accepts, reason);
        if (batch.task != null) {
            batch.task.fail(reason);
        }
        queue.postpone(batch, reason);
    }

    private void giveUp(Batch batch, RuntimeException reason) {
        fail(batch.accepts, reason);
        batch.answers.forEach(answer -> answer.message().withdrawAnswer());
        batch.commands().stream()
                .filter(command -> !(command instanceof Accept))
                .forEach(command -> command.fail(reason));
        queue.putBack(batch.ranges);
    }

    private void fail(List<Accept> accepts, RuntimeException reason) {
        counters.refused.add(accepts.size());
        accepts.forEach(accept -> accept.fail(reason));
    }
}
