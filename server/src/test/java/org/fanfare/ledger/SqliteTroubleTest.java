package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fanfare.ledger.Messages.OK;
import static org.fanfare.ledger.Messages.delivered;
import static org.fanfare.ledger.Messages.message;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Full, broken and slow disks (S1, S3, S4).
class SqliteTroubleTest {

    private static final int MIB = 1 << 20;

    @TempDir Path directory;
    private final SettableClock clock = new SettableClock();

    private SqlLedger open(Path home, LedgerSettings settings) throws LedgerRefused {
        return (SqlLedger) Ledgers.open("file:" + home, settings, clock, "node");
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("ledger/ledger.db"));
    }

    private int count(String table) throws SQLException {
        try (var connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getInt(1);
        }
    }

    /// Returns the messages that were accepted before there was no room for one more.
    private static List<MessageRef> fill(Ledger ledger, int recipients) {
        var accepted = new ArrayList<MessageRef>();
        while (accepted.size() < 10_000) {
            try {
                accepted.add(
                        ledger.accept(message("fill" + accepted.size(), recipients)).message());
            } catch (LedgerUnavailable e) {
                assertThat(e).hasMessageContaining("no space left");
                return accepted;
            }
        }
        throw new AssertionError("the ledger does not get full");
    }

    // S1
    @Test
    void whenItIsFullNothingIsAcceptedAndOutcomesAreStillRecorded() throws Exception {
        var settings = LedgerSettings.DEFAULT.with(s -> s.reserve(65_536).maxSize(MIB));
        try (var ledger = open(directory.resolve("ledger"), settings)) {
            var accepted = fill(ledger, 1_000);

            assertThat(ledger.healthy()).isFalse();
            assertThatThrownBy(() -> ledger.accept(message("one more", 1)))
                    .isInstanceOf(LedgerUnavailable.class);
            assertThat(count("ledger_message")).isEqualTo(accepted.size());
            assertThat(count("ledger_seen")).isEqualTo(accepted.size());
            assertThat(count("ledger_recipients")).isEqualTo(accepted.size());

            for (var ref : accepted) {
                for (int i = 0; i < 1_000; i++) {
                    ledger.record(ref, i, delivered(1));
                }
                ledger.answered(ref, OK);
            }
            assertThat(ledger.recent(1_000))
                    .hasSize(accepted.size())
                    .allMatch(m -> m.count(OutcomeKind.DELIVERED) == 1_000)
                    .allMatch(m -> m.answer().isPresent());
        }
    }

    // S1
    @Test
    void afterARetentionThereIsRoomAgain() throws Exception {
        var settings = LedgerSettings.DEFAULT.with(s -> s.reserve(65_536).maxSize(MIB));
        try (var ledger = open(directory.resolve("ledger"), settings)) {
            for (var ref : fill(ledger, 1_000)) {
                for (int i = 0; i < 1_000; i++) {
                    ledger.record(ref, i, delivered(1));
                }
                ledger.answered(ref, OK);
            }
            clock.advance(settings.retention().plusSeconds(1));

            ledger.keeper().beat();
            ledger.keeper().probe();

            assertThat(ledger.healthy()).isTrue();
            assertThat(count("ledger_message")).isZero();
            ledger.accept(message("one more", 1_000));
        }
    }

    // S1, on a file system that is really full
    @Test
    void whenTheDiskIsFullOutcomesGoIntoTheReserve() throws Exception {
        var disk = Files.createDirectory(directory.resolve("disk"));
        mount("-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString());
        try {
            var home = disk.resolve("ledger");
            try (var ledger = open(home, LedgerSettings.DEFAULT.with(s -> s.reserve(2L * MIB)))) {
                var ref = ledger.accept(message("c1", 1_000)).message();
                var filler = disk.resolve("filler");
                fillDisk(filler);
                var accepted = fill(ledger, 1_000);
                assertThat(home.resolve("reserve")).doesNotExist();

                for (int i = 0; i < 1_000; i++) {
                    ledger.record(ref, i, delivered(1));
                }
                ledger.answered(ref, OK);

                assertThat(ledger.message(ref).get().count(OutcomeKind.DELIVERED)).isEqualTo(1_000);
                assertThat(ledger.healthy()).isFalse();
                assertThat(ledger.recent(10_000)).hasSize(accepted.size() + 1);

                Files.delete(filler);
                ledger.keeper().probe();
                assertThat(ledger.healthy()).isTrue();
                assertThat(home.resolve("reserve")).hasSize(2L * MIB);
                ledger.accept(message("c2", 1));
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    /// Leaves no room, but for what is in the ledger's own files.
    private static void fillDisk(Path filler) {
        var block = new byte[4_096];
        try (var out =
                Files.newOutputStream(
                        filler,
                        java.nio.file.StandardOpenOption.CREATE,
                        java.nio.file.StandardOpenOption.APPEND)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
        }
    }

    // R4, for root, who may write to every file
    @Test
    void aLedgerOnAReadOnlyFileSystemIsRefused() throws Exception {
        var disk = Files.createDirectory(directory.resolve("disk"));
        mount("-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString());
        try {
            var settings = LedgerSettings.DEFAULT.with(s -> s.reserve(4_096));
            open(disk.resolve("ledger"), settings).close();
            assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();

            assertThatThrownBy(() -> open(disk.resolve("ledger"), settings))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("cannot be opened for writing");
        } finally {
            run("umount", disk.toString());
        }
    }

    private static void mount(String... arguments) throws IOException, InterruptedException {
        Assumptions.assumeTrue(
                System.getProperty("user.name").equals("root")
                        && System.getProperty("os.name").equals("Linux"),
                "only root on Linux can mount a file system of its own");
        var command = new ArrayList<String>(List.of("mount"));
        command.addAll(List.of(arguments));
        Assumptions.assumeTrue(
                run(command.toArray(String[]::new)) == 0, "mounting is not allowed here");
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    // S3: the process may not write beyond a file size, so that writes fail as they do on a bad
    // disk
    @Test
    void afterAWriteErrorNothingIsAcceptedAndThePromisesHold() throws Exception {
        var home = directory.resolve("ledger");
        var settings = LedgerSettings.DEFAULT.with(s -> s.reserve(4_096));
        open(home, settings).close();
        var java = LedgerChild.command(List.of(), "file:" + home, 1, 800);
        var command =
                new ArrayList<String>(List.of("sh", "-c", "ulimit -f 16384 && exec \"$@\"", "sh"));
        command.addAll(java);
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        var lines = LedgerChild.lines(process);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();

        assertThat(lines)
                .anyMatch(line -> line.matches("refused .*restart needed .writing failed.*"));
        var promised =
                lines.stream()
                        .filter(line -> line.startsWith("answered "))
                        .map(line -> line.substring("answered ".length()))
                        .toList();
        assertThat(promised).isNotEmpty();
        int firstRefusal =
                lines.indexOf(
                        lines.stream().filter(l -> l.startsWith("refused")).findFirst().get());
        assertThat(lines.subList(firstRefusal, lines.size()))
                .noneMatch(line -> line.startsWith("answered"));
        try (var ledger = open(home, settings)) {
            assertThat(promised).allMatch(id -> ledger.message(id).get().answer().isPresent());
        }
    }

    // S4: a disk that does not come back for a while
    @Test
    void whileTheDiskIsSlowAcceptsWaitAndTooManyAreRefused() throws Exception {
        var settings =
                LedgerSettings.DEFAULT.with(
                        s -> s.reserve(4_096).maxWaitingAccepts(10).flush(200, Duration.ZERO));
        int count = 60;
        try (var ledger = open(directory.resolve("ledger"), settings);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var before = ledger.accept(message("before", 1)).message();
            var results = new ArrayList<Future<Acceptance>>();
            try (var disk = connect()) {
                disk.setAutoCommit(false);
                try (var statement = disk.createStatement()) {
                    statement.executeUpdate("UPDATE ledger_node SET lease = lease");
                }
                for (int i = 0; i < count; i++) {
                    var id = "c" + i;
                    results.add(threads.submit(() -> ledger.accept(message(id, 1))));
                }
                Awaitility.await().until(() -> ledger.figures().refused() > 0);
                ledger.record(before, 0, delivered(1)); // does not wait
                assertThat(results.stream().filter(SqliteTroubleTest::isAccepted)).isEmpty();
                disk.rollback();
            }
            Awaitility.await().until(() -> results.stream().allMatch(Future::isDone));
            int accepted = (int) results.stream().filter(SqliteTroubleTest::isAccepted).count();
            ledger.flush(before);
            assertThat(accepted).isBetween(10, count - 1);
            assertThat(ledger.figures().refused()).isEqualTo(count - accepted);
            assertThat(ledger.recent(1_000)).hasSize(accepted + 1);
            assertThat(ledger.healthy()).isTrue();
        }
    }

    private static boolean isAccepted(Future<Acceptance> result) {
        return result.isDone() && result.state() == Future.State.SUCCESS;
    }

    @Test
    void theFileShrinksAfterARetention() throws Exception {
        var settings = LedgerSettings.DEFAULT.with(s -> s.reserve(4_096));
        try (var ledger = open(directory.resolve("ledger"), settings)) {
            for (int m = 0; m < 12; m++) {
                var ref = ledger.accept(message("c" + m, 20_000)).message();
                for (int i = 0; i < 20_000; i++) {
                    ledger.record(ref, i, delivered(1));
                }
                ledger.answered(ref, OK);
            }
            long full = pages(ledger);
            clock.advance(settings.retention().plusSeconds(1));

            for (int i = 0; i < 6; i++) {
                ledger.keeper().beat();
            }

            assertThat(pages(ledger)).isLessThan(full / 2);
        }
    }

    private long pages(Ledger ledger) throws SQLException {
        assertThat(ledger.healthy()).isTrue();
        try (var connection = connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA page_count")) {
            row.next();
            return row.getLong(1);
        }
    }
}
