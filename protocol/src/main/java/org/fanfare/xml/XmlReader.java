package org.fanfare.xml;

import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.fanfare.wire.Printable;

import java.io.StringReader;
import java.util.Optional;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Walks over the elements of a document that somebody sent.
///
/// A document type declaration of any kind is refused before anything in it is looked at, so there
/// are no entities but the five of XML itself, and nothing is ever opened or fetched (L1, L2). What
/// is not well-formed, nests too deep or is written in an encoding that is not listed here throws
/// [MalformedMessage] (L3, L4).
public final class XmlReader implements AutoCloseable {

    /// What the walk has come to.
    public enum Event {
        START,
        END,
        TEXT,
        FINISHED
    }

    private static final XMLInputFactory FACTORY = factory();

    private final String what;
    private final String section;
    private final int maxDepth;
    private final StringReader text;
    private final int length;
    private final XMLStreamReader reader;
    private int depth;

    /// `what` and `section` say in complaints what is read and who says how it must look; elements
    /// may nest `maxDepth` deep.
    public XmlReader(Octets xml, String what, String section, int maxDepth) {
        this.what = what;
        this.section = section;
        this.maxDepth = maxDepth;
        var decoded = decode(xml);
        this.length = decoded.length();
        this.text = new StringReader(decoded);
        try {
            this.reader = FACTORY.createXMLStreamReader(text);
        } catch (XMLStreamException e) {
            throw malformed("expected the start of an XML document", 0);
        }
    }

    private String decode(Octets xml) {
        try {
            return XmlEncoding.decode(xml);
        } catch (XmlEncoding.Unreadable e) {
            throw malformed(String.valueOf(e.getMessage()), e.offset());
        }
    }

    private static XMLInputFactory factory() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty("http://javax.xml.XMLConstants/property/accessExternalDTD", "");
        factory.setProperty("jdk.xml.dtd.support", "deny");
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing is fetched");
        });
        return factory;
    }

    /// Goes to the next event; comments and processing instructions are passed over.
    public Event next() {
        while (true) {
            switch (advance()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > maxDepth) {
                        throw malformed(
                                "expected elements at most " + maxDepth + " deep", offset());
                    }
                    return Event.START;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    depth--;
                    return Event.END;
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    return Event.TEXT;
                }
                case XMLStreamConstants.END_DOCUMENT -> {
                    return Event.FINISHED;
                }
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                        throw malformed("expected no document type and no entities", offset());
                default -> {}
            }
        }
    }

    /// The JDK's reader answers some broken documents with a runtime exception; either way the
    /// document is what is wrong.
    private int advance() {
        try {
            return reader.hasNext() ? reader.next() : XMLStreamConstants.END_DOCUMENT;
        } catch (XMLStreamException e) {
            throw malformed("expected well-formed XML: " + firstLine(e), offset());
        } catch (RuntimeException e) {
            throw malformed("expected well-formed XML", offset());
        }
    }

    private static String firstLine(XMLStreamException e) {
        var text = String.valueOf(e.getMessage());
        int message = text.indexOf("Message: ");
        return Printable.cut(message < 0 ? text : text.substring(message + 9), 120);
    }

    /// How many elements are open, the one that just started among them.
    public int depth() {
        return depth;
    }

    public boolean isAt(String namespace, String name) {
        return name.equals(reader.getLocalName()) && namespace.equals(namespace());
    }

    /// The local name of the element that starts or ends here.
    public String name() {
        return reader.getLocalName();
    }

    /// The namespace of the element that starts or ends here, or empty.
    public String namespace() {
        var uri = reader.getNamespaceURI();
        return uri == null ? "" : uri;
    }

    /// How many attributes the element has that starts here.
    public int attributes() {
        return reader.getAttributeCount();
    }

    public String attributeName(int index) {
        return reader.getAttributeLocalName(index);
    }

    /// Empty for an attribute without prefix.
    public String attributeNamespace(int index) {
        var uri = reader.getAttributeNamespace(index);
        return uri == null ? "" : uri;
    }

    public String attributeValue(int index) {
        return reader.getAttributeValue(index);
    }

    /// The value of an attribute without prefix of the element that starts here.
    public Optional<String> attribute(String name) {
        for (int i = 0; i < attributes(); i++) {
            if (attributeName(i).equals(name) && attributeNamespace(i).isEmpty()) {
                return Optional.of(attributeValue(i));
            }
        }
        return Optional.empty();
    }

    /// Walks over the elements in the one that started here, to its end; `child` goes to the end of
    /// its element.
    public void forEachChild(Runnable child) {
        int parent = depth;
        while (true) {
            switch (next()) {
                case START -> child.run();
                case END -> {
                    if (depth < parent) {
                        return;
                    }
                }
                case TEXT -> {}
                case FINISHED -> throw malformed("expected the end of an element", offset());
            }
        }
    }

    /// The text of the element that started here, without that of elements in it; goes to its end.
    public String text(int maxLength) {
        var text = new StringBuilder();
        int start = depth;
        while (depth >= start) {
            var event = next();
            if (event == Event.FINISHED) {
                break;
            }
            if (event == Event.TEXT && depth == start) {
                if (text.length() + reader.getTextLength() > maxLength) {
                    throw malformed("expected at most " + maxLength + " characters", offset());
                }
                text.append(reader.getText());
            }
        }
        return text.toString().strip();
    }

    /// Goes to the end of the element that started here.
    public void skip() {
        int start = depth;
        while (depth >= start && next() != Event.FINISHED) {
            // Nothing in it counts.
        }
    }

    /// About how far the walk has come, in octets of a document in ASCII.
    public int offset() {
        return Math.clamp(reader.getLocation().getCharacterOffset(), 0, length);
    }

    /// Lets go of the document, which the factory of the JDK would hold on to until the next one.
    @Override
    public void close() {
        text.close();
    }

    public MalformedMessage malformed(String expected, int offset) {
        return new MalformedMessage(what + ": " + expected, offset, section);
    }
}
