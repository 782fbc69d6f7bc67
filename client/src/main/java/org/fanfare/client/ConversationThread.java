package org.fanfare.client;

import org.fanfare.cpm.ConversationId;

/// One thread of a conversation: with one other party.
///
/// @param peer the canonical address of the other party
public record ConversationThread(ConversationId conversationId, String peer) {}
