package org.fanfare.pf;

import org.fanfare.cpm.MessageUid;
import org.fanfare.mime.MimeEntity;

/// The Message Storage Server, as far as the Participating Function uses it (references k). Every
/// user has a mailbox of his own there, and is led to no other. Calls block, for a bounded time;
/// safe for use by any number of threads.
public interface MessageStore {

    /// Whether this user can have a mailbox here at all.
    boolean serves(String user);

    /// Stores an object in the mailbox of its owner (6.3.1 Object Store Operation) and returns its
    /// UID. When it was tried before, an object with the same ids may be there already: then that
    /// one counts, and none is added.
    ///
    /// @param again whether it was tried before
    MessageUid store(HistoryObject object, boolean again) throws StoreFailure;

    /// What a URL names in the mailbox of this user (8.2.1.1/5.a).
    ///
    /// @param largest octets; more are refused before they are read
    MimeEntity fetch(String url, String user, long largest) throws StoreFailure;

    /// What it has done, for the metrics.
    Figures figures();

    /// What was done so far, and how it stands.
    ///
    /// @param stored objects added
    /// @param found objects that were there already when they were to be added again
    /// @param fetched objects read
    /// @param failed operations that failed
    /// @param connections open now
    /// @param away whether it is left alone for a while, because it does not answer
    record Figures(
            long stored, long found, long fetched, long failed, int connections, boolean away) {

        /// Of no store.
        public static final Figures NONE = new Figures(0, 0, 0, 0, 0, false);
    }
}
