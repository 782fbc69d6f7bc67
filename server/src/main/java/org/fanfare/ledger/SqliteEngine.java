package org.fanfare.ledger;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/// SQLite in a directory of its own: `ledger.db` with its write-ahead log, `lock`, and `reserve`.
///
/// A database is made under another name and renamed when it is complete, so `ledger.db` is never
/// half made, and one that is empty or missing beside its log has been damaged (R4).
final class SqliteEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteEngine.class);

    /// "FNFR" in the header of the database file.
    static final int APPLICATION_ID = 0x464e_4652;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER_SIZE = 100;
    private static final int APPLICATION_ID_OFFSET = 68;

    private static final String OCTETS = "BLOB";
    private static final int PAGE_SIZE = 4096;
    private static final long LOG_LIMIT = 64L << 20;
    private static final int BUSY_MILLIS = 10_000;

    /// Checked before the server listens up to this size, beside the work above it.
    private static final long CHECK_AT_ONCE = 64L << 20;

    private static final int KEPT_FREE_PAGES = 1_024;
    private static final int COMPACT_STEP_PAGES = 2_048;

    private final Path directory;
    private final Path database;
    private final Path reserve;
    private final LedgerSettings settings;
    private final LedgerLock lock;

    private SqliteEngine(Path directory, LedgerSettings settings, LedgerLock lock) {
        this.directory = directory;
        this.database = directory.resolve("ledger.db");
        this.reserve = directory.resolve("reserve");
        this.settings = settings;
        this.lock = lock;
    }

    /// Opens the ledger of a directory, and makes it if there is none.
    static SqliteEngine open(Path directory, LedgerSettings settings) throws LedgerRefused {
        try {
            makeDirectory(directory);
            var lock = LedgerLock.take(directory);
            var engine = new SqliteEngine(directory, settings, lock);
            boolean opened = false;
            try {
                engine.openDatabase();
                opened = true;
                return engine;
            } finally {
                if (!opened) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw new LedgerRefused(
                    "the ledger %s cannot be opened for writing: %s".formatted(directory, e), e);
        } catch (SQLException e) {
            throw new LedgerRefused(
                    "the ledger %s cannot be opened: %s; restore it from a backup, or move it away to begin empty"
                            .formatted(directory, e.getMessage()),
                    e);
        }
    }

    private static void makeDirectory(Path directory) throws IOException, LedgerRefused {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new LedgerRefused(
                    "%s is a file, where the ledger needs a directory; set another ledger.url"
                            .formatted(directory));
        }
        if (!Files.exists(directory)) {
            Files.createDirectories(directory);
            if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(
                        directory, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    private void openDatabase() throws IOException, SQLException, LedgerRefused {
        if (Files.exists(database)) {
            checkFiles();
        } else {
            checkNothingLost();
            create();
        }
        try (var connection = writer()) {
            migrate(connection);
            checkFormat(connection);
            if (Files.size(database) <= CHECK_AT_ONCE) {
                checkStructure(connection);
            }
        }
        restoreReserve();
        lock.opened();
    }

    /// What the header tells, before SQLite touches the file.
    private void checkFiles() throws IOException, LedgerRefused {
        if (!Files.isWritable(database) || !Files.isWritable(directory)) {
            throw new LedgerRefused("the ledger %s is read-only".formatted(directory));
        }
        var header = ByteBuffer.allocate(HEADER_SIZE);
        try (var channel = FileChannel.open(database, READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // reads on
            }
        }
        if (header.hasRemaining()) {
            throw damaged("it has %d octets, less than a header".formatted(header.position()));
        }
        if (!header.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
                || header.getInt(APPLICATION_ID_OFFSET) != APPLICATION_ID) {
            throw new LedgerRefused(
                    "%s is not a ledger of Fanfare; set another ledger.url, or move it away"
                            .formatted(database));
        }
        if (lock.wasLeftOpen() && !Files.exists(log())) {
            throw new LedgerRefused(
                    """
                    the ledger %s was left open by its last process, and its log %s is missing: the newest \
                    messages were in it; restore it, or, if another tool has merged it into the database, \
                    remove the file "lock" and start again\
                    """
                            .formatted(directory, log().getFileName()));
        }
        if (Files.exists(log())) {
            var damage = SqliteLog.damage(log());
            if (damage.isPresent()) {
                throw damaged("in its log " + log().getFileName() + " " + damage.get());
            }
        }
    }

    /// No database: only a directory in which there never was one may begin empty.
    private void checkNothingLost() throws LedgerRefused {
        if (Files.exists(log()) || Files.exists(reserve) || lock.wasLeftOpen()) {
            throw new LedgerRefused(
                    "in %s are the remains of a ledger, but %s is missing; restore it, or move the directory away to begin empty"
                            .formatted(directory, database.getFileName()));
        }
    }

    private Path log() {
        return directory.resolve("ledger.db-wal");
    }

    private LedgerRefused damaged(String how) {
        return new LedgerRefused(
                "the ledger %s is damaged: %s; restore it from a backup, or move the directory away to begin empty"
                        .formatted(database, how));
    }

    private void create() throws IOException, SQLException {
        var draft = directory.resolve("ledger.new");
        Files.deleteIfExists(draft);
        var config = new SQLiteConfig();
        config.setPageSize(PAGE_SIZE);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try (var connection =
                        DriverManager.getConnection("jdbc:sqlite:" + draft, config.toProperties());
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum = INCREMENTAL"); // before the first page
            statement.execute("PRAGMA application_id = " + APPLICATION_ID);
            statement.execute("PRAGMA user_version = " + Sql.FORMAT);
            for (var sql : Sql.schema(OCTETS, "INTEGER")) {
                statement.execute(sql);
            }
        }
        sync(draft);
        Files.move(draft, database, StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        LOG.info("ledger: new, in {}", database);
    }

    private static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path, READ)) {
            channel.force(true);
        }
    }

    /// In one transaction, so that a crash leaves the one format or the other.
    private static void migrate(Connection connection) throws SQLException {
        if (Sql.migrate(connection, OCTETS)) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA user_version = " + Sql.FORMAT);
            }
        }
        connection.commit();
    }

    private void checkFormat(Connection connection) throws SQLException, LedgerRefused {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery(Sql.SELECT_FORMAT)) {
            int version = row.next() ? row.getInt(1) : 0;
            if (version != Sql.FORMAT) {
                throw new LedgerRefused(wrongFormat(database.toString(), version));
            }
        }
    }

    static String wrongFormat(String where, int version) {
        return version > Sql.FORMAT
                ? "the ledger %s has format %d, this release knows formats up to %d; use a newer release"
                        .formatted(where, version, Sql.FORMAT)
                : "the ledger %s has format %d, which was never released".formatted(where, version);
    }

    private void checkStructure(Connection connection) throws SQLException, LedgerRefused {
        try (var statement = connection.createStatement();
                var row = statement.executeQuery("PRAGMA quick_check(1)")) {
            var verdict = row.next() ? row.getString(1) : "no answer";
            if (!verdict.equals("ok")) {
                throw damaged(verdict.replace('\n', ' '));
            }
        }
    }

    /// Looks through a database that is too large for that at the start.
    ///
    /// @return what is wrong, or nothing
    @Nullable String checkBesideWork() throws IOException, SQLException {
        if (Files.size(database) <= CHECK_AT_ONCE) {
            return null;
        }
        try (var connection = reader()) {
            checkStructure(connection);
            return null;
        } catch (LedgerRefused e) {
            return e.getMessage();
        }
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public Connection writer() throws SQLException {
        var config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit((int) LOG_LIMIT);
        config.setBusyTimeout(BUSY_MILLIS);
        var connection =
                DriverManager.getConnection("jdbc:sqlite:" + database, config.toProperties());
        if (settings.maxSize() < Long.MAX_VALUE) {
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA max_page_count = " + settings.maxSize() / PAGE_SIZE);
            }
        }
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public Connection reader() throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLIS);
        return DriverManager.getConnection("jdbc:sqlite:" + database, config.toProperties());
    }

    @Override
    public Trouble trouble(SQLException e) {
        if (!(e instanceof SQLiteException cause)) {
            return Trouble.STATEMENT;
        }
        return switch (SQLiteErrorCode.getErrorCode(cause.getResultCode().code & 0xff)) {
            case SQLITE_FULL -> Trouble.FULL;
            case SQLITE_BUSY, SQLITE_LOCKED -> Trouble.AWAY;
            case SQLITE_IOERR,
                    SQLITE_CORRUPT,
                    SQLITE_NOTADB,
                    SQLITE_READONLY,
                    SQLITE_CANTOPEN,
                    SQLITE_PERM,
                    SQLITE_NOMEM ->
                    Trouble.BROKEN;
            default -> Trouble.STATEMENT;
        };
    }

    @Override
    public boolean freeReserve() {
        try {
            return Files.deleteIfExists(reserve);
        } catch (IOException e) {
            LOG.warn("ledger: cannot free {}: {}", reserve, e.toString());
            return false;
        }
    }

    @Override
    public boolean restoreReserve() {
        try {
            if (Files.exists(reserve) && Files.size(reserve) >= settings.reserve()) {
                return true;
            }
            // Otherwise the next message would be the next failure.
            if (Files.getFileStore(directory).getUsableSpace() < 2 * settings.reserve()) {
                return false;
            }
            try (var channel = FileChannel.open(reserve, CREATE, WRITE, TRUNCATE_EXISTING)) {
                var block = ByteBuffer.allocate(1 << 16);
                for (long left = settings.reserve(); left > 0; left -= block.capacity()) {
                    block.clear().limit((int) Math.min(left, block.capacity()));
                    while (block.hasRemaining()) {
                        channel.write(block);
                    }
                }
                channel.force(true);
            }
            return true;
        } catch (IOException e) {
            LOG.debug("ledger: no room for {}", reserve, e);
            freeReserve();
            return false;
        }
    }

    /// Free pages are used again; of a surplus some go back each time, so that writing is not held
    /// up.
    @Override
    public void compact(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            long free;
            try (var row = statement.executeQuery("PRAGMA freelist_count")) {
                free = row.next() ? row.getLong(1) : 0;
            }
            long surplus = Math.min(free - KEPT_FREE_PAGES, COMPACT_STEP_PAGES);
            if (surplus > 0) {
                // execute() would stop after the first page
                statement.executeUpdate("PRAGMA incremental_vacuum(" + surplus + ")");
            }
        }
    }

    @Override
    public String name() {
        return database.toString();
    }

    @Override
    public void close() {
        lock.closed();
        lock.close();
    }
}
