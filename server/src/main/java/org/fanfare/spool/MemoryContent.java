package org.fanfare.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Octets in memory, in blocks which are taken one by one and never move. The spool tells readers
/// of an octet after it has been written, which makes it visible to them.
final class MemoryContent implements Content {

    static final int BLOCK = 8 << 10;

    private final Room room;
    private final byte[] @Nullable [] blocks;
    private int taken;
    private long length;

    MemoryContent(SpoolLimits limits, Room room) {
        this.room = room;
        this.blocks = new byte[Math.ceilDiv(limits.memoryOfMessage(), BLOCK)][];
    }

    /// Takes the octets, or leaves them all when there is not enough room.
    boolean append(ByteBuffer octets) {
        int needed = Math.toIntExact(Math.ceilDiv(length + octets.remaining(), BLOCK));
        if (needed > blocks.length || !takeBlocks(needed)) {
            return false;
        }
        while (octets.hasRemaining()) {
            var place = block(length);
            int count = Math.min(place.remaining(), octets.remaining());
            place.put(octets.slice(octets.position(), count));
            octets.position(octets.position() + count);
            length += count;
        }
        return true;
    }

    private boolean takeBlocks(int needed) {
        while (taken < needed) {
            if (!room.takeMemory(BLOCK)) {
                return false;
            }
            blocks[taken++] = new byte[BLOCK];
        }
        return true;
    }

    /// From the position to the end of its block.
    private ByteBuffer block(long position) {
        var block = blocks[(int) (position / BLOCK)];
        if (block == null) {
            throw new IllegalArgumentException("position: nothing is written at " + position);
        }
        int offset = (int) (position % BLOCK);
        return ByteBuffer.wrap(block, offset, BLOCK - offset);
    }

    void writeTo(FileContent file) throws IOException {
        for (long position = 0; position < length; ) {
            var block = block(position);
            int count = (int) Math.min(block.remaining(), length - position);
            file.append(block.slice(block.position(), count));
            position += count;
        }
    }

    @Override
    public int read(ByteBuffer target, long position) {
        int start = target.position();
        long at = position;
        while (target.hasRemaining()) {
            var block = block(at);
            int count = Math.min(block.remaining(), target.remaining());
            target.put(block.slice(block.position(), count));
            at += count;
        }
        return target.position() - start;
    }

    @Override
    public long transferTo(WritableByteChannel target, long position, long max) throws IOException {
        var block = block(position);
        int count = (int) Math.min(block.remaining(), max);
        return target.write(block.slice(block.position(), count).asReadOnlyBuffer());
    }

    /// The octets are kept as long as a reader copies; they count no more.
    void giveBack() {
        room.giveMemoryBack((long) taken * BLOCK);
        taken = 0;
    }
}
