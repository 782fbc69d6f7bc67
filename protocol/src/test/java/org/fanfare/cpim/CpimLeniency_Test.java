package org.fanfare.cpim;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

/// What phones send against RFC 3862 and is taken, each by its name (B8).
class CpimLeniency_Test {

    private static final String HEADERS = "From: <sip:a@x>\r\nTo: <sip:b@x>\r\n";
    private static final String CONTENT = "\r\nContent-Type: text/plain\r\n\r\nHello";

    private static CpimMessage taken(Leniency leniency, String text) {
        long before = leniency.count();
        var message = CpimMessage.parse(Octets.utf8(text), Limits.DEFAULT);
        assertThat(leniency.count()).as(leniency.name()).isGreaterThan(before);
        assertThat(leniency.clause()).startsWith("RFC ");
        assertThat(message.toOctets().utf8()).isEqualTo(text);
        return message;
    }

    @Test
    void headerWithoutBlankBehindTheColon() { // B8
        var message =
                taken(
                        Leniency.CPIM_BLANK,
                        HEADERS
                                + "NS:imdn<urn:ietf:params:imdn>\r\nimdn.Message-ID:x\r\n"
                                + CONTENT);

        assertThat(message.header(CpimHeader.IMDN_NAMESPACE, "Message-ID")).contains("x");
    }

    @Test
    void headerWithSeveralBlanksBehindTheColon() { // B8
        assertThat(taken(Leniency.CPIM_BLANK, HEADERS + "Subject:   x\r\n" + CONTENT).subject())
                .contains("x");
    }

    @Test
    void blanksAtTheEndOfALine() { // B8
        assertThat(
                        taken(Leniency.CPIM_TRAILING_BLANK, HEADERS + "Subject: x \r\n" + CONTENT)
                                .subject())
                .contains("x");
    }

    @Test
    void contentTypeAmongTheHeaders() { // B8
        var message =
                taken(
                        Leniency.CPIM_CONTENT_TYPE_IN_HEADERS,
                        HEADERS + "Content-type: text/html; charset=utf-8;\r\n\r\n<p>a: b</p>");

        assertThat(message.content().contentType().essence()).isEqualTo("text/html");
        assertThat(message.content().body().utf8()).isEqualTo("<p>a: b</p>");
        assertThat(message.toBuilder().build()).isEqualTo(message);
    }

    @Test
    void foldedContentTypeAmongTheHeaders() { // B8
        var message =
                taken(
                        Leniency.CPIM_CONTENT_TYPE_IN_HEADERS,
                        HEADERS + "Content-type: multipart/mixed;\r\n boundary=b\r\n\r\n--b\r\n");

        assertThat(message.content().contentType().parameter("boundary")).contains("b");
    }

    @Test
    void contentTypeAmongTheHeadersAndWhereItBelongs() { // B8
        var message =
                taken(
                        Leniency.CPIM_CONTENT_TYPE_IN_HEADERS,
                        HEADERS + "Content-type: message/cpim\r\n" + CONTENT);

        assertThat(message.content().contentType().essence()).isEqualTo("text/plain");
        assertThat(message.content().body().utf8()).isEqualTo("Hello");
    }

    @Test
    void lengthAmongTheHeadersChangesNothing() { // B8
        var text = HEADERS + "Content-Length: 5\r\n" + CONTENT;
        var message = CpimMessage.parse(Octets.utf8(text), Limits.DEFAULT);

        assertThat(message.content().contentType().essence()).isEqualTo("text/plain");
        assertThat(message.content().body().utf8()).isEqualTo("Hello");
    }

    @Test
    void contentWithoutType() {
        var message = taken(Leniency.CPIM_NO_CONTENT_TYPE, HEADERS + "\r\n\r\nHello");

        assertThat(message.content().contentType().essence()).isEqualTo("text/plain");
        assertThat(message.content().body().utf8()).isEqualTo("Hello");
    }

    @Test
    void contentWithALengthButWithoutType() {
        var message =
                taken(
                        Leniency.CPIM_NO_CONTENT_TYPE,
                        HEADERS + "\r\ncontent-length: 99\r\n\r\nHello");

        assertThat(message.content().body().utf8()).isEqualTo("Hello");
    }

    @Test
    void messageWithoutTo() { // B4
        assertThat(taken(Leniency.CPIM_NO_TO, "From: <sip:a@x>\r\n" + CONTENT).to()).isEmpty();
    }

    @Test
    void addressWithoutBrackets() {
        assertThat(taken(Leniency.CPIM_BARE_ADDRESS, "From: sip:a@x\r\n" + CONTENT).from().uri())
                .hasToString("sip:a@x");
    }

    @Test
    void displayNameThatNeedsQuotes() {
        assertThat(
                        taken(Leniency.CPIM_DISPLAY_NAME, "From: A. (b) <sip:a@x>\r\n" + CONTENT)
                                .from()
                                .displayName())
                .isEqualTo("A. (b)");
    }

    @Test
    void prefixThatNobodyDeclared() {
        assertThat(
                        taken(
                                        Leniency.CPIM_UNDECLARED_PREFIX,
                                        HEADERS + "cpm.Payload-Type: text/plain\r\n" + CONTENT)
                                .header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .contains("text/plain");
    }

    @Test
    void bareLineFeedsThroughout() {
        var message =
                taken(Leniency.BARE_LF, "From: <sip:a@x>\n\nContent-Type: text/plain\n\nHello\r\n");

        assertThat(message.content().body().utf8()).isEqualTo("Hello\r\n");
    }

    @Test
    void namesOfMimeHeadersHaveNoCase() {
        var text = HEADERS + "\r\nCONTENT-TYPE: text/html\r\ncOnTent-LENGTH: 1\r\n\r\nHello";
        var message = CpimMessage.parse(Octets.utf8(text), Limits.DEFAULT);

        assertThat(message.content().contentType().essence()).isEqualTo("text/html");
    }
}
