package org.fanfare.client;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A message that has arrived: a CPM Standalone Message, or any other MESSAGE.
public final class ReceivedMessage {

    private final SipRequest request;
    private final @Nullable CpimMessage cpim;
    private final MimeEntity payload;
    private final Octets content;
    private final @Nullable DispositionRequest dispositions;
    private final List<Imdn> notifications;

    private ReceivedMessage(
            SipRequest request, @Nullable CpimMessage cpim, MimeEntity payload, Limits limits) {
        this.request = request;
        this.cpim = cpim;
        this.payload = payload;
        this.content =
                payload.contentType().isMultipart() ? payload.body() : payload.content(limits);
        this.dispositions = cpim == null ? null : DispositionRequest.of(cpim);
        this.notifications = cpim == null ? List.of() : Imdns.of(cpim, limits);
    }

    /// Reads a request.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when it cannot be read; it knows the answer
    static ReceivedMessage of(SipRequest request, Limits limits) {
        var entity = body(request);
        if (!entity.contentType().is(MediaType.CPIM)) {
            return new ReceivedMessage(request, null, entity, limits);
        }
        var cpim = CpimMessage.parse(entity.content(limits), limits);
        return new ReceivedMessage(request, cpim, cpim.content(), limits);
    }

    /// The body with the header fields of the request that say how to read it.
    private static MimeEntity body(SipRequest request) {
        var entity = MimeEntity.builder();
        request.header("Content-Type").ifPresent(type -> entity.header("Content-Type", type));
        request.header("Content-Encoding")
                .ifPresent(coding -> entity.header("Content-Encoding", coding));
        return entity.body(request.body()).build();
    }

    /// The request that brought it.
    public SipRequest request() {
        return request;
    }

    /// Its CPIM wrapper, which a message of another kind does not have.
    public Optional<CpimMessage> cpim() {
        return Optional.ofNullable(cpim);
    }

    /// Who sent it: as the network asserts, else as From says; empty: somebody anonymous.
    public Optional<Uri> originator() {
        return Originator.of(request);
    }

    /// The name that the sender gives himself; empty where he gives none.
    public String displayName() {
        var name = request.from().displayName();
        return name.isEmpty() && cpim != null ? cpim.from().displayName() : name;
    }

    public Optional<String> subject() {
        return request.header("Subject").or(() -> cpim().flatMap(CpimMessage::subject));
    }

    public Optional<ConversationId> conversationId() {
        return Identifiers.conversation(request);
    }

    public Optional<ContributionId> contributionId() {
        return Identifiers.contribution(request);
    }

    public Optional<ContributionId> inReplyTo() {
        return Identifiers.inReplyTo(request);
    }

    /// What keeps the replies to a 1-to-Many message apart, which all have the same
    /// Conversation-ID: the conversation together with the other party (references a.1).
    public Optional<ConversationThread> thread() {
        return conversationId()
                .flatMap(id ->
                        originator().map(peer -> new ConversationThread(id, peer.canonical())));
    }

    /// What a reply has to know of it; empty where it is no CPM message.
    public Optional<Answered> answered() {
        return Answered.of(request);
    }

    /// What it asks to be told; empty where it is no CPIM message.
    public Optional<DispositionRequest> dispositions() {
        return Optional.ofNullable(dispositions);
    }

    /// Its imdn.Message-ID.
    public Optional<String> imdnMessageId() {
        return dispositions().map(DispositionRequest::messageId).filter(id -> !id.isEmpty());
    }

    /// What the synchronisation with the message store has to know of it.
    public Optional<HandledMessage> handled() {
        return answered()
                .flatMap(ids ->
                        originator()
                                .map(other ->
                                        new HandledMessage(
                                                new HandledMessage.Party.One(other),
                                                ids.conversationId(),
                                                ids.contributionId(),
                                                inReplyTo(),
                                                imdnMessageId(),
                                                payloadType(),
                                                Optional.empty())));
    }

    private Optional<String> payloadType() {
        return cpim().flatMap(message -> message.header(CpimHeader.CPM_NAMESPACE, "Payload-Type"));
    }

    /// The disposition notifications that it brings.
    List<Imdn> notifications() {
        return notifications;
    }

    /// Whether it is about other messages rather than one for the user.
    boolean isNotification() {
        return cpim != null && Imdns.isNotification(cpim);
    }

    /// Whether it is a copy of what the user sent from another of his devices (references n.4).
    public boolean isSentByOwnDevice() {
        return cpim().flatMap(
                        message -> message.header(CpimHeader.CPM_NAMESPACE, "Message-Direction"))
                .filter("sent"::equals)
                .isPresent();
    }

    /// The type of the content.
    public MediaType contentType() {
        return payload.contentType();
    }

    /// The content as it was meant, out of its transfer encoding; a multipart as it came.
    public Octets content() {
        return content;
    }

    /// The content with its MIME header fields.
    public MimeEntity payload() {
        return payload;
    }

    /// The text of a text; empty for other content, and for a charset that is not known here.
    public Optional<String> text() {
        if (!contentType().type().equalsIgnoreCase("text")) {
            return Optional.empty();
        }
        return charset().map(charset -> new String(content.toByteArray(), charset));
    }

    private Optional<Charset> charset() {
        try {
            return Optional.of(
                    contentType()
                            .parameter("charset")
                            .map(Charset::forName)
                            .orElse(StandardCharsets.UTF_8));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return "message from %s, %s, %d octets"
                .formatted(
                        originator().map(Uri::toString).orElse("anonymous"),
                        contentType().essence().toLowerCase(Locale.ROOT),
                        content.length());
    }
}
