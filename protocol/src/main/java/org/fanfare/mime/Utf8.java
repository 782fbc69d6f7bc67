package org.fanfare.mime;

import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// UTF-8 that is refused when it is none (RFC 3629 3), so that nothing is read in two ways.
public final class Utf8 {

    private Utf8() {}

    /// `offset` is where the octets stand in what was received, `what` the field they are of.
    public static String decode(Octets octets, int offset, String what, String section) {
        var in = octets.asByteBuffer();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(in).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessage(
                    what + ": expected UTF-8, found an octet that is none",
                    offset + in.position(),
                    section);
        }
    }
}
