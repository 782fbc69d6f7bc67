package org.fanfare.cli.bench;

import org.fanfare.cli.bench.ServerUnderLoad.Figures;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pager fan-out: this process sends, another one is the server, a third one answers for all
/// recipients. The server's process also measures the floor against the same third process, before
/// and after.
public final class PagerBench {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int LEGS_AT_ONCE = 8_000;
    private static final int MOST_MESSAGES_AT_ONCE = 40;
    private static final int WARM_UP_LEGS = 150_000;
    private static final int FLOOR_SECONDS = 3;
    private static final int LATENCY_SAMPLE = 20_000;

    private final PagerLoad load;
    private final int heapMiB;
    private final HttpClient http = HttpClient.newHttpClient();

    public PagerBench(PagerLoad load, int heapMiB) {
        this.load = load;
        this.heapMiB = heapMiB;
    }

    /// Runs it and gives the object that `fanfare bench` prints.
    public Map<String, Object> run() throws IOException, InterruptedException {
        try (var responder = new Child(List.of("-Xmx128m"), List.of("bench", "responder"))) {
            var responderPort = Integer.parseInt(responder.read());
            try (var server = new Child(serverJvm(), serverArguments(responderPort))) {
                var ports = server.read().split(" ", -1);
                var sip =
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), Integer.parseInt(ports[0]));
                return measure(server, sip, Integer.parseInt(ports[1]));
            }
        }
    }

    private List<String> serverJvm() {
        return List.of("-Xmx" + heapMiB + "m", "-Dfanfare.log=warn");
    }

    private List<String> serverArguments(int responderPort) {
        var arguments =
                new ArrayList<>(List.of("bench", "server", Integer.toString(responderPort)));
        for (var setting : load.settings(responderPort)) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments;
    }

    private Map<String, Object> measure(Child server, InetSocketAddress sip, int adminPort)
            throws IOException, InterruptedException {
        int atOnce = Math.clamp(LEGS_AT_ONCE / load.recipients(), 1, MOST_MESSAGES_AT_ONCE);
        // A run that is too small to give figures need not be warm.
        int warmUp = Math.max(Math.min(WARM_UP_LEGS, load.legs()) / load.recipients(), 1);
        try (var warm = new LoadSender(sip, load.withoutDead());
                var sender = new LoadSender(sip, load)) {
            warm.send(warmUp, atOnce);
            var floorBefore = floor(server);
            var before = Figures.parse(server.ask("figures"));
            sender.startAt(warmUp);
            long began = System.nanoTime();
            sender.send(load.messages(), atOnce);
            awaitHealthy(adminPort, warmUp);
            double seconds = (System.nanoTime() - began) / 1e9;
            var after = Figures.parse(server.ask("figures"));
            var floor = (floorBefore + floor(server)) / 2;
            return result(seconds, floor, before, after, latencies(adminPort, warmUp));
        }
    }

    private static double floor(Child server) throws IOException {
        return Double.parseDouble(server.ask("floor " + FLOOR_SECONDS));
    }

    /// With dead recipients the answer to the sender comes at the collecting time: what counts is
    /// when the others have it.
    private void awaitHealthy(int adminPort, int first) throws IOException, InterruptedException {
        if (load.deadPercent() == 0) {
            return;
        }
        for (int i = first; i < first + load.messages(); ) {
            var outcomes =
                    get(adminPort, "/v1/messages/" + LoadSender.contributionId(i)).get("outcomes");
            if (outcomes.get("delivered").asInt() >= load.healthy()) {
                i++;
            } else {
                Thread.sleep(5);
            }
        }
    }

    /// Milliseconds from accept to each recipient's answer, of the newest messages.
    private List<Double> latencies(int adminPort, int first)
            throws IOException, InterruptedException {
        var latencies = new ArrayList<Double>();
        for (int i = first + load.messages() - 1;
                i >= first && latencies.size() < LATENCY_SAMPLE;
                i--) {
            var path =
                    "/v1/messages/"
                            + LoadSender.contributionId(i)
                            + "/recipients?outcome=delivered&limit=1000";
            for (var row : get(adminPort, path).get("recipients")) {
                latencies.add(millis(row));
            }
        }
        Collections.sort(latencies);
        return latencies;
    }

    private static double millis(JsonNode row) {
        var accepted = Instant.parse(row.get("accepted").asString());
        return Duration.between(accepted, Instant.parse(row.get("ended").asString())).toNanos()
                / 1e6;
    }

    private JsonNode get(int adminPort, String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + adminPort + path);
        return MAPPER.readTree(
                http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    }

    private Map<String, Object> result(
            double seconds, double floor, Figures before, Figures after, List<Double> latencies) {
        int legs = load.legs();
        var result = new LinkedHashMap<String, Object>();
        result.put("legsPerSecond", Math.round(load.healthy() * (long) load.messages() / seconds));
        result.put("floorPerSecond", Math.round(floor));
        result.put("ratio", rounded(load.healthy() * (long) load.messages() / seconds / floor));
        result.put("recipients", load.recipients());
        result.put("p50ms", percentile(latencies, 0.50));
        result.put("p99ms", percentile(latencies, 0.99));
        result.put("cpuMicrosPerLeg", rounded((after.cpuNanos() - before.cpuNanos()) / 1e3 / legs));
        result.put("heapMiB", after.heapPeak() >> 20);
        result.put("cores", Runtime.getRuntime().availableProcessors());
        result.put("java", System.getProperty("java.version"));
        result.put("messages", load.messages());
        result.put("transport", load.transport());
        result.put("ledger", load.ledger());
        result.put("deadPercent", load.deadPercent());
        result.put("allocatedBytesPerLeg", (after.allocated() - before.allocated()) / legs);
        return result;
    }

    private static double percentile(List<Double> sorted, double share) {
        return sorted.isEmpty() ? 0 : rounded(sorted.get((int) ((sorted.size() - 1) * share)));
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
