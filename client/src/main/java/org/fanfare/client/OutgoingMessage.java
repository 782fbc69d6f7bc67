package org.fanfare.client;

import org.fanfare.cpm.ConversationId;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.mime.ContentDisposition;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.MimeParameters;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A CPM Standalone Message as the user wants it: what, to whom, and how. Immutable.
///
/// ```java
/// OutgoingMessage.text("Lunch at noon?").toMany(List.of(bob, carol)).requesting(DISPLAY).build()
/// OutgoingMessage.text("Yes").inReplyTo(received.answered()).build()
/// ```
public final class OutgoingMessage {

    /// "Decimal number in seconds, less than 2^32" (RFC 3261 20.19).
    private static final Duration LONGEST = Duration.ofSeconds((1L << 32) - 1);

    /// Up to here the content of a file is read at once.
    private static final int SMALL_FILE = 64 * 1024;

    private final MimeEntity payload;
    private final @Nullable Path file;
    private final long fileOctets;
    private final Target target;
    private final @Nullable Answered answered;
    private final @Nullable Uri newReplyAddress;
    private final @Nullable ConversationId conversation;
    private final @Nullable NameAddress replyTo;
    private final @Nullable String subject;
    private final @Nullable Duration expires;
    private final boolean anonymous;
    private final Set<DispositionNotification> requested;

    private OutgoingMessage(Builder builder) {
        payload = builder.payload;
        file = builder.file;
        fileOctets = builder.fileOctets;
        answered = builder.answered;
        target = builder.target();
        newReplyAddress = builder.newReplyAddress;
        conversation = builder.conversation;
        replyTo = builder.replyTo;
        subject = builder.subject;
        expires = builder.expires;
        anonymous = builder.anonymous;
        requested = Set.copyOf(builder.requested);
    }

    /// A message with this text, `text/plain` in UTF-8.
    public static Builder text(String text) {
        return new Builder(Payload.text(text), null, 0);
    }

    /// A message with any content: one part or, as a multipart, several (see [Payload]).
    public static Builder of(MimeEntity payload) {
        return new Builder(payload, null, 0);
    }

    /// A message with the content of a file, which keeps its name. A large one is read while it is
    /// sent, never as a whole: it must not change until then.
    ///
    /// @param type of the content, no multipart
    /// @throws IOException when it cannot be read, or is no regular file
    public static Builder file(MediaType type, Path file) throws IOException {
        if (type.isMultipart()) {
            throw new IllegalArgumentException("a file of several parts: expected a single type");
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new NoSuchFileException(file.toString(), null, "not a file that can be read");
        }
        var entity = MimeEntity.builder().contentType(type);
        var name = file.getFileName();
        if (name != null) {
            var named = MimeParameters.NONE.with("filename", withoutControls(name.toString()));
            entity.header("Content-Disposition", new ContentDisposition("attachment", named) + "");
        }
        long size = Files.size(file);
        return size <= SMALL_FILE
                ? new Builder(entity.body(Octets.of(Files.readAllBytes(file))).build(), null, 0)
                : new Builder(entity.build(), file, size);
    }

    private static String withoutControls(String name) {
        return name.replaceAll("\\p{Cntrl}", "_");
    }

    /// What is inside the CPIM wrapper; with [#file] its body is empty here.
    public MimeEntity payload() {
        return payload;
    }

    /// Where the body of the payload is, when it is too large to be held in memory.
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /// Octets in [#file].
    long fileOctets() {
        return fileOctets;
    }

    /// Whom it is for.
    public Target target() {
        return target;
    }

    /// What it replies to.
    public Optional<Answered> answered() {
        return Optional.ofNullable(answered);
    }

    /// The address that takes the place of the reply address in a list ("unless a new address is
    /// provided by the CPM User").
    public Optional<Uri> newReplyAddress() {
        return Optional.ofNullable(newReplyAddress);
    }

    /// The conversation that it continues, if one is named or it is a reply.
    public Optional<ConversationId> conversation() {
        return Optional.ofNullable(conversation).or(() -> answered().map(Answered::conversationId));
    }

    /// The address wanted for replies.
    public Optional<NameAddress> replyTo() {
        return Optional.ofNullable(replyTo);
    }

    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /// How long it is worth delivering.
    public Optional<Duration> expires() {
        return Optional.ofNullable(expires);
    }

    /// Whether the recipients must not learn who sent it.
    public boolean anonymous() {
        return anonymous;
    }

    /// The disposition notifications asked for.
    public Set<DispositionNotification> requested() {
        return requested;
    }

    /// Collects the wishes. A target is needed unless the message is a reply.
    public static final class Builder {
        private final MimeEntity payload;
        private final @Nullable Path file;
        private final long fileOctets;
        private @Nullable Target target;
        private @Nullable Answered answered;
        private @Nullable Uri newReplyAddress;
        private @Nullable ConversationId conversation;
        private @Nullable NameAddress replyTo;
        private @Nullable String subject;
        private @Nullable Duration expires;
        private boolean anonymous;
        private final Set<DispositionNotification> requested =
                EnumSet.noneOf(DispositionNotification.class);

        private Builder(MimeEntity payload, @Nullable Path file, long fileOctets) {
            this.payload = payload;
            this.file = file;
            this.fileOctets = fileOctets;
        }

        /// To one recipient. In a reply this is the new address that the user provides.
        public Builder to(Uri recipient) {
            return to(new Target.One(recipient));
        }

        /// To several recipients by way of the EXPLODER-URI. In a reply the reply address is added.
        public Builder toMany(Collection<? extends Uri> recipients) {
            return to(new Target.Many(List.copyOf(recipients)));
        }

        /// To a group made up for this message. In a reply the reply address is added.
        public Builder toAdHocGroup(Collection<? extends Uri> members) {
            return to(new Target.AdHocGroup(List.copyOf(members)));
        }

        /// To a group that exists in the network.
        public Builder toGroup(Uri group) {
            return to(new Target.PredefinedGroup(group));
        }

        /// To whom it may concern.
        public Builder to(Target whom) {
            target = whom;
            return this;
        }

        /// Replies to what was received; without another target it goes to the reply address.
        public Builder inReplyTo(Answered received) {
            answered = received;
            return this;
        }

        /// In a reply to several: this address goes into the list instead of the reply address.
        public Builder insteadOfReplyAddress(Uri newAddress) {
            newReplyAddress = newAddress;
            return this;
        }

        /// Continues this conversation. A reply does so by itself.
        public Builder in(ConversationId existing) {
            conversation = existing;
            return this;
        }

        /// Asks for replies to this address.
        public Builder replyTo(NameAddress address) {
            replyTo = address;
            return this;
        }

        /// One line.
        public Builder subject(String text) {
            if (text.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException("subject: control characters in it");
            }
            subject = text;
            return this;
        }

        /// How long it is worth delivering, in whole seconds; zero: now or never.
        public Builder expires(Duration life) {
            if (life.isNegative() || life.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException(
                        "expires: expected 0 to " + LONGEST.toSeconds() + " seconds, got " + life);
            }
            expires = life;
            return this;
        }

        /// Hides the sender from the recipients.
        public Builder anonymous() {
            anonymous = true;
            return this;
        }

        /// Asks for disposition notifications.
        public Builder requesting(DispositionNotification... notifications) {
            return requesting(List.of(notifications));
        }

        /// Asks for disposition notifications.
        public Builder requesting(Collection<DispositionNotification> notifications) {
            requested.addAll(notifications);
            return this;
        }

        public OutgoingMessage build() {
            return new OutgoingMessage(this);
        }

        private Target target() {
            if (target != null) {
                return target;
            }
            if (answered != null) {
                return new Target.ReplyAddress();
            }
            throw new IllegalStateException(
                    "a message that is no reply needs a target: to(...), toMany(...)");
        }
    }
}
