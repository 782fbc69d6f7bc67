package org.fanfare.pf;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdns;
import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The body of a MESSAGE taken apart: to whom, and what (reading 6).
///
/// @param lists recipient lists, wherever they stand (reliability L11)
/// @param messages the message/cpim entities, in practice one
/// @param rest what remains without the lists, and goes to the recipients; nothing when nothing
///   does
record MessageContent(List<MimeEntity> lists, List<CpimMessage> messages, Optional<Body> rest) {

    private static final DispositionRequest NO_NOTIFICATIONS = DispositionRequest.of("", Set.of());

    private static final MediaType OPAQUE = MediaType.of("application", "pkcs7-mime");

    /// A body as it goes out.
    record Body(String contentType, Octets octets) {

        boolean isMultipart() {
            return MediaType.parse(contentType).isMultipart();
        }
    }

    /// @throws MalformedMessage when the body cannot be read
    static MessageContent of(SipRequest message, Limits limits) {
        if (message.body().isEmpty()) {
            return new MessageContent(List.of(), List.of(), Optional.empty());
        }
        var whole = entity(message);
        var leaves = whole.leaves(limits);
        var lists = leaves.stream().filter(MessageContent::isRecipientList).toList();
        var messages =
                leaves.stream()
                        .filter(leaf -> leaf.contentType().is(MediaType.CPIM))
                        .map(leaf -> CpimMessage.parse(leaf.content(limits), limits))
                        .toList();
        var rest = withoutLists(whole, limits).map(entity -> body(entity, limits));
        return new MessageContent(lists, messages, rest);
    }

    /// The body as it came.
    static MimeEntity entity(SipRequest message) {
        var entity = MimeEntity.builder();
        for (var name : List.of("Content-Type", "Content-Disposition", "Content-Encoding")) {
            message.header(name).ifPresent(value -> entity.header(name, value));
        }
        return entity.body(message.body()).build();
    }

    /// By its disposition, or by its type where it has none (references f.2).
    private static boolean isRecipientList(MimeEntity part) {
        return part.disposition()
                .map(d -> d.type().equals(ContentDisposition.RECIPIENT_LIST))
                .orElseGet(() -> part.contentType().is(MediaType.RESOURCE_LISTS));
    }

    /// Lists of recipients, and histories of them (8.2.1.1/8.A.ii.9), never go out.
    private static boolean isForNobody(MimeEntity part) {
        return isRecipientList(part) || part.contentType().is(MediaType.RESOURCE_LISTS);
    }

    private static Optional<MimeEntity> withoutLists(MimeEntity entity, Limits limits) {
        if (!entity.contentType().isMultipart()) {
            return isForNobody(entity) ? Optional.empty() : Optional.of(entity);
        }
        var multipart = entity.multipart(limits);
        var kept = new ArrayList<MimeEntity>();
        for (var part : multipart.parts()) {
            withoutLists(part, limits).ifPresent(kept::add);
        }
        if (kept.equals(multipart.parts())) {
            return Optional.of(entity);
        }
        return switch (kept.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(kept.getFirst()); // no wrapper around one part (RFC 5365 7.3)
            default -> {
                var type = multipart.type();
                yield Optional.of(MimeEntity.of(type, new Multipart(type, kept).toOctets()));
            }
        };
    }

    private static Body body(MimeEntity entity, Limits limits) {
        var type = entity.headers().first("Content-Type").orElse(entity.contentType().toString());
        return new Body(type, entity.content(limits));
    }

    /// Whether there is a CPM Standalone Message in it, readable or sealed for the recipient (B16).
    boolean isStandaloneMessage() {
        return !messages.isEmpty()
                || rest.filter(body -> MediaType.parse(body.contentType()).is(OPAQUE)).isPresent();
    }

    /// What is measured against the limit of Pager Mode: the message/cpim entity, and not what goes
    /// beside it (reading 5); all there is when it is sealed.
    int size() {
        return messages.isEmpty()
                ? rest.map(body -> body.octets().length()).orElse(0)
                : messages.getFirst().toOctets().length();
    }

    /// What the sender wants to be told (RFC 5438 6).
    DispositionRequest notifications() {
        return messages.stream().findFirst().map(DispositionRequest::of).orElse(NO_NOTIFICATIONS);
    }

    /// Never for a message that is itself a notification (RFC 5438 7.2.1, reliability A7).
    boolean asksForNegativeDelivery() {
        return notifications().wants(DispositionNotification.NEGATIVE_DELIVERY)
                && !isNotification();
    }

    /// The same with another message in place of its only one.
    MessageContent with(CpimMessage message) {
        var body = new Body(MediaType.CPIM.essence(), message.toOctets());
        return new MessageContent(lists, List.of(message), Optional.of(body));
    }

    boolean isNotification() {
        return messages.stream().anyMatch(Imdns::isNotification);
    }
}
