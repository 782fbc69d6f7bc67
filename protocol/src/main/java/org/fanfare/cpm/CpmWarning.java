package org.fanfare.cpm;

import java.util.Optional;

/// The warnings that CPM gives with a refusal: a number of its own and words.
public enum CpmWarning {
    TOO_MANY_RECIPIENTS(102, 486, "Too many recipients"),
    ANONYMITY_NOT_ALLOWED(119, 403, "Anonymity not allowed"),
    FUNCTION_NOT_ALLOWED(122, 403, "Function not allowed"),
    SERVICE_NOT_AUTHORISED(127, 403, "Service not authorised"),
    NO_DESTINATIONS(129, 403, "No destinations"),
    VERSION_NOT_SUPPORTED(132, 403, "Version not supported"),
    SIZE_EXCEEDED(133, 403, "Size exceeded");

    private final int number;
    private final int status;
    private final String words;

    CpmWarning(int number, int status, String words) {
        this.number = number;
        this.status = status;
        this.words = words;
    }

    public int number() {
        return number;
    }

    /// The status of the response that carries it.
    public int status() {
        return status;
    }

    public String words() {
        return words;
    }

    /// Number and words.
    public String text() {
        return number + " " + words;
    }

    /// The value of the Warning field, from the named host: SIP has its own numbers, so that of CPM
    /// stands in the text of a 399 (RFC 3261 20.43).
    public String header(String host) {
        return new Warning(Warning.MISCELLANEOUS, host, text()).toString();
    }

    public static Optional<CpmWarning> ofNumber(int number) {
        for (var warning : values()) {
            if (warning.number == number) {
                return Optional.of(warning);
            }
        }
        return Optional.empty();
    }

    /// The warning of these words, whatever their case; one edition of the text has a slip of the
    /// pen in those of 132 (reading 24).
    static Optional<CpmWarning> ofWords(String words) {
        for (var warning : values()) {
            if (warning.words.equalsIgnoreCase(words)) {
                return Optional.of(warning);
            }
        }
        return words.equalsIgnoreCase("Version no supported")
                ? Optional.of(VERSION_NOT_SUPPORTED)
                : Optional.empty();
    }
}
