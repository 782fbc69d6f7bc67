package org.fanfare.resourcelists;

import org.fanfare.wire.Leniency;

import java.util.Locale;

/// The role of a recipient, highest first (RFC 5364 4).
public enum CopyControl {
    TO,
    CC,
    BCC;

    /// The attribute value; one that is none of the three hides the most.
    static CopyControl parse(String value) {
        return switch (value.strip()) {
            case "to" -> TO;
            case "cc" -> CC;
            case "bcc" -> BCC;
            default -> parseLoosely(value.strip());
        };
    }

    private static CopyControl parseLoosely(String value) {
        Leniency.COPY_CONTROL_VALUE.taken();
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "to" -> TO;
            case "cc" -> CC;
            default -> BCC;
        };
    }

    /// As it is written in a list.
    public String value() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Of two roles of one recipient the higher one counts (RFC 5363 4.1, RFC 5364 4).
    CopyControl highest(CopyControl other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
