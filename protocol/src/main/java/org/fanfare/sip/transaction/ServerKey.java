package org.fanfare.sip.transaction;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.Via;
import org.fanfare.wire.MalformedMessage;

import java.util.Optional;

/// What tells whether two requests belong to the same server transaction (RFC 3261 17.2.3).
record ServerKey(String text) {

    /// The key of the transaction that the request belongs to; an ACK belongs to that of its
    /// INVITE.
    ///
    /// @throws MalformedMessage when a field that is needed cannot be read
    static ServerKey of(SipRequest request) {
        var method = request.method().equals(Method.ACK) ? Method.INVITE : request.method();
        return of(request, method);
    }

    /// The key of the transaction of another method that a CANCEL or ACK means (RFC 3261 9.2).
    static ServerKey of(SipRequest request, Method method) {
        var via = request.topVia();
        return new ServerKey(
                via.hasUniqueBranch()
                        ? via.branch().orElse("") + " " + sentBy(via) + " " + method
                        : withoutCookie(request, via, method));
    }

    private static String sentBy(Via via) {
        return via.sentBy().canonicalHost() + ":" + via.port();
    }

    /// As RFC 2543 clients want it. The To tag does not count for INVITE: its ACK has ours.
    private static String withoutCookie(SipRequest request, Via via, Method method) {
        var toTag = method.equals(Method.INVITE) ? Optional.<String>empty() : request.to().tag();
        return String.join(
                " ",
                request.requestUriText(),
                toTag.orElse("-"),
                request.from().tag().orElse("-"),
                request.callId(),
                Long.toString(request.cseq().number()),
                method.name(),
                via.branch().orElse("-"),
                sentBy(via));
    }

    /// What a request has in common with others that came from the same one by another path (RFC
    /// 3261 8.2.2.2); empty within a dialog.
    static Optional<String> mergeKey(SipRequest request) {
        if (request.to().tag().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                request.from().tag().orElse("-") + " " + request.callId() + " " + request.cseq());
    }
}
