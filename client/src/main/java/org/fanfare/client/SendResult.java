package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.CpmWarning;
import org.fanfare.cpm.MessageUid;
import org.fanfare.cpm.Warning;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What became of a message that was sent.
///
/// @param mode how it travelled
/// @param status the final answer, or 0 where none came; of a large message that was answered but
///   not transferred completely 480, of one that was cancelled 487
/// @param reason its reason phrase, or why none came
/// @param warnings what the network said about it
/// @param handled its identifiers, with the Message-UID of the answer, for the correlation with the
///   message store (7.2.1.1/18)
public record SendResult(
        Mode mode, int status, String reason, List<Warning> warnings, HandledMessage handled) {

    public SendResult {
        warnings = List.copyOf(warnings);
    }

    static SendResult of(ComposedMessage composed, Exchange.Answer answer) {
        return switch (answer) {
            case Exchange.Answer.Nothing(var why) ->
                    new SendResult(
                            Mode.PAGER, 0, why, List.of(), composed.handled(Optional.empty()));
            case Exchange.Answer.Final(var response) ->
                    of(Mode.PAGER, composed, response, messageUid(response));
        };
    }

    /// An INVITE was refused.
    static SendResult of(ComposedMessage composed, SipResponse refusal) {
        return of(Mode.LARGE, composed, refusal, Optional.empty());
    }

    private static SendResult of(
            Mode mode,
            ComposedMessage composed,
            SipResponse response,
            Optional<MessageUid> messageUid) {
        return new SendResult(
                mode,
                response.status(),
                response.reason(),
                Warning.parse(response.headers().all(CpmHeader.WARNING)),
                composed.handled(messageUid));
    }

    /// A large message has arrived; the UID is in the answer to the BYE (7.2.1.2/sent.3). Without
    /// one, or without an answer, there are the identifiers (7.2.1.2/sent.4, 7.2.1.2/sent.4.lost).
    static SendResult completed(ComposedMessage composed, SessionEnd end) {
        var uid =
                end instanceof SessionEnd.ByeSent(var answer)
                        ? answer.flatMap(SendResult::messageUid)
                        : Optional.<MessageUid>empty();
        return new SendResult(
                Mode.LARGE, StatusCode.OK, "Call completed", List.of(), composed.handled(uid));
    }

    static SendResult failed(int status, String reason, HandledMessage handled) {
        return new SendResult(Mode.LARGE, status, reason, List.of(), handled);
    }

    /// 7.2.1.1/18: under which UID the network has stored the message.
    private static Optional<MessageUid> messageUid(SipResponse response) {
        try {
            return response.isSuccess()
                    ? response.header(CpmHeader.MESSAGE_UID).map(MessageUid::parse)
                    : Optional.empty();
        } catch (MalformedMessage unusable) {
            return Optional.empty(); // as good as none: 7.2.1.1/19
        }
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
