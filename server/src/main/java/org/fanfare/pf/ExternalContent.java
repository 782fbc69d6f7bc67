package org.fanfare.pf;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.sip.SipDate;
import org.fanfare.sip.SipRequest;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Content that a client names instead of sending it, because it is in its mailbox already
/// (8.2.1.1/5, references k.4, RFC 4483). What is fetched is not looked into for more of it.
final class ExternalContent {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalContent.class);

    private static final MediaType EXTERNAL = MediaType.of("message", "external-body");
    private static final String FETCH = "action=fetch";
    private static final Duration COME_BACK = Duration.ofSeconds(30);

    /// What a reference says about the real entity, which the store does not know.
    private static final List<String> OF_THE_REFERENCE =
            List.of("Content-ID", "Content-Disposition");

    private final Optional<MessageStore> store;
    private final Limits limits;
    private final long largest;
    private final InstantSource clock;

    /// @param largest octets of all that one message may fetch
    ExternalContent(
            Optional<MessageStore> store, Limits limits, long largest, InstantSource clock) {
        this.store = store;
        this.limits = limits;
        this.largest = largest;
        this.clock = clock;
    }

    boolean isIn(MessageContent content) {
        return content.messages().stream().anyMatch(this::isIn);
    }

    private boolean isIn(CpimMessage message) {
        return message.content().leaves(limits).stream().anyMatch(leaf -> url(leaf).isPresent());
    }

    /// With everything fetched, or refused: nothing goes out in part (reading 53).
    MessageContent fetched(MessageContent content, Originator originator) throws Refusal {
        var fetching = new Fetching(originator.key());
        var messages = new ArrayList<CpimMessage>();
        for (var message : content.messages()) {
            messages.add(isIn(message) ? fetching.fetched(message) : message);
        }
        var rest = content.rest().map(body -> withMessages(body, messages));
        return new MessageContent(content.lists(), messages, rest);
    }

    /// The request as it goes on to one who gets all of its body: with these messages in it, and
    /// its lists as they came.
    SipRequest complete(SipRequest request, MessageContent fetched) {
        var received = MessageContent.entity(request);
        var plain = MimeEntity.of(received.contentType(), received.content(limits));
        var body = withMessages(plain, new ArrayList<>(fetched.messages()));
        return request.toBuilder()
                .remove("Content-Encoding")
                .body(body.contentType().toString(), body.body())
                .build();
    }

    /// The URL of a part with the three marks (8.2.1.1/5).
    private static Optional<String> url(MimeEntity part) {
        var type = part.contentType();
        boolean byUrl =
                type.is(EXTERNAL)
                        && type.parameter("access-type")
                                .filter("URL"::equalsIgnoreCase)
                                .isPresent();
        return byUrl
                ? type.parameter("URL").filter(ExternalContent::isToBeFetched)
                : Optional.empty();
    }

    private static boolean isToBeFetched(String url) {
        return List.of(url.split("[;?&]", -1)).stream().anyMatch(FETCH::equalsIgnoreCase);
    }

    /// The same body, with these messages in the places of those that it had.
    private MessageContent.Body withMessages(MessageContent.Body body, List<CpimMessage> messages) {
        var entity = MimeEntity.of(MediaType.parse(body.contentType()), body.octets());
        var changed = withMessages(entity, new ArrayList<>(messages));
        return new MessageContent.Body(changed.contentType().toString(), changed.body());
    }

    private MimeEntity withMessages(MimeEntity entity, List<CpimMessage> messages) {
        var type = entity.contentType();
        if (type.is(MediaType.CPIM)) {
            return entity.withBody(type, messages.removeFirst().toOctets());
        }
        if (!type.isMultipart()) {
            return entity;
        }
        var received = entity.multipart(limits);
        return withParts(
                entity,
                received,
                received.parts().stream().map(part -> withMessages(part, messages)).toList());
    }

    /// With another boundary: the old one may be in what was fetched.
    private static MimeEntity withParts(
            MimeEntity entity, Multipart received, List<MimeEntity> parts) {
        var changed = received.withParts(parts);
        return entity.withBody(changed.type(), changed.toOctets());
    }

    /// Of one message.
    private final class Fetching {

        private final String user;
        private long left = largest;

        Fetching(String user) {
            this.user = user;
        }

        CpimMessage fetched(CpimMessage message) throws Refusal {
            var content = fetched(message.content());
            var changed = message.toBuilder().content(content); // 8.2.1.1/5.c
            if (content.contentType().isMultipart()) { // 8.2.1.1/5.b.multipart
                changed.remove(CpimHeader.CPM_NAMESPACE, "Payload-Type")
                        .payloadTypes(content, limits);
            }
            return changed.build();
        }

        private MimeEntity fetched(MimeEntity entity) throws Refusal {
            if (!entity.contentType().isMultipart()) {
                var url = url(entity);
                return url.isPresent() ? object(entity, url.get()) : entity; // 8.2.1.1/5.each
            }
            var received = entity.multipart(limits);
            var parts = new ArrayList<MimeEntity>();
            for (var part : received.parts()) {
                parts.add(fetched(part));
            }
            return withParts(entity, received, parts);
        }

        /// With its own type (8.2.1.1/5.b, 8.2.1.1/5.b.note), shown as the reference says.
        private MimeEntity object(MimeEntity reference, String url) throws Refusal {
            if (isOver(reference.contentType())) {
                throw new Refusal(404, "External content expired");
            }
            // 8.2.1.1/5.a 8.2.1.1/5.a.msg 8.2.1.1/5.a.ft
            var object = object(url);
            left -= object.body().length();
            var entity = MimeEntity.builder();
            object.headers().forEach(field -> entity.header(field.name(), field.value()));
            var real = inner(reference);
            for (var name : OF_THE_REFERENCE) {
                real.flatMap(inner -> inner.headers().first(name))
                        .or(() -> reference.headers().first(name))
                        .ifPresent(value -> entity.header(name, value));
            }
            return entity.body(object.body()).build();
        }

        /// The header fields of the real entity are the body of the reference (RFC 4483 5).
        private Optional<MimeEntity> inner(MimeEntity reference) {
            try {
                return Optional.of(MimeEntity.parse(reference.content(limits), limits));
            } catch (MalformedMessage _) {
                return Optional.empty();
            }
        }

        private MimeEntity object(String url) throws Refusal {
            if (store.isEmpty()) {
                throw new Refusal(403, "No message store here");
            }
            try {
                return store.get().fetch(url, user, left);
            } catch (StoreFailure failure) {
                throw refusal(failure);
            }
        }
    }

    /// Whether the reference says that the content cannot be had any more (RFC 4483 5.7); a date
    /// that cannot be read does not count.
    private boolean isOver(MediaType reference) {
        try {
            return reference
                    .parameter("expiration")
                    .map(SipDate::parse)
                    .filter(clock.instant()::isAfter)
                    .isPresent();
        } catch (MalformedMessage _) {
            return false;
        }
    }

    private static Refusal refusal(StoreFailure failure) {
        LOG.info("external content: {}", failure.getMessage());
        return switch (failure.reason()) { // reading 53
            case NOT_FOUND -> new Refusal(404, "External content not found");
            case NOT_ALLOWED, REFUSED -> new Refusal(403, "External content not yours");
            case UNSUPPORTED -> new Refusal(415, "External content not supported");
            case TOO_LARGE -> new Refusal(413, "External content too large");
            case UNAVAILABLE, FULL -> new Refusal(500, "Message store away").retryAfter(COME_BACK);
        };
    }
}
