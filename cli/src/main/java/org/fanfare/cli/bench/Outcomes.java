package org.fanfare.cli.bench;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What the server under load says of its messages at its admin port.
final class Outcomes {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final int SAMPLE = 20_000;
    private static final int MOST_MESSAGES = 2_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int adminPort;

    Outcomes(int adminPort) {
        this.adminPort = adminPort;
    }

    /// Milliseconds from accept to the answer of a recipient, of the newest messages, sorted.
    ///
    /// @param first number of the first message that counts
    /// @param end number behind the last
    List<Double> latencies(int first, int end) throws IOException, InterruptedException {
        var latencies = new ArrayList<Double>();
        int oldest = Math.max(first, end - MOST_MESSAGES);
        for (int i = end - 1; i >= oldest && latencies.size() < SAMPLE; i--) {
            var path =
                    "/v1/messages/"
                            + LoadSender.contributionId(i)
                            + "/recipients?outcome=delivered&limit=1000";
            for (var row : get(path).get("recipients")) {
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

    private JsonNode get(String path) throws IOException, InterruptedException {
        var uri = URI.create("http://127.0.0.1:" + adminPort + path);
        return MAPPER.readTree(
                http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
    }
}
