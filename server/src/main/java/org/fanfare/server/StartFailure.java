package org.fanfare.server;

/// The server cannot start: which key it fails at, what was wanted, and why not. The command ends
/// with exit status 69 on it.
public final class StartFailure extends Exception {

    private static final long serialVersionUID = 1;

    StartFailure(String key, String wanted, Throwable cause) {
        super("%s: cannot %s: %s".formatted(key, wanted, reasonOf(cause)), cause, false, false);
    }

    private static String reasonOf(Throwable cause) {
        var message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
