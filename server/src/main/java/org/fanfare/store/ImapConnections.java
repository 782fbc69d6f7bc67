package org.fanfare.store;

import jakarta.mail.MessagingException;

import org.fanfare.pf.StoreFailure;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// A bounded number of connections, each to the mailbox of one user. Those that nobody uses stay
/// open for a while, the one that is idle for longest goes first.
final class ImapConnections implements AutoCloseable {

    private static final Duration LONGEST_IDLE = Duration.ofMinutes(5);

    /// After this a connection is asked whether it is still there before it is used.
    private static final Duration SURELY_ALIVE = Duration.ofSeconds(5);

    interface Use<T> {
        T with(ImapConnection connection) throws MessagingException, StoreFailure;
    }

    private final ImapSettings settings;
    private final Semaphore places;
    private final Deque<ImapConnection> idle = new ArrayDeque<>();
    private boolean closed;

    ImapConnections(ImapSettings settings) {
        this.settings = settings;
        this.places = new Semaphore(settings.connections(), true);
    }

    /// Does something with a connection to this mailbox. One that turns out to have died in the
    /// pool is replaced before it is used.
    <T> T use(String mailbox, Use<T> use) throws MessagingException, StoreFailure {
        enter();
        try {
            var connection = take(mailbox);
            boolean well = false;
            try {
                var result = use.with(connection);
                well = true;
                return result;
            } catch (StoreFailure e) {
                well = e.reason() != StoreFailure.Reason.UNAVAILABLE;
                throw e;
            } finally {
                giveBack(connection, well);
            }
        } finally {
            places.release();
        }
    }

    private void enter() throws StoreFailure {
        try {
            if (places.tryAcquire(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new StoreFailure(
                StoreFailure.Reason.UNAVAILABLE, "all connections to the message store are in use");
    }

    private ImapConnection take(String mailbox) throws MessagingException {
        for (var known = pooled(mailbox); known != null; known = pooled(mailbox)) {
            if (idleFor(known).compareTo(SURELY_ALIVE) < 0 || known.isAlive()) {
                return known;
            }
            known.close();
        }
        makeRoom();
        return ImapConnection.open(settings, mailbox);
    }

    private static Duration idleFor(ImapConnection connection) {
        return Duration.ofNanos(System.nanoTime() - connection.idleSince());
    }

    private synchronized @Nullable ImapConnection pooled(String mailbox) {
        for (var connection : idle) {
            if (connection.mailbox().equals(mailbox)) {
                idle.remove(connection);
                return connection;
            }
        }
        return null;
    }

    /// Users and idle ones together are no more than there are places.
    private void makeRoom() {
        while (true) {
            ImapConnection oldest;
            synchronized (this) {
                boolean tooOld =
                        !idle.isEmpty() && idleFor(idle.getFirst()).compareTo(LONGEST_IDLE) > 0;
                if (!tooOld && idle.size() <= places.availablePermits()) {
                    return;
                }
                oldest = idle.removeFirst();
            }
            oldest.close();
        }
    }

    private void giveBack(ImapConnection connection, boolean well) {
        synchronized (this) {
            if (well && !closed) {
                connection.idleSince(System.nanoTime());
                idle.addLast(connection);
                return;
            }
        }
        connection.close();
    }

    synchronized int open() {
        return idle.size() + settings.connections() - places.availablePermits();
    }

    @Override
    public void close() {
        Deque<ImapConnection> all;
        synchronized (this) {
            closed = true;
            all = new ArrayDeque<>(idle);
            idle.clear();
        }
        all.forEach(ImapConnection::close);
    }
}
