package org.fanfare.reginfo;

import org.fanfare.reginfo.RegInfo.Registration;
import org.fanfare.reginfo.RegInfo.State;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Cursor;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.xml.XmlReader;
import org.fanfare.xml.XmlReader.Event;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Reads one document of registration information (RFC 3680 5.1, RFC 5628 5). Elements of other
/// namespaces are passed over with all they hold.
final class RegInfoReader {

    private static final String SECTION = "RFC 3680 5.1";
    private static final int MAX_DEPTH = 8;

    /// The number of a version fits into 32 bits.
    private static final long MAX_VERSION = (1L << 32) - 1;

    private final XmlReader reader;
    private final Limits limits;
    private int contacts;

    // Of the contact that is being read.
    private @Nullable Uri uri;
    private String displayName = "";
    private Parameters parameters = Parameters.NONE;

    RegInfoReader(Octets xml, Limits limits) {
        if (xml.length() > limits.listOctets()) {
            throw new MalformedMessage(
                    "reginfo: expected at most " + limits.listOctets() + " octets",
                    limits.listOctets(),
                    SECTION,
                    413);
        }
        this.reader = new XmlReader(xml, "reginfo", SECTION, MAX_DEPTH);
        this.limits = limits;
    }

    RegInfo read() {
        try (reader) {
            return readDocument();
        }
    }

    private RegInfo readDocument() {
        if (reader.next() != Event.START || !reader.isAt(RegInfo.NAMESPACE, "reginfo")) {
            throw reader.malformed(
                    "expected the element reginfo of " + RegInfo.NAMESPACE, reader.offset());
        }
        long version = number("version");
        boolean full = isFull();
        var registrations = new ArrayList<Registration>();
        reader.forEachChild(() -> {
            if (reader.isAt(RegInfo.NAMESPACE, "registration")) {
                registrations.add(readRegistration());
            } else {
                reader.skip();
            }
        });
        while (reader.next() != Event.FINISHED) {
            // Blanks and comments; another element would not be well-formed.
        }
        return new RegInfo(version, full, registrations);
    }

    private boolean isFull() {
        return switch (required("state")) {
            case "full" -> true;
            case "partial" -> false;
            default -> throw reader.malformed("expected full or partial state", reader.offset());
        };
    }

    private Registration readRegistration() {
        var id = required("id");
        var aor = required("aor");
        var state =
                switch (required("state")) {
                    case "init" -> State.INIT;
                    case "active" -> State.ACTIVE;
                    case "terminated" -> State.TERMINATED;
                    default ->
                            throw reader.malformed(
                                    "expected init, active or terminated", reader.offset());
                };
        List<RegisteredContact> found = new ArrayList<>();
        reader.forEachChild(() -> {
            if (!reader.isAt(RegInfo.NAMESPACE, "contact")) {
                reader.skip();
            } else if (++contacts > RegistrationTables.MOST_CONTACTS) {
                throw tooManyContacts();
            } else {
                found.add(readContact());
            }
        });
        return new Registration(id, aor, state, found);
    }

    private MalformedMessage tooManyContacts() {
        return reader.malformed(
                "expected at most " + RegistrationTables.MOST_CONTACTS + " contacts",
                reader.offset());
    }

    private RegisteredContact readContact() {
        var id = required("id");
        boolean active = isActive();
        var event = required("event");
        var expires =
                reader.attribute("expires").isPresent()
                        ? OptionalLong.of(number("expires"))
                        : OptionalLong.empty();
        uri = null;
        displayName = "";
        parameters = Parameters.NONE;
        reader.forEachChild(this::readPart);
        if (uri == null) {
            throw reader.malformed("expected the element uri in a contact", reader.offset());
        }
        return new RegisteredContact(
                id, active, event, expires, new NameAddress(displayName, uri, parameters));
    }

    private boolean isActive() {
        return switch (required("state")) {
            case "active" -> true;
            case "terminated" -> false;
            default -> throw reader.malformed("expected active or terminated", reader.offset());
        };
    }

    private void readPart() {
        if (reader.isAt(RegInfo.NAMESPACE, "uri")) {
            uri = Uri.parse(reader.text(limits.uriOctets()), limits);
        } else if (reader.isAt(RegInfo.NAMESPACE, "display-name")) {
            displayName = printable(reader.text(limits.lineOctets()));
        } else if (reader.isAt(RegInfo.NAMESPACE, "unknown-param")) {
            var name = required("name");
            addParameter(name, reader.text(limits.lineOctets()));
        } else if (reader.isAt(RegInfo.GRUU_NAMESPACE, RegisteredContact.GRUU)) { // RFC 5628 5
            parameters = parameters.withQuoted(RegisteredContact.GRUU, required("uri"));
            reader.skip();
        } else {
            reader.skip();
        }
    }

    /// The value stands there as it does in Contact, in quotes or not.
    private void addParameter(String name, String value) {
        if (!Cursor.isToken(name)) {
            throw reader.malformed("expected a token as the name of a parameter", reader.offset());
        }
        if (parameters.size() == limits.uriParameters()) {
            throw reader.malformed(
                    "expected at most " + limits.uriParameters() + " parameters", reader.offset());
        }
        var plain = new Parameters.Parameter(name, printable(value)).value();
        parameters = value.isEmpty() ? parameters.with(name) : parameters.withQuoted(name, plain);
    }

    /// It is written into header fields, where no line may end before its time.
    private String printable(String text) {
        if (text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw reader.malformed("expected text without control characters", reader.offset());
        }
        return text;
    }

    private String required(String attribute) {
        return printable(
                reader.attribute(attribute)
                        .orElseThrow(() ->
                                reader.malformed(
                                        "expected the attribute " + attribute, reader.offset())));
    }

    private long number(String attribute) {
        var text = required(attribute).strip();
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || text.length() > 10 || Long.parseLong(text) > MAX_VERSION) {
            throw reader.malformed("expected a number of 32 bits as " + attribute, reader.offset());
        }
        return Long.parseLong(text);
    }
}
