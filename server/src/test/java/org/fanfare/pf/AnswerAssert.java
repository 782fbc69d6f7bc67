package org.fanfare.pf;

import org.assertj.core.api.AbstractAssert;
import org.fanfare.sip.SipResponse;

/// What a test says about an answer.
public final class AnswerAssert extends AbstractAssert<AnswerAssert, SipResponse> {

    private AnswerAssert(SipResponse answer) {
        super(answer, AnswerAssert.class);
    }

    public static AnswerAssert assertThat(SipResponse answer) {
        return new AnswerAssert(answer);
    }

    public AnswerAssert hasStatus(int status) {
        if (actual.status() != status) {
            failWithMessage("expected %d, was %s", status, actual.encoded().utf8());
        }
        return this;
    }

    /// The text of its Warning, behind 399 and our host.
    public AnswerAssert hasWarning(String text) {
        return hasHeader("Warning", "399 pf.home.example \"" + text + "\"");
    }

    public AnswerAssert hasNoWarning() {
        return hasNo("Warning");
    }

    public AnswerAssert hasNo(String name) {
        if (actual.headers().has(name)) {
            failWithMessage("expected no %s in %s", name, actual.encoded().utf8());
        }
        return this;
    }

    public AnswerAssert hasHeader(String name, String value) {
        if (!actual.headers().all(name).contains(value)) {
            failWithMessage("expected %s: %s in %s", name, value, actual.encoded().utf8());
        }
        return this;
    }
}
