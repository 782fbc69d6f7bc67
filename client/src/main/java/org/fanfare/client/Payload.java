package org.fanfare.client;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.wire.Octets;

import java.util.List;

/// Makes what goes inside the CPIM wrapper. Octets travel as they are: SIP is clean for eight bits.
public final class Payload {

    private Payload() {}

    /// `text/plain` in UTF-8.
    public static MimeEntity text(String text) {
        return MimeEntity.of(MediaType.TEXT_PLAIN.with("charset", "UTF-8"), Octets.utf8(text));
    }

    /// Content of any type, text or media (7.2/media).
    public static MimeEntity of(MediaType type, Octets content) {
        return MimeEntity.of(type, content);
    }

    /// Several parts as one `multipart/mixed`.
    public static MimeEntity mixed(List<MimeEntity> parts) {
        var multipart = Multipart.mixed(parts);
        return MimeEntity.of(multipart.type(), multipart.toOctets());
    }
}
