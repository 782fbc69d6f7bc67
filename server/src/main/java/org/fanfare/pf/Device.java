package org.fanfare.pf;

import org.fanfare.cpm.FeatureTag;
import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;

import java.util.Optional;
import java.util.Set;

/// A registered client of a user, as its network tells of it (references n.1).
///
/// @param contact where it is
/// @param gruu its public GRUU (RFC 5627), if the network has given it one
/// @param instance its URN, from `+sip.instance`; empty when it has named none
/// @param services what it takes
/// @param release that it follows; empty when nobody has said
public record Device(
        Uri contact,
        Optional<Uri> gruu,
        String instance,
        Set<ServiceId> services,
        Optional<ReleaseVersion> release) {

    public Device {
        services = Set.copyOf(services);
    }

    /// From the contact that it has registered, with all its parameters.
    public static Device of(NameAddress contact, Optional<ReleaseVersion> release) {
        var tags = FeatureTag.of(contact.parameters());
        return new Device(
                contact.uri(),
                contact.parameters().value("pub-gruu").map(Uri::parse),
                instance(contact),
                FeatureTag.services(tags),
                release);
    }

    /// This device, with what is said of it elsewhere where nothing is said of it here.
    public Device orAs(Device known) {
        return new Device(
                contact,
                gruu.or(known::gruu),
                instance.isEmpty() ? known.instance : instance,
                services.isEmpty() ? known.services : services,
                release.or(known::release));
    }

    /// The URN without its brackets (RFC 5626 4.1).
    static String instance(NameAddress contact) {
        return FeatureTag.of(contact.parameters()).stream()
                .filter(FeatureTag::isInstance)
                .map(tag -> tag.value().replaceAll("^<|>$", ""))
                .findFirst()
                .orElse("");
    }

    /// Host and port of its contact; empty where that is no SIP address.
    Optional<String> address() {
        return contact instanceof SipUri sip
                ? Optional.of(sip.hostPort().canonicalHost() + ":" + sip.hostPort().portOr(5060))
                : Optional.empty();
    }

    /// Whether a request can be sent to it and to no other device of its user.
    boolean isAddressable() {
        return gruu.isPresent() || !instance.isEmpty();
    }
}
