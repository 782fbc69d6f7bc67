package org.fanfare.spool;

/// Owners and readers of a [Spool]. It ends once, with the last of them; new readers come only
/// while there is an owner.
final class Users {

    private int owners = 1;
    private int readers;
    private boolean toBeRemoved;

    synchronized void enter(String id) {
        if (owners == 0) {
            throw new IllegalStateException("spool %s: its owners are done".formatted(id));
        }
        readers++;
    }

    /// True if that was the last user.
    synchronized boolean readerLeaves() {
        readers--;
        return owners == 0 && readers == 0;
    }

    /// False if the spool has ended, or is about to.
    synchronized boolean ownerComes() {
        if (owners == 0 && readers == 0) {
            return false;
        }
        owners++;
        return true;
    }

    /// One owner less.
    ///
    /// @param remove nobody needs the content any more
    /// @return true if that was the last user
    synchronized boolean ownerLeaves(boolean remove) {
        if (owners == 0) {
            throw new IllegalStateException("closed more often than it was opened");
        }
        owners--;
        toBeRemoved |= remove;
        return owners == 0 && readers == 0;
    }

    synchronized boolean isToBeRemoved() {
        return toBeRemoved;
    }

    synchronized int readers() {
        return readers;
    }
}
