package org.fanfare.store;

import java.util.Map;

/// Up to where a mailbox is known to a client, so that it can ask for what is new or has changed.
///
/// @param folders by their full names in the store
public record MailboxState(Map<String, Folder> folders) {

    /// Of somebody who has seen nothing yet.
    public static final MailboxState NOTHING = new MailboxState(Map.of());

    private static final long LARGEST_NUMBER = 0xffff_ffffL;

    public MailboxState {
        folders = Map.copyOf(folders);
    }

    /// Up to where a folder is known; another validity makes it a new folder (RFC 3501 2.3.1.1).
    ///
    /// @param next the UID that the next object will have at least
    /// @param modified the highest modification sequence (RFC 7162); 0 where the server has none
    /// @param count how many objects there are
    public record Folder(long validity, long next, long modified, long count) {

        /// @throws IllegalArgumentException for what no server can mean
        public Folder {
            check("UIDVALIDITY", validity, 1, LARGEST_NUMBER);
            check("UIDNEXT", next, 1, LARGEST_NUMBER + 1);
            check("HIGHESTMODSEQ", modified, 0, Long.MAX_VALUE);
            check("the number of objects", count, 0, LARGEST_NUMBER);
        }

        private static void check(String what, long value, long least, long most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(what + " is " + value);
            }
        }
    }
}
