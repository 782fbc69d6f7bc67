package org.fanfare.cli.bench;

import org.fanfare.cli.bench.ServerUnderLoad.Figures;
import org.fanfare.sip.transport.TlsSettings;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pager fan-out: this process sends, another one is the server, a third one answers for all
/// recipients. The server's process also measures the floor against the same third process, before
/// and after.
///
/// With dead recipients two loads are measured one after the other: lists as long where all are
/// living, then those with the dead. A dead recipient costs 32 seconds (timer F of RFC 3261), which
/// nobody waits for: a message counts when the living have it.
public final class PagerBench {

    private static final int LEGS_AT_ONCE = 8_000;
    private static final int MOST_MESSAGES_AT_ONCE = 40;

    /// While the list of one is read, the copies of another leave.
    private static final int LEAST_MESSAGES_AT_ONCE = 2;

    private static final int ENOUGH = 10_000;
    private static final int FLOOR_SECONDS = 2;
    private static final int PATIENCE_SECONDS = 60;

    private final PagerLoad load;
    private final int heapMiB;
    private final int atOnce;

    public PagerBench(PagerLoad load, int heapMiB) {
        this.load = load;
        this.heapMiB = heapMiB;
        this.atOnce =
                Math.clamp(
                        LEGS_AT_ONCE / load.recipients(),
                        LEAST_MESSAGES_AT_ONCE,
                        MOST_MESSAGES_AT_ONCE);
    }

    /// Runs it and gives the object that `fanfare bench` prints.
    public Map<String, Object> run() throws IOException, InterruptedException {
        var certificate = load.overTls() ? RunCertificate.make(load.folder()) : null;
        try (var responder = new Child(List.of("-Xmx128m"), responderArguments(certificate))) {
            var responderPort = Integer.parseInt(responder.read());
            var arguments = serverArguments(responderPort, certificate);
            try (var server = new Child(serverJvm(), arguments)) {
                var ports = server.read().split(" ", -1);
                var sip = new InetSocketAddress(loopback(), Integer.parseInt(ports[0]));
                var outcomes = new Outcomes(Integer.parseInt(ports[1]));
                var tls = certificate == null ? null : certificate.settings();
                return new Run(server, responder, sip, tls, outcomes).measure();
            }
        }
    }

    /// By its number, as the certificate has it.
    private static InetAddress loopback() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    private static List<String> responderArguments(@Nullable RunCertificate certificate) {
        var arguments = new ArrayList<>(List.of("bench", "responder"));
        if (certificate != null) {
            arguments.add("--tls=" + certificate.folder());
        }
        return arguments;
    }

    private List<String> serverJvm() {
        return List.of("-Xmx" + heapMiB + "m", "-Dfanfare.log=warn");
    }

    private List<String> serverArguments(int responderPort, @Nullable RunCertificate certificate) {
        var arguments =
                new ArrayList<>(List.of("bench", "server", Integer.toString(responderPort)));
        var settings = new ArrayList<>(load.settings(responderPort));
        if (certificate != null) {
            settings.addAll(certificate.serverSettings());
        }
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return arguments;
    }

    /// What one load took.
    ///
    /// @param legs to living recipients
    /// @param latencies milliseconds from accept to answer, sorted
    private record Measured(
            long legs, double seconds, Figures before, Figures after, List<Double> latencies) {

        double perSecond() {
            return legs / seconds;
        }

        double percentile(double share) {
            return latencies.isEmpty()
                    ? 0
                    : rounded(latencies.get((int) ((latencies.size() - 1) * share)));
        }

        double cpuMicrosPerLeg() {
            return (after.cpuNanos() - before.cpuNanos()) / 1e3 / legs;
        }

        long compiledMillis() {
            return after.compiledMillis() - before.compiledMillis();
        }

        long allocatedPerLeg() {
            return (after.allocated() - before.allocated()) / legs;
        }
    }

    /// The processes of one run.
    private final class Run {

        private final Child server;
        private final Child responder;
        private final InetSocketAddress sip;
        private final @Nullable TlsSettings tls;
        private final Outcomes outcomes;
        private int sent;

        Run(
                Child server,
                Child responder,
                InetSocketAddress sip,
                @Nullable TlsSettings tls,
                Outcomes outcomes) {
            this.server = server;
            this.responder = responder;
            this.sip = sip;
            this.tls = tls;
            this.outcomes = outcomes;
        }

        Map<String, Object> measure() throws IOException, InterruptedException {
            try (var toLiving = new LoadSender(sip, tls, load.withoutDead().uris());
                    var toAll = new LoadSender(sip, tls, load.uris())) {
                sent = warmUp(toLiving);
                double floor = floor();
                var measured = measured(toLiving, load.withoutDead());
                floor = (floor + floor()) / 2;
                if (load.deadPercent() == 0) {
                    return result(measured, floor);
                }
                var withDead = measured(toAll, load);
                var result = result(withDead, floor);
                putComparison(result, measured, withDead);
                return result;
            }
        }

        /// A run that is too small to give figures need not be warm.
        ///
        /// @return messages sent
        private int warmUp(LoadSender sender) throws IOException, InterruptedException {
            var warmUp = new WarmUp(server);
            int step = Math.min(2 * atOnce, load.messages());
            int messages = 0;
            do {
                sender.send(step, atOnce);
                messages += step;
            } while (load.legs() >= ENOUGH && !warmUp.isOver());
            return messages;
        }

        private double floor() throws IOException {
            var sizes = responder.ask("").split(" ", -1);
            return Double.parseDouble(
                    server.ask(
                            "floor %s %s %s %d"
                                    .formatted(
                                            load.transport().parameter(),
                                            sizes[1],
                                            sizes[2],
                                            FLOOR_SECONDS)));
        }

        private Measured measured(LoadSender sender, PagerLoad part)
                throws IOException, InterruptedException {
            var before = Figures.parse(server.ask("figures"));
            sender.startAt(sent);
            long began = System.nanoTime();
            if (load.deadPercent() == 0) {
                sender.send(load.messages(), atOnce);
            } else {
                sendToLiving(sender, part.living());
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            var after = Figures.parse(server.ask("figures"));
            int first = sent;
            sent += load.messages();
            var legs = (long) part.living() * load.messages();
            return new Measured(legs, seconds, before, after, outcomes.latencies(first, sent));
        }

        /// As many messages at a time as otherwise, judged by the answers that living recipients
        /// gave: the final answer to the sender waits for the dead.
        private void sendToLiving(LoadSender sender, long living)
                throws IOException, InterruptedException {
            long before = answered();
            for (int i = 0; i < load.messages(); i++) {
                awaitAnswers(before + (i - atOnce + 1) * living);
                sender.send();
            }
            awaitAnswers(before + load.messages() * living);
            sender.check();
        }

        private void awaitAnswers(long count) throws IOException, InterruptedException {
            long began = System.nanoTime();
            while (answered() < count) {
                if (System.nanoTime() - began > PATIENCE_SECONDS * 1_000_000_000L) {
                    throw new IOException(
                            "living recipients got nothing for %d s".formatted(PATIENCE_SECONDS));
                }
                Thread.sleep(1);
            }
        }

        private long answered() throws IOException {
            return Long.parseLong(responder.ask("").split(" ", -1)[0]);
        }
    }

    /// What the dead cost the others: how much longer the living of a list took, by the messages in
    /// a second and by the 99th percentile.
    private void putComparison(Map<String, Object> result, Measured without, Measured with) {
        result.put("withoutDeadPerSecond", Math.round(without.perSecond()));
        result.put("withoutDeadP50ms", without.percentile(0.50));
        result.put("withoutDeadP99ms", without.percentile(0.99));
        result.put("othersSlower", rounded(with.seconds() / without.seconds()));
        result.put("othersP99Slower", rounded(with.percentile(0.99) / without.percentile(0.99)));
    }

    private Map<String, Object> result(Measured measured, double floor) {
        var result = new LinkedHashMap<String, Object>();
        result.put("legsPerSecond", Math.round(measured.perSecond()));
        result.put("floorPerSecond", Math.round(floor));
        result.put("ratio", rounded(measured.perSecond() / floor));
        result.put("recipients", load.recipients());
        result.put("p50ms", measured.percentile(0.50));
        result.put("p99ms", measured.percentile(0.99));
        result.put("cpuMicrosPerLeg", rounded(measured.cpuMicrosPerLeg()));
        result.put("heapMiB", measured.after().heapPeak() >> 20);
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("java", System.getProperty("java.version"));
        result.put("messages", load.messages());
        result.put("transport", load.transport().parameter());
        result.put("ledger", load.ledger());
        result.put("deadPercent", load.deadPercent());
        result.put("allocatedBytesPerLeg", measured.allocatedPerLeg());
        result.put("compiledMs", measured.compiledMillis());
        return result;
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
