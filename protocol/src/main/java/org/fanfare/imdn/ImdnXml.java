package org.fanfare.imdn;

import org.fanfare.imdn.Imdn.Kind;
import org.fanfare.imdn.Imdn.Status;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.xml.XmlReader;
import org.fanfare.xml.XmlReader.Event;
import org.fanfare.xml.XmlText;

import java.util.EnumMap;
import java.util.Map;

/// The notification document (RFC 5438 11.1.9) with the extension of CPM for messages that left as
/// SMS or MMS.
final class ImdnXml {

    static final String NAMESPACE = "urn:ietf:params:xml:ns:imdn";
    static final String CPM_NAMESPACE = "urn:oma:xml:cpm:imdn-extensions:1.0";

    private static final String SECTION = "RFC 5438 11.1";
    private static final int MAX_DEPTH = 16;
    private static final int MAX_TEXT = 4096;

    private enum Field {
        MESSAGE_ID("message-id"),
        DATETIME("datetime"),
        RECIPIENT_URI("recipient-uri"),
        ORIGINAL_RECIPIENT_URI("original-recipient-uri");

        private final String element;

        Field(String element) {
            this.element = element;
        }
    }

    private final XmlReader reader;
    private final Map<Field, String> fields = new EnumMap<>(Field.class);
    private Kind kind = Kind.EXTENSION;
    private Status status = Status.EXTENSION;
    private boolean statusSeen;

    private ImdnXml(Octets xml) {
        reader = new XmlReader(xml, "imdn", SECTION, MAX_DEPTH);
    }

    static Imdn read(Octets xml, Limits limits) {
        if (xml.length() > limits.listOctets()) {
            throw new MalformedMessage(
                    "imdn: expected at most " + limits.listOctets() + " octets", 0, SECTION, 413);
        }
        return new ImdnXml(xml).read();
    }

    private Imdn read() {
        try (reader) {
            return readDocument();
        }
    }

    private Imdn readDocument() {
        expectRoot();
        Event event = reader.next();
        while (event != Event.FINISHED) {
            if (event == Event.START) {
                readElement();
            }
            event = reader.next();
        }
        if (field(Field.MESSAGE_ID).isEmpty()) {
            throw reader.malformed("expected message-id", 0);
        }
        if (!fields.containsKey(Field.DATETIME)) {
            Leniency.IMDN_NO_DATETIME.taken();
        }
        return new Imdn(
                field(Field.MESSAGE_ID),
                field(Field.DATETIME),
                field(Field.RECIPIENT_URI),
                field(Field.ORIGINAL_RECIPIENT_URI),
                kind,
                status);
    }

    private void expectRoot() {
        if (reader.next() != Event.START || !reader.isAt(NAMESPACE, "imdn")) {
            throw reader.malformed("expected the element imdn of " + NAMESPACE, reader.offset());
        }
    }

    private String field(Field field) {
        return fields.getOrDefault(field, "");
    }

    private void readElement() {
        for (var field : Field.values()) {
            if (reader.isAt(NAMESPACE, field.element)) {
                readField(field);
                return;
            }
        }
        for (var candidate : Kind.values()) {
            if (candidate != Kind.EXTENSION && isAt(candidate)) {
                readNotification(candidate);
                return;
            }
        }
        reader.skip();
    }

    private boolean isAt(Kind candidate) {
        var namespace = candidate == Kind.INTERWORKING ? CPM_NAMESPACE : NAMESPACE;
        return reader.isAt(namespace, candidate.element());
    }

    private void readField(Field field) {
        int offset = reader.offset();
        var text = reader.text(MAX_TEXT);
        if (fields.putIfAbsent(field, text) != null) {
            throw reader.malformed("expected " + field.element + " once", offset);
        }
    }

    private void readNotification(Kind found) {
        if (kind != Kind.EXTENSION) {
            throw reader.malformed("expected one notification", reader.offset());
        }
        kind = found;
        int start = reader.depth();
        boolean more = true;
        while (more) {
            var event = reader.next();
            if (event == Event.START && isOurs() && reader.name().equals("status")) {
                readStatus();
            } else if (event == Event.START) {
                reader.skip();
            }
            more = event != Event.FINISHED && reader.depth() >= start;
        }
        if (!statusSeen) {
            throw reader.malformed("expected a status", reader.offset());
        }
    }

    /// Whether the element is of the namespace that the notification is of.
    private boolean isOurs() {
        return reader.namespace().equals(NAMESPACE)
                || (kind == Kind.INTERWORKING && reader.namespace().equals(CPM_NAMESPACE));
    }

    private void readStatus() {
        int start = reader.depth();
        boolean more = true;
        while (more) {
            var event = reader.next();
            if (event == Event.START) {
                statusSeen = true;
                takeStatus();
                reader.skip();
            }
            more = event != Event.FINISHED && reader.depth() >= start;
        }
    }

    /// The first known one counts; elements of extensions may stand beside it.
    private void takeStatus() {
        for (var candidate : Status.values()) {
            if (isOurs()
                    && candidate.isOf(kind)
                    && candidate != Status.EXTENSION
                    && reader.name().equals(candidate.element())
                    && status == Status.EXTENSION) {
                status = candidate;
            }
        }
    }

    static Octets write(Imdn imdn) {
        var xml = new StringBuilder(512);
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
        xml.append("<imdn xmlns=\"").append(NAMESPACE).append("\">\r\n");
        element(xml, Field.MESSAGE_ID, imdn.messageId());
        element(xml, Field.DATETIME, imdn.dateTime());
        if (!imdn.recipientUri().isEmpty()) {
            element(xml, Field.RECIPIENT_URI, imdn.recipientUri());
        }
        if (!imdn.originalRecipientUri().isEmpty()) {
            element(xml, Field.ORIGINAL_RECIPIENT_URI, imdn.originalRecipientUri());
        }
        notification(xml, imdn.kind(), imdn.status());
        return Octets.utf8(xml.append("</imdn>\r\n").toString());
    }

    private static void element(StringBuilder xml, Field field, String text) {
        xml.append("  <").append(field.element).append('>');
        XmlText.append(xml, text);
        xml.append("</").append(field.element).append(">\r\n");
    }

    private static void notification(StringBuilder xml, Kind kind, Status status) {
        if (kind == Kind.EXTENSION || status == Status.EXTENSION) {
            throw new IllegalArgumentException("imdn: an extension cannot be written");
        }
        xml.append("  <").append(kind.element());
        if (kind == Kind.INTERWORKING) {
            xml.append(" xmlns=\"").append(CPM_NAMESPACE).append('"');
        }
        xml.append("><status><").append(status.element()).append("/></status></");
        xml.append(kind.element()).append(">\r\n");
    }
}
