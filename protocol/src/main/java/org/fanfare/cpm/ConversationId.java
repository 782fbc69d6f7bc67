package org.fanfare.cpm;

import java.util.random.RandomGenerator;

/// Names a conversation: the same in every message of a thread between the same parties.
public record ConversationId(String value) {

    public ConversationId {
        Identifier.check(CpmHeader.CONVERSATION_ID, value);
    }

    /// A new one, lower case, with hyphens. The generator should be a secure one.
    public static ConversationId random(RandomGenerator random) {
        return new ConversationId(Identifier.random(random));
    }

    /// Reads a field value.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when it is no token or too long
    public static ConversationId parse(String value) {
        return new ConversationId(value.strip());
    }

    @Override
    public String toString() {
        return value;
    }
}
