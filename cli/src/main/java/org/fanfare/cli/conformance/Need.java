package org.fanfare.cli.conformance;

import org.jspecify.annotations.Nullable;

import java.util.Locale;

/// What a scenario needs to know of the target before it can be run.
enum Need {
    MAX_RECIPIENTS(Stated.MAX_RECIPIENTS, "N"),
    DENIED(Stated.DENIED, "URI"),
    MINIMUM_RELEASE(Stated.MINIMUM_RELEASE, "VERSION"),
    ANY_RELEASE(Stated.MINIMUM_RELEASE, Stated.NONE),
    ANONYMITY(Stated.ANONYMITY, "allowed"),
    NO_ANONYMITY(Stated.ANONYMITY, "refused"),
    ANONYMITY_TO_MANY(Stated.ANONYMITY_TO_MANY, "allowed"),
    NO_ANONYMITY_TO_MANY(Stated.ANONYMITY_TO_MANY, "refused"),
    ISF(Stated.ISF, "HOST:PORT"),
    NO_ISF(Stated.ISF, Stated.NONE),
    MSRP_CHUNK(Stated.MSRP_CHUNK, "OCTETS"),
    SESSION_INTERVAL(Stated.SESSION_INTERVAL, "S"),
    DIRECT_DELIVERY_BY_CORE(Stated.DIRECT_DELIVERY, "core"),
    DIRECT_DELIVERY_TO_DEVICES(Stated.DIRECT_DELIVERY, "devices"),
    NO_DIRECT_DELIVERY(Stated.DIRECT_DELIVERY, "off"),
    NO_DUPLICATES(Stated.DUPLICATES, "suppressed"),
    STORE(Stated.STORE, "URI"),
    RECORDS_ALL(Stated.RECORD, "always"),
    RECORDS_WHO_PREFER_IT(Stated.RECORD, "preference"),
    XDMS(Stated.XDMS, "HOST:PORT"),
    /// We assert who sends and for which service, as a core does.
    TRUSTED(null, "a trusted core, so no --user");

    private final @Nullable Stated stated;
    private final String value;

    Need(@Nullable Stated stated, String value) {
        this.stated = stated;
        this.value = value;
    }

    boolean isMetBy(Target target) {
        if (stated == null) {
            return target.account().isEmpty();
        }
        var said = target.stated().get(stated);
        return said != null
                && (isPlaceholder() ? !said.equals(Stated.NONE) : said.equalsIgnoreCase(value));
    }

    /// Any value but `none`.
    private boolean isPlaceholder() {
        return value.equals(value.toUpperCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return stated == null ? value : stated.option() + " " + value;
    }
}
