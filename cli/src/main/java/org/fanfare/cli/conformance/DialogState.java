package org.fanfare.cli.conformance;

import org.fanfare.sip.Contact;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;

import java.util.List;
import java.util.Optional;

/// What a request within a dialog is made of (RFC 3261 12.2.1.1).
///
/// @param target the Request-URI
record DialogState(String target, List<NameAddress> routes, String from, String to, String callId) {

    /// Of the one that we called with.
    static DialogState ofCaller(SipRequest invite, SipResponse answer) {
        return new DialogState(
                contact(answer).orElse(invite.requestUriText()),
                answer.recordRoutes().reversed(),
                invite.from().toString(),
                answer.to().toString(),
                invite.callId());
    }

    /// Of one who was called.
    static DialogState ofCallee(SipRequest invite, String tag) {
        return new DialogState(
                contact(invite).orElse(invite.from().uri().toString()),
                invite.recordRoutes(),
                invite.to() + ";tag=" + tag,
                invite.from().toString(),
                invite.callId());
    }

    private static Optional<String> contact(SipMessage message) {
        return message.contacts().stream()
                .filter(Contact.Address.class::isInstance)
                .map(contact -> ((Contact.Address) contact).address().uri().toString())
                .findFirst();
    }

    /// @param cseq the number of the request
    SipRequest.Builder request(Method method, long cseq) {
        var request =
                SipRequest.builder(method, Uri.parse(target))
                        .header("Max-Forwards", "70")
                        .header("From", from)
                        .header("To", to)
                        .header("Call-ID", callId)
                        .header("CSeq", cseq + " " + method);
        routes.forEach(route -> request.header("Route", route));
        return request;
    }
}
