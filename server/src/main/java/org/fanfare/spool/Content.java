package org.fanfare.spool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/// Where the octets of a spool are. One thread writes; any number read at the same time what has
/// been written, without a lock.
sealed interface Content permits MemoryContent, FileContent {

    /// Puts octets from `position` on into the target, as many as fit, at least one.
    int read(ByteBuffer target, long position) throws IOException;

    /// Octets from `position` on where they are, at most `max`; null where they can only be read.
    /// Valid as long as somebody reads the spool.
    default @Nullable ByteBuffer view(long position, int max) throws IOException {
        return null;
    }

    /// Gives octets from `position` on to a channel, at most `max`, at least one.
    long transferTo(WritableByteChannel target, long position, long max) throws IOException;
}
