package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;

import java.util.Optional;

/// Messages of this client and their copies in the store.
class HandledMessages_7_2_1_1_Test {

    private final HandledMessages handled = new HandledMessages();

    private static HandledMessage sent(int number, Optional<MessageUid> uid) {
        return new HandledMessage(
                true,
                new HandledMessage.Party.One(Uri.parse("sip:bob@home.example")),
                ConversationId.parse("conversation"),
                ContributionId.parse("contribution-" + number),
                Optional.empty(),
                Optional.of("imdn-" + number),
                Optional.empty(),
                uid);
    }

    private static StoredMessage object(long uid, int number) {
        return new StoredMessage(
                "sip:bob@home.example",
                new MessageUid(uid),
                Optional.of("conversation"),
                Optional.of("contribution-" + number),
                Optional.empty(),
                Optional.of("imdn-" + number),
                Optional.empty());
    }

    @Clause({"7.2.1.1/18.use", "7.2.1.2/sent.3.use"})
    @Test
    void theObjectThatTheAnswerNamedIsTheMessage() {
        var message = sent(1, Optional.of(new MessageUid(17)));
        handled.add(message);

        assertThat(handled.copiedBy(object(17, 1))).contains(message);
        assertThat(handled.withoutCopy()).isEmpty();
    }

    /// UIDs of a folder that has started over are given again, to other messages.
    @Clause("7.2.1.1/18.use")
    @Test
    void anObjectWithTheUidOfAMessageAndOtherIdsIsAnother() {
        handled.add(sent(1, Optional.of(new MessageUid(17))));

        assertThat(handled.copiedBy(object(17, 2))).isEmpty();
        assertThat(handled.withoutCopy()).hasSize(1);
    }

    @Clause({"7.2.1.1/19", "7.2.1.1/19.lost", "7.2.1.2/sent.4", "7.2.1.2/sent.4.lost"})
    @Test
    void withoutAUidTheIdentifiersOfTheObjectSayWhichMessageItIs() {
        for (int number = 1; number <= 3; number++) {
            handled.add(sent(number, Optional.empty()));
        }

        assertThat(handled.copiedBy(object(40, 2))).contains(sent(2, Optional.empty()));
        assertThat(handled.copiedBy(object(41, 4))).isEmpty();
        assertThat(handled.withoutCopy())
                .containsExactly(sent(1, Optional.empty()), sent(3, Optional.empty()));
    }

    /// Sent by this client, and noted once more by another device of the user as a copy.
    @Clause({"7.2.1.1/18.use", "7.2.1.1/19"})
    @Test
    void anObjectIsTheCopyOfAllThatAreTheSameMessage() {
        handled.add(sent(1, Optional.of(new MessageUid(17))));
        handled.add(sent(1, Optional.empty()));

        assertThat(handled.copiedBy(object(17, 1)))
                .contains(sent(1, Optional.of(new MessageUid(17))));
        assertThat(handled.withoutCopy()).isEmpty();
    }

    @Test
    void anObjectWithIdentifiersThatNobodyCanHaveIsNew() {
        handled.add(sent(1, Optional.empty()));

        var strange =
                new StoredMessage(
                        "sip:bob@home.example",
                        new MessageUid(1),
                        Optional.of("conversation"),
                        Optional.of("no token \u0000"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        assertThat(handled.copiedBy(strange)).isEmpty();
    }

    // L6
    @Test
    void ofMoreThanItKeepsTheOldestIsForgotten() {
        for (int number = 0; number <= HandledMessages.MAX; number++) {
            handled.add(sent(number, Optional.of(new MessageUid(number + 1))));
        }

        assertThat(handled.copiedBy(object(1, 0))).isEmpty();
        assertThat(handled.copiedBy(object(2, 1))).isPresent();
        assertThat(handled.withoutCopy()).hasSize(HandledMessages.MAX - 1);
    }
}
