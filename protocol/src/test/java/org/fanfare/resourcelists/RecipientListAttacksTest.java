package org.fanfare.resourcelists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Effort;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.stream.IntStream;

/// Lists that are made to harm whoever reads them (L1, L4, L6, G8, G19).
class RecipientListAttacksTest {

    private static final String ROOT =
            "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>";
    private static final String END = "</resource-lists>";
    private static final String LIST = ROOT + "<list><entry uri='sip:&a;@x'/></list>" + END;

    private static RecipientList parse(String xml, Limits limits) {
        return RecipientList.parse(Octets.utf8(xml), limits);
    }

    private static void refused(String xml, Limits limits) {
        assertThatThrownBy(() -> parse(xml, limits)).isInstanceOf(MalformedMessage.class);
    }

    private static void refusedInTime(String xml) {
        var limits = Limits.DEFAULT.withListOctets(1 << 24);
        assertThat(Effort.millis(50, () -> refused(xml, limits))).isLessThan(50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE resource-lists>",
                "<!DOCTYPE resource-lists SYSTEM 'file:///etc/passwd'>",
                "<!DOCTYPE resource-lists PUBLIC '-//x' 'http://127.0.0.1:1/x.dtd'>",
                "<!DOCTYPE r [<!ENTITY a 'b'>]>",
                "<!DOCTYPE r [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
                "<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/p'> %p;]>",
                "<!DOCTYPE r [<!ENTITY a '&b;&b;'><!ENTITY b '&c;&c;'><!ENTITY c '&d;&d;'>]>",
                "<!DOCTYPE r [<!ATTLIST entry uri CDATA 'sip:default@x'>]>"
            })
    void documentTypeOfAnyKindIsRefused(String type) { // L1
        assertThatThrownBy(() -> parse(type + LIST, Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(400));
    }

    @Test
    void billionLaughsAndQuadraticBlowUpCostNothing() { // L1
        var laughs = new StringBuilder("<!DOCTYPE r [<!ENTITY a0 'lol'>");
        for (int i = 1; i < 30; i++) {
            laughs.append("<!ENTITY a").append(i).append(" '");
            laughs.append(("&a" + (i - 1) + ";").repeat(10)).append("'>");
        }
        refusedInTime(laughs + "<!ENTITY a '&a29;'>]>" + LIST);
        refusedInTime("<!DOCTYPE r [<!ENTITY a '" + "x".repeat(1 << 16) + "'>]>" + LIST);
    }

    @Test
    void nothingIsFetched() throws IOException { // L1, L2, G19
        try (var trap = new ServerSocket(0)) {
            var url = "http://127.0.0.1:" + trap.getLocalPort() + "/x";
            refused("<!DOCTYPE r SYSTEM '" + url + "'>" + LIST, Limits.DEFAULT);
            refused("<!DOCTYPE r [<!ENTITY a SYSTEM '" + url + "'>]>" + LIST, Limits.DEFAULT);
            refused("<!DOCTYPE r [<!ENTITY % p SYSTEM '" + url + "'>%p;]>" + LIST, Limits.DEFAULT);
            parse(
                    "<?xml-stylesheet href='"
                            + url
                            + "'?><resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'"
                            + " xmlns:s='http://www.w3.org/2001/XMLSchema-instance'"
                            + " s:schemaLocation='urn:ietf:params:xml:ns:resource-lists "
                            + url
                            + "'><list><i:include xmlns:i='http://www.w3.org/2001/XInclude' href='"
                            + url
                            + "'/><external anchor='"
                            + url
                            + "'/></list></resource-lists>",
                    Limits.DEFAULT);

            trap.setSoTimeout(1);
            assertThatThrownBy(trap::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void listsUpToTheDepthLimitAreRead() { // L4
        assertThat(parse(nested(7), Limits.DEFAULT).entries()).hasSize(1);
        assertThat(parse(nested(8), Limits.DEFAULT).entries()).hasSize(1);
        assertThatThrownBy(() -> parse(nested(9), Limits.DEFAULT))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("8 deep");
        refusedInTime(nested(10_000));
    }

    private static String nested(int depth) {
        return ROOT
                + "<list>".repeat(depth)
                + "<entry uri='sip:a@x'/>"
                + "</list>".repeat(depth)
                + END;
    }

    @Test
    void elementsOfOthersDoNotNestWithoutEnd() { // L4
        refusedInTime(ROOT + "<x xmlns='urn:x'>" + "<y>".repeat(10_000));
        refusedInTime(ROOT + "<list><entry uri='sip:a@x'>" + "<y>".repeat(10_000));
    }

    @Test
    void entryWithAHundredThousandAttributesIsRefused() { // L4
        var attributes = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            attributes.append(" a").append(i).append("='1'");
        }
        refusedInTime(ROOT + "<list><entry" + attributes + " uri='sip:a@x'/></list>" + END);
    }

    @Test
    void documentUpToTheLimitIsRead() { // L4
        var xml = ROOT + "<list><entry uri='sip:a@x'/></list>" + END;
        int length = xml.length();

        assertThat(parse(xml, Limits.DEFAULT.withListOctets(length + 1)).entries()).hasSize(1);
        assertThat(parse(xml, Limits.DEFAULT.withListOctets(length)).entries()).hasSize(1);
        assertThatThrownBy(() -> parse(xml, Limits.DEFAULT.withListOctets(length - 1)))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(413));
    }

    @Test
    void aMillionDuplicatesAreNotReadToTheirEnd() { // L6
        var xml = ROOT + "<list>" + "<entry uri='sip:a@x'/>".repeat(500_000) + "</list>" + END;
        var octets = Octets.utf8(xml);
        var limits = Limits.DEFAULT.withListOctets(1 << 24);

        assertThat(
                        Effort.millis(
                                50,
                                () ->
                                        assertThatThrownBy(
                                                        () -> RecipientList.parse(octets, limits))
                                                .isInstanceOf(TooManyEntries.class)))
                .isLessThan(50);
    }

    @Test
    void aHundredThousandRecipientsAreReadWhenTheLimitsSaySo() {
        var limits = Limits.DEFAULT.withListOctets(16 << 20).withListEntries(100_000);
        var list = RecipientList.parse(RecipientListTiming.list(100_000), limits);

        assertThat(list.recipients()).hasSize(100_000);
    }

    @Test
    void listsAreReadSideBySide() { // I16
        var octets = IntStream.range(0, 50).mapToObj(RecipientListTiming::list).toList();

        IntStream.range(0, 2_000)
                .parallel()
                .forEach(i -> {
                    var list = RecipientList.parse(octets.get(i % 50), Limits.DEFAULT);
                    if (list.recipients().size() != i % 50) {
                        throw new AssertionError(i + ": " + list);
                    }
                });
    }

    @Test
    void anyNumberOfReferencesToCharactersIsReadInAnAllowedDocument() {
        var xml = new StringBuilder(ROOT + "<list>");
        for (int i = 0; i < 20_000; i++) {
            xml.append("<entry uri='sip:&amp;&#x26;&amp;&#38;&amp;&amp;").append(i).append("@x'/>");
        }
        var limits = Limits.DEFAULT.withListOctets(16 << 20).withListEntries(100_000);

        assertThat(parse(xml + "</list>" + END, limits).recipients()).hasSize(20_000);
    }

    @Test
    void worstInputOf64KiBIsJudgedInTime() { // G8
        int size = 64 * 1024;
        for (var piece :
                List.of(
                        "<entry uri='sip:a@x'/>",
                        "<entry uri='sip:a@x;maddr=1'/>",
                        "<entry-ref ref='x'/>",
                        "<entry uri='sip:&#x41;&amp;@x'/>",
                        "<a:b xmlns:a='urn:a'/>",
                        "<!---->",
                        "<?a?>",
                        "<![CDATA[x]]>",
                        "&amp;",
                        "]]&gt;",
                        "<list/>",
                        "x")) {
            var xml =
                    Octets.utf8(
                            ROOT
                                    + "<list>"
                                    + piece.repeat(size / piece.length())
                                    + "</list>"
                                    + END);
            var limits = Limits.DEFAULT.withListEntries(size);

            assertThat(Effort.millis(50, () -> RecipientList.parse(xml, limits)))
                    .as(piece)
                    .isLessThan(50);
        }
        for (var start :
                List.of("<", "<a ", "<a b='", "<!--", "<![CDATA[", "&#", "<?", "<a b='&lt;")) {
            var last = start.substring(start.length() - 1);
            refusedInTime(ROOT + start + last.repeat(size));
        }
    }
}
