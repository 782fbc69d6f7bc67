package org.fanfare.peers;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `fanfare serve` as a process of its own, behind a core that the test chooses.
final class FanfareServe implements AutoCloseable {

    private static final List<String> QUICK_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx128m");

    private final int adminPort = Peers.freePort();
    private final int msrpPort = Peers.freePort();
    private final PeerProcess process;
    private final HttpClient http = HttpClient.newHttpClient();

    /// Starts the server on a SIP port given, with `route` as its next hop, `more` appended to its
    /// configuration, and options for its JVM.
    FanfareServe(Path folder, int sipPort, String route, String more, String... jvmOptions)
            throws IOException {
        Files.createDirectories(folder);
        var configuration =
                """
                host: pf.home.example
                listen:
                  sip: ["udp:127.0.0.1:%1$d", "tcp:127.0.0.1:%1$d"]
                  admin: "127.0.0.1:%2$d"
                  msrp: ["tcp:127.0.0.1:%5$d"]
                exploder-uris: ["sip:exploder@home.example"]
                core: {route: "%3$s"}
                ledger: {url: "file:%4$s"}
                """
                                .formatted(
                                        sipPort,
                                        adminPort,
                                        route,
                                        folder.resolve("ledger"),
                                        msrpPort)
                        + more;
        var file = Files.writeString(folder.resolve("fanfare.yaml"), configuration);
        process =
                PeerProcess.start(
                        "fanfare serve",
                        folder,
                        command(List.of(jvmOptions), "serve", "--config", file.toString()));
        SipPing.awaitAnswer(sipPort, Duration.ofSeconds(60), process);
        process.awaitListening(adminPort); // the last port that it opens
    }

    /// Another command of `fanfare`, which runs until it ends by itself or is closed.
    static PeerProcess fanfare(Path folder, String... arguments) throws IOException {
        return PeerProcess.start(
                "fanfare " + arguments[0], folder, command(QUICK_START, arguments));
    }

    private static List<String> command(List<String> jvmOptions, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(jvmOptions);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), "org.fanfare.cli.Fanfare"));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Where it listens for MSRP.
    int msrpPort() {
        return msrpPort;
    }

    PeerProcess process() {
        return process;
    }

    /// `GET /v1/messages/{id}` as it stands now.
    JsonNode message(String contributionId) throws IOException, InterruptedException {
        return get("/v1/messages/" + contributionId);
    }

    JsonNode recipients(String contributionId) throws IOException, InterruptedException {
        return get("/v1/messages/" + contributionId + "/recipients");
    }

    /// The status of `GET /v1/messages/{id}` alone.
    int statusOfMessage(String contributionId) throws IOException, InterruptedException {
        return answer("/v1/messages/" + contributionId).statusCode();
    }

    /// `GET /metrics` as it stands now.
    String metrics() throws IOException, InterruptedException {
        return answer("/metrics").body();
    }

    private HttpResponse<String> answer(String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        var answer = answer(path);
        if (answer.statusCode() != 200) {
            throw new AssertionError(
                    path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return JsonMapper.builder().build().readTree(answer.body());
    }

    @Override
    public void close() {
        http.close();
        process.close();
    }
}
