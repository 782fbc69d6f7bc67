package org.fanfare.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/// Reads a [Spool] from octet 0 on. One thread reads and closes; any thread may cancel, which ends
/// a read that waits. As with every channel, an interrupt closes it.
public final class SpoolReader implements ReadableByteChannel {

    private final Spool spool;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile long position;
    private volatile boolean waiting;

    SpoolReader(Spool spool) {
        this.spool = spool;
    }

    /// Octets read so far.
    public long position() {
        return position;
    }

    /// Octets that can be read now without waiting.
    ///
    /// @throws SpoolAborted if the content will never be complete
    public long available() throws SpoolAborted {
        return Math.max(0, spool.readable(position));
    }

    /// Waits at the live edge until there are octets, and reads as many as there are.
    ///
    /// @return how many, or -1 at the end of an accepted message
    /// @throws SpoolAborted if the content will never be complete
    /// @throws ClosedByInterruptException if the thread is interrupted; the reader is closed
    /// @throws ClosedChannelException if the reader is closed
    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            checkOpen();
            return 0;
        }
        long there = await();
        if (there == 0) {
            return -1;
        }
        long at = position;
        int limit = target.limit();
        target.limit(target.position() + (int) Math.min(target.remaining(), there));
        try {
            int count = spool.read(target, at);
            position = at + count;
            return count;
        } finally {
            target.limit(limit);
        }
    }

    /// Waits at the live edge until there are octets, and gives some of them, at most `max`,
    /// without a copy: they are shared by all readers, and valid until this one is closed.
    ///
    /// @return null when they can only be read, and at the end: [#read] goes on
    /// @throws IOException as [#read] does
    public @Nullable ByteBuffer view(int max) throws IOException {
        long there = await();
        if (there == 0) {
            return null;
        }
        long at = position;
        var view = spool.view(at, (int) Math.min(there, max));
        if (view != null) {
            position = at + view.remaining();
        }
        return view;
    }

    /// Waits at the live edge until there are octets, and gives some of them, at most `max`, to the
    /// channel; where they are on disk and the channel is a socket, without a copy of ours. Blocks
    /// while the socket takes nothing.
    ///
    /// @return how many, or -1 at the end of an accepted message
    /// @throws IOException as [#read] does, and what the channel throws
    public long transferTo(WritableByteChannel target, long max) throws IOException {
        if (max <= 0) {
            throw new IllegalArgumentException("max: expected 1 or more, got " + max);
        }
        long there = await();
        if (there == 0) {
            return -1;
        }
        long at = position;
        long count = spool.transferTo(target, at, Math.min(there, max));
        position = at + count;
        return count;
    }

    private long await() throws IOException {
        try {
            if (Thread.currentThread().isInterrupted()) { // before it closes what others share
                throw new InterruptedException();
            }
            return spool.await(this, position);
        } catch (InterruptedException _) {
            close();
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        }
    }

    /// Before it looks for the last time whether it is open.
    void waits() {
        waiting = true;
    }

    void goesOn() {
        waiting = false;
    }

    void checkOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    /// Ends a read that waits, and those to come. For any thread; what it has given stays valid.
    public void cancel() {
        if (!closed.getAndSet(true) && waiting) {
            spool.wake();
        }
    }

    @Override
    public void close() {
        cancel();
        if (!left.getAndSet(true)) {
            spool.readerLeaves();
        }
    }
}
