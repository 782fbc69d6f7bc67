package org.fanfare.cli.bench;

import org.fanfare.cli.bench.LargeBench.Run;
import org.fanfare.cli.bench.Legs.Leg;
import org.fanfare.cli.bench.ServerUnderLoad.Figures;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One load on the processes of a [LargeBench], with the floor before and after it.
final class LargeMeasurement {

    private static final long ENOUGH = 256 << 20;
    private static final int ENOUGH_LEGS = 1000;

    private final LargeLoad load;
    private final Run run;

    LargeMeasurement(LargeLoad load, Run run) {
        this.load = load;
        this.run = run;
    }

    /// Several messages in a row, and the time they took.
    private record Measured(double seconds, List<List<Leg>> messages) {

        Stream<Leg> healthy() {
            return messages.stream().flatMap(List::stream).filter(leg -> !leg.slow());
        }

        /// From the first INVITE to the last octet of the last of them, on average.
        double lastMillis(boolean withSlow) {
            return messages.stream()
                            .mapToLong(legs ->
                                    legs.stream()
                                            .filter(leg -> withSlow || !leg.slow())
                                            .mapToLong(Leg::complete)
                                            .max()
                                            .orElse(0))
                            .average()
                            .orElse(0)
                    / 1e3;
        }

        double percentile(double share) {
            var sorted =
                    healthy().mapToLong(leg -> leg.complete() - leg.began()).sorted().toArray();
            return sorted.length == 0 ? 0 : sorted[(int) ((sorted.length - 1) * share)] / 1e3;
        }
    }

    Map<String, Object> measure() throws IOException, InterruptedException {
        warmUp();
        var floorBefore = floor();
        run.liveHeap();
        var before = run.figures();
        var healthy = send(load.healthy());
        var after = run.figures();
        var withSlow = load.slowPercent() > 0 ? send(load.everybody()) : healthy;
        var floor = (floorBefore + floor()) / 2;
        var held = hold();
        return result(healthy, withSlow, floor, before, after, run.figures(), held);
    }

    /// A run that is too small to give figures need not be warm.
    void warmUp() throws IOException, InterruptedException {
        var warmUp = new WarmUp(run.server());
        long octets = (long) load.recipients() * load.size() * load.messages();
        boolean isSmall = octets < ENOUGH && load.recipients() * load.messages() < ENOUGH_LEGS;
        do {
            run.message(load.healthy(), load.size(), Long.MAX_VALUE);
        } while (!isSmall && !warmUp.isOver());
    }

    private double floor() throws IOException {
        return Double.parseDouble(
                run.server().ask("stream-floor " + load.recipients() + " " + load.size()));
    }

    private Measured send(List<String> recipients) throws IOException, InterruptedException {
        var messages = new ArrayList<List<Leg>>();
        long began = System.nanoTime();
        for (int i = 0; i < load.messages(); i++) {
            var legs =
                    run.message(recipients, load.size(), load.size() / MsrpReceivers.SLOW_SECONDS);
            if (legs.stream().anyMatch(leg -> leg.octets() != load.size())) {
                throw new IOException("a recipient got other octets than were sent");
            }
            messages.add(legs);
        }
        return new Measured((System.nanoTime() - began) / 1e9, messages);
    }

    /// What a leg keeps in memory.
    ///
    /// @param sessions open at the same time
    /// @param octetsEach on the heap, after a collection
    private record Held(int sessions, long octetsEach) {}

    /// A message whose recipients do not read for a while, so that all the sessions that the server
    /// opens at once are there, with all that they keep.
    private Held hold() throws IOException, InterruptedException {
        int sessions = Math.min(load.recipients(), load.parallel());
        long idle = run.liveHeap();
        run.responder().ask("begin " + Long.MAX_VALUE);
        run.responder().ask("hold");
        var sending =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                run.sender().send(load.healthy(), load.size());
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
        int bound = Integer.parseInt(run.responder().ask("held " + sessions));
        long inUse = run.liveHeap();
        run.responder().ask("release");
        sending.join();
        var told = run.responder().ask("await " + load.healthy().size());
        if (told.startsWith("failed")) {
            throw new IOException(told);
        }
        return new Held(bound, Math.max(0, inUse - idle) / Math.max(1, bound));
    }

    private Map<String, Object> result(
            Measured healthy,
            Measured withSlow,
            double floor,
            Figures before,
            Figures after,
            Figures last,
            Held held) {
        long legs = (long) load.healthy().size() * load.messages();
        double octetsPerSecond = legs * (double) load.size() / healthy.seconds();
        var result = new LinkedHashMap<String, Object>();
        result.put("legsPerSecond", rounded(legs / healthy.seconds()));
        result.put("floorPerSecond", rounded(floor / load.size()));
        result.put("ratio", rounded(octetsPerSecond / floor));
        result.put("recipients", load.recipients());
        result.put("p50ms", rounded(withSlow.percentile(0.50)));
        result.put("p99ms", rounded(withSlow.percentile(0.99)));
        result.put("cpuMicrosPerLeg", rounded((after.cpuNanos() - before.cpuNanos()) / 1e3 / legs));
        result.put("heapMiB", last.heapPeak() >> 20);
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("java", System.getProperty("java.version"));
        result.put("octetsPerSecond", Math.round(octetsPerSecond));
        result.put("floorOctetsPerSecond", Math.round(floor));
        result.put("size", load.size());
        result.put("chunk", load.chunk());
        result.put("slowPercent", load.slowPercent());
        result.put("lastLegMs", rounded(withSlow.lastMillis(true)));
        result.put("bytesPerLeg", held.octetsEach());
        result.put("sessionsAtOnce", held.sessions());
        result.put("messages", load.messages());
        result.put("ledger", load.ledger());
        result.put("parallel", load.parallel());
        result.put("allocatedBytesPerLeg", (after.allocated() - before.allocated()) / legs);
        result.put("compiledMs", after.compiledMillis() - before.compiledMillis());
        if (load.slowPercent() > 0) {
            result.put("lastHealthyLegMs", rounded(withSlow.lastMillis(false)));
            result.put("lastLegWithoutSlowMs", rounded(healthy.lastMillis(false)));
            result.put(
                    "othersSlower",
                    rounded(withSlow.lastMillis(false) / healthy.lastMillis(false)));
        }
        return result;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
