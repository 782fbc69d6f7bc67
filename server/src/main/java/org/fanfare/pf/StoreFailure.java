package org.fanfare.pf;

/// What the message store could not or would not do. Without stack trace: it is expected.
public final class StoreFailure extends Exception {

    private static final long serialVersionUID = 1;

    /// Why, as far as it matters to the sender.
    public enum Reason {
        /// Down, slow or talking nonsense: it may be well later.
        UNAVAILABLE,
        /// No mailbox for this user, or not for us.
        REFUSED,
        /// The mailbox is full: there is no sense in trying again.
        FULL,
        /// There is no such object.
        NOT_FOUND,
        /// Another store, or the mailbox of another user.
        NOT_ALLOWED,
        /// Not a kind of object, or of reference, that can be fetched.
        UNSUPPORTED,
        /// Larger than wanted.
        TOO_LARGE
    }

    private final Reason reason;

    public StoreFailure(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
