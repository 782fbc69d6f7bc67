package org.fanfare.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.CountDownLatch;

/// The life of a server process: from start to the signal that ends it.
public final class Serve {

    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

    private Serve() {}

    /// Serves until SIGTERM or SIGINT, then finishes what runs and ends the process with status 0
    /// (reliability R3). Returns only by an exception.
    ///
    /// @throws StartFailure when a port or the ledger cannot be had
    public static void untilStopped(Configuration configuration)
            throws StartFailure, InterruptedException {
        var server = new FanfareServer(configuration);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
        new CountDownLatch(1).await();
    }

    /// The status of a process that ends by a signal would say so; ours says that all is well.
    private static void stop(FanfareServer server) {
        try {
            server.drain();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
            LOG.info("event=stopped");
            Runtime.getRuntime().halt(0);
        }
    }
}
