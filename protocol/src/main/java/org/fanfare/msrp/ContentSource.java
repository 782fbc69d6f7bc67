package org.fanfare.msrp;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Where the content of a message that we send comes from. Read by one thread, never beyond the
/// announced length, and only as fast as the peer takes it.
@FunctionalInterface
public interface ContentSource {

    /// As of a channel: waits for at least one octet; -1 at the end.
    ///
    /// @throws IOException when there will be no more: the message is given up (`#`)
    int read(ByteBuffer target) throws IOException;

    /// As [#read], without a copy: the next octets, at most so many, valid as long as the message
    /// is sent. Null where there are none to be had so, also at the end: then they are read.
    default @Nullable ByteBuffer view(int most) throws IOException {
        return null;
    }

    /// Whether an end line may stand in what was read so far. Who knows that none can, because the
    /// content was looked at once for all that get it ([EndLineWatch]), saves looking again.
    default boolean mayHoldEndLine() {
        return true;
    }

    /// Called by another thread when the message has failed while [#read] may be waiting: it should
    /// return or throw soon.
    default void cancel() {}

    /// Called once, when the peer has answered content with 200; must not block.
    default void acknowledged() {}

    /// From memory.
    static ContentSource of(ByteBuffer content) {
        var rest = content.duplicate();
        return target -> {
            if (!rest.hasRemaining()) {
                return -1;
            }
            int count = Math.min(rest.remaining(), target.remaining());
            target.put(target.position(), rest, rest.position(), count);
            target.position(target.position() + count);
            rest.position(rest.position() + count);
            return count;
        };
    }
}
