package org.fanfare.client;

import java.time.InstantSource;

/// What comes first in both modes: whom a message is for, what it is called, and its CPIM wrapper.
final class Drafting {

    private final ClientSettings settings;
    private final StandaloneMessage standalone;
    private final Tokens tokens;

    Drafting(ClientSettings settings, InstantSource clock, Tokens tokens) {
        this.settings = settings;
        this.standalone = new StandaloneMessage(settings, clock);
        this.tokens = tokens;
    }

    /// @throws CannotSend before anything has left the client
    Draft draft(OutgoingMessage message) {
        // 7.2.1.1/8 to 11, 7.2.1.2/9 to 12
        var destination = Destination.of(message, settings.provisioning());
        var ids = ids(message);
        var cpim = standalone.generate(message, destination.requestUri(), ids.imdnMessageId());
        return new Draft(message, destination, ids, cpim); // 7.2.1.1/15, 7.2.1.2/200.G
    }

    private MessageIds ids(OutgoingMessage message) {
        return new MessageIds(
                message.conversation() // 7.2.1.1/12.else, 7.2.1.2/16.else
                        .orElseGet(tokens::conversationId), // 7.2.1.1/12, 7.2.1.2/16
                tokens.contributionId(), // 7.2.1.1/13, 7.2.1.2/17
                message.answered().map(Answered::contributionId),
                tokens.messageId());
    }
}
