package org.fanfare.sip.transport;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// Makes connections to next hops, one at a time to each: who wants the same one meanwhile waits
/// for it and shares what comes of it.
final class Connector {

    private final Map<Hop, Attempt> attempts = new ConcurrentHashMap<>();
    private final Opener opener;

    /// Makes a connection, or says why not.
    interface Opener {

        StreamConnection open(Hop hop) throws IOException;
    }

    Connector(Opener opener) {
        this.opener = opener;
    }

    StreamConnection connect(Hop hop) throws IOException {
        var mine = new Attempt();
        var running = attempts.putIfAbsent(hop, mine);
        if (running != null) {
            return running.outcome();
        }
        try {
            mine.connection = opener.open(hop);
        } catch (IOException e) {
            mine.failure = e;
        } finally {
            attempts.remove(hop);
            mine.done.countDown();
        }
        return mine.outcome();
    }

    private static final class Attempt {

        private final CountDownLatch done = new CountDownLatch(1);
        private volatile @Nullable StreamConnection connection;
        private volatile @Nullable IOException failure;

        StreamConnection outcome() throws IOException {
            try {
                done.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for a connection", e);
            }
            var made = connection;
            if (made != null) {
                return made;
            }
            var why = failure;
            throw why == null ? new IOException("connecting failed") : why;
        }
    }
}
