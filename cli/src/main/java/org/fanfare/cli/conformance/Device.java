package org.fanfare.cli.conformance;

import java.util.UUID;

/// A client that the sender has registered.
///
/// @param contact where it is
/// @param instance the URN of `+sip.instance`
/// @param gruu its public GRUU (RFC 5627); empty where the core has given it none
/// @param release in its User-Agent
record Device(String contact, String instance, String gruu, String release) {

    private static final String LATEST = "OMA2.2";

    /// With an instance and no GRUU.
    static Device at(String contact) {
        return new Device(contact, "urn:uuid:" + UUID.randomUUID(), "", LATEST);
    }

    /// With a GRUU of this user.
    Device withGruuOf(String user) {
        return new Device(contact, instance, user + ";gr=" + instance, release);
    }

    Device withRelease(String other) {
        return new Device(contact, instance, gruu, other);
    }

    /// As it registers: it takes messages of both modes.
    String contactField() {
        return "<%s>;+sip.instance=\"<%s>\";+g.3gpp.icsi-ref=\"%s,%s\""
                .formatted(
                        contact,
                        instance,
                        Service.encoded(Service.MSG),
                        Service.encoded(Service.LARGEMSG));
    }

    /// As the registrar tells it.
    String registeredField() {
        return contactField()
                + ";expires=3600"
                + (gruu.isEmpty() ? "" : ";pub-gruu=\"" + gruu + "\"");
    }
}
