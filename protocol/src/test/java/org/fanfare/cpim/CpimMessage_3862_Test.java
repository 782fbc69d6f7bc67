package org.fanfare.cpim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;

@SuppressWarnings("StringConcatToTextBlock") // Every CR and LF is meant.
class CpimMessage_3862_Test {

    private static final CpimAddress ALICE = CpimAddress.of(Uri.parse("sip:alice@home.example"));
    private static final CpimAddress BOB = CpimAddress.of(Uri.parse("sip:bob@home.example"));
    private static final String CONTENT = "\r\nContent-Type: text/plain\r\n\r\nHello";

    private static CpimMessage parse(String text) {
        return CpimMessage.parse(Octets.utf8(text), Limits.DEFAULT);
    }

    private static CpimMessage withHeader(String line) {
        return parse("From: <sip:a@x>\r\nTo: <sip:b@x>\r\n" + line + "\r\n" + CONTENT);
    }

    private static String subject(String line) {
        return withHeader(line).subject().orElseThrow();
    }

    @Test
    @Clause("7.2.1.3/0")
    void newMessageIsReadBack() {
        var message =
                CpimMessage.builder()
                        .from(ALICE)
                        .to(BOB)
                        .dateTime(Instant.parse("2026-03-02T10:15:30.120Z"))
                        .subject("Line\\one\r\n\"two\"\u0001")
                        .header(CpimHeader.IMDN_NAMESPACE, "Message-ID", "id-1")
                        .content(MimeEntity.of(MediaType.TEXT_PLAIN, Octets.utf8("Grüße")))
                        .build();

        assertThat(message.toOctets().utf8())
                .isEqualTo(
                        """
                        From: <sip:alice@home.example>
                        To: <sip:bob@home.example>
                        DateTime: 2026-03-02T10:15:30.120Z
                        Subject: Line\\\\one\\r\\n"two"\\u0001
                        NS: imdn <urn:ietf:params:imdn>
                        imdn.Message-ID: id-1

                        Content-Type: text/plain

                        Grüße\
                        """
                                .replace("\n", "\r\n"));
        assertThat(message.from()).isEqualTo(ALICE);
        assertThat(message.to()).containsExactly(BOB);
        assertThat(message.sentAt()).contains(Instant.parse("2026-03-02T10:15:30.120Z"));
        assertThat(message.subject()).contains("Line\\one\r\n\"two\"\u0001");
        assertThat(message.content().body().utf8()).isEqualTo("Grüße");
        assertThat(message.size()).isEqualTo(message.toOctets().length());
    }

    @Test
    void whatIsNotTouchedStaysOctetForOctet() {
        var text =
                "From:   Odd  Name<sip:a@x>\r\nX-Unknown:x \r\nTo: <sip:exploder@x>\r\n"
                        + "NS: i<urn:ietf:params:imdn>\r\ni.Message-ID: 1\r\n"
                        + "Subject:;lang=fr  beau\r\n\r\ncontent-type:text/plain\r\n\r\n\0\1";
        var message = parse(text);

        assertThat(message.toOctets().utf8()).isEqualTo(text);
        assertThat(message.toBuilder().build().toOctets().utf8()).isEqualTo(text);
        var rewritten =
                message.toBuilder()
                        .remove(CpimHeader.CPIM_NAMESPACE, "To")
                        .to(BOB)
                        .header(CpimHeader.IMDN_NAMESPACE, "Original-To", ALICE)
                        .build();
        assertThat(rewritten.toOctets().utf8())
                .isEqualTo(
                        text.replace("To: <sip:exploder@x>\r\n", "")
                                .replace(
                                        "\r\n\r\ncontent",
                                        "\r\nTo: <sip:bob@home.example>\r\n"
                                                + "i.Original-To: <sip:alice@home.example>\r\n"
                                                + "\r\ncontent"));
    }

    @Test
    void messageInAMessageIsContentLikeAnyOther() { // B5
        var inner = Octets.utf8("From: <sip:a@x>\r\nTo: <sip:b@x>\r\n" + CONTENT);
        for (int i = 0; i < 1000; i++) {
            inner =
                    CpimMessage.builder()
                            .from(ALICE)
                            .to(BOB)
                            .content(MimeEntity.of(MediaType.CPIM, inner))
                            .build()
                            .toOctets();
        }
        var outer = CpimMessage.parse(inner, Limits.DEFAULT);

        assertThat(outer.content().contentType()).isEqualTo(MediaType.CPIM);
        assertThat(outer.content().leaves(Limits.DEFAULT)).hasSize(1);
        assertThat(outer.toOctets()).isEqualTo(inner);
    }

    @Test
    void contentThatNobodyUnderstandsIsKept() { // B16
        var text =
                "From: <sip:a@x>\r\nTo: <sip:b@x>\r\n\r\nContent-Type: application/pkcs7-mime;"
                        + "smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n"
                        + "\r\nMIIB\r\n";

        assertThat(parse(text).toOctets().utf8()).isEqualTo(text);
        assertThat(parse(text).content().body().utf8()).isEqualTo("MIIB\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "Subject: a\\\\b|a\\b",
                "Subject: \\\"a\\'|\"a'",
                "Subject: a\\tb\\u00e9\\u00E9|a\tbéé",
                "Subject: \\x\\u12\\uzzzz|xu12uzzzz",
                "Subject: end\\|end",
                "Subject: plain é|plain é",
                "Subject:;lang=fr beau temps|beau temps",
                "Subject:;lang=en;x=\"a b;\\\"\" text|text",
                "Subject:;-) smile|;-) smile",
                "Subject:;lang=|;lang=",
                "Subject: :colon: |:colon:",
                "Subject:|''"
            },
            delimiter = '|')
    void escapesAndParametersAreRead(String line, String value) {
        assertThat(subject(line)).isEqualTo(value);
    }

    @Test
    void languageIsKnown() {
        var message = withHeader("Subject:;lang=fr beau temps");

        assertThat(message.headers(CpimHeader.CPIM_NAMESPACE, "Subject").getFirst().language())
                .isEqualTo("fr");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NS: imdn<urn:ietf:params:imdn>\r\nimdn.Message-ID: 1",
                "NS: imdn <urn:ietf:params:imdn>\r\nimdn.Message-ID: 1",
                "NS: whatever <urn:ietf:params:imdn>\r\nwhatever.Message-ID: 1",
                "NS: <urn:ietf:params:imdn>\r\nMessage-ID: 1",
                "NS: a <urn:x>\r\nNS: a <urn:ietf:params:imdn>\r\na.Message-ID: 1",
                "NS: imdn urn:ietf:params:imdn\r\nimdn.Message-ID: 1",
                "imdn.Message-ID: 1"
            })
    void namespaceCountsAndNotThePrefix(String lines) {
        assertThat(withHeader(lines).header(CpimHeader.IMDN_NAMESPACE, "Message-ID")).contains("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NS: imdn <urn:other>\r\nimdn.Message-ID: 1",
                "other.Message-ID: 1\r\nNS: other <urn:ietf:params:imdn>",
                "Message-ID: 1",
                "imdn.message-id: 1"
            })
    void prefixOfAnotherNamespaceDoesNotCount(String lines) {
        assertThat(withHeader(lines).header(CpimHeader.IMDN_NAMESPACE, "Message-ID")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.openmobilealliance.org/cpm/",
                "http://www.openmobilealliance.org/cpm/cpim"
            })
    void bothNamespacesOfCpmAreTheSame(String namespace) {
        var message = withHeader("NS: x <" + namespace + ">\r\nx.Payload-Type: text/plain");

        assertThat(message.header(CpimHeader.CPM_NAMESPACE, "Payload-Type")).contains("text/plain");
    }

    @Test
    @Clause("7.2.1.3/3.i")
    void payloadTypesAreThoseOfTheLeavesInOrder() {
        var text = MimeEntity.of(MediaType.TEXT_PLAIN.with("charset", "utf-8"), Octets.utf8("x"));
        var image = MimeEntity.of(MediaType.of("image", "png"), Octets.utf8("y"));
        var inner = Multipart.mixed(List.of(text, image));
        var outer = Multipart.mixed(List.of(image, MimeEntity.of(inner.type(), inner.toOctets())));
        var payload = MimeEntity.of(outer.type(), outer.toOctets());

        var message =
                CpimMessage.builder()
                        .from(ALICE)
                        .to(BOB)
                        .payloadTypes(payload, Limits.DEFAULT)
                        .content(payload)
                        .build();

        assertThat(message.header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .contains("image/png, text/plain, image/png");
    }

    @Test
    void otherContentTakesThePlaceOfWhatWasSaidAmongTheHeaders() { // RFC 5438 7.2.1.1 has it there
        var received =
                parse(
                        "From: <sip:a@x>\r\n"
                                + "To: <sip:b@x>\r\n"
                                + "Content-type: message/external-body;\r\n"
                                + " access-type=URL\r\n\r\n"
                                + "whatever");

        var changed =
                received.toBuilder()
                        .content(MimeEntity.of(MediaType.TEXT_PLAIN, Octets.utf8("x")))
                        .build();

        assertThat(changed.toOctets().utf8())
                .isEqualTo(
                        "From: <sip:a@x>\r\n"
                                + "To: <sip:b@x>\r\n\r\n"
                                + "Content-Type: text/plain\r\n\r\n"
                                + "x");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "<sip:bob@x>||sip:bob@x",
                "Bob <sip:bob@x>|Bob|sip:bob@x",
                "Bob Babbage <sip:bob@x>|Bob Babbage|sip:bob@x",
                "\"Bob \\\"<b>\\\"\" <sip:bob@x>|Bob \"<b>\"|sip:bob@x",
                "Bob<sip:bob@x>|Bob|sip:bob@x",
                "Bob (work) <tel:+1-555>|Bob (work)|tel:+1-555",
                "im:bob@x||im:bob@x"
            },
            delimiter = '|')
    void addressesAreRead(String value, String name, String uri) {
        var address = parse("From: " + value + "\r\n" + CONTENT).from();

        assertThat(address.displayName()).isEqualTo(name == null ? "" : name);
        assertThat(address.uri()).hasToString(uri);
        assertThat(CpimAddress.parse(address.toString(), "From", 0)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<>",
                "<sip:>",
                "<bob>",
                "Bob",
                "<sip:bob@x",
                "<sip:bob@x>;tag=1",
                "<sip:b ob@x>",
                "\"Bob <sip:bob@x>",
                "\"Bob\" sip:bob@x",
                "<<sip:bob@x>>",
                "<sip:a@x>, <sip:b@x>"
            })
    void whatIsNoAddressIsRefused(String value) { // B4
        assertThatThrownBy(() -> parse("To: <sip:b@x>\r\nFrom: " + value + "\r\n" + CONTENT))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.reason()).startsWith("From: "))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        e -> assertThat(e.offset()).isGreaterThanOrEqualTo(21));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "\r\n\r\n",
                "From: <sip:a@x>\r\nTo: <sip:b@x>",
                "From: <sip:a@x>\r\nTo: <sip:b@x>\r\n",
                "From: <sip:a@x>\r\nTo: <sip:b@x>\r\n\r\n",
                "From: <sip:a@x>\r\nTo: <sip:b@x>\r\nHello there",
                "From: <sip:a@x>\r\nTo: <sip:b@x>\r\n\r\nHello there",
                "From: <sip:a@x>\r\nTo: <sip:b@x>\r\n\r\nX-Header: y\r\n\r\nHello",
                "To: <sip:b@x>\r\n\r\nContent-Type: text/plain\r\n\r\nHello",
                "From: <sip:a@x>\r\nFrom: <sip:c@x>\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nno colon\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\n: no name\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nTwo words: x\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\n .x: y\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\n.x: y\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From : <sip:a@x>\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "from: <sip:a@x>\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\n folded\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nSubject: a\0b\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nSubject: a\rb\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nSubject: a\nb: c\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nNS: imdn\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\nNS: a b <urn:x>\r\n\r\nContent-Type: text/plain\r\n\r\n",
                "From: <sip:a@x>\r\n\r\nContent-Type: text\r\n\r\n",
                "NS: <urn:other>\r\nFrom: <sip:a@x>\r\n\r\nContent-Type: text/plain\r\n\r\n"
            })
    void whatIsNoCpimMessageIsRefused(String text) { // B4
        assertThatThrownBy(() -> parse(text))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        e -> {
                            assertThat(e.sipStatus()).isEqualTo(400);
                            assertThat(e.reason()).contains("expected ");
                            assertThat(e.section()).matches("RFC \\d+ .*");
                            assertThat(e.offset()).isBetween(0, text.length());
                        });
    }

    @Test
    void textThatIsNoUtf8IsRefused() { // M6
        var octets = Octets.utf8("From: <sip:a@x>\r\nSubject: xy\r\n" + CONTENT).toByteArray();
        octets[27] = (byte) 0xff;

        assertThatThrownBy(() -> CpimMessage.parse(Octets.of(octets), Limits.DEFAULT))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        e -> {
                            assertThat(e.reason()).contains("UTF-8");
                            assertThat(e.offset()).isEqualTo(27);
                        });
    }

    @Test
    void headersUpToTheLimitAreTaken() { // B4
        assertThat(withHeaders(63).headers()).hasSize(63);
        assertThat(withHeaders(64).headers()).hasSize(64);
        assertThatThrownBy(() -> withHeaders(65))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("more than 64 headers");
        assertThatThrownBy(() -> withHeaders(10_000)).isInstanceOf(MalformedMessage.class);
    }

    private static CpimMessage withHeaders(int count) {
        return parse("From: <sip:a@x>\r\n" + "X: y\r\n".repeat(count - 1) + CONTENT);
    }

    @Test
    void headerBlockUpToTheLimitIsTaken() { // B4
        assertThat(withHeaderOctets(16 * 1024 - 1).headers()).hasSize(2);
        assertThat(withHeaderOctets(16 * 1024).headers()).hasSize(2);
        assertThatThrownBy(() -> withHeaderOctets(16 * 1024 + 1))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("more than 16384 octets");
    }

    /// With a header block, its empty line included, of that many octets.
    private static CpimMessage withHeaderOctets(int octets) {
        var start = "From: <sip:a@x>\r\nX: ";
        return parse(start + "y".repeat(octets - start.length() - 4) + "\r\n" + CONTENT);
    }

    @Test
    void requiredHeadersAreListedAndNoReasonToRefuse() {
        var message = withHeader("NS: f <urn:f>\r\nRequire: f.A, f.B,Locale.C");

        assertThat(message.required()).containsExactly("f.A", "f.B", "Locale.C");
    }

    @ParameterizedTest
    @CsvSource({
        "2000-12-13T13:40:00-08:00,2000-12-13T21:40:00Z",
        "2026-03-02T11:15:30.000+01:00,2026-03-02T10:15:30Z",
        "2026-03-02t10:15:30z,2026-03-02T10:15:30Z"
    })
    void timesAreRead(String text, Instant instant) {
        assertThat(withHeader("DateTime: " + text).sentAt()).contains(instant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "2026-02-30T00:00:00Z", "2026-03-02 10:15:30Z"})
    void timeThatIsNoneIsNotThere(String text) { // W2
        var message = withHeader("DateTime: " + text);

        assertThat(message.sentAt()).isEmpty();
        assertThat(message.dateTime()).contains(text);
    }

    @Test
    void contentIsNotInTheText() { // C2
        assertThat(withHeader("X: y").toString()).doesNotContain("Hello");
        assertThat(withHeader("X: y").content().toString()).doesNotContain("Hello");
    }
}
