/// The Message Storage Server over IMAP (references k): the mailbox of each user, as the
/// Participating Function writes it and as a client reads it.
@NullMarked
package org.fanfare.store;

import org.jspecify.annotations.NullMarked;
