package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.client.HandledMessage;
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
                    new HandledMessage.Party.One(Uri.parse("sip:bob@home.example")),
                    ConversationId.parse("conversation"),
                    ContributionId.parse("contribution"),
                    Optional.of(ContributionId.parse("before")),
                    Optional.of("imdn"),
                    Optional.of("text/plain"),
                    Optional.of(new MessageUid(17)));

    private static final HandledMessage TO_MANY =
            new HandledMessage(
                    new HandledMessage.Party.Group(),
                    ConversationId.parse("conversation"),
                    ContributionId.parse("another"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    @TempDir Path folder;

    @Test
    void whatWasNotedIsReadAgain() throws Exception {
        var file = new HistoryFile(folder.resolve("history"));
        assertThat(file.read().withoutCopy()).isEmpty();

        file.add(TO_BOB);
        file.add(TO_MANY);

        assertThat(file.read().withoutCopy()).containsExactly(TO_BOB, TO_MANY);
    }

    @Test
    void aLineThatFanfareDoesNotWriteIsNamed() throws Exception {
        var path = folder.resolve("history");
        for (var bad : List.of("{", "x", "{}", "[]", "{\"conversationId\":\"a\"}", "\u0000")) {
            Files.deleteIfExists(path);
            new HistoryFile(path).add(TO_BOB);
            Files.writeString(path, Files.readString(path) + bad + "\n");

            assertThatThrownBy(() -> new HistoryFile(path).read())
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("line 2 ");
        }
    }
}
