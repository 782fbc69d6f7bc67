package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.client.HandledMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.store.Mailbox;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class InboxViewTest {

    private static final String BOB = "sip:bob@home.example";

    @TempDir Path folder;

    private final StringWriter out = new StringWriter();

    @SuppressWarnings("NullAway.Init")
    private HistoryFile history;

    @SuppressWarnings("NullAway.Init")
    private InboxView view;

    @BeforeEach
    void open() throws Exception {
        history = new HistoryFile(folder.resolve("history"));
        history.add(message("before", true));
        view =
                new InboxView(
                        new Events(new PrintWriter(out), true),
                        new HistoryFile(folder.resolve("history")),
                        false);
    }

    private static HandledMessage message(String contribution, boolean sent) {
        return new HandledMessage(
                sent,
                new HandledMessage.Party.One(Uri.parse(BOB)),
                ConversationId.parse("conversation"),
                ContributionId.parse(contribution),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private void appears(String contribution) {
        var headers = Map.of("Conversation-ID", "conversation", "Contribution-ID", contribution);
        var item = new Mailbox.Item(BOB, new MessageUid(1), headers, List.of());
        view.show(new Mailbox.Change.Appeared(item));
    }

    private List<JsonNode> told(String event) {
        return out.toString()
                .lines()
                .map(Ran::json)
                .filter(json -> json.get("event").asString().equals(event))
                .toList();
    }

    private boolean isOwn(String contribution) {
        return told("stored").stream()
                .filter(json -> json.get("contributionId").asString().equals(contribution))
                .anyMatch(json -> json.get("knownBy").asString("").equals("Table 2"));
    }

    @Test
    void whatWasNotedAfterTheStartIsKnownToo() throws Exception {
        history.add(message("after", true));

        appears("before");
        appears("after");
        appears("foreign");

        assertThat(isOwn("before")).isTrue();
        assertThat(isOwn("after")).isTrue();
        assertThat(isOwn("foreign")).isFalse();
    }

    /// `fanfare send` notes a message when it is answered, and then it may be stored already.
    @Test
    void whoeverWatchesWaitsALittleForTheNoteOfWhatAppears() throws Exception {
        view.conclude();
        var showing = Thread.ofPlatform().start(() -> appears("late"));
        history.add(message("late", true));
        showing.join();

        appears("foreign");

        assertThat(isOwn("late")).isTrue();
        assertThat(isOwn("foreign")).isFalse();
    }

    @Test
    void whatTheUserHasSentIsMissedInTheStoreAndNotWhatOthersHave() throws Exception {
        history.add(message("theirs", false));
        appears("foreign");

        view.conclude();

        assertThat(told("not-stored"))
                .extracting(json -> json.get("contributionId").asString())
                .containsExactly("before");
    }

    @Test
    void aHistoryThatGoesBadIsNamedWhenAllIsShown() throws Exception {
        Files.writeString(folder.resolve("history"), "not JSON\n", StandardOpenOption.APPEND);

        appears("foreign");

        assertThat(told("stored")).hasSize(1);
        assertThatThrownBy(view::conclude)
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("line 2 is not what fanfare send writes");
    }
}
