package org.fanfare.cpm;

import java.util.random.RandomGenerator;

/// Names one message; all copies of a message to many have the same.
public record ContributionId(String value) {

    public ContributionId {
        Identifier.check(CpmHeader.CONTRIBUTION_ID, value);
    }

    /// A new one, lower case, with hyphens. The generator should be a secure one.
    public static ContributionId random(RandomGenerator random) {
        return new ContributionId(Identifier.random(random));
    }

    /// Reads the value of Contribution-ID or InReplyTo-Contribution-ID.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when it is no token or too long
    public static ContributionId parse(String value) {
        return new ContributionId(value.strip());
    }

    @Override
    public String toString() {
        return value;
    }
}
