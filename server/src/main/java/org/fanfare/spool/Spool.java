package org.fanfare.spool;

import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.SpoolReference;
import org.fanfare.msrp.EndLineWatch;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;

/// The content of one large message: appended to by its upload, read by any number of readers at
/// their own pace.
///
/// The upload calls [#append], then [#complete], puts what that returns into the ledger, and then
/// calls [#accepted]. Until then readers do not get the last octet, so that nobody can have a whole
/// message that was not accepted (K8). What goes wrong on the way aborts the spool.
///
/// An owner is who has made the spool or reopened it; each ends that with one [#close] or
/// [#remove]. The spool ends when owners and readers are done. Safe for use by any number of
/// threads, of which one uploads.
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    /// Octets that the disk is asked about at a time: each question costs as much as a small write.
    private static final int LOOK_AHEAD = 256 << 10;

    private enum State {
        UPLOAD,
        COMPLETE,
        ACCEPTED,
        ABORTED
    }

    private final SpoolStore store;
    private final String id;
    private final String originator;
    private final CRC32C checksum = new CRC32C();
    private final EndLineWatch endLines = new EndLineWatch();
    private final boolean reopened;
    private final Object writing = new Object();
    private final Users users = new Users();

    /// Where readers wait for more; none when nobody does.
    private final AtomicReference<@Nullable CountDownLatch> edge = new AtomicReference<>();

    private volatile State state;
    private volatile long length;
    private volatile Content content;
    private @Nullable FileContent file;
    private @Nullable SpoolReference reference;
    private long charged;

    /// Octets that the disk had room for when it was looked at, and that are not written yet.
    private long checkedFree;

    /// An empty one, to be uploaded.
    Spool(SpoolStore store, String id, String originator) {
        this.store = store;
        this.id = id;
        this.originator = originator;
        this.state = State.UPLOAD;
        this.content = store.newMemory();
        this.reopened = false;
    }

    /// One that was accepted before, with its file verified.
    Spool(SpoolStore store, SpoolReference reference, FileContent file) {
        this.store = store;
        this.id = reference.id();
        this.originator = SpoolStore.NOBODY;
        this.reference = reference;
        this.state = State.ACCEPTED;
        this.length = reference.length();
        this.charged = reference.length();
        this.file = file;
        this.content = file;
        this.reopened = true;
    }

    public String id() {
        return id;
    }

    /// Octets appended so far.
    public long length() {
        return length;
    }

    /// Whether an MSRP end line may stand in what was appended so far. Of a content that was
    /// reopened that is not known.
    public boolean mayHoldEndLine() {
        return reopened || endLines.mayHoldEndLine();
    }

    /// No more octets follow.
    public boolean isComplete() {
        return state == State.COMPLETE || state == State.ACCEPTED;
    }

    public boolean isAccepted() {
        return state == State.ACCEPTED;
    }

    public boolean isAborted() {
        return state == State.ABORTED;
    }

    // The upload.

    /// Takes all that remains in the buffer. Readers that wait for it go on at the next [#flush].
    ///
    /// @throws SpoolFull if there is no room for it; the spool is aborted
    /// @throws SpoolAborted if it was aborted before
    /// @throws IOException if it cannot be written; the spool is aborted
    public void append(ByteBuffer octets) throws IOException {
        synchronized (writing) {
            checkUpload();
            int count = octets.remaining();
            boolean done = false;
            try {
                store.room().take(originator, length, count);
                charged += count;
                checksum.update(octets.duplicate());
                endLines.add(octets);
                write(octets);
                done = true;
            } finally {
                abortUnless(done);
            }
            length += count;
        }
        CrashPoint.IN_UPLOAD.visit();
    }

    /// Readers that wait get what was appended: several appends are worth one awakening.
    public void flush() {
        wake();
    }

    /// As [#append(ByteBuffer)].
    public void append(Octets octets) throws IOException {
        append(octets.asByteBuffer());
    }

    private void checkUpload() throws SpoolAborted {
        if (state == State.ABORTED) {
            throw new SpoolAborted(id);
        }
        if (state != State.UPLOAD) {
            throw new IllegalStateException("spool %s is complete".formatted(id));
        }
    }

    private void write(ByteBuffer octets) throws IOException {
        if (content instanceof MemoryContent memory) {
            if (memory.append(octets)) {
                return;
            }
            content = written(memory);
            memory.giveBack();
        }
        int count = octets.remaining();
        if (count > checkedFree) {
            checkedFree = Math.max(count, LOOK_AHEAD);
            store.checkFree(checkedFree);
        }
        checkedFree -= count;
        try {
            ((FileContent) content).append(octets);
        } catch (IOException e) {
            throw store.fullOr(e, count);
        }
    }

    private FileContent written(MemoryContent memory) throws IOException {
        store.checkFree(length);
        var made = store.directory().create(id);
        file = made;
        memory.writeTo(made);
        return made;
    }

    /// Returns when the content is on stable storage, so that a ledger record may name it. Readers
    /// still do not get the end.
    ///
    /// @throws SpoolAborted if it was aborted before
    /// @throws IOException if it cannot be written; the spool is aborted
    public SpoolReference complete() throws IOException {
        synchronized (writing) {
            if (reference != null && state != State.ABORTED) {
                return reference;
            }
            checkUpload();
            boolean done = false;
            try {
                var made = content instanceof MemoryContent memory ? written(memory) : file();
                made.finish();
                store.directory().sync();
                done = true;
            } finally {
                abortUnless(done);
            }
            var result = new SpoolReference(id, length, checksum.getValue());
            reference = result;
            state = State.COMPLETE;
            wake();
            CrashPoint.SPOOL_COMPLETE.visit();
            return result;
        }
    }

    private FileContent file() {
        if (file == null) {
            throw new IllegalStateException("spool %s has no file".formatted(id));
        }
        return file;
    }

    /// The ledger has the message: readers get the last octet and the end, and the file stays until
    /// it is removed.
    ///
    /// @throws SpoolAborted if it was aborted before
    public void accepted() throws SpoolAborted {
        synchronized (writing) {
            if (state == State.ABORTED) {
                throw new SpoolAborted(id);
            }
            if (state == State.UPLOAD) {
                throw new IllegalStateException("spool %s is not complete".formatted(id));
            }
            state = State.ACCEPTED;
        }
        wake();
    }

    /// The message will not be accepted: every reader fails with [SpoolAborted], and the file goes.
    /// Of a message that was accepted before, nothing happens.
    public void abort() {
        synchronized (writing) {
            if (state == State.ACCEPTED || state == State.ABORTED) {
                return;
            }
            state = State.ABORTED;
            discard();
        }
        wake();
    }

    private void abortUnless(boolean done) {
        if (!done) {
            abort();
        }
    }

    // Reading.

    /// A new reader, from octet 0 on.
    ///
    /// @throws IllegalStateException when all owners are done
    public SpoolReader reader() {
        users.enter(id);
        return new SpoolReader(this);
    }

    /// Waits until there are octets after the position.
    ///
    /// @return how many, or 0 at the end
    long await(SpoolReader reader, long position) throws IOException, InterruptedException {
        while (true) {
            reader.checkOpen();
            long there = readable(position);
            if (there >= 0) {
                return there;
            }
            var next = edge();
            reader.waits();
            if (readable(position) < 0 && reader.isOpen()) {
                next.await();
            }
            reader.goesOn();
        }
    }

    /// Octets after the position, 0 at the end, -1 when more will come.
    long readable(long position) throws SpoolAborted {
        return switch (state) { // before the length, which does not grow once it is accepted
            case UPLOAD, COMPLETE -> position < length - 1 ? length - 1 - position : -1;
            case ACCEPTED -> length - position;
            case ABORTED -> throw new SpoolAborted(id);
        };
    }

    private CountDownLatch edge() {
        var made = new CountDownLatch(1);
        var known = edge.compareAndExchange(null, made);
        return known == null ? made : known;
    }

    /// Those who wait look again. The first to go on wakes the next one, so this returns at once.
    void wake() {
        var waiting = edge.getAndSet(null);
        if (waiting != null) {
            waiting.countDown();
        }
    }

    int read(ByteBuffer target, long position) throws IOException {
        return reading(() -> content.read(target, position));
    }

    @Nullable ByteBuffer view(long position, int max) throws IOException {
        return reading(() -> content.view(position, max));
    }

    long transferTo(WritableByteChannel target, long position, long max) throws IOException {
        return reading(() -> content.transferTo(target, position, max));
    }

    private interface Reading<T extends @Nullable Object> {
        T perform() throws IOException;
    }

    /// That the file is closed under a reader is how it learns of the end in mid-read.
    private <T extends @Nullable Object> T reading(Reading<T> action) throws IOException {
        try {
            return action.perform();
        } catch (IOException e) {
            if (state == State.ABORTED) {
                var aborted = new SpoolAborted(id);
                aborted.addSuppressed(e);
                throw aborted;
            }
            throw e;
        }
    }

    // The end.

    /// This owner is done. The file of an accepted message stays for the next start, or for another
    /// owner; a message that was not accepted is aborted with its last owner.
    @Override
    public void close() {
        if (users.ownerLeaves(false)) {
            end();
        }
    }

    /// This owner is done, and the message needs its content no more: the file goes with the last
    /// reader. Only for a message of which no recipient is pending anywhere.
    public void remove() {
        if (users.ownerLeaves(true)) {
            end();
        }
    }

    void readerLeaves() {
        if (users.readerLeaves()) {
            end();
        }
    }

    /// One more owner, unless the spool has ended.
    public boolean own() {
        return users.ownerComes();
    }

    int readers() {
        return users.readers();
    }

    private void end() {
        abort();
        synchronized (writing) {
            if (state == State.ACCEPTED) {
                if (users.isToBeRemoved()) {
                    discard();
                } else {
                    closeFile();
                    giveMemoryBack();
                }
            }
            if (file != null) {
                file.unmap();
            }
            store.room().giveBack(originator, charged);
            store.ended(this, charged);
        }
    }

    /// The store closes: who reads fails, what is accepted stays on disk.
    void shutDown() {
        abort();
        synchronized (writing) {
            closeFile();
        }
    }

    private void discard() {
        closeFile();
        giveMemoryBack();
        try {
            if (file != null) {
                store.directory().delete(id);
            }
            store.room().giveBack(originator, charged);
            charged = 0;
        } catch (IOException e) {
            LOG.warn("spool {}: cannot be removed: {}", id, e.toString());
        }
    }

    private void giveMemoryBack() {
        if (content instanceof MemoryContent memory) {
            memory.giveBack();
        }
    }

    private void closeFile() {
        try (var _ = file) {
            LOG.debug("spool {}: {} octets, {}", id, length, state);
        } catch (IOException e) {
            LOG.warn("spool {}: cannot be closed: {}", id, e.toString());
        }
    }
}
