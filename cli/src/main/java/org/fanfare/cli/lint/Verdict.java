package org.fanfare.cli.lint;

import org.fanfare.wire.MalformedMessage;

import java.util.OptionalInt;

/// Valid or not, and why.
///
/// @param reason for an invalid file: what was expected, the octet offset, the section that says so
/// @param expect the status that a server answers to this request, when it is not simply served
public record Verdict(boolean valid, String reason, OptionalInt expect) {

    static Verdict good(String what) {
        return new Verdict(true, what, OptionalInt.empty());
    }

    static Verdict bad(MalformedMessage fault) {
        return new Verdict(false, String.valueOf(fault.getMessage()), OptionalInt.empty());
    }

    static Verdict of(org.fanfare.sip.Verdict verdict, String reason) {
        return new Verdict(verdict.valid(), reason, verdict.expect());
    }

    /// `valid|invalid`, a tab, the reason; the answer of a server at its end.
    public String line() {
        var text = (valid ? "valid\t" : "invalid\t") + reason;
        return expect.isPresent() ? text + " expect=" + expect.getAsInt() : text;
    }
}
