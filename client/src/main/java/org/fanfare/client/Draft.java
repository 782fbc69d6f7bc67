package org.fanfare.client;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.msrp.ContentSource;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/// A message in its CPIM wrapper, before it is clear in which mode it goes.
///
/// @param cpim all of it, or without the body of its content, which then is in the file of the
///   message
record Draft(OutgoingMessage message, Destination destination, MessageIds ids, CpimMessage cpim) {

    /// Octets of the complete CPIM message: what decides about the mode (reading 5), and what is
    /// sent over MSRP (reading 55).
    long size() {
        return cpim.size() + message.fileOctets();
    }

    /// Reads the complete CPIM message; to be closed.
    Reader open() throws IOException {
        var file = message.file();
        return new Reader(cpim.toOctets(), file.isPresent() ? FileChannel.open(file.get()) : null);
    }

    /// The wrapper and then the file.
    static final class Reader implements ContentSource, AutoCloseable {

        private final ContentSource wrapper;
        private final @Nullable ReadableByteChannel file;

        private Reader(Octets wrapper, @Nullable ReadableByteChannel file) {
            this.wrapper = ContentSource.of(wrapper.asByteBuffer());
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int octets = wrapper.read(target);
            return octets >= 0 || file == null ? octets : file.read(target);
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
