package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.uri.Uri;

import java.util.Optional;

/// A message sent or received over SIP, as far as the synchronisation with the message store has to
/// know it again (7.2.1.1/18 and 19).
///
/// @param sent whether the user has sent it, from this device or another one
/// @param messageUid the `Message-UID` of the 200 to the message, empty where none came or the 200
///   was lost
public record HandledMessage(
        boolean sent,
        Party party,
        ConversationId conversationId,
        ContributionId contributionId,
        Optional<ContributionId> inReplyTo,
        Optional<String> imdnMessageId,
        Optional<String> payloadType,
        Optional<MessageUid> messageUid) {

    /// With whom the message was exchanged; it decides the folder in the store.
    public sealed interface Party {
        /// A 1-1 message with this other party.
        record One(Uri other) implements Party {}

        /// A group message, 1-to-Many included (reading 39).
        record Group() implements Party {}
    }
}
