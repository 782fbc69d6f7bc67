package org.fanfare.pf;

import org.fanfare.cpm.CpmWarning;
import org.fanfare.sip.HeaderField;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A check has failed: the request is answered with this, and nobody gets it. Without stack trace;
/// turned into the answer in one place, [Refusals].
final class Refusal extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String warning;
    private final transient List<HeaderField> headers = new ArrayList<>();

    Refusal(int status, CpmWarning warning) {
        this(status, warning.text());
    }

    /// @param warning text of the Warning header field, which also says in the log what was wrong
    Refusal(int status, String warning) {
        super(warning, null, false, false);
        this.status = status;
        this.warning = warning;
    }

    /// The answer has this header field too.
    Refusal with(String name, String value) {
        headers.add(new HeaderField(name, value));
        return this;
    }

    Refusal retryAfter(Duration wait) {
        return with("Retry-After", Long.toString(Math.max(wait.toSeconds(), 1)));
    }

    int status() {
        return status;
    }

    String warning() {
        return warning;
    }

    List<HeaderField> headers() {
        return headers;
    }
}
