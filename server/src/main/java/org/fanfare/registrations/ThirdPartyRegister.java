package org.fanfare.registrations;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.sip.Contact;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.SipResponse;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;

import java.util.List;
import java.util.Optional;

/// A REGISTER by which the core tells that a user has registered (3GPP TS 24.229 5.4.1.7,
/// references n.1). Its body may hold the REGISTER of the client, and the response to it.
///
/// @param callId with `cseq` tells which of two is the newer one
/// @param user address in its canonical form
/// @param expires seconds; 0 when the user is not registered any more
/// @param register that of the client
/// @param response what it was answered: names all contacts of the user
record ThirdPartyRegister(
        String callId,
        long cseq,
        String user,
        long expires,
        Optional<SipRequest> register,
        Optional<SipResponse> response) {

    private static final MediaType SIP = MediaType.of("message", "sip");
    private static final long HOUR = 3600;

    /// @throws org.fanfare.wire.MalformedMessage when the body cannot be read
    static ThirdPartyRegister of(SipRequest request, Limits limits) {
        var inner = inner(request, limits);
        var user = request.to().uri();
        return new ThirdPartyRegister(
                request.callId(),
                request.cseq().number(),
                user.canonical(),
                request.expires().orElse(HOUR),
                inner.stream()
                        .filter(SipRequest.class::isInstance)
                        .map(SipRequest.class::cast)
                        .filter(r -> r.method().equals(Method.REGISTER) && isOf(user, r.to().uri()))
                        .findFirst(),
                inner.stream()
                        .filter(SipResponse.class::isInstance)
                        .map(SipResponse.class::cast)
                        .filter(r -> r.isSuccess() && isOf(user, r.to().uri()))
                        .findFirst());
    }

    private static boolean isOf(Uri user, Uri to) {
        return user.canonical().equals(to.canonical());
    }

    private static List<SipMessage> inner(SipRequest request, Limits limits) {
        if (request.body().isEmpty()) {
            return List.of();
        }
        var entity = MimeEntity.builder();
        request.header("Content-Type").ifPresent(type -> entity.header("Content-Type", type));
        return entity.body(request.body()).build().leaves(limits).stream()
                .filter(leaf -> leaf.contentType().is(SIP))
                .map(leaf -> SipParser.parse(leaf.content(limits), limits))
                .toList();
    }

    /// The release that the client follows which has registered, if it says so.
    Optional<ReleaseVersion> release() {
        return register.flatMap(r -> r.header(CpmHeader.USER_AGENT)).flatMap(ReleaseVersion::find);
    }

    /// Seconds that a contact is good for, in the REGISTER of the client.
    long expiresOf(Contact.Address contact) {
        return contact.expires()
                .orElse(register.map(r -> r.expires().orElse(expires)).orElse(expires));
    }
}
