package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fanfare.ledger.Messages.OK;
import static org.fanfare.ledger.Messages.delivered;
import static org.fanfare.ledger.Messages.message;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What is found on the disk when the ledger is opened: whole, or refused with a reason (R2, R4,
/// R7, R8).
class SqliteFilesTest {

    private static final LedgerSettings SETTINGS =
            LedgerSettings.DEFAULT.with(s -> s.reserve(4_096));

    @TempDir Path directory;
    private Path home;
    private Path database;

    @BeforeEach
    void paths() {
        home = directory.resolve("ledger");
        database = home.resolve("ledger.db");
    }

    private Ledger open() throws LedgerRefused {
        return open(home, SETTINGS);
    }

    private static Ledger open(Path home, LedgerSettings settings) throws LedgerRefused {
        return Ledgers.open("file:" + home, settings, new SettableClock(), "node");
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> open().close())
                .isInstanceOf(LedgerRefused.class)
                .message()
                .contains(words)
                .contains(home.toString());
    }

    /// A ledger with one unfinished message of two ranges, closed.
    private MessageRef makeLedger() throws LedgerRefused {
        try (var ledger = open()) {
            return ledger.accept(message("c1", 1_500)).message();
        }
    }

    /// The files as a power cut would leave them now, in another directory.
    private Path image(String name) throws IOException {
        var image = Files.createDirectory(directory.resolve(name));
        for (var file : List.of("ledger.db", "ledger.db-wal", "lock")) {
            Files.copy(home.resolve(file), image.resolve(file));
        }
        return image;
    }

    // R7
    @Test
    void aSecondOpeningInTheSameProcessIsRefused() throws Exception {
        try (var ledger = open()) {
            assertRefused("in use", "this process");
            ledger.accept(message("c1", 1)); // and has not disturbed the first
            assertRefused("in use");
        }
        open().close();
    }

    // R7
    @Test
    void aSecondProcessIsRefusedAndToldWhichOneIsThere() throws Exception {
        try (var _ = open()) {
            var process =
                    new ProcessBuilder(LedgerChild.command(List.of(), "file:" + home, 1, 1))
                            .redirectErrorStream(true)
                            .start();
            var output = new String(process.getInputStream().readAllBytes(), UTF_8);

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(output)
                    .contains("in use by process " + ProcessHandle.current().pid())
                    .contains("ledger.url");
        }
    }

    @Test
    void everyCommitIsSynced() throws Exception {
        var engine = SqliteEngine.open(home, SETTINGS);
        try (var writer = engine.writer();
                var statement = writer.createStatement()) {
            try (var row = statement.executeQuery("PRAGMA journal_mode")) {
                assertThat(row.getString(1)).isEqualTo("wal");
            }
            try (var row = statement.executeQuery("PRAGMA synchronous")) {
                assertThat(row.getInt(1)).isEqualTo(2); // FULL
            }
        } finally {
            engine.close();
        }
    }

    @Test
    void theDirectoryIsForItsOwnerAlone() throws Exception {
        Assumptions.assumeTrue(
                Files.getFileStore(directory).supportsFileAttributeView("posix"),
                "the file system has no POSIX permissions");
        makeLedger();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
    }

    // R8
    @Test
    void aNewerFormatIsRefusedByItsNumber() throws Exception {
        makeLedger();
        execute("UPDATE ledger_format SET version = 5");

        assertRefused("format 5", "up to 4", "newer release");
    }

    // R4
    @Test
    void anotherProgramsDatabaseIsRefused() throws Exception {
        Files.createDirectory(home);
        execute("CREATE TABLE message (id INTEGER)");

        assertRefused("not a ledger of Fanfare");
    }

    // R4
    @Test
    void aFileThatIsNoDatabaseIsRefused() throws Exception {
        Files.createDirectory(home);
        Files.write(database, new byte[8_192]);

        assertRefused("not a ledger of Fanfare");
    }

    // R4
    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws Exception {
        Files.createFile(home);

        assertRefused("is a file");
    }

    // R4
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 4_096, 20_480})
    void aTruncatedDatabaseIsRefused(int size) throws Exception {
        makeLedger();
        truncate(database, size);

        assertRefused("begin empty");
    }

    // R4: never start empty silently
    @Test
    void aMissingDatabaseBesideItsRemainsIsRefused() throws Exception {
        makeLedger();
        Files.delete(database);

        assertRefused("remains", "missing");
        assertThat(database).doesNotExist();
    }

    // R4: missing segment
    @Test
    void aMissingLogAfterACrashIsRefused() throws Exception {
        try (var ledger = open()) {
            ledger.accept(message("c1", 1));
            var image = image("image");
            Files.delete(image.resolve("ledger.db-wal"));

            assertThatThrownBy(() -> open(image, SETTINGS))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("ledger.db-wal is missing");
        }
    }

    @Test
    void afterAGoodEndNoLogIsNeeded() throws Exception {
        var ref = makeLedger();
        Files.deleteIfExists(home.resolve("ledger.db-wal"));

        try (var ledger = open()) {
            assertThat(ledger.message(ref)).isPresent();
        }
    }

    // R4: flipped bit, in the octets of a message
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE ledger_recipients SET recipients = replace(CAST(recipients AS TEXT),"
                        + " 'phone7@', 'phone8@')",
                "UPDATE ledger_message SET template = 'other'",
                "UPDATE ledger_message SET originator = 'sip:mallory@home.example'",
                "UPDATE ledger_message SET recipients = 1501",
                "UPDATE ledger_message SET spool = 'other'",
                "UPDATE ledger_state SET states = zeroblob(9990) WHERE part = 0",
                "UPDATE ledger_state SET reasons = 'x' WHERE part = 1",
                "DELETE FROM ledger_recipients WHERE part = 1"
            })
    void aDamagedUnfinishedMessageIsRefusedByItsNumber(String damage) throws Exception {
        var ref = makeLedger();
        execute(damage);

        assertRefused("message " + ref, "damaged", "quarantine-damaged");
    }

    @Test
    void aDamagedEndedMessageDoesNotStopTheStart() throws Exception {
        try (var ledger = open()) {
            var ref = ledger.accept(message("c1", 1)).message();
            ledger.record(ref, 0, delivered(1));
            ledger.answered(ref, OK);
        }
        execute("UPDATE ledger_state SET states = zeroblob(10)");

        open().close();
    }

    // R4: flipped bit, in the structure of the database
    @Test
    void aDamagedPageIsRefused() throws Exception {
        makeLedger();
        flip(database, 4_096 * 3L + 3, 0xff);

        assertRefused("damaged");
    }

    // R4: damage in the middle of the log
    @Test
    void aFlippedBitInTheMiddleOfTheLogIsRefused() throws Exception {
        try (var ledger = open()) {
            for (int i = 0; i < 5; i++) {
                ledger.accept(message("c" + i, 1));
            }
            var image = image("image");
            var log = image.resolve("ledger.db-wal");
            flip(log, 32 + 24 + 100, 0x01);

            assertThatThrownBy(() -> open(image, SETTINGS))
                    .isInstanceOf(LedgerRefused.class)
                    .hasMessageContaining("frame 1 is not what was written");
        }
    }

    // R2: whatever the end of the log has lost, whole transactions are found
    @Test
    void aTornEndOfTheLogIsCutOff() throws Exception {
        int messages = 6;
        try (var ledger = open()) {
            for (int i = 0; i < messages; i++) {
                var ref = ledger.accept(message("c" + i, 1_200)).message();
                ledger.record(ref, 1_199, delivered(1));
                ledger.flush(ref);
            }
            var image = image("image");
            var log = image.resolve("ledger.db-wal");
            long size = Files.size(log);
            int before = messages;
            for (int cut = 1; cut <= 12; cut++) {
                truncate(log, size - cut * size / 13 + cut % 3);
                int found = assertWhole(image);
                assertThat(found).isLessThanOrEqualTo(before);
                before = found;
                restoreImage(image);
            }
            assertThat(before).isLessThan(messages);
        }
    }

    private void restoreImage(Path image) throws IOException {
        try (var files = Files.list(image)) {
            for (var file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(image);
        image(image.getFileName().toString());
    }

    /// Returns how many messages there are.
    private static int assertWhole(Path image) throws LedgerRefused {
        try (var ledger = open(image, SETTINGS)) {
            var ranges = ledger.claimUnfinished(1_000);
            var messages = ledger.recent(1_000);
            assertThat(ranges).hasSize(2 * messages.size());
            for (var found : messages) {
                assertThat(ledger.accept(message(found.contributionId(), 1_200)).message())
                        .isEqualTo(found.message());
            }
            return messages.size();
        }
    }

    // R4
    @Test
    void aReadOnlyLedgerIsRefused() throws Exception {
        makeLedger();
        Assumptions.assumeFalse(
                System.getProperty("user.name").equals("root"),
                "root may write to every file: tried on a read-only file system instead");
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("r--r--r--"));

        assertRefused("read-only");
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void flip(Path file, long at, int bits) throws IOException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var octet = ByteBuffer.allocate(1);
            channel.read(octet, at);
            octet.put(0, (byte) (octet.get(0) ^ bits)).flip();
            channel.write(octet, at);
        }
    }
}
