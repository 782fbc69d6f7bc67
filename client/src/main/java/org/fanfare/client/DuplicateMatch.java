package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tells whether a message handled over SIP and an object found by IMAP synchronisation are one and
/// the same message (7.2.1.1/19 and Table 2). Needed where no `Message-UID` came: see
/// [MessageCorrelation].
public final class DuplicateMatch {

    /// What is compared: the folder (19.a) and the rows of Table 2, in the order of the table.
    public enum Criterion {
        FOLDER, // 7.2.1.1/19.a, 7.2.1.2/sent.4.a
        CONVERSATION_ID, // 7.2.1.1/T2.Conversation-ID
        CONTRIBUTION_ID, // 7.2.1.1/T2.Contribution-ID
        IN_REPLY_TO_CONTRIBUTION_ID, // 7.2.1.1/T2.InReplyTo-Contribution-ID
        IMDN_MESSAGE_ID, // 7.2.1.1/T2.IMDN-Message-ID, 7.2.1.1/T2.IMDN-Message-ID.ft
        PAYLOAD_TYPE; // 7.2.1.1/T2.Payload-Type

        /// Whether a difference here rules a duplicate out. Only `Payload-Type` is "not an absolute
        /// matching criteria": another device of the user may have taken another of the types.
        public boolean isDecisive() {
            return this != PAYLOAD_TYPE;
        }
    }

    /// What came out of a comparison.
    ///
    /// @param differences the criteria that did not match
    public record Comparison(Set<Criterion> differences) {
        public Comparison {
            differences =
                    Collections.unmodifiableSet(
                            differences.isEmpty()
                                    ? EnumSet.noneOf(Criterion.class)
                                    : EnumSet.copyOf(differences));
        }

        /// Whether both are the same message.
        public boolean isDuplicate() {
            return differences.stream().noneMatch(Criterion::isDecisive);
        }
    }

    private DuplicateMatch() {}

    /// Compares by folder and by every row of Table 2 that applies.
    public static Comparison compare(HandledMessage handled, StoredMessage stored) {
        var differences = EnumSet.noneOf(Criterion.class);
        if (!isFolderOf(handled, stored)) { // 7.2.1.1/19.a
            differences.add(Criterion.FOLDER);
        }
        // 7.2.1.1/19.b, 7.2.1.2/sent.4.b: Table 2
        if (!handled.conversationId().value().equals(stored.conversationId().orElse(""))) {
            differences.add(Criterion.CONVERSATION_ID);
        }
        if (!handled.contributionId().value().equals(stored.contributionId().orElse(""))) {
            differences.add(Criterion.CONTRIBUTION_ID);
        }
        if (differs(handled.inReplyTo().map(ContributionId::value), stored.inReplyTo())) {
            differences.add(Criterion.IN_REPLY_TO_CONTRIBUTION_ID);
        }
        if (differs(handled.imdnMessageId(), stored.imdnMessageId())) {
            differences.add(Criterion.IMDN_MESSAGE_ID);
        }
        if (!types(handled.payloadType()).equals(types(stored.payloadType()))) {
            differences.add(Criterion.PAYLOAD_TYPE);
        }
        return new Comparison(differences);
    }

    /// Whether both are the same message.
    public static boolean isDuplicate(HandledMessage handled, StoredMessage stored) {
        return compare(handled, stored).isDuplicate();
    }

    /// The folder of a 1-1 message is named after the other party, that of a group message after
    /// its conversation (7.2.1.1/19.a, 7.2.1.1/19.a.group, 7.2.1.2/sent.4.a.group; for 1-to-Many
    /// the latter: reading 39).
    static boolean isFolderOf(HandledMessage handled, StoredMessage stored) {
        return switch (handled.party()) {
            case HandledMessage.Party.One(var other) -> names(stored.folder(), other);
            case HandledMessage.Party.Group() ->
                    names(
                            stored.folder(),
                            handled.conversationId().value(),
                            handled.contributionId().value());
        };
    }

    /// `tel:+49..`, `Default/tel:+49..`, `INBOX/Default/tel:+49..`: the folder ends with the
    /// identity. It is not cut at each `/`, because the user part of a SIP URI may contain one.
    private static boolean names(String folder, Uri other) {
        var identity = other.canonical();
        for (int start = 0; start >= 0; start = next(folder, start)) {
            if (canonical(folder.substring(start)).filter(identity::equals).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private static int next(String folder, int start) {
        int slash = folder.indexOf('/', start);
        return slash < 0 ? -1 : slash + 1;
    }

    private static Optional<String> canonical(String text) {
        try {
            return Optional.of(Uri.parse(text).canonical());
        } catch (MalformedMessage notAnIdentity) {
            return Optional.empty();
        }
    }

    /// `Default/<Conversation-ID>`, or below it the folder of the contribution.
    private static boolean names(String folder, String conversation, String contribution) {
        var path = List.of(folder.split("/", -1));
        return path.getLast().equals(conversation)
                || (path.size() > 1
                        && path.getLast().equals(contribution)
                        && path.get(path.size() - 2).equals(conversation));
    }

    /// A value that the message over SIP does not have is left out of the comparison
    /// (7.2.1.1/T2.InReplyTo-Contribution-ID.absent, 7.2.1.1/T2.IMDN-Message-ID.absent).
    private static boolean differs(Optional<String> handled, Optional<String> stored) {
        return handled.isPresent() && !handled.equals(stored);
    }

    private static List<String> types(Optional<String> list) {
        return list.stream()
                .flatMap(types -> List.of(types.split(",", -1)).stream())
                .map(type -> type.strip().toLowerCase(java.util.Locale.ROOT))
                .toList();
    }
}
