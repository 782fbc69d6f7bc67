package org.fanfare.client;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Makes the identifiers of messages from one source of randomness. None of them says anything
/// about the user or the device (I9).
final class Tokens {

    private final RandomGenerator random;

    Tokens(RandomGenerator random) {
        this.random = random;
    }

    static Tokens secure() {
        return new Tokens(new SecureRandom());
    }

    /// `imdn.Message-ID`: "at least 64 bits of randomness" (RFC 5438 6.3), 128 here.
    String messageId() {
        return hex(16);
    }

    /// Without `@host`, which would tell where it was made.
    String callId() {
        return hex(16);
    }

    String tag() {
        return hex(8);
    }

    ConversationId conversationId() {
        return ConversationId.random(random);
    }

    ContributionId contributionId() {
        return ContributionId.random(random);
    }

    private String hex(int octets) {
        var bytes = new byte[octets];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
