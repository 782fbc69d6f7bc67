package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.client.HandledMessage;
import org.fanfare.client.HandledMessages;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class HistoryFileTest {

    private static final HandledMessage TO_BOB =
            new HandledMessage(
                    true,
                    new HandledMessage.Party.One(Uri.parse("sip:bob@home.example")),
                    ConversationId.parse("conversation"),
                    ContributionId.parse("contribution"),
                    Optional.of(ContributionId.parse("before")),
                    Optional.of("imdn"),
                    Optional.of("text/plain"),
                    Optional.of(new MessageUid(17)));

    private static final HandledMessage TO_MANY =
            new HandledMessage(
                    true,
                    new HandledMessage.Party.Group(),
                    ConversationId.parse("conversation"),
                    ContributionId.parse("another"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final HandledMessage FROM_BOB =
            new HandledMessage(
                    false,
                    TO_BOB.party(),
                    ConversationId.parse("conversation"),
                    ContributionId.parse("theirs"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    @TempDir Path folder;

    private static List<HandledMessage> read(HistoryFile file) throws CommandFailure {
        var messages = new HandledMessages();
        file.readTo(messages);
        return messages.withoutCopy();
    }

    @Test
    void whatWasNotedIsReadAgain() throws Exception {
        var file = new HistoryFile(folder.resolve("history"));
        assertThat(read(file)).isEmpty();

        file.add(TO_BOB);
        file.add(TO_MANY);
        file.add(FROM_BOB);

        assertThat(read(file)).containsExactly(TO_BOB, TO_MANY, FROM_BOB);
    }

    @Test
    void onlyWhatWasNotedSinceIsReadAndNoHalfLine() throws Exception {
        var path = folder.resolve("history");
        var file = new HistoryFile(path);
        file.add(TO_BOB);
        assertThat(read(file)).containsExactly(TO_BOB);
        var line = Files.readString(path);

        Files.writeString(path, line + line.substring(0, 20));
        assertThat(read(file)).isEmpty();
        Files.writeString(path, line);
        file.add(TO_MANY);
        assertThat(read(file)).containsExactly(TO_MANY);
        Files.writeString(path, line);
        assertThat(read(file)).as("begun anew").containsExactly(TO_BOB);
    }

    @Test
    void whatDoesNotSayItsDirectionWasSent() throws Exception {
        var path = folder.resolve("history");
        new HistoryFile(path).add(TO_BOB);
        Files.writeString(path, Files.readString(path).replace("\"direction\":\"sent\",", ""));

        assertThat(read(new HistoryFile(path))).containsExactly(TO_BOB);
    }

    @Test
    void aLineThatFanfareDoesNotWriteIsNamed() throws Exception {
        var path = folder.resolve("history");
        for (var bad : List.of("{", "x", "{}", "[]", "{\"conversationId\":\"a\"}", "\u0000")) {
            Files.deleteIfExists(path);
            new HistoryFile(path).add(TO_BOB);
            Files.writeString(path, Files.readString(path) + bad + "\n");

            assertThatThrownBy(() -> read(new HistoryFile(path)))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("line 2 ");
        }
    }
}
