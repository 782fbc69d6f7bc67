package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.interworking.ScriptedSmsc;
import org.fanfare.ledger.CrashPoint;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Reliability case K12: the process is killed around a submission to the SMSC, and the next one
/// never submits the same again.
class ShortMessagesCrashTest {

    private static final int KILLED = 128 + 9;
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @TempDir Path folder;

    /// Noted and not submitted; submitted and the response not noted; noted, and the leg's outcome
    /// not.
    @ParameterizedTest
    @CsvSource({
        "BEFORE_SUBMISSION, 0, failed",
        "AFTER_SUBMISSION, 1, failed",
        "AFTER_RESPONSE_BEFORE_OUTCOME, 1, interworked"
    })
    void whatMayHaveBeenSubmittedIsNotSubmittedAgain(
            CrashPoint point, int submitted, String outcome) throws Exception {
        try (var smsc = new ScriptedSmsc()) {
            try (var first = start(smsc, "-Dfanfare.crash=" + point);
                    var phones = new Phones(first.core)) {
                await().atMost(LONGEST).until(() -> smsc.binds() == 1);
                var _ =
                        phones.send(
                                message()
                                        .recipients("sms:+15551230001")
                                        .set("Contribution-ID", "c-1")
                                        .without("Via")
                                        .build(),
                                Hop.udp(first.core.getFirst().address()));
                assertThat(first.process.waitFor(30, TimeUnit.SECONDS)).isTrue();
                assertThat(first.process.exitValue()).isEqualTo(KILLED);
            }

            try (var second = start(smsc, "-Dfanfare.log=INFO")) {
                await().atMost(LONGEST)
                        .untilAsserted(() ->
                                assertThat(second.status()).contains("\"" + outcome + "\":1"));
            }
            assertThat(smsc.submitted()).hasSize(submitted);
        }
    }

    private record Child(Process process, List<ListenPoint> core, int admin)
            implements AutoCloseable {

        String status() throws IOException, InterruptedException {
            var uri = URI.create("http://127.0.0.1:" + admin + "/v1/messages/c-1");
            try (var client = HttpClient.newHttpClient()) {
                return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                        .body();
            }
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    private Child start(ScriptedSmsc smsc, String option) throws IOException {
        var password = Files.writeString(folder.resolve("password"), "secret\n");
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                option,
                                "-cp",
                                System.getProperty("java.class.path"),
                                ShortMessagesChild.class.getName()));
        command.addAll(
                List.of(
                        "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                        "listen.admin=127.0.0.1:0",
                        "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                        "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                        "ledger.url=\"file:" + folder.resolve("ledger") + "\"",
                        "interworking.smpp.smsc=smpp://127.0.0.1:" + smsc.port(),
                        "interworking.smpp.source=\"+15550000\"",
                        "interworking.smpp.password-file=" + password));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var ready = lines.readLine();
        assertThat(ready).startsWith("ready ");
        var words = ready.split(" ", -1);
        return new Child(
                process,
                List.of(ListenPoint.parse(words[1]), ListenPoint.parse(words[2])),
                Integer.parseInt(words[3]));
    }
}
