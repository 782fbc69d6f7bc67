package org.fanfare.pf;

import org.fanfare.ledger.SpoolReference;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Sha256;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What tells a message that is sent again from another one with the same ids: a hash over content
/// and recipients (reliability 2.7).
final class ContentHash {

    private ContentHash() {}

    /// @param spool where the content is, if it is not in the message
    static Octets of(Outgoing outgoing, SpoolReference spool) {
        var hash = Sha256.begin();
        if (spool.isNone()) {
            outgoing.message()
                    .content()
                    .rest()
                    .ifPresent(body -> hash.update(body.octets().asByteBuffer()));
        } else {
            hash.update(numbers(spool.length(), spool.checksum()));
        }
        for (var recipient : outgoing.recipients()) {
            hash.update((byte) '\n');
            hash.update(recipient.getBytes(StandardCharsets.UTF_8));
        }
        return Octets.of(hash.digest());
    }

    private static ByteBuffer numbers(long one, long other) {
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(one).putLong(other).flip();
    }
}
