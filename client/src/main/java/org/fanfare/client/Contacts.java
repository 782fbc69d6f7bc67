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

    /// The contact of a device that takes messages in both modes (references c.2, RFC 3840 9).
    static NameAddress of(Endpoint endpoint, ClientSettings settings, String instance) {
        return NameAddress.of(endpoint.contact(user(settings.from().uri())))
                .withParameters(
                        parameters(
                                FeatureTag.ofInstance(instance),
                                FeatureTag.of(List.of(ServiceId.MSG, ServiceId.LARGEMSG))));
    }

    /// The contact of a large message, from the one that is registered (7.2.1.2/2). Of somebody
    /// anonymous it names neither user nor device (I9).
    static NameAddress ofLargeMessage(NameAddress registered, boolean anonymous) {
        var service = parameters(FeatureTag.of(ServiceId.LARGEMSG));
        if (anonymous && registered.uri() instanceof SipUri uri) {
            var nobody = SipUri.of(uri.hostPort()).withParameters(uri.parameters());
            return NameAddress.of(nobody).withParameters(service);
        }
        var instance = registered.parameters().find("+" + FeatureTag.INSTANCE);
        return NameAddress.of(registered.uri())
                .withParameters(
                        instance.map(device -> service.with(device.name(), device.raw()))
                                .orElse(service));
    }

    private static Parameters parameters(FeatureTag... tags) {
        var parameters = Parameters.NONE;
        for (var tag : tags) {
            parameters = parameters.with("+" + tag.name(), '"' + tag.value() + '"');
        }
        return parameters;
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
