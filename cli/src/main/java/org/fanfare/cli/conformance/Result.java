package org.fanfare.cli.conformance;

import java.util.Locale;

/// How a scenario ended.
///
/// @param expected by the clause; when it failed, what exactly was not so
/// @param seen what came; when it was not run, why
public record Result(Scenario scenario, Verdict verdict, String expected, String seen) {

    public enum Verdict {
        PASS,
        FAIL,
        NOT_RUN;

        @Override
        public String toString() {
            return this == FAIL ? name() : name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
