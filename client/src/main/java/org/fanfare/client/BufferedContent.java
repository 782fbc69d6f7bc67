package org.fanfare.client;

import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Octets that come piece by piece: in memory up to a limit, then in a file, which is gone after
/// [#discard]. Nobody but the user of this process can read the file.
final class BufferedContent {

    private final int memoryOctets;
    private final Path folder;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private long length;
    private boolean discarded;

    BufferedContent(int memoryOctets, Path folder) {
        this.memoryOctets = memoryOctets;
        this.folder = folder;
    }

    /// @throws IOException when there is no more room, or it was discarded
    synchronized void append(ByteBuffer octets) throws IOException {
        if (discarded) {
            throw new IOException("discarded");
        }
        int more = octets.remaining();
        if (channel == null && length + more > memoryOctets) {
            moveToFile();
        }
        if (channel == null) {
            Octets.copyOf(octets).writeTo(memory);
        } else {
            while (octets.hasRemaining()) {
                channel.write(octets);
            }
        }
        length += more;
    }

    private void moveToFile() throws IOException {
        Files.createDirectories(folder);
        var made = Files.createTempFile(folder, "fanfare-message-", ".part");
        file = made;
        channel = FileChannel.open(made, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.wrap(memory.toByteArray()));
        memory = new ByteArrayOutputStream();
    }

    /// Nothing more will come.
    synchronized void complete() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    synchronized long length() {
        return length;
    }

    synchronized boolean isInMemory() {
        return file == null;
    }

    /// The first octets, at most so many.
    synchronized Octets first(int most) throws IOException {
        if (file == null) {
            var all = Octets.of(memory.toByteArray());
            return all.slice(0, Math.min(most, all.length()));
        }
        try (var in = Files.newInputStream(file)) {
            return Octets.of(in.readNBytes(most));
        }
    }

    /// What follows the first so many octets; to be closed.
    synchronized InputStream from(long offset) throws IOException {
        if (discarded) {
            throw new IOException("the content is kept only until the listener has returned");
        }
        if (file == null) {
            var in = new ByteArrayInputStream(memory.toByteArray());
            in.skipNBytes(offset);
            return in;
        }
        return Channels.newInputStream(FileChannel.open(file).position(offset));
    }

    synchronized void discard() {
        discarded = true;
        memory = new ByteArrayOutputStream();
        try {
            if (channel != null) {
                channel.close();
            }
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(BufferedContent.class.getName())
                    .log(System.Logger.Level.WARNING, "a file stays behind: {0}", e.getMessage());
        }
    }
}
