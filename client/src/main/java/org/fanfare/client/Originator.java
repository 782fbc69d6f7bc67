package org.fanfare.client;

import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

import java.util.List;
import java.util.Optional;

/// "The address in the header field containing the authenticated originator's CPM Address"
/// (references e.1).
final class Originator {

    private Originator() {}

    /// Referred-By where the request was caused by a REFER, else P-Asserted-Identity (of two values
    /// the SIP one). Without a core that asserts anybody, From, unless it is anonymous.
    static Optional<Uri> of(SipRequest request) {
        return asserted(request).or(() -> from(request));
    }

    /// The originator as the network asserts it; empty where it does not.
    static Optional<Uri> asserted(SipRequest request) {
        return first(request.headerValues("Referred-By"))
                .or(() -> first(request.headerValues("P-Asserted-Identity")));
    }

    private static Optional<Uri> from(SipRequest request) {
        return Optional.of(request.from().uri()).filter(uri -> !Anonymity.isAnonymous(uri));
    }

    static Optional<Uri> first(List<String> values) {
        var uris = values.stream().map(Originator::uri).flatMap(Optional::stream).toList();
        return uris.stream()
                .filter(SipUri.class::isInstance)
                .findFirst()
                .or(() -> uris.stream().findFirst());
    }

    private static Optional<Uri> uri(String nameAddress) {
        try {
            return Optional.of(NameAddress.parse(nameAddress).uri());
        } catch (MalformedMessage unusable) {
            return Optional.empty();
        }
    }
}
