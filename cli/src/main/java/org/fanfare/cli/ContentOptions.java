package org.fanfare.cli;

import org.fanfare.client.Answered;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.mime.MediaType;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.net.URLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is sent, and how.
final class ContentOptions {

    @Option(names = "--text", paramLabel = "T", description = "A text.")
    private @Nullable String text;

    @Option(
            names = "--file",
            paramLabel = "PATH",
            description = "The content of a file, of any size.")
    private @Nullable Path file;

    @Option(
            names = "--type",
            paramLabel = "MIME",
            converter = Converters.ToMediaType.class,
            description = "Its content type; guessed from the name unless given.")
    private @Nullable MediaType type;

    @Option(names = "--subject", paramLabel = "T", description = "A subject.")
    private @Nullable String subject;

    @Option(
            names = "--imdn",
            paramLabel = "WHAT",
            split = ",",
            converter = Converters.ToNotification.class,
            description = "Reports to ask for: delivery, display, negative-delivery, interworking.")
    private List<DispositionNotification> imdn = List.of();

    @Option(
            names = "--expires",
            paramLabel = "S",
            description = "Seconds after which it is not worth delivering any more.")
    private @Nullable Long expires;

    @Option(names = "--anonymous", description = "Hide the sender from the recipients.")
    private boolean anonymous;

    @Option(
            names = "--reply-to",
            paramLabel = "URI",
            converter = Converters.ToAddress.class,
            description = "Where replies are wanted, when not at the own address.")
    private @Nullable NameAddress replyTo;

    @Option(
            names = "--conversation-id",
            paramLabel = "ID",
            description = "The conversation that it continues.")
    private @Nullable String conversationId;

    @Option(
            names = "--in-reply-to",
            paramLabel = "ID",
            description = "Contribution-ID of the message it answers; with --conversation-id.")
    private @Nullable String inReplyTo;

    OutgoingMessage.Builder message() throws CommandFailure {
        var message = content();
        try {
            fill(message);
        } catch (IllegalArgumentException | MalformedMessage e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        return message;
    }

    private void fill(OutgoingMessage.Builder message) throws CommandFailure {
        message.requesting(imdn.toArray(DispositionNotification[]::new));
        if (expires != null) {
            message.expires(duration(expires));
        }
        if (anonymous) {
            message.anonymous();
        }
        if (replyTo != null) {
            message.replyTo(replyTo);
        }
        if (subject != null) {
            message.subject(subject);
        }
        thread(message);
    }

    boolean wantsReports() {
        return !imdn.isEmpty();
    }

    boolean wantsDisplay() {
        return imdn.contains(DispositionNotification.DISPLAY);
    }

    private void thread(OutgoingMessage.Builder message) throws CommandFailure {
        if (inReplyTo != null && conversationId != null) {
            message.inReplyTo(
                    new Answered(
                            new ConversationId(conversationId),
                            new ContributionId(inReplyTo),
                            Optional.empty(),
                            Optional.empty()));
        } else if (inReplyTo != null) {
            throw wrong("--in-reply-to needs --conversation-id");
        } else if (conversationId != null) {
            message.in(new ConversationId(conversationId));
        }
    }

    private OutgoingMessage.Builder content() throws CommandFailure {
        if ((text == null) == (file == null)) {
            throw wrong("what to send: expected either --text or --file");
        }
        if (text != null) {
            return OutgoingMessage.text(text);
        }
        try {
            return OutgoingMessage.file(typeOf(file), file);
        } catch (IOException e) {
            throw wrong("--file: cannot read " + file);
        } catch (IllegalArgumentException e) {
            throw wrong("--type: " + e.getMessage());
        }
    }

    private MediaType typeOf(Path path) {
        if (type != null) {
            return type;
        }
        var guessed = URLConnection.guessContentTypeFromName(path.toString());
        return MediaType.parse(guessed == null ? "application/octet-stream" : guessed);
    }

    private static Duration duration(long seconds) throws CommandFailure {
        if (seconds < 0) {
            throw wrong("--expires: expected zero or more seconds, found " + seconds);
        }
        return Duration.ofSeconds(seconds);
    }

    private static CommandFailure wrong(String what) {
        return new CommandFailure(ExitStatus.USAGE, what);
    }
}
