package org.fanfare.cli;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks a running server's admin address; every trouble is one sentence for the user.
final class AdminClient {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final String address;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /// @param token shown to a server that asks for one; empty where there is none
    AdminClient(String address, String token) {
        this.address = address;
        this.token = token;
    }

    /// What a GET of this path answers; 503 of `/health` is an answer too.
    JsonNode get(String path) throws CommandFailure {
        return ask("GET", path);
    }

    /// What a POST to this path answers.
    JsonNode post(String path) throws CommandFailure {
        return ask("POST", path);
    }

    private JsonNode ask(String method, String path) throws CommandFailure {
        try {
            var request =
                    HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .timeout(PATIENCE);
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return read(answer.statusCode(), MAPPER.readTree(answer.body()));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    ExitStatus.USAGE, "--admin: expected HOST:PORT, found " + address);
        } catch (IOException | JacksonException e) {
            throw new CommandFailure(
                    ExitStatus.NO_ANSWER,
                    "no answer from http://%s (is the server running? try: fanfare serve)"
                            .formatted(address));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitStatus.NO_ANSWER, "interrupted");
        }
    }

    private static JsonNode read(int status, JsonNode body) throws CommandFailure {
        return switch (status) {
            case 200, 503 -> body;
            case 404 ->
                    throw new CommandFailure(ExitStatus.FAILED_FOR_ALL, error(body, "not found"));
            default ->
                    throw new CommandFailure(
                            ExitStatus.USAGE, error(body, "the server answered " + status));
        };
    }

    private static String error(JsonNode body, String otherwise) {
        return body.path("error").asString(otherwise);
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
