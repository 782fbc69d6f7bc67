package org.fanfare.spool;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.OutcomeKind;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A process with a large message is ended, and the next one finishes what was accepted and forgets
/// the rest.
class SpoolCrashTest {

    private static final int KILLED = 128 + 9;

    /// In the second message.
    private static final int LATE_IN_UPLOAD = 2 * UploadChild.CHUNKS;

    @TempDir Path home;

    // K8, K1
    @ParameterizedTest
    @CsvSource({
        "IN_UPLOAD, 25",
        "IN_UPLOAD, " + LATE_IN_UPLOAD,
        "SPOOL_COMPLETE, 2",
        "ACCEPT_WRITTEN_NOT_COMMITTED, 2"
    })
    void whatWasNotAcceptedIsWholeForNobodyAndItsSpoolIsRemoved(CrashPoint point, int visit)
            throws Exception {
        var lines = runUntil(point, visit);

        assertThat(lines).contains("answered 1").noneMatch(line -> line.startsWith("whole 2"));
        try (var spools = UploadChild.spools(home);
                var ledger = UploadChild.ledger(home)) {
            assertThat(UploadChild.recover(ledger, spools)).isEmpty();
            assertThat(ledger.message("2")).isEmpty();
        }
        assertThat(home.resolve("spool")).isEmptyDirectory();
    }

    // K9: accepted, no leg has the end; K10: a leg has it all, which is not written; K9: all have
    // it
    @ParameterizedTest
    @CsvSource({
        "AFTER_ACCEPT, 2, 3",
        "AFTER_RESPONSE_BEFORE_OUTCOME, 4, 1",
        "BEFORE_LAST_MSRP_200, 2, 0"
    })
    void whatWasAcceptedGoesToEveryRecipientFromTheFirstOctet(
            CrashPoint point, int visit, int atLeastSentAgain) throws Exception {
        runUntil(point, visit);

        try (var spools = UploadChild.spools(home);
                var ledger = UploadChild.ledger(home)) {
            assertThat(UploadChild.recover(ledger, spools))
                    .hasSizeGreaterThanOrEqualTo(atLeastSentAgain)
                    .allSatisfy(sent -> assertThat(sent).isEqualTo(UploadChild.content(2)));
            var message = ledger.message("2").orElseThrow();
            assertThat(message.count(OutcomeKind.DELIVERED)).isEqualTo(3);
            assertThat(message.answer()).isPresent();
        }
        assertThat(home.resolve("spool")).isEmptyDirectory();
    }

    private List<String> runUntil(CrashPoint point, int visit) throws Exception {
        var process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-Dfanfare.crash=" + point + ":" + visit,
                                "-cp",
                                System.getProperty("java.class.path"),
                                UploadChild.class.getName(),
                                home.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines = said(process);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("exit status after %s", lines).isEqualTo(KILLED);
        return lines;
    }

    private static List<String> said(Process process) throws IOException {
        try (var output = process.inputReader(UTF_8)) {
            return output.lines()
                    .filter(line -> line.startsWith("> "))
                    .map(line -> line.substring(2))
                    .toList();
        }
    }
}
