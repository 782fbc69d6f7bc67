package org.fanfare.sdp;

import java.util.Locale;
import java.util.Optional;

/// Who makes the connection (RFC 4145 4, RFC 6135).
public enum Setup {
    ACTIVE,
    PASSIVE,
    /// Either: the answerer says.
    ACTPASS;

    static Optional<Setup> parse(String text) {
        for (var setup : values()) {
            if (setup.toString().equals(text)) {
                return Optional.of(setup);
            }
        }
        return Optional.empty();
    }

    /// What the answer to this says (RFC 4145 4.1).
    ///
    /// @param preferred where either would do: not [#ACTPASS], which no answer says
    public Setup answer(Setup preferred) {
        return switch (this) {
            case ACTIVE -> PASSIVE;
            case PASSIVE -> ACTIVE;
            case ACTPASS -> preferred == ACTIVE ? ACTIVE : PASSIVE;
        };
    }

    /// As on the wire.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
