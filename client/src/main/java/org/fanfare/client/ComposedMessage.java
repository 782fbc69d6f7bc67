package org.fanfare.client;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.MessageUid;
import org.fanfare.sip.SipRequest;

import java.util.Optional;

/// A message ready to be sent.
///
/// @param request complete but for its Via
record ComposedMessage(SipRequest request, Draft draft) {

    CpimMessage cpim() {
        return draft.cpim();
    }

    MessageIds ids() {
        return draft.ids();
    }

    Destination destination() {
        return draft.destination();
    }

    /// What the synchronisation with the message store has to know of it.
    HandledMessage handled(Optional<MessageUid> messageUid) {
        return new HandledMessage(
                true,
                destination().isGroup()
                        ? new HandledMessage.Party.Group() // reading 39
                        : new HandledMessage.Party.One(destination().requestUri()),
                ids().conversationId(),
                ids().contributionId(),
                ids().inReplyTo(),
                Optional.of(ids().imdnMessageId()),
                cpim().header(CpimHeader.CPM_NAMESPACE, "Payload-Type"),
                messageUid);
    }
}
