package org.fanfare.msrp;

/// Whether the sender of a request wants to hear of failures (RFC 4975 7.1.2).
public enum FailureReport {
    /// A response to each chunk, and a REPORT when one is lost farther on. What holds without the
    /// field.
    YES("yes"),
    /// Neither responses nor REPORTs.
    NO("no"),
    /// Responses of failures only.
    PARTIAL("partial");

    private final String word;

    FailureReport(String word) {
        this.word = word;
    }

    @Override
    public String toString() {
        return word;
    }
}
