package org.fanfare.pf.fanout;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.Origin;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;

import java.util.ArrayList;
import java.util.List;

/// The session description in the body of an INVITE or of its 2xx, alone or beside other parts.
public final class Descriptions {

    private static final MediaType SDP = MediaType.of("application", "sdp");
    private static final int NOT_ACCEPTABLE_HERE = 488;

    private Descriptions() {}

    /// Whether a part of a body is one.
    public static boolean isDescription(MimeEntity part) {
        return part.contentType().is(SDP);
    }

    /// The one that a message has.
    ///
    /// @throws MalformedMessage with 488 when it has none (P12), with 400 when it cannot be read
    public static SessionDescription of(SipMessage message, Limits limits) {
        var description =
                entity(message).leaves(limits).stream()
                        .filter(Descriptions::isDescription)
                        .findFirst()
                        .orElseThrow(() ->
                                new MalformedMessage(
                                        "no session description",
                                        0,
                                        "RFC 3261 13.2.1",
                                        NOT_ACCEPTABLE_HERE));
        return SessionDescription.parse(description.content(limits), limits);
    }

    /// The message itself is one without a body.
    private static MimeEntity entity(SipMessage message) {
        var entity = MimeEntity.builder();
        for (var name : List.of("Content-Type", "Content-Encoding")) {
            message.header(name).ifPresent(value -> entity.header(name, value));
        }
        if (message.body().isEmpty()) {
            entity.header("Content-Type", "application/octet-stream");
        }
        return entity.body(message.body()).build();
    }

    /// The body of a message with our description and other parts.
    public static MimeEntity body(MessageMedia media, Origin origin, List<MimeEntity> others) {
        var description = MimeEntity.of(SDP, media.describe(origin).toOctets());
        if (others.isEmpty()) {
            return description;
        }
        var parts = new ArrayList<MimeEntity>();
        parts.add(description);
        parts.addAll(others);
        var multipart = Multipart.mixed(parts);
        return MimeEntity.of(multipart.type(), multipart.toOctets());
    }

    /// The INVITE of a leg: what the template offers, at the path of this leg's session
    /// (8.2.1.2/7.l.ii, 8.2.1.1/8.B.a.xviii.3).
    static SipRequest offering(SipRequest invite, MsrpUri path, Limits limits) {
        var offered = of(invite, limits);
        var media = at(MessageMedia.of(offered, limits), path);
        var others =
                entity(invite).contentType().isMultipart()
                        ? entity(invite).multipart(limits).parts().stream()
                                .filter(part -> !isDescription(part))
                                .toList()
                        : List.<MimeEntity>of();
        var body = body(media, origin(path), others);
        return invite.toBuilder().body(body.contentType().toString(), body.body()).build();
    }

    /// Ours, of the session at a path.
    public static Origin origin(MsrpUri path) {
        return new Origin("-", Integer.toUnsignedLong(path.sessionId().hashCode()), 1, path.host());
    }

    /// The same media at a path of ours.
    public static MessageMedia at(MessageMedia media, MsrpUri path) {
        return new MessageMedia(
                path.secure(),
                new HostPort(path.host(), path.port()),
                List.of(path.toString()),
                media.setup(),
                media.acceptTypes(),
                media.acceptWrappedTypes(),
                media.fileSelector(),
                media.cema(),
                media.maxSize(),
                media.direction());
    }
}
