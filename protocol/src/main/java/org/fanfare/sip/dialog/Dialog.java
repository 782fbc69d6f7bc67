package org.fanfare.sip.dialog;

import org.fanfare.sip.CSeq;
import org.fanfare.sip.Contact;
import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Optional;

/// The state of a dialog (RFC 3261 12): a value, and each change makes a new one.
///
/// @param confirmed by a 2xx; else it is an early one
/// @param local with our tag
/// @param remote with the tag of the other side, if it has one
/// @param remoteTarget where the other side wants its requests
/// @param routeSet the proxies on the way there, the first one first
/// @param localSequence the CSeq number of our last request
/// @param remoteSequence that of the last request of the other side; -1 before the first
public record Dialog(
        DialogId id,
        boolean confirmed,
        NameAddress local,
        NameAddress remote,
        Uri remoteTarget,
        List<NameAddress> routeSet,
        long localSequence,
        long remoteSequence) {

    private static final long NONE = -1;
    private static final String MAX_FORWARDS = "70";

    public Dialog {
        routeSet = List.copyOf(routeSet);
    }

    /// The dialog that a response, 101 to 299, makes for the one who sent the INVITE (12.1.2).
    /// Where it has no Contact, against 12.1.1, the Request-URI stands for it.
    public static Dialog ofCaller(SipRequest invite, SipResponse response) {
        var local = invite.from();
        var remote = response.to();
        var id = new DialogId(invite.callId(), local.tag().orElse(""), remote.tag().orElse(""));
        return new Dialog(
                id,
                response.isSuccess(),
                local,
                remote,
                contact(response).orElseGet(invite::requestUri),
                response.recordRoutes().reversed(),
                invite.cseq().number(),
                NONE);
    }

    /// The dialog for the one who answers the INVITE (12.1.1), early until [#confirm].
    ///
    /// @param tag ours, in To of all our responses
    /// @throws MalformedMessage when the INVITE has no Contact
    public static Dialog ofCallee(SipRequest invite, String tag) {
        var remote = invite.from();
        var id = new DialogId(invite.callId(), tag, remote.tag().orElse(""));
        var target =
                contact(invite)
                        .orElseThrow(() ->
                                new MalformedMessage(
                                        "Contact: expected one in an INVITE, found none",
                                        0,
                                        "RFC 3261 8.1.1.8"));
        return new Dialog(
                id,
                false,
                invite.to().withTag(tag),
                remote,
                target,
                invite.recordRoutes(),
                0,
                invite.cseq().number());
    }

    private static Optional<Uri> contact(SipMessage message) {
        return message.contacts().stream()
                .findFirst()
                .flatMap(Contact::asAddress)
                .map(NameAddress::uri);
    }

    /// The 2xx is there or has been sent.
    public Dialog confirm() {
        return new Dialog(
                id, true, local, remote, remoteTarget, routeSet, localSequence, remoteSequence);
    }

    /// For our next request.
    public Dialog nextLocal() {
        return withLocalSequence(localSequence + 1);
    }

    Dialog withLocalSequence(long number) {
        return new Dialog(
                id, confirmed, local, remote, remoteTarget, routeSet, number, remoteSequence);
    }

    /// Whether a request of the other side comes after those that came before (12.2.2).
    public boolean isInOrder(SipRequest request) {
        return request.cseq().number() > remoteSequence;
    }

    /// The other side has sent a request.
    public Dialog received(SipRequest request) {
        return new Dialog(
                id,
                confirmed,
                local,
                remote,
                remoteTarget,
                routeSet,
                localSequence,
                request.cseq().number());
    }

    /// The other side may have moved: its re-INVITE or UPDATE, or its 2xx to ours, says where to
    /// (12.2.1.2, 12.2.2).
    public Dialog withTargetOf(SipMessage message) {
        return new Dialog(
                id,
                confirmed,
                local,
                remote,
                contact(message).orElse(remoteTarget),
                routeSet,
                localSequence,
                remoteSequence);
    }

    /// A request with the CSeq number that is ours now: see [#nextLocal]. Without Via and Contact.
    public SipRequest.Builder request(Method method) {
        return request(method, localSequence);
    }

    /// The ACK for a 2xx to an INVITE of that number (13.2.2.4), with its credentials.
    public SipRequest ack(SipRequest invite) {
        return request(Method.ACK, invite.cseq().number())
                .copy(invite, HeaderName.AUTHORIZATION)
                .copy(invite, HeaderName.PROXY_AUTHORIZATION)
                .build();
    }

    /// 12.2.1.1. The first route may be that of a proxy of RFC 2543, which wants its own address in
    /// the request line and the target behind all routes.
    private SipRequest.Builder request(Method method, long number) {
        boolean strict = !routeSet.isEmpty() && !isLoose(routeSet.getFirst());
        var request =
                SipRequest.builder(method, strict ? routeSet.getFirst().uri() : remoteTarget)
                        .header(HeaderName.MAX_FORWARDS, MAX_FORWARDS);
        routeSet.stream()
                .skip(strict ? 1 : 0)
                .forEach(route -> request.header(HeaderName.ROUTE, route));
        if (strict) {
            request.header(HeaderName.ROUTE, NameAddress.of(remoteTarget));
        }
        return request.header(HeaderName.FROM, local)
                .header(HeaderName.TO, remote)
                .header(HeaderName.CALL_ID, id.callId())
                .header(HeaderName.CSEQ, new CSeq(number, method));
    }

    private static boolean isLoose(NameAddress route) {
        return !(route.uri() instanceof SipUri uri) || uri.parameters().has("lr");
    }
}
