package org.fanfare.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A process that accepts messages and works on them until it is ended, and says on its output what
/// the ledger has promised. First it finishes what an earlier one left.
///
/// Lines: `started N`, `accepted N`, `flushed N`, `answered N`, `refused N`, `resumed N RANGE`,
/// `resumed N answer`, `ready`.
final class LedgerChild {

    static final Duration WINDOW =
            Boolean.getBoolean("forget") ? Duration.ZERO : Duration.ofHours(1);

    /// Before each line, to tell it from the log.
    private static final String MARK = "> ";

    /// Of message N.
    static int recipients(int number) {
        return switch (number % 4) {
            case 0 -> 1;
            case 1 -> 7;
            case 2 -> 1_000;
            default -> 2_345;
        };
    }

    /// What recipient I of message N ends with.
    static Outcome outcome(int number, int index) {
        return (number + index) % 5 == 0
                ? Messages.failed(400 + index % 80, "reason " + index % 7)
                : Messages.delivered(index % 60);
    }

    static StoredAnswer answer(int number) {
        return new StoredAnswer(200, "", "uid-" + number);
    }

    private final Ledger ledger;
    private final AtomicInteger next;

    private LedgerChild(Ledger ledger, int first) {
        this.ledger = ledger;
        this.next = new AtomicInteger(first);
    }

    /// Runs until it has done all or is ended.
    ///
    /// @param args URL, number of the first message, last one
    public static void main(String[] args) throws Exception {
        var settings = LedgerSettings.DEFAULT.with(s -> s.duplicateWindow(WINDOW).reserve(65_536));
        var ledger = Ledgers.open(args[0], settings, Clock.systemUTC(), "child");
        say("ready");
        var child = new LedgerChild(ledger, Integer.parseInt(args[1]));
        child.resume();
        int last = Integer.parseInt(args[2]);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                threads.execute(() -> child.work(last));
            }
        }
        if (Boolean.getBoolean("forget")) {
            ledger.removeEnded(Instant.now().plus(Duration.ofDays(1)));
        }
        ledger.close();
        say("closed");
    }

    private static synchronized void say(String line) {
        System.out.println(MARK + line);
        System.out.flush();
    }

    private void resume() {
        for (var ranges = ledger.claimUnfinished(5);
                !ranges.isEmpty();
                ranges = ledger.claimUnfinished(5)) {
            for (var range : ranges) {
                int number = Integer.parseInt(range.head().contributionId());
                say("resumed %d %d".formatted(number, range.range()));
                for (int i = 0; i < range.recipients().size(); i++) {
                    if (range.states().get(i).outcome().kind() == OutcomeKind.PENDING) {
                        ledger.record(
                                range.message(),
                                range.from() + i,
                                outcome(number, range.from() + i));
                    }
                }
                ledger.flush(range.message());
                if (range.range() == 0 && range.answer().isEmpty()) {
                    // other ranges may still be to come, so not all outcomes are promised
                    ledger.answered(range.message(), answer(number));
                    say("resumed %d answer".formatted(number));
                }
            }
        }
    }

    private void work(int last) {
        for (int number = next.getAndIncrement(); number <= last; number = next.getAndIncrement()) {
            say("started " + number);
            try {
                work(ledger, number);
            } catch (LedgerUnavailable e) {
                say("refused %d %s".formatted(number, e.getMessage()));
            }
        }
    }

    private static void work(Ledger ledger, int number) {
        int recipients = recipients(number);
        var ref = ledger.accept(message(number)).message();
        say("accepted " + number);
        for (int i = 0; i < recipients; i++) {
            ledger.record(ref, i, outcome(number, i));
            if (i == recipients / 2) {
                ledger.flush(ref);
                say("flushed " + number);
            }
        }
        ledger.answered(ref, answer(number));
        say("answered " + number);
    }

    static AcceptRecord message(int number) {
        return Messages.message(Integer.toString(number), recipients(number));
    }

    // For the tests that start one.

    /// The command that runs it, for [ProcessBuilder].
    static List<String> command(List<String> options, String url, int first, int last) {
        var all = new ArrayList<String>(options);
        all.add("-Xmx128m");
        return java(all, LedgerChild.class, url, Integer.toString(first), Integer.toString(last));
    }

    /// The command that runs a class of the tests.
    static List<String> java(List<String> options, Class<?> main, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    static BufferedReader output(Process process) {
        return new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /// Everything that it says until it ends.
    static List<String> lines(Process process) throws IOException {
        try (var output = output(process)) {
            return output.lines().flatMap(line -> said(line).stream()).toList();
        }
    }

    /// Without the mark, if it has one.
    static Optional<String> said(String line) {
        return line.startsWith(MARK)
                ? Optional.of(line.substring(MARK.length()))
                : Optional.empty();
    }
}
