package org.fanfare.cli;

/// Why a command gives up, in one sentence for its user, and the exit status that goes with it.
final class CommandFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final int exitStatus;

    CommandFailure(int exitStatus, String message) {
        super(message, null, false, false);
        this.exitStatus = exitStatus;
    }

    int exitStatus() {
        return exitStatus;
    }
}
