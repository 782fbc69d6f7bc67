package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;

/// Which header field holds the authenticated originator's CPM Address (references e.1,
/// 7.2.1.1/8.c).
@Clause("7.2.1.1/8.c")
class OriginatorTest {

    private static SipRequest.Builder message(String from) {
        return SipRequest.builder(Method.MESSAGE, Uri.parse("sip:alice@home.example"))
                .header("Via", "SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK1")
                .header("From", from + ";tag=1")
                .header("To", "<sip:alice@home.example>")
                .header("Call-ID", "1")
                .header("CSeq", "1 MESSAGE");
    }

    private static void assertOriginator(SipRequest.Builder message, String expected) {
        assertThat(Originator.of(message.build())).contains(Uri.parse(expected));
    }

    @Test
    void isTheAssertedIdentityWhateverFromSays() { // I5
        assertOriginator(
                message("<sip:carol@home.example>")
                        .header("P-Asserted-Identity", "\"B, ob\" <sip:bob@home.example>"),
                "sip:bob@home.example");
    }

    @Test
    void ofTwoAssertedIdentitiesTheSipOneIsTaken() { // I4
        assertOriginator(
                message("<sip:carol@home.example>")
                        .header(
                                "P-Asserted-Identity",
                                "<tel:+4915100000002>, <sip:bob@home.example>"),
                "sip:bob@home.example");
    }

    @Test
    void aTelephoneNumberAloneIsTakenToo() {
        assertOriginator(
                message("<sip:carol@home.example>")
                        .header("P-Asserted-Identity", "<tel:+4915100000002>"),
                "tel:+4915100000002");
    }

    @Test
    void theReferringPartyWins() {
        assertOriginator(
                message("<sip:carol@home.example>")
                        .header("P-Asserted-Identity", "<sip:bob@home.example>")
                        .header("Referred-By", "<sip:dave@home.example>"),
                "sip:dave@home.example");
    }

    @Test
    void isFromWhereNobodyIsAsserted() {
        assertOriginator(message("<sip:carol@home.example>"), "sip:carol@home.example");
        assertThat(Originator.asserted(message("<sip:carol@home.example>").build())).isEmpty();
    }

    @Test
    void somebodyAnonymousIsNobody() {
        assertThat(
                        Originator.of(
                                message("\"Anonymous\" <sip:anonymous@anonymous.invalid>").build()))
                .isEmpty();
    }

    @Test
    void anIdentityThatIsNoAddressIsNone() {
        assertOriginator(
                message("<sip:carol@home.example>").header("P-Asserted-Identity", "<<>>"),
                "sip:carol@home.example");
    }
}
