package org.fanfare.resourcelists;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.xml.XmlReader;
import org.fanfare.xml.XmlReader.Event;

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

    // Of the entry that is being read.
    private String uri = "";
    private CopyControl copyControl = CopyControl.BCC;
    private boolean anonymize;

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
        try (reader) {
            readDocument();
        }
    }

    private void readDocument() {
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
        if (collector.isFull()) {
            throw new TooManyEntries(limits.listEntries(), reader.offset());
        }
        if (lists == 0) {
            Leniency.LIST_ENTRY_OUTSIDE_LIST.taken();
        }
        uri = "";
        copyControl = CopyControl.BCC;
        anonymize = false;
        for (int i = 0; i < reader.attributes(); i++) {
            readAttribute(i);
        }
        collector.add(
                uri.isEmpty()
                        ? Entry.invalid(uri, copyControl, anonymize, "expected the attribute uri")
                        : EntryUri.read(uri, copyControl, anonymize, limits));
        reader.skip();
    }

    /// Those of copy control are known by their namespace, never by the prefix.
    private void readAttribute(int index) {
        var namespace = reader.attributeNamespace(index);
        switch (reader.attributeName(index)) {
            case "uri" -> {
                if (namespace.isEmpty()) {
                    uri = reader.attributeValue(index).strip();
                }
            }
            case "copyControl" -> {
                if (isCopyControl(namespace)) {
                    copyControl = CopyControl.parse(reader.attributeValue(index));
                }
            }
            case "anonymize" -> {
                if (isCopyControl(namespace)) {
                    anonymize = isTrue(reader.attributeValue(index));
                }
            }
            default -> {}
        }
    }

    private static boolean isCopyControl(String namespace) {
        if (namespace.equals(COPY_CONTROL_VARIANT)) {
            Leniency.COPY_CONTROL_NAMESPACE.taken();
            return true;
        }
        return namespace.equals(RecipientList.COPY_CONTROL_NAMESPACE);
    }

    /// What is not plainly false hides the recipient.
    private static boolean isTrue(String value) {
        return !value.strip().equals("false") && !value.strip().equals("0");
    }
}
