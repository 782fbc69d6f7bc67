package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.client.DuplicateMatch.Criterion;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;

/// 7.2.1.1/18, 19 and Table 2.
class DuplicateMatch_7_2_1_1_Test {

    private static final Uri BOB = Uri.parse("tel:+4915100000002");

    private static final HandledMessage ONE_TO_ONE = handled(new HandledMessage.Party.One(BOB));
    private static final HandledMessage GROUP = handled(new HandledMessage.Party.Group());

    private static final StoredMessage IN_FOLDER_OF_BOB = stored("Default/tel:+4915100000002");
    private static final StoredMessage IN_FOLDER_OF_CONVERSATION = stored("Default/conv-1");

    private static HandledMessage handled(HandledMessage.Party party) {
        return new HandledMessage(
                true,
                party,
                new ConversationId("conv-1"),
                new ContributionId("cont-1"),
                Optional.of(new ContributionId("cont-0")),
                Optional.of("imdn-1"),
                Optional.of("image/jpeg, text/plain"),
                Optional.empty());
    }

    private static StoredMessage stored(String folder) {
        return new StoredMessage(
                folder,
                new MessageUid(17),
                Optional.of("conv-1"),
                Optional.of("cont-1"),
                Optional.of("cont-0"),
                Optional.of("imdn-1"),
                Optional.of("image/jpeg,text/plain"));
    }

    /// What the store has of a message: the values that were sent.
    static StoredMessage inTheStore(HandledMessage handled, String folder, long uid) {
        return new StoredMessage(
                folder,
                new MessageUid(uid),
                Optional.of(handled.conversationId().value()),
                Optional.of(handled.contributionId().value()),
                handled.inReplyTo().map(ContributionId::value),
                handled.imdnMessageId(),
                handled.payloadType());
    }

    @Clause({"7.2.1.1/19", "7.2.1.1/19.b", "7.2.1.1/19.a"})
    @Test
    void sameIdentifiersInTheFolderOfTheOtherPartyAreADuplicate() {
        var comparison = DuplicateMatch.compare(ONE_TO_ONE, IN_FOLDER_OF_BOB);

        assertThat(comparison.differences()).isEmpty();
        assertThat(comparison.isDuplicate()).isTrue();
    }

    @Clause("7.2.1.1/19.a")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tel:+4915100000002",
                "Default/tel:+49-151-00000002",
                "INBOX/Default/sip:+4915100000002@home.example;user=phone"
            })
    void theFolderOfAOneToOneMessageIsNamedAfterTheOtherParty(String folder) {
        assertThat(DuplicateMatch.isDuplicate(ONE_TO_ONE, stored(folder))).isTrue();
    }

    @Clause("7.2.1.1/19.a")
    @ParameterizedTest
    @ValueSource(strings = {"Default/tel:+4915100000003", "Default/conv-1", "Default", ""})
    void aOneToOneMessageInAnotherFolderIsNoDuplicate(String folder) {
        var comparison = DuplicateMatch.compare(ONE_TO_ONE, stored(folder));

        assertThat(comparison.differences()).containsExactly(Criterion.FOLDER);
        assertThat(comparison.isDuplicate()).isFalse();
    }

    @Clause("7.2.1.1/19.a")
    @Test
    void anIdentityMayContainTheSeparatorOfFolders() {
        var handled = handled(new HandledMessage.Party.One(Uri.parse("sip:a/b@home.example")));

        assertThat(DuplicateMatch.isDuplicate(handled, stored("Default/sip:a/b@home.example")))
                .isTrue();
    }

    @Clause("7.2.1.1/19.a.group")
    @ParameterizedTest
    @ValueSource(strings = {"conv-1", "Default/conv-1", "Default/conv-1/cont-1"})
    void theFolderOfAGroupMessageIsNamedAfterTheConversation(String folder) { // reading 39
        assertThat(DuplicateMatch.isDuplicate(GROUP, stored(folder))).isTrue();
    }

    @Clause("7.2.1.1/19.a.group")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Default/tel:+4915100000002",
                "Default/conv-2",
                "Default/CONV-1",
                "Default/conv-1/other",
                "conv-1/Default"
            })
    void aGroupMessageInAnotherFolderIsNoDuplicate(String folder) {
        assertThat(DuplicateMatch.compare(GROUP, stored(folder)).differences())
                .containsExactly(Criterion.FOLDER);
    }

    @Clause("7.2.1.1/T2.Conversation-ID")
    @Test
    void anotherConversationIdIsNoDuplicate() {
        var other =
                new StoredMessage(
                        "Default/tel:+4915100000002",
                        new MessageUid(17),
                        Optional.of("conv-2"),
                        Optional.of("cont-1"),
                        Optional.of("cont-0"),
                        Optional.of("imdn-1"),
                        Optional.of("image/jpeg,text/plain"));

        assertThat(DuplicateMatch.compare(ONE_TO_ONE, other).differences())
                .containsExactly(Criterion.CONVERSATION_ID);
        assertThat(DuplicateMatch.isDuplicate(ONE_TO_ONE, other)).isFalse();
    }

    @Clause("7.2.1.1/T2.Contribution-ID")
    @Test
    void anotherContributionIdIsNoDuplicateNorIsOneInOtherCase() {
        for (var id : List.of("cont-2", "CONT-1")) {
            var other =
                    new StoredMessage(
                            "Default/tel:+4915100000002",
                            new MessageUid(17),
                            Optional.of("conv-1"),
                            Optional.of(id),
                            Optional.of("cont-0"),
                            Optional.of("imdn-1"),
                            Optional.of("image/jpeg,text/plain"));

            assertThat(DuplicateMatch.compare(ONE_TO_ONE, other).differences())
                    .containsExactly(Criterion.CONTRIBUTION_ID);
        }
    }

    @Clause("7.2.1.1/T2.InReplyTo-Contribution-ID")
    @Test
    void anotherOrNoInReplyToInTheStoreIsNoDuplicate() {
        for (var inReplyTo : List.of(Optional.of("cont-9"), Optional.<String>empty())) {
            var other =
                    new StoredMessage(
                            "Default/tel:+4915100000002",
                            new MessageUid(17),
                            Optional.of("conv-1"),
                            Optional.of("cont-1"),
                            inReplyTo,
                            Optional.of("imdn-1"),
                            Optional.of("image/jpeg,text/plain"));

            assertThat(DuplicateMatch.compare(ONE_TO_ONE, other).differences())
                    .containsExactly(Criterion.IN_REPLY_TO_CONTRIBUTION_ID);
            assertThat(DuplicateMatch.isDuplicate(ONE_TO_ONE, other)).isFalse();
        }
    }

    @Clause("7.2.1.1/T2.InReplyTo-Contribution-ID.absent")
    @Test
    void inReplyToIsLeftOutWhereTheMessageHasNone() {
        var noReply =
                new HandledMessage(
                        true,
                        ONE_TO_ONE.party(),
                        ONE_TO_ONE.conversationId(),
                        ONE_TO_ONE.contributionId(),
                        Optional.empty(),
                        ONE_TO_ONE.imdnMessageId(),
                        ONE_TO_ONE.payloadType(),
                        Optional.empty());

        assertThat(DuplicateMatch.compare(noReply, IN_FOLDER_OF_BOB).differences()).isEmpty();
    }

    /// A CPM File Transfer with a CPIM body is compared by the same values; nothing in them says
    /// which of the two it is.
    @Clause({"7.2.1.1/T2.IMDN-Message-ID", "7.2.1.1/T2.IMDN-Message-ID.ft"})
    @Test
    void anotherOrNoImdnMessageIdInTheStoreIsNoDuplicate() {
        for (var id : List.of(Optional.of("imdn-2"), Optional.<String>empty())) {
            var other =
                    new StoredMessage(
                            "Default/tel:+4915100000002",
                            new MessageUid(17),
                            Optional.of("conv-1"),
                            Optional.of("cont-1"),
                            Optional.of("cont-0"),
                            id,
                            Optional.of("image/jpeg,text/plain"));

            assertThat(DuplicateMatch.compare(ONE_TO_ONE, other).differences())
                    .containsExactly(Criterion.IMDN_MESSAGE_ID);
            assertThat(DuplicateMatch.isDuplicate(ONE_TO_ONE, other)).isFalse();
        }
    }

    @Clause("7.2.1.1/T2.IMDN-Message-ID.absent")
    @Test
    void imdnMessageIdIsLeftOutWhereTheMessageHasNoCpimBody() {
        var noCpim =
                new HandledMessage(
                        true,
                        ONE_TO_ONE.party(),
                        ONE_TO_ONE.conversationId(),
                        ONE_TO_ONE.contributionId(),
                        ONE_TO_ONE.inReplyTo(),
                        Optional.empty(),
                        ONE_TO_ONE.payloadType(),
                        Optional.empty());

        assertThat(DuplicateMatch.compare(noCpim, IN_FOLDER_OF_BOB).differences()).isEmpty();
    }

    @Clause("7.2.1.1/T2.Payload-Type")
    @Test
    void anotherPayloadTypeIsNamedButDoesNotRuleADuplicateOut() {
        for (var types : List.of(Optional.of("text/plain"), Optional.<String>empty())) {
            var other =
                    new StoredMessage(
                            "Default/tel:+4915100000002",
                            new MessageUid(17),
                            Optional.of("conv-1"),
                            Optional.of("cont-1"),
                            Optional.of("cont-0"),
                            Optional.of("imdn-1"),
                            types);

            assertThat(DuplicateMatch.compare(ONE_TO_ONE, other).differences())
                    .containsExactly(Criterion.PAYLOAD_TYPE);
            assertThat(DuplicateMatch.isDuplicate(ONE_TO_ONE, other)).isTrue();
        }
    }

    @Clause({"7.2.1.1/18", "7.2.1.1/18.use"})
    @Test
    void theUidOfTheAnswerFindsTheMessageInItsFolder() {
        var handled = withUid(17);
        var bare =
                new StoredMessage(
                        "Default/tel:+4915100000002",
                        new MessageUid(17),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        assertThat(MessageCorrelation.find(List.of(ONE_TO_ONE, handled), bare)).contains(handled);
    }

    @Clause("7.2.1.1/18.use")
    @Test
    void anotherUidOrTheSameUidInAnotherFolderIsAnotherMessage() {
        assertThat(MessageCorrelation.find(List.of(withUid(18)), IN_FOLDER_OF_BOB)).isEmpty();
        assertThat(MessageCorrelation.find(List.of(withUid(17)), IN_FOLDER_OF_CONVERSATION))
                .isEmpty();
    }

    @Clause({"7.2.1.1/19", "7.2.1.1/19.lost"})
    @Test
    void withoutAUidTheIdentifiersFindTheMessage() {
        assertThat(MessageCorrelation.find(List.of(GROUP, ONE_TO_ONE), IN_FOLDER_OF_BOB))
                .contains(ONE_TO_ONE);
        assertThat(MessageCorrelation.find(List.of(GROUP), IN_FOLDER_OF_BOB)).isEmpty();
    }

    private static HandledMessage withUid(long uid) {
        return new HandledMessage(
                true,
                ONE_TO_ONE.party(),
                ONE_TO_ONE.conversationId(),
                ONE_TO_ONE.contributionId(),
                ONE_TO_ONE.inReplyTo(),
                ONE_TO_ONE.imdnMessageId(),
                ONE_TO_ONE.payloadType(),
                Optional.of(new MessageUid(uid)));
    }
}
