package org.fanfare.core;

import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.Privacy;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.Flow;
import org.fanfare.uri.NameAddress;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who sends a request (RFC 3325 5 and 6): what a client claims about itself is taken away, and
/// what the core knows about it is put in its place.
final class IdentityAssertion {

    /// Meaningful only from those who are trusted.
    private static final List<String> CLAIMS =
            List.of(
                    CpmHeader.P_ASSERTED_IDENTITY,
                    CpmHeader.P_ASSERTED_SERVICE,
                    "P-Served-User",
                    "P-Charging-Vector",
                    "P-Access-Network-Info");

    private final LocationService locations;
    private final Domain domain;

    IdentityAssertion(LocationService locations, Domain domain) {
        this.locations = locations;
        this.domain = domain;
    }

    /// The user whom the request names as its sender: in the wish that P-Preferred-Identity is, or
    /// in From. Empty where it names nobody of this domain.
    Optional<AddressOfRecord> named(SipRequest request) {
        return preferred(request)
                .flatMap(wish -> AddressOfRecord.of(wish.uri(), domain))
                .or(() -> AddressOfRecord.of(request.from().uri(), domain));
    }

    /// The user who is known to be the sender by what was registered over the flow of the request.
    Optional<AddressOfRecord> registered(SipRequest request, Flow flow, Instant now) {
        var named = named(request);
        if (named.isPresent()) {
            return named.filter(user -> locations.isOver(user, flow, now));
        }
        var users = locations.over(flow, now); // an anonymous From: known if alone on the flow
        return users.size() == 1 ? users.stream().findFirst() : Optional.empty();
    }

    /// The request with this user as its sender.
    SipRequest asserted(SipRequest request, AddressOfRecord sender) {
        var asserted = request.toBuilder();
        CLAIMS.forEach(asserted::remove);
        return asserted.remove(CpmHeader.P_PREFERRED_IDENTITY)
                .header(CpmHeader.P_ASSERTED_IDENTITY, "<" + identity(request, sender) + ">")
                .build();
    }

    /// The address that the user prefers if it is one of his own (RFC 3325 6).
    private String identity(SipRequest request, AddressOfRecord sender) {
        return preferred(request)
                .map(NameAddress::uri)
                .filter(wish -> AddressOfRecord.of(wish, domain).equals(Optional.of(sender)))
                .map(Object::toString)
                .orElseGet(() -> sender.uri(domain).toString());
    }

    private static Optional<NameAddress> preferred(SipRequest request) {
        return request.preferredIdentities().stream().findFirst();
    }

    /// A phone is outside of the trust domain: a sender who wants privacy is not named to it (RFC
    /// 3325 7), and a service that was asserted is.
    static SipRequest forPhone(SipRequest request) {
        var privacy = Privacy.parse(request.headers().all(CpmHeader.PRIVACY));
        return privacy.anonymityRequested()
                ? request.toBuilder().remove(CpmHeader.P_ASSERTED_IDENTITY).build()
                : request;
    }
}
