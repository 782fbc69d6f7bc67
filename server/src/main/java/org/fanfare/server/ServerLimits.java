package org.fanfare.server;

import org.jspecify.annotations.Nullable;

/// The limits of the service itself. Defaults stand in `fanfare.yaml`.
///
/// @param openMessagesPerOriginator messages of one originator under way at the same time
/// @param recipientsPerHour recipients that one originator may reach; null is no limit
/// @param interworkedPerDay copies of one originator that may go to interworking; null is no limit
/// @param openLegs copies on their way at the same time, of all messages
/// @param openSessions sessions with recipients of large messages at the same time, of all messages
/// @param recipientOctets of a large message that a recipient takes in 30 s at least
/// @param senderOctets of a large message that its sender gives in 30 s at least
/// @param waitingPerRecipient copies that may wait for one recipient
/// @param legRetries how often a copy is tried again before its recipient has failed
public record ServerLimits(
        int openMessagesPerOriginator,
        @Nullable Integer recipientsPerHour,
        @Nullable Integer interworkedPerDay,
        int openLegs,
        int openSessions,
        int recipientOctets,
        int senderOctets,
        int waitingPerRecipient,
        int legRetries) {}
