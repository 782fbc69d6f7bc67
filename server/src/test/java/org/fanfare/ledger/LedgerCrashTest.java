package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/// A process with a ledger is killed (R1), and whatever it had promised is found.
class LedgerCrashTest {

    private static final int KILLS = 6;
    private static final int NO_END = 1_000_000;
    private static final int KILLED = 128 + 9;

    @TempDir Path directory;

    private String url() {
        return "file:" + directory.resolve("ledger");
    }

    /// What the processes said, by message.
    private static final class Promises {
        final Map<Integer, String> furthest = new HashMap<>();

        void add(List<String> lines) {
            for (var line : lines) {
                var words = line.split(" ", -1);
                if (words.length > 1 && !words[0].equals("resumed")) {
                    furthest.put(Integer.parseInt(words[1]), words[0]);
                }
            }
        }

        int nextMessage() {
            return furthest.keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        }
    }

    // R1: random instants, again and again on the same ledger
    @Test
    void whateverWasPromisedIsThereAfterKillsAtRandom() throws Exception {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        var promises = new Promises();
        int killedInWork = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            var process =
                    new ProcessBuilder(
                                    LedgerChild.command(
                                            List.of(), url(), promises.nextMessage(), NO_END))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var lines = new ArrayList<String>();
            try (var output = LedgerChild.output(process)) {
                // counted in lines, so that a slow machine is killed in work as well
                int after = random.nextInt(1, 150);
                for (var line = output.readLine(); line != null; line = output.readLine()) {
                    LedgerChild.said(line).ifPresent(lines::add);
                    if (lines.size() == after) {
                        process.toHandle().destroyForcibly(); // leaves what it has said readable
                    }
                }
            }
            assertThat(process.waitFor()).as("exit status, seed %d", seed).isEqualTo(KILLED);
            promises.add(lines);
            killedInWork += promises.furthest.containsValue("flushed") ? 1 : 0;
            check(promises, "kill %d, seed %d".formatted(kill, seed));
        }
        assertThat(killedInWork).as("kills between the first and the last outcome").isPositive();
    }

    // K1, K2, K4, K5, K14: named points; the second process finishes what the first one left
    @ParameterizedTest
    @CsvSource({
        "BEFORE_ACCEPT, 3",
        "ACCEPT_WRITTEN_NOT_COMMITTED, 2",
        "AFTER_ACCEPT, 3",
        "OUTCOMES_WRITTEN_NOT_COMMITTED, 3",
        "OUTCOMES_WRITTEN_BEFORE_ANSWER, 3"
    })
    void whateverWasPromisedIsThereAfterACrashPoint(CrashPoint point, int visit) throws Exception {
        var promises = new Promises();
        promises.add(run(KILLED, crash(point, visit), 1, 40));
        check(promises, point + " before the restart");

        promises.add(run(0, List.of(), promises.nextMessage(), promises.nextMessage() + 3));

        check(promises, point + " after the restart");
        try (var ledger = open()) {
            assertThat(ledger.claimUnfinished(10)).isEmpty();
            assertThat(ledger.recent(100)).allMatch(m -> m.answer().isPresent());
        }
    }

    // K14
    @Test
    void recoveryThatIsKilledIsRepeated() throws Exception {
        var promises = new Promises();
        // there is one at least of which no recipient has ended
        promises.add(run(KILLED, crash(CrashPoint.AFTER_ACCEPT, 3), 1, 40));
        for (int i = 0; i < 2; i++) {
            promises.add(run(KILLED, crash(CrashPoint.IN_RECOVERY, 1), 1, 0));
            check(promises, "killed in recovery");
        }

        var lines = run(0, List.of(), 1, 0);

        assertThat(lines).anyMatch(line -> line.startsWith("resumed"));
        promises.add(lines);
        check(promises, "after the recovery");
    }

    @Test
    void retentionThatIsKilledHasRemovedWholeMessages() throws Exception {
        run(KILLED, List.of("-Dforget=true", "-Dfanfare.crash=IN_RETENTION"), 1, 150);

        try (var ledger = open()) {
            var left = ledger.recent(1_000);
            for (var message : left) {
                assertThat(message.outcomes().values().stream().mapToInt(n -> n).sum())
                        .isEqualTo(message.recipients());
            }
            assertThat(left.size()).isEqualTo(50);
        }
    }

    private static List<String> crash(CrashPoint point, int visit) {
        return List.of("-Dfanfare.crash=" + point + ":" + visit);
    }

    private List<String> run(int status, List<String> options, int first, int last)
            throws Exception {
        var process =
                new ProcessBuilder(LedgerChild.command(options, url(), first, last))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines = LedgerChild.lines(process);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("exit status after %s", lines).isEqualTo(status);
        return lines;
    }

    private Ledger open() throws LedgerRefused {
        return Ledgers.open(
                url(),
                LedgerSettings.DEFAULT.with(
                        s -> s.duplicateWindow(LedgerChild.WINDOW).reserve(65_536)),
                Clock.systemUTC(),
                "child");
    }

    private void check(Promises promises, String when) throws LedgerRefused {
        try (var ledger = open()) {
            promises.furthest.forEach((number, word) -> check(ledger, number, word, when));
        }
    }

    private static void check(Ledger ledger, int number, String word, String when) {
        var found = ledger.message(Integer.toString(number));
        if (word.equals("started") && found.isEmpty()) {
            return; // nobody was told that it was accepted
        }
        assertThat(found).as("message %d, %s, %s", number, word, when).isPresent();
        int recipients = LedgerChild.recipients(number);
        var rows =
                ledger.recipients(Integer.toString(number), Optional.empty(), -1, recipients)
                        .rows();
        assertThat(rows).as("message %d, %s", number, when).hasSize(recipients);
        int safe =
                switch (word) {
                    case "flushed" -> recipients / 2 + 1;
                    case "answered" -> recipients;
                    default -> 0;
                };
        var wrong =
                rows.stream()
                        .filter(row -> row.index() < safe || row.outcome().kind().isFinal())
                        .filter(row ->
                                !row.outcome().equals(LedgerChild.outcome(number, row.index())))
                        .toList();
        assertThat(wrong).as("message %d, %s, %s", number, word, when).isEmpty();
        assertThat(rows.stream().map(RecipientRow::uri).toList())
                .isEqualTo(Messages.phones(recipients));
        if (word.equals("answered")) {
            assertThat(found.get().answer()).contains(LedgerChild.answer(number));
            assertThat(ledger.accept(LedgerChild.message(number)))
                    .isEqualTo(
                            new Acceptance.Duplicate(
                                    found.get().message(),
                                    Optional.of(LedgerChild.answer(number))));
        }
    }
}
