package org.fanfare.spool;

import static java.nio.file.StandardOpenOption.READ;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/// Octets in a file.
///
/// All readers share one channel. A reader that is interrupted closes it, as every channel of the
/// JDK is closed then; whoever comes next opens it again, so the others do not notice. The writer
/// has a channel of its own.
final class FileContent implements Content, AutoCloseable {

    private static final int COPY_SIZE = 32 << 10;

    private final Path file;
    private final @Nullable FileChannel writer;
    private volatile @Nullable FileChannel shared;
    private volatile boolean closed;

    /// A file that is complete.
    FileContent(Path file) {
        this.file = file;
        this.writer = null;
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
        while (octets.hasRemaining()) {
            writer().write(octets);
        }
    }

    /// Returns when everything appended is on stable storage. Nothing more can be appended.
    void finish() throws IOException {
        try (var channel = writer()) {
            channel.force(true);
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return (int) shared(channel -> checkedCount(channel.read(target, position), position));
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
