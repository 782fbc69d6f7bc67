package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;

import java.util.Optional;

/// The identifiers of one message.
///
/// @param inReplyTo the Contribution-ID of what it answers
/// @param imdnMessageId the Message-ID in its CPIM headers
public record MessageIds(
        ConversationId conversationId,
        ContributionId contributionId,
        Optional<ContributionId> inReplyTo,
        String imdnMessageId) {}
