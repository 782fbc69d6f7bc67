package org.fanfare.client;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ServiceId;
import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdn;
import org.fanfare.imdn.Imdns;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A message that has arrived: a CPM Standalone Message in either mode, or any other MESSAGE.
///
/// The content of a long one is in a file, until the listener that got the message returns: [#open]
/// or [#saveTo] take it from there.
public final class ReceivedMessage {

    /// Octets of a large message in which its headers must end.
    private static final int HEADERS_WITHIN = 64 * 1024;

    private final Mode mode;
    private final SipRequest request;
    private final @Nullable CpimMessage cpim;
    private final MimeEntity payload;
    private final Octets content;
    private final @Nullable BufferedContent buffered;
    private final long bodyAt;
    private final @Nullable DispositionRequest dispositions;
    private final List<Imdn> notifications;

    private ReceivedMessage(
            SipRequest request, @Nullable CpimMessage cpim, MimeEntity payload, Limits limits) {
        this(Mode.PAGER, request, cpim, payload, null, 0, limits);
    }

    /// @param buffered where the content is, when it is not in the payload
    /// @param bodyAt where the body of the content begins there
    private ReceivedMessage(
            Mode mode,
            SipRequest request,
            @Nullable CpimMessage cpim,
            MimeEntity payload,
            @Nullable BufferedContent buffered,
            long bodyAt,
            Limits limits) {
        this.mode = mode;
        this.request = request;
        this.cpim = cpim;
        this.payload = payload;
        this.content =
                buffered != null || payload.contentType().isMultipart()
                        ? payload.body()
                        : payload.content(limits);
        this.buffered = buffered;
        this.bodyAt = bodyAt;
        this.dispositions = cpim == null ? null : DispositionRequest.of(cpim);
        this.notifications = cpim == null ? List.of() : Imdns.of(cpim, limits);
    }

    /// Reads what came over MSRP.
    ///
    /// @param invite the request that announced it
    /// @param content a complete CPIM message
    /// @throws IOException when the content cannot be read again
    /// @throws org.fanfare.wire.MalformedMessage when it is none
    static ReceivedMessage ofLarge(SipRequest invite, BufferedContent content, Limits limits)
            throws IOException {
        if (content.isInMemory()) {
            int length = (int) content.length();
            var wide = limits.withDecodedOctets(Math.max(length, limits.decodedOctets()));
            var cpim = CpimMessage.parse(content.first(length), wide);
            return new ReceivedMessage(Mode.LARGE, invite, cpim, cpim.content(), null, 0, wide);
        }
        var first = content.first(HEADERS_WITHIN);
        var begun = CpimMessage.parse(first, limits);
        int bodyAt = first.length() - begun.content().body().length();
        var cpim = CpimMessage.parse(first.slice(0, bodyAt), limits);
        return new ReceivedMessage(
                Mode.LARGE, invite, cpim, cpim.content(), content, bodyAt, limits);
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

    /// How it travelled.
    public Mode mode() {
        return mode;
    }

    /// The request that brought it, or announced it.
    public SipRequest request() {
        return request;
    }

    /// Its CPIM wrapper, which a message of another kind does not have; without the body of its
    /// content where that is in a file.
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
                        party().map(party ->
                                new HandledMessage(
                                        isSentByOwnDevice(),
                                        party,
                                        ids.conversationId(),
                                        ids.contributionId(),
                                        inReplyTo(),
                                        imdnMessageId(),
                                        payloadType(),
                                        Optional.empty())));
    }

    /// A copy from another device of the user lies where the store has what he sent (references
    /// k.1, reading 39).
    private Optional<HandledMessage.Party> party() {
        if (!isSentByOwnDevice()) {
            return originator().map(HandledMessage.Party.One::new);
        }
        boolean group =
                ServiceId.ofHeader(request.headers().all(CpmHeader.P_ASSERTED_SERVICE))
                        .filter(ServiceId::isGroup)
                        .isPresent();
        return group
                ? Optional.of(new HandledMessage.Party.Group())
                : cpim().stream()
                        .flatMap(message -> message.to().stream())
                        .findFirst()
                        .map(to -> new HandledMessage.Party.One(to.uri()));
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
    ///
    /// @throws UncheckedIOException when it is in a file that is gone, or too large for the memory:
    ///   see [#open]
    public Octets content() {
        if (buffered == null) {
            return content;
        }
        try (var in = open()) {
            return Octets.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same, however long it is; to be closed.
    ///
    /// @throws IOException when it is in a file that is gone
    public InputStream open() throws IOException {
        return buffered == null
                ? new ByteArrayInputStream(content.toByteArray())
                : decoded(buffered.from(bodyAt));
    }

    /// Over MSRP there is no need for an encoding; who uses one uses this.
    private InputStream decoded(InputStream in) {
        boolean base64 =
                payload.headers()
                        .first("Content-Transfer-Encoding")
                        .filter("base64"::equalsIgnoreCase)
                        .isPresent();
        return base64 ? Base64.getMimeDecoder().wrap(in) : in;
    }

    /// Writes the content into a new file.
    ///
    /// @throws IOException when there is such a file already, or it cannot be written
    public void saveTo(Path target) throws IOException {
        try (var in = open();
                var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
            in.transferTo(out);
        }
    }

    /// Octets of the content as it came.
    public long size() {
        return buffered == null ? content.length() : buffered.length() - bodyAt;
    }

    /// The name that the sender gives the content. Nothing to make a path of.
    public Optional<String> fileName() {
        try {
            return payload.disposition().flatMap(d -> d.parameters().value("filename"));
        } catch (MalformedMessage unusable) {
            return Optional.empty();
        }
    }

    /// The content with its MIME header fields; without its body where that is in a file.
    public MimeEntity payload() {
        return payload;
    }

    /// The text of a text; empty for other content, for a charset that is not known here, and for
    /// one in a file.
    public Optional<String> text() {
        if (buffered != null || !contentType().type().equalsIgnoreCase("text")) {
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
                        size());
    }
}
