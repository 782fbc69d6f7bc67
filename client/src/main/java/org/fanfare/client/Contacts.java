package org.fanfare.client;

import org.fanfare.cpm.FeatureTag;
import org.fanfare.cpm.ServiceId;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.OpaqueUri;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.TelUri;
import org.fanfare.uri.Uri;

import java.util.List;

/// What is registered: the contact with what it can do, and where.
final class Contacts {

    private Contacts() {}

    /// The contact of a device that takes pager messages (references c.2, RFC 3840 9).
    static NameAddress of(Endpoint endpoint, ClientSettings settings, String instance) {
        var parameters = Parameters.NONE;
        for (var tag : List.of(FeatureTag.ofInstance(instance), FeatureTag.of(ServiceId.MSG))) {
            parameters = parameters.with("+" + tag.name(), '"' + tag.value() + '"');
        }
        return NameAddress.of(endpoint.contact(user(settings.from().uri())))
                .withParameters(parameters);
    }

    /// The user part, by which the phones of a fleet are told apart.
    static String user(Uri address) {
        return switch (address) {
            case SipUri sip -> sip.user().orElse("");
            case TelUri tel -> tel.digits();
            case OpaqueUri _ -> "";
        };
    }

    /// `sip:` and the domain of the address; a telephone number has none, and registers at the hop.
    static Uri domainOf(Uri address, Hop outbound) {
        var domain =
                address instanceof SipUri sip
                        ? HostPort.of(sip.hostPort().host())
                        : HostPort.parse(outbound.address().getHostString());
        return SipUri.of(domain);
    }
}
