package org.fanfare.core;

import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.sip.StatusCode;

import java.util.LinkedHashMap;
import java.util.Map;

/// The core itself answers a request, with a failure.
final class Refused extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;
    private final transient Map<String, String> fields = new LinkedHashMap<>();

    Refused(int status) {
        this(status, StatusCode.reasonPhrase(status));
    }

    Refused(int status, String reason) {
        super(status + " " + reason, null, false, false);
        this.status = status;
        this.reason = reason;
    }

    /// Adds a header field to the answer.
    Refused with(String name, String value) {
        fields.put(name, value);
        return this;
    }

    SipResponse answer(SipRequest request) {
        var answer = request.answer(status, reason);
        fields.forEach(answer::header);
        return answer.build();
    }
}
