package org.fanfare.cli.conformance;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.sip.SipMessage;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Sha256;

import java.util.List;

/// What is in a body.
final class Bodies {

    private Bodies() {}

    /// The parts of a multipart, or the body itself.
    static List<MimeEntity> parts(SipMessage message) throws Mismatch {
        if (message.body().isEmpty()) {
            return List.of();
        }
        try {
            var entity =
                    MimeEntity.builder()
                            .header(
                                    "Content-Type",
                                    message.header("Content-Type").orElse("text/plain"))
                            .body(message.body())
                            .build();
            return entity.leaves(Limits.DEFAULT);
        } catch (MalformedMessage e) {
            throw new Mismatch("a body that can be read", String.valueOf(e.getMessage()));
        }
    }

    /// The session description.
    static Sdp description(SipMessage message) throws Mismatch {
        for (var part : parts(message)) {
            if (part.contentType().is(MediaType.of("application", "sdp"))) {
                return Sdp.parse(part.body().utf8());
            }
        }
        throw new Mismatch("a session description", "none in the body");
    }

    /// For people: how much it is, and which.
    static String describe(Octets octets) {
        return octets.length() + " octets, SHA-256 " + Sha256.hex(octets.toByteArray(), 6);
    }
}
