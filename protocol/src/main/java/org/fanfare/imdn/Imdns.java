package org.fanfare.imdn;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimBuilder;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Notifications as they travel: one in a CPIM message, or several of a list server in one (RFC
/// 5438 7.2.1, 8.3).
public final class Imdns {

    private Imdns() {}

    /// Whether the message is about other messages.
    public static boolean isNotification(CpimMessage message) {
        var content = message.content();
        var type = content.contentType();
        return type.is(MediaType.IMDN)
                || (type.isMultipart() && content.hasDisposition(ContentDisposition.NOTIFICATION));
    }

    /// The notifications in the message, which are none in an ordinary one.
    public static List<Imdn> of(CpimMessage message, Limits limits) {
        if (!isNotification(message)) {
            return List.of();
        }
        var imdns = new ArrayList<Imdn>();
        for (var part : message.content().leaves(limits)) {
            if (part.contentType().is(MediaType.IMDN)) {
                imdns.add(Imdn.parse(part.content(limits), limits));
            }
        }
        return List.copyOf(imdns);
    }

    /// Judges octets as a CPIM message with at least one notification in it; throws what is wrong.
    public static void check(Octets octets, Limits limits) {
        var message = CpimMessage.parse(octets, limits);
        DispositionRequest.of(message);
        if (of(message, limits).isEmpty()) {
            throw new MalformedMessage("content: expected message/imdn+xml", 0, "RFC 5438 7.2.1.1");
        }
    }

    /// The start of a CPIM message that carries these notifications, of which there must be one at
    /// least. It never asks for notifications itself (RFC 5438 7.2.1).
    public static CpimBuilder carry(
            CpimAddress from, CpimAddress to, String messageId, Instant now, List<Imdn> imdns) {
        return CpimMessage.builder()
                .from(from)
                .to(to)
                .header(CpimHeader.IMDN_NAMESPACE, "Message-ID", messageId)
                .dateTime(now)
                .content(imdns.size() == 1 ? imdns.getFirst().toEntity() : aggregate(imdns));
    }

    private static MimeEntity aggregate(List<Imdn> imdns) {
        var parts = imdns.stream().map(Imdn::toEntity).toList();
        var multipart = Multipart.mixed(parts);
        return MimeEntity.builder()
                .contentType(multipart.type())
                .disposition(ContentDisposition.NOTIFICATION)
                .body(multipart.toOctets())
                .build();
    }
}
