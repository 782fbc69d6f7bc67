package org.fanfare.client;

import org.fanfare.cpm.MessageUid;

import java.util.Optional;

/// A message object found by synchronisation with the message store over IMAP: where it lies, and
/// those of its MIME headers that Table 2 of 7.2.1.1 names.
///
/// @param folder the folder's name, decoded from modified UTF-7, levels separated by `/`
/// @param uid its UID in that folder
public record StoredMessage(
        String folder,
        MessageUid uid,
        Optional<String> conversationId,
        Optional<String> contributionId,
        Optional<String> inReplyTo,
        Optional<String> imdnMessageId,
        Optional<String> payloadType) {}
