package org.fanfare.msrp;

import java.util.Optional;

/// The last character of an end line (RFC 4975 7.1).
public enum Continuation {
    /// The message ends with this chunk.
    COMPLETE('$'),
    /// More chunks of the message follow.
    MORE('+'),
    /// The sender gave the message up.
    ABORTED('#');

    private final char flag;

    Continuation(char flag) {
        this.flag = flag;
    }

    public char flag() {
        return flag;
    }

    /// The one with this flag, or none.
    static Optional<Continuation> of(int flag) {
        return switch (flag) {
            case '$' -> Optional.of(COMPLETE);
            case '+' -> Optional.of(MORE);
            case '#' -> Optional.of(ABORTED);
            default -> Optional.empty();
        };
    }
}
