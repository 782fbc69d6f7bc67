package org.fanfare.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The file that lets one process alone work on a ledger (R7), and tells the next one whether the
/// last one closed it.
final class LedgerLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerLock.class);

    private static final String OPEN = "open";
    private static final String CLOSED = "closed\n";

    /// POSIX gives a lock up when the process closes any channel on the file, so a second opening
    /// in this process must be seen before it touches the file.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    private final boolean leftOpen;

    private LedgerLock(Path file, FileChannel channel, FileLock lock, boolean leftOpen) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
        this.leftOpen = leftOpen;
    }

    static LedgerLock take(Path directory) throws LedgerRefused, IOException {
        var file = directory.toRealPath().resolve("lock");
        if (!HELD_HERE.add(file)) {
            throw inUse(directory, "this process, " + ProcessHandle.current().pid());
        }
        LedgerLock taken = null;
        try {
            taken = lock(directory, file);
            taken.write(taken.leftOpen ? owner() + OPEN + "\n" : owner());
            return taken;
        } finally {
            if (taken == null) {
                HELD_HERE.remove(file);
            }
        }
    }

    private static LedgerLock lock(Path directory, Path file) throws LedgerRefused, IOException {
        var channel = FileChannel.open(file, CREATE, READ, WRITE);
        var lock = channel.tryLock();
        var text = read(channel);
        if (lock == null) {
            channel.close();
            throw inUse(directory, text.lines().findFirst().orElse("another process"));
        }
        return new LedgerLock(file, channel, lock, text.lines().anyMatch(OPEN::equals));
    }

    private static LedgerRefused inUse(Path directory, String by) {
        return new LedgerRefused(
                "the ledger %s is in use by %s; stop that one, or set another ledger.url"
                        .formatted(directory, by));
    }

    private static String owner() {
        return "process %d, started %s%n"
                .formatted(
                        ProcessHandle.current().pid(),
                        ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH));
    }

    private static String read(FileChannel channel) throws IOException {
        var content = ByteBuffer.allocate(1024);
        channel.read(content, 0);
        return new String(content.array(), 0, content.position(), UTF_8);
    }

    private void write(String text) throws IOException {
        channel.truncate(0);
        channel.write(UTF_8.encode(text), 0);
        channel.force(true);
    }

    /// The process before this one ended with the database open.
    boolean wasLeftOpen() {
        return leftOpen;
    }

    /// The database is open, its journal exists.
    void opened() throws IOException {
        write(owner() + OPEN + "\n");
    }

    /// The database was closed in good order.
    void closed() {
        try {
            write(CLOSED);
        } catch (IOException e) {
            LOG.warn("ledger: cannot write {}: {}", file, e.toString());
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            LOG.warn("ledger: cannot release {}: {}", file, e.toString());
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
