package org.fanfare.reginfo;

import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.fanfare.xml.XmlText;

import java.util.List;
import java.util.Locale;

/// A document of registration information (RFC 3680 5) with public GRUUs (RFC 5628).
///
/// @param version counts the documents of one subscription from 0 on
/// @param full all that there is; else only what has changed since the version before
public record RegInfo(long version, boolean full, List<Registration> registrations) {

    public static final String MEDIA_TYPE = "application/reginfo+xml";

    /// The name of the event package.
    public static final String EVENT = "reg";

    /// How long a subscription lasts where nobody says, in seconds (RFC 3680 4.4).
    public static final long DEFAULT_EXPIRES = 3761;

    static final String NAMESPACE = "urn:ietf:params:xml:ns:reginfo";
    static final String GRUU_NAMESPACE = "urn:ietf:params:xml:ns:gruuinfo";

    public RegInfo {
        registrations = List.copyOf(registrations);
    }

    /// Whether anything is registered.
    public enum State {
        INIT,
        ACTIVE,
        TERMINATED;

        String attribute() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The contacts of one address-of-record.
    ///
    /// @param id the same in all documents of a subscription
    /// @param aor the address, as written
    public record Registration(
            String id, String aor, State state, List<RegisteredContact> contacts) {

        public Registration {
            contacts = List.copyOf(contacts);
        }
    }

    /// Reads a document, securely: see `XmlReader`.
    ///
    /// @throws org.fanfare.wire.MalformedMessage when it is none; 413 when it is longer than
    ///   `limits.listOctets()`
    public static RegInfo parse(Octets xml, Limits limits) {
        return new RegInfoReader(xml, limits).read();
    }

    public Octets toXml() {
        var xml = new StringBuilder(512);
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<reginfo xmlns=\"")
                .append(NAMESPACE)
                .append("\" xmlns:gr=\"")
                .append(GRUU_NAMESPACE)
                .append('"');
        attribute(xml, "version", Long.toString(version));
        attribute(xml, "state", full ? "full" : "partial");
        xml.append(">\r\n");
        registrations.forEach(registration -> write(xml, registration));
        return Octets.utf8(xml.append("</reginfo>\r\n").toString());
    }

    private static void write(StringBuilder xml, Registration registration) {
        xml.append("  <registration");
        attribute(xml, "aor", registration.aor);
        attribute(xml, "id", registration.id);
        attribute(xml, "state", registration.state.attribute());
        xml.append(">\r\n");
        registration.contacts.forEach(contact -> write(xml, contact));
        xml.append("  </registration>\r\n");
    }

    private static void write(StringBuilder xml, RegisteredContact contact) {
        xml.append("    <contact");
        attribute(xml, "id", contact.id());
        attribute(xml, "state", (contact.active() ? State.ACTIVE : State.TERMINATED).attribute());
        attribute(xml, "event", contact.event());
        contact.expires().ifPresent(seconds -> attribute(xml, "expires", Long.toString(seconds)));
        xml.append(">\r\n      <uri>");
        XmlText.append(xml, contact.address().uri().toString());
        xml.append("</uri>\r\n");
        if (!contact.address().displayName().isEmpty()) {
            xml.append("      <display-name>");
            XmlText.append(xml, contact.address().displayName());
            xml.append("</display-name>\r\n");
        }
        for (var parameter : contact.address().parameters()) {
            if (!parameter.name().equalsIgnoreCase(RegisteredContact.GRUU)) {
                xml.append("      <unknown-param");
                attribute(xml, "name", parameter.name());
                xml.append('>');
                XmlText.append(xml, parameter.raw());
                xml.append("</unknown-param>\r\n");
            }
        }
        contact.gruu()
                .ifPresent(gruu -> {
                    xml.append("      <gr:pub-gruu");
                    attribute(xml, "uri", gruu);
                    xml.append("/>\r\n");
                });
        xml.append("    </contact>\r\n");
    }

    private static void attribute(StringBuilder xml, String name, String value) {
        xml.append(' ').append(name).append("=\"");
        XmlText.append(xml, value);
        xml.append('"');
    }
}
