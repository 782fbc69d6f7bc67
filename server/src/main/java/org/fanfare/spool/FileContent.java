package org.fanfare.spool;

import static java.nio.file.StandardOpenOption.READ;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Octets in a file.
///
/// All readers share one channel. A reader that is interrupted closes it, as every channel of the
/// JDK is closed then; whoever comes next opens it again, so the others do not notice. The writer
/// has a channel of its own.
///
/// What will not change any more is mapped into memory, a window of [#WINDOW] octets at a time, so
/// that all readers send from the same pages. The pages are let go when the last reader is done.
final class FileContent implements Content, AutoCloseable {

    static final int WINDOW = 1 << 20;

    private static final int COPY_SIZE = 32 << 10;

    private final Path file;
    private final @Nullable FileChannel writer;
    private volatile @Nullable FileChannel shared;
    private volatile boolean closed;
    private volatile long written;
    private volatile boolean finished;

    private final Map<Long, ByteBuffer> windows = new ConcurrentHashMap<>();
    private @Nullable Arena mapped;

    /// A file that is complete.
    FileContent(Path file) throws IOException {
        this.file = file;
        this.writer = null;
        this.written = Files.size(file);
        this.finished = true;
    }

    /// A file to be written; the channel is closed with this.
    FileContent(Path file, FileChannel writer) {
        this.file = file;
        this.writer = writer;
    }

    private FileChannel writer() {
        if (writer == null) {
            throw new IllegalStateException(file + " is complete");
        }
        return writer;
    }

    void append(ByteBuffer octets) throws IOException {
        long end = written + octets.remaining();
        while (octets.hasRemaining()) {
            writer().write(octets);
        }
        written = end;
    }

    /// Returns when everything appended is on stable storage. Nothing more can be appended.
    void finish() throws IOException {
        try (var channel = writer()) {
            channel.force(true);
            finished = true;
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        var view = view(position, target.remaining());
        if (view != null) {
            int count = view.remaining();
            target.put(view);
            return count;
        }
        return (int) shared(channel -> checkedCount(channel.read(target, position), position));
    }

    @Override
    public @Nullable ByteBuffer view(long position, int max) throws IOException {
        long number = position / WINDOW;
        var window = windows.get(number);
        if (window == null) {
            window = map(number);
        }
        if (window == null) {
            return null;
        }
        int offset = (int) (position % WINDOW);
        return window.slice(offset, Math.min(max, window.limit() - offset));
    }

    /// Null while octets of it are still to be written.
    private @Nullable ByteBuffer map(long number) throws IOException {
        long from = number * WINDOW;
        boolean whole = written >= from + WINDOW;
        if (!whole && !finished) {
            return null;
        }
        int length = whole ? WINDOW : (int) (written - from);
        synchronized (windows) {
            var known = windows.get(number);
            if (known != null || closed || length <= 0) {
                return known;
            }
            @SuppressWarnings("MustBeClosedChecker") // closed by unmap
            var arena = mapped == null ? Arena.ofShared() : mapped;
            mapped = arena;
            var made = new ByteBuffer[1];
            shared(channel -> {
                if (channel.size() < from + length) {
                    throw new IOException(
                            "%s ends at octet %d, too early".formatted(file, channel.size()));
                }
                made[0] = channel.map(MapMode.READ_ONLY, from, length, arena).asByteBuffer();
                return length;
            });
            windows.put(number, made[0]);
            return made[0];
        }
    }

    /// Nobody reads any more.
    void unmap() {
        synchronized (windows) {
            closed = true;
            windows.clear();
            if (mapped != null) {
                mapped.close();
                mapped = null;
            }
        }
    }

    @Override
    public long transferTo(WritableByteChannel target, long position, long max) throws IOException {
        if (target instanceof SocketChannel) {
            long count = shared(channel -> channel.transferTo(position, max, target));
            if (count > 0) {
                return count;
            }
            // A socket under a virtual thread does not block there when it is full; to write does.
        }
        var copy = ByteBuffer.allocate((int) Math.min(max, COPY_SIZE));
        read(copy, position);
        copy.flip();
        return target.write(copy);
    }

    private int checkedCount(int count, long position) throws IOException {
        if (count <= 0) {
            throw new IOException("%s ends at octet %d, too early".formatted(file, position));
        }
        return count;
    }

    private interface Action {
        long on(FileChannel channel) throws IOException;
    }

    private long shared(Action action) throws IOException {
        while (true) {
            var channel = channel();
            try {
                return action.on(channel);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (ClosedChannelException e) {
                if (closed || channel.isOpen()) { // then it is the target that is closed
                    throw e;
                }
            }
        }
    }

    private FileChannel channel() throws IOException {
        var open = shared;
        return open != null && open.isOpen() ? open : openAgain();
    }

    private synchronized FileChannel openAgain() throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        var open = shared;
        if (open == null || !open.isOpen()) {
            open = FileChannel.open(file, READ);
            shared = open;
        }
        return open;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        var open = shared;
        try (var _ = writer;
                var _ = open) {
            shared = null;
        }
    }
}
