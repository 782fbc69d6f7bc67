package org.fanfare.ledger;

/// The range is not held by this node, or not any more: another one has taken it over and its epoch
/// is newer, or the message has ended. Stop working on it: what this node would write is refused.
public final class Fenced extends RuntimeException {

    private final transient MessageRef message;

    Fenced(MessageRef message, int range) {
        super(
                "message %s, range %d: not held by this node (taken over by another, or ended)"
                        .formatted(message, range),
                null,
                false,
                false);
        this.message = message;
    }

    public MessageRef message() {
        return message;
    }
}
