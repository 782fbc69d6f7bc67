package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.MessageUid;
import org.fanfare.cpm.Warning;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What became of a message that was sent.
///
/// @param status the final answer, or 0 where none came
/// @param reason its reason phrase, or why none came
/// @param warnings what the network said about it
/// @param handled its identifiers, with the Message-UID of the answer, for the correlation with the
///   message store (7.2.1.1/18)
public record SendResult(
        int status, String reason, List<Warning> warnings, HandledMessage handled) {

    public SendResult {
        warnings = List.copyOf(warnings);
    }

    /// Every 2xx means that it was sent (reading 1).
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public ConversationId conversationId() {
        return handled.conversationId();
    }

    public ContributionId contributionId() {
        return handled.contributionId();
    }

    /// By which disposition notifications name it.
    public String imdnMessageId() {
        return handled.imdnMessageId().orElse("");
    }

    public Optional<MessageUid> messageUid() {
        return handled.messageUid();
    }

    /// The first warning that CPM defines.
    public Optional<CpmWarning> warning() {
        return warnings.stream().flatMap(warning -> warning.known().stream()).findFirst();
    }

    /// What to tell the user: what CPM or the network says, rather than the words of SIP. A list
    /// that is too long is answered "Busy Here", and nobody is busy (reading 47).
    public String explanation() {
        if (status == 0) {
            return reason;
        }
        if (warning().isPresent()) {
            return warning().get().words() + " (" + status + ")";
        }
        var said = warnings.stream().map(Warning::words).collect(Collectors.joining("; "));
        return status + " " + reason + (said.isEmpty() ? "" : ": " + said);
    }
}
