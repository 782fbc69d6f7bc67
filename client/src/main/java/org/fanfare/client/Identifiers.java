package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.sip.SipMessage;
import org.fanfare.wire.MalformedMessage;

import java.util.Optional;

/// The identifiers of CPM in a message; one that is no token counts as absent.
final class Identifiers {

    private Identifiers() {}

    static Optional<ConversationId> conversation(SipMessage message) {
        try {
            return message.header(CpmHeader.CONVERSATION_ID).map(ConversationId::parse);
        } catch (MalformedMessage unusable) {
            return Optional.empty();
        }
    }

    static Optional<ContributionId> contribution(SipMessage message) {
        return contribution(message, CpmHeader.CONTRIBUTION_ID);
    }

    static Optional<ContributionId> inReplyTo(SipMessage message) {
        return contribution(message, CpmHeader.IN_REPLY_TO_CONTRIBUTION_ID);
    }

    private static Optional<ContributionId> contribution(SipMessage message, String header) {
        try {
            return message.header(header).map(ContributionId::parse);
        } catch (MalformedMessage unusable) {
            return Optional.empty();
        }
    }
}
