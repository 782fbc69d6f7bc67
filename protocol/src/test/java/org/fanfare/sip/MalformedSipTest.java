package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Malformed messages one by one: what is said of them and what is answered.
class MalformedSipTest {

    private static MalformedSip refuse(byte[] datagram) {
        var fault = catchThrowableOfType(MalformedSip.class, () -> Messages.checked(datagram));
        assertThat(fault).as("a fault").isNotNull();
        assertThat(fault.getMessage()).matches("\\P{Cntrl}*");
        return fault;
    }

    private static void refusedWith400(byte[] datagram, String reason) {
        var fault = refuse(datagram);
        assertThat(fault.getMessage()).contains(reason);
        assertThat(fault.answer().orElseThrow().status()).isEqualTo(400);
    }

    @Test
    void blanksBetweenNameAndColonBelongToNeither() { // M3
        var request = Messages.checked(Messages.with("P-Asserted-Identity \t : <sip:a@b>"));

        assertThat(request.assertedIdentities()).hasSize(1);
        assertThat(request.header("P-Asserted-Identity")).hasValue("<sip:a@b>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P-Asserted-Identity\u0001: <sip:a@b>",
                "P-Asserted-Identity\u0000: <sip:a@b>",
                "P-Asserted Identity: <sip:a@b>",
                "P-Asserted-Identity\u00a0: <sip:a@b>",
                "P-Asserted-Identity",
                ": <sip:a@b>",
                "P-Asserted-Identity\u000b: <sip:a@b>"
            })
    void anythingElseBetweenNameAndColonIsRefused(String line) { // M3
        refusedWith400(Messages.with(line), "header field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"From", "To", "Call-ID", "CSeq"})
    void aMandatoryFieldThatIsMissingIsRefused(String name) { // M4
        refusedWith400(Messages.replacing(name), name + ": expected one, found none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Via:",
                "Via: SIP/2.0",
                "Via: SIP/2.0/UDP",
                "Via: SIP/2.0/UDP ;branch=z9hG4bK1",
                "Via: SIP/2.0/UDP [1::2::3];branch=z9hG4bK1",
                "Via: SIP/2.0/UDP 192.0.2.1:99999;branch=z9hG4bK1"
            })
    void withoutAViaThatCanBeReadNothingIsAnswered(String via) { // M4
        var fault =
                refuse(via.isEmpty() ? Messages.replacing("Via") : Messages.replacing("Via", via));

        assertThat(fault.answer()).isEmpty();
        assertThat(fault.request()).isPresent();
    }

    @Test
    void withoutOneOfTheViasNothingIsAnswered() { // M4, M6
        var fault =
                refuse(
                        Messages.replacing(
                                "Via",
                                "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK\u0001",
                                "Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bK2"));

        assertThat(fault.answer()).isEmpty();
    }

    @Test
    void whatStandsBehindASingleCrIsNoFieldOfTheAnswer() { // M6
        var fault =
                refuse(Messages.with("Subject: a\rVia: SIP/2.0/UDP 192.0.2.66;branch=z9hG4bK2"));

        assertThat(fault.answer().orElseThrow().vias()).hasSize(1);
    }

    @Test
    void aMessageWithoutABodyIsWellFormed() { // M4
        assertThat(Messages.checked(Messages.with()).body().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "To|To: <sip:carol@example.com>",
                "From|From: <sip:carol@example.com>;tag=2",
                "Call-ID|Call-ID: other",
                "CSeq|CSeq: 2 MESSAGE",
                "Max-Forwards|Max-Forwards: 69",
                "To|To: <sip:bob@example.com>",
                "Call-ID|Call-ID: c1@example.com"
            })
    void aFieldOfOneValueThatIsThereTwiceIsRefused(String name, String line) { // M5
        refusedWith400(Messages.with(line), name + ": expected one, found two");
    }

    @Test
    void twoContentLengthsThatDifferAreRefusedAndTheStreamIsClosed() { // M5
        var octets = Messages.with("Content-Length: 5");

        var events = Messages.decode(Limits.DEFAULT, octets);

        refusedWith400(octets, "found two that differ");
        assertThat(events)
                .singleElement()
                .isInstanceOfSatisfying(
                        MalformedSip.class, fault -> assertThat(fault.closeStream()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: a\rb",
                "Subject: a\nb",
                "Subject: a\n b",
                "Subject: a\r b",
                "Subject: a\u0000b",
                "Subject: a\u0007b",
                "Subject: a\u007fb",
                "Subject: a\\\u0007b",
                "User-Agent: a\\\u0000b",
                "Authorization: Digest a=b\\\u0007",
                "Subject: \u00e9",
                "Subject: \u00c0\u0080",
                "Subject: \u00ed\u00a0\u0080",
                "X-Unknown: a\\\u0000b",
                "X-Unknown: a\\\u0007b",
                "Reply-To: \"bob\\\" <sip:bob@example.com>",
                "Reply-To: \"bob\\\r\n \" <sip:bob@example.com>",
                "Reply-To: \"bob\\\u00e9\" <sip:bob@example.com>",
                "Reply-To: \"bob"
            })
    void octetsThatAreNoTextAreRefused(String line) { // M6
        var fault = refuse(Messages.with(line));

        assertThat(fault.sipStatus()).isEqualTo(400);
        assertThat(fault.answer().orElseThrow().header("Subject")).isEmpty();
    }

    @Test
    void whatIsNoTextIsNotCarriedIntoTheAnswer() { // M6
        var fault =
                refuse(
                        Messages.replacing(
                                "From", "From: \"a\u0001\" <sip:alice@example.com>;tag=1"));

        assertThat(fault.answer().orElseThrow().header("From")).isEmpty();
        assertThat(fault.answer().orElseThrow().encoded().indexOf((byte) 1, 0)).isNegative();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: \"a\\\u0000\" <sip:alice@example.com>;tag=1",
                "From: <sip:alice%00@example.com>;tag=1"
            })
    void nulInAnAddressOfAMessageIsRefusedHoweverItIsWritten(String from) { // M6, I4
        assertThat(Messages.judge(Messages.replacing("From", from)).expect()).hasValue(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "+1",
                "2147483648",
                "4294967301",
                "18446744073709551616",
                "18446744073709551617",
                "0x10",
                "1 2",
                "1,2",
                "",
                "\u0661"
            })
    void aContentLengthThatIsNoNumberOfOctetsIsRefusedAndTheStreamClosed(String value) { // M7
        var octets = Messages.octets(text(value));

        var onStream = (MalformedSip) Messages.decode(Limits.DEFAULT, octets).getFirst();

        refusedWith400(octets, "Content-Length");
        assertThat(onStream.closeStream()).isTrue();
    }

    private static String text(String contentLength) {
        return new String(Messages.with(), StandardCharsets.ISO_8859_1)
                .replace("Content-Length: 0", "Content-Length: " + contentLength);
    }

    @Test
    void aContentLengthOfAMillionDigitsIsRefusedAtTheLimitOfALine() { // M7
        var octets = Messages.octets(text("1".repeat(1_000_000)));

        assertThat(refuse(octets).closeStream()).isTrue();
        assertThat(Messages.decode(Limits.DEFAULT, octets).getFirst())
                .isInstanceOf(MalformedSip.class);
    }

    @Test
    void aDatagramShorterThanItsContentLengthIsRefused() { // M8
        refusedWith400(
                Messages.octets(text("5") + "1234"),
                "Content-Length: expected at most the 4 octets there are, found 5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CSeq|CSeq: 2147483648 MESSAGE|CSeq",
                "CSeq|CSeq: -1 MESSAGE|CSeq",
                "Max-Forwards|Max-Forwards: 256|Max-Forwards",
                "Max-Forwards|Max-Forwards: x|Max-Forwards",
                "Max-Forwards|Expires: 4294967296|Expires",
                "Max-Forwards|Contact: <sip:a@b:65536>|Contact",
                "Max-Forwards|Contact: <sip:a@b>;q=1.1|Contact",
                "Max-Forwards|Contact: <sip:a@b>;q=0.1234|Contact",
                "Max-Forwards|Contact: <sip:a@b>;expires=4294967296|Contact",
                "Max-Forwards|Min-Expires: 1x|Min-Expires",
                "Max-Forwards|Max-Breadth: 2147483648|Max-Breadth"
            })
    void numbersOutOfRangeAreRefused(String name, String line, String field) { // M9
        refusedWith400(Messages.replacing(name, line), field + ": expected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CSeq|CSeq: 2147483647 MESSAGE",
                "Max-Forwards|Max-Forwards: 255",
                "Max-Forwards|Expires: 4294967295",
                "Max-Forwards|Contact: <sip:a@b:65535>;q=1.000;expires=4294967295"
            })
    void theLargestNumbersAreTaken(String name, String line) { // M9, W3
        assertThat(Messages.judge(Messages.replacing(name, line)))
                .isEqualTo(Messages.judge(Messages.with()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SIP/2.0 99 Low",
                "SIP/2.0 700 High",
                "SIP/2.0 0200 OK",
                "SIP/2.0 20 OK",
                "SIP/2.0 +20 OK",
                "SIP/2.0  200 OK",
                "SIP/2.0 200 O\\\u0000K",
                "SIP/2.0 200 \u0007",
                "SIP/2.0 4294967496 OK",
                "SIP/3.0 200 OK",
                "SIP/2.0"
            })
    void aResponseWithAnotherStatusLineIsDropped(String line) { // M9
        var fault =
                catchThrowableOfType(
                        MalformedSip.class, () -> Messages.parse(Messages.response(line)));

        assertThat(fault.answer()).isEmpty();
        assertThat(fault.request()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "MESSAGE sip: SIP/2.0|400",
                "MESSAGE sip:@example.com SIP/2.0|400",
                "MESSAGE sip:bob@ SIP/2.0|400",
                "MESSAGE sip:bob@example.com:0x1 SIP/2.0|400",
                "MESSAGE sip:bob@exa%6dple.com SIP/2.0|400",
                "MESSAGE sip:bob@1.2.3 SIP/2.0|400",
                "MESSAGE sip:bob@example..com SIP/2.0|400",
                "MESSAGE <sip:bob@example.com> SIP/2.0|400",
                "MESSAGE sip:bob @example.com SIP/2.0|400",
                "MESSAGE  sip:bob@example.com SIP/2.0|400",
                "MESSAGE sip:bob@example.com  SIP/2.0|400",
                "'MESSAGE sip:bob@example.com SIP/2.0 '|400",
                "MESSAGE sip:bob@example.com;a=b;A=c SIP/2.0|400",
                "MESSAGE sip:bob@example.com?Subject=x SIP/2.0|400",
                "MESSAGE bob SIP/2.0|400",
                "MESSAGE mailto:bob@example.com SIP/2.0|416",
                "MESSAGE http://example.com/ SIP/2.0|416"
            })
    void aRequestUriThatCannotBeServedIsRefused(String line, int status) { // M12
        assertThat(Messages.judge(Messages.withRequestLine(line)).expect()).hasValue(status);
    }

    @Test
    void theVersionHasNoCase() { // M13
        var request =
                (SipRequest)
                        Messages.parse(
                                Messages.withRequestLine("MESSAGE sip:bob@example.com sip/2.0"));
        var response = (SipResponse) Messages.parse(Messages.response("sIp/2.0 200 OK"));

        assertThat(request.requestUriText()).isEqualTo("sip:bob@example.com");
        assertThat(response.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"SIP/7.0,505", "SIP/2.1,505", "SIP/2.00,400", "SIP/2.0.0,400", "SIP/x,400"})
    void anotherVersionIsRefused(String version, int status) { // M13
        var octets = Messages.withRequestLine("MESSAGE sip:bob@example.com " + version);

        assertThat(Messages.judge(octets).expect()).hasValue(status);
    }

    @Test
    void theMethodOfCSeqIsThatOfTheRequest() { // M13
        refusedWith400(
                Messages.replacing("CSeq", "CSeq: 1 OPTIONS"),
                "CSeq: expected the method of the request line, found another");
    }

    @Test
    void methodsHaveCase() { // M13
        var octets =
                new String(Messages.with(), StandardCharsets.ISO_8859_1)
                        .replace("MESSAGE", "message");

        assertThat(Messages.judge(Messages.octets(octets)).expect()).hasValue(501);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%s%s%n%p",
                "aaaa%.1024d",
                "${jndi:ldap://example.com/x}",
                "<script>",
                ";;;;;",
                ",,,,,",
                "((((((((",
                "\"\"\"\"",
                "<<<<>>>>",
                "::::::::",
                "@@@@@",
                "..........",
                "=====",
                "\\\\\\\\"
            })
    void textOfAttackersInAnyFieldMakesAValueOrAFault(String text) { // M14
        for (var name : List.of("Via", "From", "To", "Call-ID", "CSeq", "Contact", "Warning")) {
            for (int times : new int[] {1, 100, 6500 / text.length()}) {
                var line = name + ": " + text.repeat(times);
                var verdict = Messages.judge(Messages.replacing(name, line));

                assertThat(verdict.valid() || verdict.reason().contains("octet")).isTrue();
                assertThat(verdict.reason().length()).isLessThan(400);
            }
        }
    }

    @Test
    void aCompactFieldBesideItsLongFormIsTheSameWhenTheValueIs() { // M15
        var request =
                Messages.checked(
                        Messages.with(
                                "f:  <sip:alice@example.com>;tag=1",
                                "i: c1@example.com",
                                "l: 0",
                                "t: <sip:bob@example.com>"));

        assertThat(request.from().tag()).hasValue("1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "f: <sip:carol@example.com>;tag=1",
                "t: <sip:carol@example.com>",
                "i: c2@example.com"
            })
    void aCompactFieldThatDiffersFromItsLongFormIsRefused(String line) { // M15
        refusedWith400(Messages.with(line), "differ");
    }

    @Test
    void foldedIdentityFieldsAreReadAsOne() { // M15
        var folded =
                Messages.checked(
                        Messages.replacing(
                                "From",
                                "From: \"A\r\n  B\"\r\n\t<sip:alice@example.com>\r\n ;tag=1"));

        assertThat(folded.from().displayName()).isEqualTo("A B");
        assertThat(folded.from().tag()).hasValue("1");
        assertThat(folded.header("From")).hasValue("\"A B\" <sip:alice@example.com> ;tag=1");
    }

    @Test
    void anUnknownExtensionIsNamedInTheRefusal() { // M18
        var request = Messages.checked(Messages.with("Require: recipient-list-message, foo, bar"));

        var refusal = ServerCapabilities.DEFAULT.refusal(request).orElseThrow().build();

        assertThat(refusal.status()).isEqualTo(420);
        assertThat(refusal.unsupported()).containsExactly("foo", "bar");
    }

    @Test
    void theExtensionForRecipientListsIsKnown() { // M18
        var request = Messages.checked(Messages.with("Require: recipient-list-message"));

        assertThat(ServerCapabilities.DEFAULT.refusal(request)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "\u0016\u0003\u0001\u0002",
                "MSRP d93kswow SEND\r\n",
                "HTTP/1.1 200 OK\r\n",
                "\r\n\r\n{\"a\":1}",
                "SSH-2.0-OpenSSH_9\r\n",
                "\u0000\u0000"
            })
    void whatIsNoSipIsKnownWithinItsFirstLine(String octets) { // M19
        var events = Messages.decode(Limits.DEFAULT, Messages.octets(octets));

        assertThat(events.getLast())
                .isInstanceOfSatisfying(
                        MalformedSip.class,
                        fault -> {
                            assertThat(fault.closeStream()).isTrue();
                            assertThat(fault.answer()).isEmpty();
                            assertThat(fault.getStackTrace()).isEmpty();
                        });
    }

    @Test
    void aResponseThatIsMalformedIsNeverAnswered() {
        var octets = Messages.response("SIP/2.0 200 OK", "Contact: <sip:");
        var response = (SipResponse) Messages.parse(octets);

        var fault =
                catchThrowableOfType(
                        MalformedSip.class, () -> MessageRules.check(response, Limits.DEFAULT));

        assertThat(fault.answer()).isEmpty();
    }

    @Test
    void aReasonPhraseIsUtf8() { // M6
        var response = (SipResponse) Messages.parse(Messages.response("SIP/2.0 200 \u00e9"));

        assertThatThrownBy(() -> MessageRules.check(response, Limits.DEFAULT))
                .hasMessageContaining("start line: expected UTF-8");
    }

    @Test
    void anAckIsNeverAnswered() {
        var octets =
                new String(Messages.with("Contact: <"), StandardCharsets.UTF_8)
                        .replace("MESSAGE", "ACK");

        assertThat(refuse(Messages.octets(octets)).answer()).isEmpty();
    }

    @Test
    void theAnswerOfAMalformedRequestNamesTheTroubleAndCarriesItsIdentity() { // 3.5
        var fault = refuse(Messages.with("Expires: soon", "X-Filler: " + "x".repeat(100)));
        var again = refuse(Messages.with("Expires: soon", "X-Filler: " + "x".repeat(100)));

        var answer = fault.answer().orElseThrow();

        assertThat(answer.reason())
                .isEqualTo("Bad Request - Expires: expected seconds, found \"s\"");
        assertThat(answer.topVia().branch()).hasValue("z9hG4bK77");
        assertThat(answer.callId()).isEqualTo("c1@example.com");
        assertThat(answer.to().tag()).isPresent();
        assertThat(again.answer()).isEqualTo(fault.answer());
    }

    @Test
    void theAnswerIsNotLargerThanTheRequestWhenThePhraseCanBeShorter() { // A1
        var octets = Messages.with("Expires: soon");

        var answer = refuse(octets).answer().orElseThrow();

        assertThat(answer.reason()).isEqualTo("Bad Request");
        assertThat(answer.encoded().length()).isLessThanOrEqualTo(octets.length);
    }

    @Test
    void aFaultInAFieldLeavesTheStreamOpen() {
        var events =
                Messages.decode(
                        Limits.DEFAULT,
                        Messages.with("X-Bell: \u0007"),
                        Messages.with("Subject: next"));

        assertThat(events).hasSize(2);
        assertThat(((MalformedSip) events.get(0)).closeStream()).isFalse();
        assertThat(((SipMessage) events.get(1)).subject()).hasValue("next");
    }

    @Test
    void aDateThatIsNotInGmtIsNotThere() { // W2
        var request = Messages.checked(Messages.with("Date: Fri, 01 Jan 2010 16:00:00 EST"));

        assertThat(request.date()).isEmpty();
        assertThat(MessageRules.ignored(request)).hasSize(1);
        assertThat(Messages.judge(request.encoded().toByteArray()).valid()).isFalse();
    }

    @Test
    void errorsSayWhatWasExpectedWhatCameAndWhere() {
        var octets = Messages.replacing("Via", "Via: SIP/2.0/UDP");

        var fault = refuse(octets);

        int offset = Octets.of(octets).indexOf("UDP".getBytes(StandardCharsets.US_ASCII), 0) + 3;
        assertThat(fault.getMessage())
                .isEqualTo(
                        "Via: expected a blank and sent-by after the transport, found end of value"
                                + " at octet "
                                + offset
                                + " (RFC 3261 20.42)");
    }
}
