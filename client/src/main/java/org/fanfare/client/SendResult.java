package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.MessageUid;
import org.fanfare.cpm.Warning;

import java.util.List;
import java.util.Optional;

/// What became of a message that was sent.
///
/// @param status the final answer, or 0 where none came
/// @param reason its reason phrase, or why none came
/// @param warnings what the network said about it
/// @param messageUid the UID under which the network stored the message, for the correlation with
///   the message store (7.2.1.1/18)
public record SendResult(
        int status,
        String reason,
        List<Warning> warnings,
        Optional<MessageUid> messageUid,
        ConversationId conversationId,
        ContributionId contributionId,
        String imdnMessageId) {

    public SendResult {
        warnings = List.copyOf(warnings);
    }

    /// Every 2xx means that it was sent (reading 1).
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /// What to tell the user.
    public String explanation() {
        if (status == 0) {
            return reason;
        }
        // reading 47: 486 for a list that is too long must not be shown as "busy"
        var words = warnings.stream().map(Warning::text).toList();
        return words.isEmpty()
                ? status + " " + reason
                : status + " " + reason + ": " + String.join("; ", words);
    }
}
