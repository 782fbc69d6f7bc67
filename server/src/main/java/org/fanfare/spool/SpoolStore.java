package org.fanfare.spool;

import static java.nio.file.StandardOpenOption.READ;

import org.fanfare.ledger.SpoolReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;

/// All spools of a node, and the directory where their files are.
///
/// At start: open it, open the ledger, call [#removeAllBut] with what the ledger still needs, then
/// [#reopen] what is taken up.
public final class SpoolStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolStore.class);

    /// Whose reopened contents are.
    static final String NOBODY = "";

    private static final int VERIFY_SIZE = 64 << 10;

    private final SpoolDirectory directory;
    private final SpoolLimits limits;
    private final Room room;
    private final RandomGenerator random = new SecureRandom();
    private final Map<String, Spool> open = new HashMap<>();

    /// Files that nobody has open, with their lengths.
    private final Map<String, Long> atRest;

    private boolean closed;

    private SpoolStore(SpoolDirectory directory, SpoolLimits limits) throws IOException {
        this.directory = directory;
        this.limits = limits;
        this.room = new Room(limits);
        this.atRest = directory.own();
        atRest.values().forEach(length -> room.occupy(NOBODY, length));
    }

    /// Opens, and makes the directory if there is none.
    ///
    /// @param node the name that the ledger knows this node by; one process at a time may have it
    public static SpoolStore open(Path directory, String node, SpoolLimits limits)
            throws IOException {
        return new SpoolStore(SpoolDirectory.open(directory, node), limits);
    }

    /// A new spool, to be uploaded.
    ///
    /// @param originator whose room it takes, see [SpoolLimits#ofOriginator]
    public synchronized Spool create(String originator) {
        checkOpen();
        var id = directory.newId(random);
        var spool = new Spool(this, id, originator);
        open.put(id, spool);
        return spool;
    }

    /// The spool that a ledger record names, after a restart or because this process has it open.
    /// Its whole content is read once and compared with what the record says.
    ///
    /// @throws SpoolDamaged if it is missing or not what was written
    /// @throws IOException if it cannot be read
    public Spool reopen(SpoolReference reference) throws IOException {
        var known = known(reference);
        if (known != null) {
            return known;
        }
        verify(reference);
        return opened(reference);
    }

    /// One that is about to end has ended when this returns.
    private synchronized @Nullable Spool known(SpoolReference reference)
            throws InterruptedIOException {
        checkOpen();
        try {
            for (var spool = open.get(reference.id());
                    spool != null;
                    spool = open.get(reference.id())) {
                if (spool.own()) {
                    return spool;
                }
                wait();
            }
            return null;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private synchronized Spool opened(SpoolReference reference) throws IOException {
        var known = known(reference); // by another thread in the meantime
        if (known != null) {
            return known;
        }
        if (atRest.remove(reference.id()) == null) {
            room.occupy(NOBODY, reference.length()); // made by another node
        }
        var file = new FileContent(directory.file(reference.id()));
        var spool = new Spool(this, reference, file);
        open.put(reference.id(), spool);
        return spool;
    }

    private void verify(SpoolReference reference) throws IOException {
        var checksum = new CRC32C();
        long length = 0;
        var buffer = ByteBuffer.allocateDirect(VERIFY_SIZE);
        try (var file = FileChannel.open(directory.file(reference.id()), READ)) {
            while (file.read(buffer.clear()) >= 0) {
                length += buffer.flip().remaining();
                checksum.update(buffer);
            }
        } catch (NoSuchFileException _) {
            throw new SpoolDamaged(reference.id(), "its file is missing");
        }
        if (length != reference.length()) {
            throw new SpoolDamaged(
                    reference.id(),
                    "expected %d octets, found %d".formatted(reference.length(), length));
        }
        if (checksum.getValue() != reference.checksum()) {
            throw new SpoolDamaged(reference.id(), "its content is not what was written");
        }
    }

    /// Whether a spool was made by this node, and not by one that keeps its files elsewhere.
    public boolean isOwn(String id) {
        return directory.isOwn(id);
    }

    /// Removes files that nobody has open and no message needs: at start, and from time to time.
    ///
    /// @param needed asks the ledger; is called after it is known which files are not open, so that
    ///   a message accepted meanwhile loses nothing
    /// @return how many were removed
    public int removeAllBut(Supplier<Set<String>> needed) {
        var candidates = filesAtRest();
        if (candidates.isEmpty()) {
            return 0;
        }
        var kept = needed.get();
        int removed = 0;
        for (var id : candidates) {
            removed += !kept.contains(id) && removeAtRest(id) ? 1 : 0;
        }
        return removed;
    }

    private synchronized List<String> filesAtRest() {
        return List.copyOf(atRest.keySet());
    }

    private synchronized boolean removeAtRest(String id) {
        var length = atRest.remove(id);
        if (length == null) {
            return false; // is open now
        }
        try {
            directory.delete(id);
            room.giveBack(NOBODY, length);
            return true;
        } catch (IOException e) {
            LOG.warn("spool {}: cannot be removed: {}", id, e.toString());
            atRest.put(id, length);
            return false;
        }
    }

    public SpoolFigures figures() {
        var spools = openSpools();
        return room.figures(spools.size(), spools.stream().mapToInt(Spool::readers).sum());
    }

    private synchronized List<Spool> openSpools() {
        return List.copyOf(open.values());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the spools are closed");
        }
    }

    /// Every reader fails. Files of accepted messages stay, others are removed.
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        openSpools().forEach(Spool::shutDown);
    }

    // What spools ask for.

    SpoolDirectory directory() {
        return directory;
    }

    Room room() {
        return room;
    }

    MemoryContent newMemory() {
        return new MemoryContent(limits, room);
    }

    /// @throws SpoolFull if the disk has no room for as many octets beside what is kept free
    void checkFree(long octets) throws IOException {
        long free = directory.free();
        if (octets > free - limits.keptFree()) {
            room.refused();
            throw new SpoolFull(
                    "the disk has %d octets free, of which %d are kept free"
                            .formatted(free, limits.keptFree()));
        }
    }

    /// Writing has failed: because the disk is full in spite of what is kept free, or otherwise.
    IOException fullOr(IOException trouble, long octets) throws IOException {
        if (directory.free() > octets) {
            return trouble;
        }
        room.refused();
        return new SpoolFull("the disk is full", trouble);
    }

    /// @param charged octets of its file, 0 if that was removed
    synchronized void ended(Spool spool, long charged) {
        open.remove(spool.id(), spool);
        if (charged > 0) {
            room.occupy(NOBODY, charged);
            atRest.put(spool.id(), charged);
        }
        notifyAll();
    }
}
