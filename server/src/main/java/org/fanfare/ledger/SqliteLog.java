package org.fanfare.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// Looks at SQLite's write-ahead log before SQLite does.
///
/// SQLite takes the first frame with a wrong checksum for the end of the log, which is right for a
/// torn tail. But where a whole transaction follows the wrong frame, and another frame follows that
/// transaction, the wrong one had been synced before: it was damaged later, and what comes after it
/// would be lost without a word. Format: sqlite.org/fileformat2.html, section 4.
final class SqliteLog {

    private static final int HEADER_SIZE = 32;
    private static final int FRAME_HEADER_SIZE = 24;
    private static final int MAGIC = 0x377f_0682;

    private final FileChannel channel;
    private final ByteBuffer header;
    private final ByteBuffer frame;
    private final ByteOrder order;

    private SqliteLog(FileChannel channel, ByteBuffer header) {
        this.channel = channel;
        this.header = header;
        this.frame = ByteBuffer.allocate(FRAME_HEADER_SIZE + header.getInt(8));
        this.order = (header.getInt(0) & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    /// What is wrong with a log, if anything.
    static Optional<String> damage(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var header = ByteBuffer.allocate(HEADER_SIZE);
            if (!read(channel, header, 0)) {
                return Optional.empty(); // nothing was committed to it
            }
            if ((header.getInt(0) & ~1) != MAGIC || !isPageSize(header.getInt(8))) {
                return Optional.of("its header is not that of a log");
            }
            return new SqliteLog(channel, header).damage();
        }
    }

    private static boolean isPageSize(int size) {
        return size >= 512 && size <= 65_536 && Integer.bitCount(size) == 1;
    }

    private static boolean read(FileChannel channel, ByteBuffer target, long from)
            throws IOException {
        target.clear();
        while (target.hasRemaining()) {
            if (channel.read(target, from + target.position()) < 0) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> damage() throws IOException {
        if (sum(0L, header, 0, 24) != pair(header, 24)) {
            return Optional.of("the checksum of its header is wrong");
        }
        long seed = pair(header, 24);
        long number = 0;
        while (readFrame(number)) {
            if (!isValid(seed)) {
                return isFollowed(number)
                        ? Optional.of("frame %d is not what was written".formatted(number + 1))
                        : Optional.empty();
            }
            seed = pair(frame, 16);
            number++;
        }
        return Optional.empty();
    }

    /// Whether a committed transaction, and then something else, comes after the frame.
    private boolean isFollowed(long wrong) throws IOException {
        long seed = pair(frame, 16);
        boolean committed = false;
        for (long number = wrong + 1; readFrame(number); number++) {
            if (isValid(seed)) {
                if (committed) {
                    return true;
                }
                committed = frame.getInt(4) != 0;
            }
            seed = pair(frame, 16);
        }
        return false;
    }

    private boolean readFrame(long number) throws IOException {
        return read(channel, frame, HEADER_SIZE + number * frame.capacity());
    }

    private boolean isValid(long seed) {
        return pair(frame, 8) == pair(header, 16)
                && pair(frame, 16)
                        == sum(
                                sum(seed, frame, 0, 8),
                                frame,
                                FRAME_HEADER_SIZE,
                                frame.capacity() - FRAME_HEADER_SIZE);
    }

    /// Two 32-bit numbers as one.
    private static long pair(ByteBuffer octets, int at) {
        return octets.getLong(at);
    }

    private long sum(long seed, ByteBuffer octets, int from, int length) {
        var words = octets.duplicate().order(order);
        int first = (int) (seed >>> 32);
        int second = (int) seed;
        for (int i = from; i < from + length; i += 8) {
            first += words.getInt(i) + second;
            second += words.getInt(i + 4) + first;
        }
        return Integer.toUnsignedLong(first) << 32 | Integer.toUnsignedLong(second);
    }
}
