package org.fanfare.pf;

import org.fanfare.wire.Octets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What tells a message that is sent again from another one with the same ids: a hash over content
/// and recipients (reliability 2.7).
final class ContentHash {

    private ContentHash() {}

    static Octets of(Outgoing outgoing) {
        var hash = sha256();
        outgoing.message()
                .content()
                .rest()
                .ifPresent(body -> hash.update(body.octets().asByteBuffer()));
        for (var recipient : outgoing.recipients()) {
            hash.update((byte) '\n');
            hash.update(recipient.getBytes(StandardCharsets.UTF_8));
        }
        return Octets.of(hash.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }
}
