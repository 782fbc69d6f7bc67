package org.fanfare.cli.bench;

import org.fanfare.cli.bench.ServerUnderLoad.Figures;

import java.io.IOException;
import java.time.Duration;

/// Tells when the server under load is warm: when its compilers rest. Before that they take half of
/// the processor time, for more than a minute on two cores, and a figure would be theirs.
final class WarmUp {

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofSeconds(90);

    /// Of the time between two looks.
    private static final double AT_REST = 0.05;

    private final Child server;
    private final long began = System.nanoTime();
    private long lookedAt = began;
    private long compiledMillis;

    /// It begins now.
    WarmUp(Child server) throws IOException {
        this.server = server;
        compiledMillis = compiledMillis();
    }

    /// To be asked under load, again and again.
    boolean isOver() throws IOException {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK.toNanos()) {
            return false;
        }
        long before = compiledMillis;
        compiledMillis = compiledMillis();
        double share = (compiledMillis - before) * 1e6 / (now - lookedAt);
        lookedAt = now;
        return share < AT_REST || now - began > MOST.toNanos();
    }

    private long compiledMillis() throws IOException {
        return Figures.parse(server.ask("figures")).compiledMillis();
    }
}
