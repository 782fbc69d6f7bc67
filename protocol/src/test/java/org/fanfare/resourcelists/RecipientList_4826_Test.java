package org.fanfare.resourcelists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class RecipientList_4826_Test {

    private static final String ROOT =
            "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\""
                    + " xmlns:cp=\"urn:ietf:params:xml:ns:copycontrol\">";
    private static final String END = "</resource-lists>";

    private static RecipientList parse(String lists) {
        return parse(lists, Limits.DEFAULT);
    }

    private static RecipientList parse(String lists, Limits limits) {
        return RecipientList.parse(Octets.utf8(ROOT + lists + END), limits);
    }

    private static List<String> recipients(String lists) {
        return parse(lists).recipients().stream()
                .map(entry -> entry.recipient().orElseThrow().toString())
                .toList();
    }

    private static String entry(String uri) {
        return "<entry uri=\"" + uri + "\"/>";
    }

    @Test
    @Clause("8.2.1.1/8.A.ii.5")
    void entriesOfAllListsAreTakenInTheirOrder() {
        assertThat(
                        recipients(
                                "<list name='a'><display-name>A</display-name>"
                                        + entry("sip:a@x")
                                        + "<list>"
                                        + entry("tel:+1-555")
                                        + "</list>"
                                        + entry("sips:c@x")
                                        + "</list><list>"
                                        + entry("mailto:d@x")
                                        + "</list>"))
                .containsExactly("sip:a@x", "tel:+1-555", "sips:c@x", "mailto:d@x");
    }

    @Test
    void referencesAreCountedAndNeverFollowed() { // L5, reading 79
        var list =
                parse(
                        "<list><entry-ref ref='http://127.0.0.1:1/a'/><external"
                                + " anchor='file:///etc/passwd'><entry uri='sip:x@x'/></external>"
                                + "</list>");

        assertThat(list.entries()).isEmpty();
        assertThat(list.references()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<list/>", "<list name='friends'> </list>", "<list><list/></list>"})
    void listWithoutEntriesIsEmptyAndNotWrong(String lists) { // L5
        assertThat(parse(lists).entries()).isEmpty();
        assertThat(parse(lists).rawCount()).isZero();
    }

    @Test
    void elementsOfOthersArePassedOverWithAllTheyHold() { // L2
        assertThat(
                        recipients(
                                "<?xml-stylesheet href='http://127.0.0.1:1/x.xsl'?>"
                                        + "<list xmlns:xi='http://www.w3.org/2001/XInclude'"
                                        + " xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
                                        + " xsi:schemaLocation='urn:x http://127.0.0.1:1/x.xsd'>"
                                        + "<xi:include href='file:///etc/passwd'/>"
                                        + "<x:y xmlns:x='urn:x'><entry uri='sip:no@x'/></x:y>"
                                        + "<!-- <entry uri='sip:no@x'/> -->"
                                        + entry("sip:a@x")
                                        + "</list>"))
                .containsExactly("sip:a@x");
    }

    @Test
    void copyControlIsKnownByItsNamespaceAndNotByThePrefix() {
        var list =
                parse(
                        "<list xmlns:z='urn:ietf:params:xml:ns:copycontrol'"
                                + " xmlns:o='urn:other'>"
                                + "<entry uri='sip:a@x' z:copyControl='to' z:anonymize='true'/>"
                                + "<entry uri='sip:b@x' cp:copyControl='cc' cp:anonymize='0'/>"
                                + "<entry uri='sip:c@x' cp:copyControl='bcc'/>"
                                + "<entry uri='sip:d@x' o:copyControl='to' copyControl='to'/>"
                                + "</list>");

        assertThat(list.entries())
                .extracting(Entry::copyControl)
                .containsExactly(CopyControl.TO, CopyControl.CC, CopyControl.BCC, CopyControl.BCC);
        assertThat(list.entries())
                .extracting(Entry::anonymize)
                .containsExactly(true, false, false, false);
    }

    @Test
    void namespaceWithACapitalLetterIsTaken() { // L3
        long before = Leniency.COPY_CONTROL_NAMESPACE.count();
        var list =
                parse(
                        "<list xmlns:z='urn:ietf:params:xml:ns:copyControl'>"
                                + "<entry uri='sip:a@x' z:copyControl='to'/></list>");

        assertThat(list.entries().getFirst().copyControl()).isEqualTo(CopyControl.TO);
        assertThat(Leniency.COPY_CONTROL_NAMESPACE.count()).isGreaterThan(before);
    }

    @Test
    void unknownCopyControlHidesTheMost() {
        var list =
                parse(
                        "<list><entry uri='sip:a@x' cp:copyControl='all' cp:anonymize='maybe'/>"
                                + "<entry uri='sip:b@x' cp:copyControl='Cc'/></list>");

        assertThat(list.entries())
                .extracting(Entry::copyControl)
                .containsExactly(CopyControl.BCC, CopyControl.CC);
        assertThat(list.entries().getFirst().anonymize()).isTrue();
    }

    @Test
    void oneRecipientInManySpellingsCountsOnce() { // L6
        var list =
                parse(
                        "<list><entry uri='sip:alice@x' cp:copyControl='bcc'/>"
                                + "<entry uri='SIP:%61lice@X' cp:copyControl='cc'/>"
                                + "<entry uri='sip:alice@x;method=INVITE?Subject=y'"
                                + " cp:copyControl='to' cp:anonymize='1'/>"
                                + entry("sip:Alice@x")
                                + entry("tel:+1-555")
                                + entry("sip:+1555@d;user=phone")
                                + entry("tel:+1(5)5.5")
                                + "</list>");

        assertThat(list.entries())
                .extracting(Entry::uri)
                .containsExactly("sip:alice@x", "sip:Alice@x", "tel:+1-555");
        assertThat(list.entries().getFirst().copyControl()).isEqualTo(CopyControl.TO);
        assertThat(list.entries().getFirst().anonymize()).isTrue();
        assertThat(list.rawCount()).isEqualTo(7);
    }

    @Test
    void severalDocumentsAreOneList() { // L11
        var first = Octets.utf8(ROOT + "<list>" + entry("sip:a@x") + "</list>" + END);
        var second =
                Octets.utf8(
                        ROOT + "<list>" + entry("sip:b@x") + entry("sip:a@X") + "</list>" + END);

        var list = RecipientList.parse(List.of(first, second), Limits.DEFAULT);

        assertThat(list.entries()).extracting(Entry::uri).containsExactly("sip:a@x", "sip:b@x");
        assertThatThrownBy(() ->
                        RecipientList.parse(
                                List.of(first, second), Limits.DEFAULT.withListEntries(2)))
                .isInstanceOf(TooManyEntries.class);
    }

    @Test
    void rawEntriesUpToTheLimitAreRead() { // L6
        var limits = Limits.DEFAULT.withListEntries(10);

        assertThat(parse("<list>" + entry("sip:a@x").repeat(9) + "</list>", limits).rawCount())
                .isEqualTo(9);
        assertThat(parse("<list>" + entry("sip:a@x").repeat(10) + "</list>", limits).rawCount())
                .isEqualTo(10);
        assertThatThrownBy(() -> parse("<list>" + entry("sip:a@x").repeat(11) + "</list>", limits))
                .isInstanceOfSatisfying(
                        TooManyEntries.class, e -> assertThat(e.sipStatus()).isEqualTo(486));
    }

    @Test
    void readingStopsAtTheLimitAndSeesNothingBehindIt() { // L6
        var limits = Limits.DEFAULT.withListEntries(1);

        assertThatThrownBy(() -> parse("<list>" + entry("sip:a@x").repeat(2) + "<not xml", limits))
                .isInstanceOf(TooManyEntries.class);
    }

    @Test
    void invalidEntriesLeaveTheOthersAlone() { // L7
        var list =
                parse(
                        "<list>"
                                + entry("sip:good@x")
                                + entry("not a uri")
                                + entry("")
                                + "<entry/>"
                                + entry("tel:555")
                                + entry("sip:ok@x")
                                + "</list>");

        assertThat(list.recipients())
                .extracting(Entry::uri)
                .containsExactly("sip:good@x", "sip:ok@x");
        assertThat(list.invalid())
                .extracting(Entry::uri)
                .containsExactly("not a uri", "", "tel:555");
        assertThat(list.invalid()).allSatisfy(entry -> assertThat(entry.reason()).isNotEmpty());
    }

    @Test
    void listOfOnlyInvalidEntriesHasNoRecipients() { // L7
        assertThat(parse("<list>" + entry("?") + "</list>").recipients()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "x",
                "<",
                "<resource-lists/>",
                "<list/>",
                "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-list'/>",
                "<a:resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'/>",
                "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>",
                "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'></list>",
                "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'/><x/>",
                "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>\0</resource-lists>",
                "<resource-lists"
                        + " xmlns='urn:ietf:params:xml:ns:resource-lists'>&#0;</resource-lists>",
                "<resource-lists"
                        + " xmlns='urn:ietf:params:xml:ns:resource-lists'>&x;</resource-lists>",
                "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' a='1' a='2'/>",
                "<?xml version='1.0' encoding='EBCDIC-CP-US'?><resource-lists"
                        + " xmlns='urn:ietf:params:xml:ns:resource-lists'/>",
                "<?xml version='1.0' encoding='no-such'?><resource-lists"
                        + " xmlns='urn:ietf:params:xml:ns:resource-lists'/>",
                "<?xml version='1.0' encoding='UTF-16'?><resource-lists"
                        + " xmlns='urn:ietf:params:xml:ns:resource-lists'/>",
                "<?xml version='2.0'?><resource-lists"
                        + " xmlns='urn:ietf:params:xml:ns:resource-lists'/>"
            })
    void whatIsNoResourceListsDocumentIsRefused(String xml) { // L3
        assertThatThrownBy(() -> RecipientList.parse(Octets.utf8(xml), Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        e -> {
                            assertThat(e.sipStatus()).isEqualTo(400);
                            assertThat(e.reason()).startsWith("resource-lists: expected ");
                            assertThat(e.section()).isEqualTo("RFC 4826 3.2");
                        });
    }

    @Test
    void octetsThatAreNoUtf8AreRefused() { // L3
        var octets =
                (ROOT + "<list name='xx'>" + entry("sip:a@x") + "</list>" + END)
                        .getBytes(StandardCharsets.UTF_8);
        octets[(ROOT + "<list name='").length()] = (byte) 0xff;

        assertThatThrownBy(() -> RecipientList.parse(Octets.of(octets), Limits.DEFAULT))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void utf16AndByteOrderMarksAreLegal() { // L3
        var xml = ROOT + "<list>" + entry("sip:a@x") + "</list>" + END;
        var declared = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" + xml;

        for (var octets :
                List.of(
                        ("\ufeff" + xml).getBytes(StandardCharsets.UTF_8),
                        ("\ufeff" + declared).getBytes(StandardCharsets.UTF_16LE),
                        ("\ufeff" + declared).getBytes(StandardCharsets.UTF_16BE),
                        ("\ufeff" + xml).getBytes(StandardCharsets.UTF_16BE),
                        ("<?xml version='1.0' encoding='iso-8859-1'?>" + xml)
                                .getBytes(StandardCharsets.ISO_8859_1))) {
            assertThat(RecipientList.parse(Octets.of(octets), Limits.DEFAULT).entries())
                    .extracting(Entry::uri)
                    .containsExactly("sip:a@x");
        }
    }

    @Test
    void referencesToCharactersAreUndone() {
        assertThat(recipients("<list>" + entry("sip:a&amp;b&#x3d;c@x;user=phone") + "</list>"))
                .containsExactly("sip:a&b=c@x;user=phone");
    }

    @Test
    void entryBesideTheListsIsTaken() {
        long before = Leniency.LIST_ENTRY_OUTSIDE_LIST.count();

        assertThat(recipients(entry("sip:a@x"))).containsExactly("sip:a@x");
        assertThat(Leniency.LIST_ENTRY_OUTSIDE_LIST.count()).isGreaterThan(before);
    }

    @Test
    void newListIsReadBack() {
        var uris =
                List.of(
                        Uri.parse("sip:a&b@x;gr=urn:uuid:1"),
                        Uri.parse("tel:+1-555"),
                        Uri.parse("sip:c@x"));

        var octets = RecipientList.write(uris);
        var list = RecipientList.parse(octets, Limits.DEFAULT);

        assertThat(list.entries())
                .extracting(entry -> entry.recipient().orElseThrow())
                .containsExactlyElementsOf(uris);
        assertThat(list.entries())
                .allSatisfy(entry -> assertThat(entry.copyControl()).isEqualTo(CopyControl.TO));
        assertThat(list.toOctets()).isEqualTo(octets);
    }

    @Test
    void anonymizeIsWrittenAndReadBack() { // L12
        var list =
                parse(
                        "<list><entry uri='sip:a@x' cp:copyControl='cc'"
                                + " cp:anonymize='true'/></list>");

        assertThat(RecipientList.parse(list.toOctets(), Limits.DEFAULT).entries())
                .isEqualTo(list.entries());
    }
}
