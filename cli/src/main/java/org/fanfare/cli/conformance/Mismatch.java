package org.fanfare.cli.conformance;

/// What came is not what the clause says.
final class Mismatch extends Exception {

    private static final long serialVersionUID = 1;

    private final String expected;
    private final String seen;

    /// Each half of one line.
    Mismatch(String expected, String seen) {
        super("expected " + expected + ", seen " + seen, null, false, false);
        this.expected = expected;
        this.seen = seen;
    }

    String expected() {
        return expected;
    }

    String seen() {
        return seen;
    }
}
