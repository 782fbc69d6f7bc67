package org.fanfare.resourcelists;

import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.fanfare.xml.XmlText;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The recipients of one message: all entries of all lists of its resource-lists documents, each
/// recipient once, in the order of first sight (RFC 5363 4.1).
///
/// References to other lists are counted and otherwise ignored: nothing is ever fetched (reading
/// 79).
public final class RecipientList {

    /// Of the document (RFC 4826 3.2).
    static final String NAMESPACE = "urn:ietf:params:xml:ns:resource-lists";

    /// Of the attributes (RFC 5364 5).
    static final String COPY_CONTROL_NAMESPACE = "urn:ietf:params:xml:ns:copycontrol";

    private final List<Entry> entries;
    private final int rawCount;
    private final int references;

    private RecipientList(Collection<Entry> entries, int rawCount, int references) {
        this.entries = List.copyOf(entries);
        this.rawCount = rawCount;
        this.references = references;
    }

    /// Reads one document.
    ///
    /// @throws TooManyEntries at the first entry above the limit
    /// @throws org.fanfare.wire.MalformedMessage when it is no such document
    public static RecipientList parse(Octets xml, Limits limits) {
        return parse(List.of(xml), limits);
    }

    /// Reads all lists of a message as one; the limit of entries is for all of them together.
    public static RecipientList parse(List<Octets> documents, Limits limits) {
        var collector =
                new Collector(
                        limits.listEntries(), documents.stream().mapToLong(Octets::length).sum());
        for (var xml : documents) {
            new ListReader(xml, collector, limits).read();
        }
        return collector.list();
    }

    /// Judges octets as a list; throws what is wrong with them. Entries that cannot be used do not
    /// make a list wrong (L7).
    public static void check(Octets xml, Limits limits) {
        parse(xml, limits);
    }

    /// A new list in which all have the same role.
    public static RecipientList of(Collection<? extends Uri> uris, CopyControl copyControl) {
        var collector = new Collector(Integer.MAX_VALUE, 0);
        for (var uri : uris) {
            collector.add(Entry.of(uri, copyControl));
        }
        return collector.list();
    }

    /// A new document in which all have the role `to`.
    public static Octets write(Collection<? extends Uri> uris) {
        return of(uris, CopyControl.TO).toOctets();
    }

    /// Every recipient once, also those that are invalid.
    public List<Entry> entries() {
        return entries;
    }

    /// Those that copies can be sent to.
    public List<Entry> recipients() {
        return entries.stream().filter(Entry::isValid).toList();
    }

    /// Those that copies cannot be sent to, each with its reason.
    public List<Entry> invalid() {
        return entries.stream().filter(entry -> !entry.isValid()).toList();
    }

    /// How many entries there were before duplicates were taken out.
    public int rawCount() {
        return rawCount;
    }

    /// How many references to entries and lists elsewhere were ignored.
    public int references() {
        return references;
    }

    /// A document with one flat list, as a URI-list service wants it (RFC 5365 6).
    public Octets toOctets() {
        var xml = new StringBuilder(256 + entries.size() * 80);
        xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n");
        xml.append("<resource-lists xmlns=\"").append(NAMESPACE).append('"');
        xml.append(" xmlns:cp=\"").append(COPY_CONTROL_NAMESPACE).append("\">\r\n");
        xml.append(" <list>\r\n");
        for (var entry : entries) {
            xml.append("  <entry uri=\"");
            XmlText.append(xml, entry.uri());
            xml.append("\" cp:copyControl=\"").append(entry.copyControl().value());
            xml.append(entry.anonymize() ? "\" cp:anonymize=\"true\"/>\r\n" : "\"/>\r\n");
        }
        return Octets.utf8(xml.append(" </list>\r\n</resource-lists>\r\n").toString());
    }

    @Override
    public String toString() {
        return entries.size() + " recipients of " + rawCount + " entries";
    }

    /// Gathers the entries of all documents of a message.
    static final class Collector {

        private static final int OCTETS_OF_ENTRY = 64;

        private final int most;
        private final Map<String, Entry> entries;
        private int rawCount;
        private int references;

        /// `octets` is how large the documents are, from which follows about how many entries they
        /// can hold.
        Collector(int most, long octets) {
            this.most = most;
            this.entries =
                    LinkedHashMap.newLinkedHashMap((int) Math.min(most, octets / OCTETS_OF_ENTRY));
        }

        boolean isFull() {
            return rawCount >= most;
        }

        void add(Entry entry) {
            rawCount++;
            entries.merge(entry.key(), entry, Entry::merge);
        }

        void addReference() {
            references++;
        }

        RecipientList list() {
            return new RecipientList(new ArrayList<>(entries.values()), rawCount, references);
        }
    }
}
