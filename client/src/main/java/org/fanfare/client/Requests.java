package org.fanfare.client;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;

/// What every request outside a dialog starts with (RFC 3261 8.1.1).
final class Requests {

    private Requests() {}

    /// All mandatory header fields but Via, which the transaction layer adds.
    static SipRequest.Builder start(
            Method method, Uri requestUri, NameAddress from, Uri to, Tokens tokens) {
        return SipRequest.builder(method, requestUri)
                .header("Max-Forwards", "70")
                .header("From", from.withTag(tokens.tag()).toString())
                .header("To", "<" + to + ">")
                .header("Call-ID", tokens.callId())
                .header("CSeq", "1 " + method.name());
    }
}
