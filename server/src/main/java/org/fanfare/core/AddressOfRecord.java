package org.fanfare.core;

import org.fanfare.uri.HostPort;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;

import java.util.Optional;

/// A user of the one domain, by the user part of his address. `tel:+49-151..` and
/// `sip:+49151..@domain;user=phone` are the user `+49151..`.
record AddressOfRecord(String user) {

    /// The user of the domain that `uri` names; empty where it names somebody elsewhere, or nobody.
    static Optional<AddressOfRecord> of(Uri uri, Domain domain) {
        return switch (uri) {
            case TelUri tel -> Optional.of(new AddressOfRecord(tel.digits()));
            case SipUri sip when domain.holds(sip.hostPort()) ->
                    sip.user()
                            .filter(user ->
                                    user.indexOf('\0') < 0) // I4: somebody would cut it there
                            .map(user -> new AddressOfRecord(normalized(user)));
            default -> Optional.empty();
        };
    }

    /// As a SIP URI.
    SipUri uri(Domain domain) {
        return SipUri.of(user, HostPort.of(domain.name()));
    }

    /// RFC 3966 3: visual separators in a telephone number mean nothing.
    private static String normalized(String user) {
        return user.startsWith("+") ? user.replaceAll("[-.()]", "") : user;
    }
}
