package org.fanfare.pf;

import org.fanfare.cpm.MessageUid;

import java.util.Optional;

/// The Message Storage Server, as far as the Participating Function uses it. None is there yet:
/// steps 5, 6 and 9.i have their places, and nothing behind them.
public interface MessageStore {

    /// Replaces external contents by what they name (8.2.1.1/5).
    MessageContent withExternalContent(MessageContent content, String originator);

    /// Stores a message that was sent, once (8.2.1.1/9.i.a, reading 39); empty when that failed.
    Optional<MessageUid> store(MessageContent content, String originator);
}
