package org.fanfare.resourcelists;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.xml.XmlReader;
import org.fanfare.xml.XmlReader.Event;

import java.util.Optional;

/// Reads one resource-lists document (RFC 4826 3.2) with copy control (RFC 5364 5): the entries of
/// all lists, however they nest. Elements of other namespaces are passed over with all they hold.
final class ListReader {

    private static final String SECTION = "RFC 4826 3.2";

    /// As one example of RFC 5366 has it.
    private static final String COPY_CONTROL_VARIANT = "urn:ietf:params:xml:ns:copyControl";

    /// What may stand in the innermost list: entry, display-name, elements of others.
    private static final int DEPTH_BELOW_LISTS = 8;

    private final XmlReader reader;
    private final RecipientList.Collector collector;
    private final Limits limits;
    private int lists;

    ListReader(Octets xml, RecipientList.Collector collector, Limits limits) {
        if (xml.length() > limits.listOctets()) {
            throw new MalformedMessage(
                    "resource-lists: expected at most " + limits.listOctets() + " octets",
                    limits.listOctets(),
                    SECTION,
                    413);
        }
        this.reader =
                new XmlReader(
                        xml, "resource-lists", SECTION, limits.listDepth() + DEPTH_BELOW_LISTS);
        this.collector = collector;
        this.limits = limits;
    }

    void read() {
        if (reader.next() != Event.START
                || !reader.isAt(RecipientList.NAMESPACE, "resource-lists")) {
            throw reader.malformed(
                    "expected the element resource-lists of " + RecipientList.NAMESPACE,
                    reader.offset());
        }
        while (true) {
            switch (reader.next()) {
                case START -> readElement();
                case END -> lists--;
                case TEXT -> {}
                case FINISHED -> {
                    return;
                }
            }
        }
    }

    private void readElement() {
        if (!reader.namespace().equals(RecipientList.NAMESPACE)) {
            reader.skip();
            return;
        }
        switch (reader.name()) {
            case "list" -> enterList();
            case "entry" -> readEntry();
            case "entry-ref", "external" -> {
                collector.addReference();
                reader.skip();
            }
            default -> reader.skip();
        }
    }

    private void enterList() {
        if (++lists > limits.listDepth()) {
            throw reader.malformed(
                    "expected lists at most " + limits.listDepth() + " deep", reader.offset());
        }
    }

    private void readEntry() {
        if (lists == 0) {
            Leniency.LIST_ENTRY_OUTSIDE_LIST.taken();
        }
        var uri = reader.attribute("", "uri").orElse("").strip();
        var copyControl = copyControl("copyControl").map(CopyControl::parse);
        boolean anonymize = copyControl("anonymize").filter(ListReader::isTrue).isPresent();
        var role = copyControl.orElse(CopyControl.BCC);
        var entry =
                uri.isEmpty()
                        ? Entry.invalid(uri, role, anonymize, "expected the attribute uri")
                        : EntryUri.read(uri, role, anonymize, limits);
        collector.add(entry, reader.offset());
        reader.skip();
    }

    /// An attribute of copy control; the namespace counts, never the prefix.
    private Optional<String> copyControl(String name) {
        var value = reader.attribute(RecipientList.COPY_CONTROL_NAMESPACE, name);
        if (value.isPresent()) {
            return value;
        }
        var variant = reader.attribute(COPY_CONTROL_VARIANT, name);
        if (variant.isPresent()) {
            Leniency.COPY_CONTROL_NAMESPACE.taken();
        }
        return variant;
    }

    /// What is not plainly false hides the recipient.
    private static boolean isTrue(String value) {
        return !value.strip().equals("false") && !value.strip().equals("0");
    }
}
