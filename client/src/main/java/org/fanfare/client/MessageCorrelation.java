package org.fanfare.client;

import java.util.Collection;
import java.util.Optional;

/// Finds, for an object met during IMAP synchronisation, the message that the client has already
/// handled over SIP.
public final class MessageCorrelation {

    private MessageCorrelation() {}

    /// The handled message that `stored` is a copy of; empty where the object is new to this
    /// client.
    public static Optional<HandledMessage> find(
            Collection<HandledMessage> handled, StoredMessage stored) {
        return handled.stream().filter(message -> isSame(message, stored)).findFirst();
    }

    /// By UID where the 200 brought one (7.2.1.1/18.use, 7.2.1.2/sent.3.use), otherwise by the
    /// values of Table 2: the 200 had no `Message-UID` (7.2.1.1/19) or never arrived
    /// (7.2.1.1/19.lost).
    static boolean isSame(HandledMessage handled, StoredMessage stored) {
        if (handled.messageUid().isPresent()) {
            // A UID is unique in one folder only, and when that starts over it is given again
            // (RFC 3501 2.3.1.1).
            return handled.messageUid().get().equals(stored.uid())
                    && DuplicateMatch.isFolderOf(handled, stored)
                    && stored.contributionId()
                            .filter(id -> !id.equals(handled.contributionId().value()))
                            .isEmpty();
        }
        return DuplicateMatch.isDuplicate(handled, stored);
    }
}
