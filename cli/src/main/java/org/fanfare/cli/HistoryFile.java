package org.fanfare.cli;

import org.fanfare.client.HandledMessage;
import org.fanfare.client.HandledMessages;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Function;

/// The messages that `fanfare send` and `receive` have handled, one JSON object a line, for
/// `fanfare inbox` to know them again in the message store (7.2.1.1/18.use, 7.2.1.1/19).
final class HistoryFile {

    /// Octets; of more the file is to be begun anew.
    private static final long LARGEST = 64L << 20;

    private static final String RECEIVED = "received";

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Path file;

    /// Up to where it was read: octets, and lines.
    private long position;

    private int lines;

    HistoryFile(Path file) {
        this.file = file;
    }

    /// Makes the file where there is none.
    ///
    /// @throws CommandFailure when nothing could be added to it
    void check() throws CommandFailure {
        append("");
    }

    /// One line more, in one write: several processes may add to it.
    void add(HandledMessage message) throws CommandFailure {
        var line =
                MAPPER.writeValueAsString(
                        Events.values(
                                "direction",
                                message.sent() ? "sent" : RECEIVED,
                                "party",
                                switch (message.party()) {
                                    case HandledMessage.Party.One(var other) -> other.toString();
                                    case HandledMessage.Party.Group() -> null;
                                },
                                "conversationId",
                                message.conversationId().value(),
                                "contributionId",
                                message.contributionId().value(),
                                "inReplyTo",
                                message.inReplyTo().map(ContributionId::value).orElse(null),
                                "messageId",
                                message.imdnMessageId().orElse(null),
                                "payloadType",
                                message.payloadType().orElse(null),
                                "messageUid",
                                message.messageUid().map(MessageUid::value).orElse(null)));
        append(line + "\n");
    }

    private void append(String text) throws CommandFailure {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitStatus.CONFIGURATION, "--history: cannot be written: " + e);
        }
    }

    /// Adds to these what was noted since the last time, none where there is no file yet; of very
    /// many the latest. The end of a line that is being written is waited for.
    void readTo(HandledMessages messages) throws CommandFailure {
        try {
            long size = Files.size(file);
            if (size > LARGEST) {
                throw bad("larger than " + LARGEST + " octets");
            }
            if (size < position) { // begun anew
                position = 0;
                lines = 0;
            }
            if (size > position) {
                add(messages, rest());
            }
        } catch (NoSuchFileException _) {
            // nothing was sent or received yet
        } catch (IOException e) {
            throw bad("cannot be read: " + e);
        }
    }

    private byte[] rest() throws IOException {
        try (var in = Files.newInputStream(file)) {
            in.skipNBytes(position);
            return in.readNBytes((int) LARGEST);
        }
    }

    private void add(HandledMessages messages, byte[] octets) throws CommandFailure {
        int end = octets.length;
        while (end > 0 && octets[end - 1] != '\n') {
            end--;
        }
        for (var line : new String(octets, 0, end, StandardCharsets.UTF_8).lines().toList()) {
            lines++;
            messages.add(parse(line, lines));
        }
        position += end;
    }

    private HandledMessage parse(String line, int number) throws CommandFailure {
        try {
            var json = MAPPER.readTree(line);
            return new HandledMessage(
                    text(json, "direction").filter(RECEIVED::equals).isEmpty(),
                    text(json, "party")
                            .<HandledMessage.Party>map(
                                    uri -> new HandledMessage.Party.One(Uri.parse(uri)))
                            .orElse(new HandledMessage.Party.Group()),
                    needed(json, "conversationId", ConversationId::parse),
                    needed(json, "contributionId", ContributionId::parse),
                    text(json, "inReplyTo").map(ContributionId::parse),
                    text(json, "messageId"),
                    text(json, "payloadType"),
                    text(json, "messageUid").map(MessageUid::parse));
        } catch (JacksonException | MalformedMessage | IllegalArgumentException e) {
            throw bad("line %d is not what fanfare send writes".formatted(number));
        }
    }

    private static <T> T needed(JsonNode json, String name, Function<String, T> parser) {
        return text(json, name).map(parser).orElseThrow(IllegalArgumentException::new);
    }

    private static Optional<String> text(JsonNode json, String name) {
        @Nullable String value = json.path(name).asString(null);
        return Optional.ofNullable(value);
    }

    private CommandFailure bad(String why) {
        return new CommandFailure(
                ExitStatus.CONFIGURATION, "--history %s: %s".formatted(file, why));
    }
}
