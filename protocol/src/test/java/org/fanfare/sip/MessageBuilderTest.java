package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageBuilderTest {

    private static final Uri BOB = Uri.parse("sip:bob@example.com");

    private static SipRequest.Builder message() {
        return SipRequest.builder(Method.MESSAGE, BOB);
    }

    @Test
    void fieldsComeInTheirOrderAndContentLengthFits() {
        var request =
                message()
                        .header("To", "<sip:bob@example.com>")
                        .header("Subject", "Grüße")
                        .body("text/plain", Octets.utf8("äöü"))
                        .build();

        assertThat(request.encoded().utf8())
                .isEqualTo(
                        """
                        MESSAGE sip:bob@example.com SIP/2.0\r
                        To: <sip:bob@example.com>\r
                        Subject: Grüße\r
                        Content-Type: text/plain\r
                        Content-Length: 6\r
                        \r
                        äöü\
                        """);
        assertThat(Messages.parse(request.encoded().toByteArray())).isEqualTo(request);
    }

    @Test
    void fieldsAreSetPutInFrontAndRemovedInEitherForm() {
        var request =
                message()
                        .header("v", "SIP/2.0/UDP a")
                        .header("X", "1")
                        .prepend("Via", "SIP/2.0/UDP b")
                        .header("m", "<sip:c@d>")
                        .header("CONTACT", "<sip:e@f>")
                        .set("Contact", "<sip:g@h>")
                        .set("Max-Forwards", 70)
                        .header("Y", "2")
                        .remove("y")
                        .build();

        assertThat(request.headers().all("Via")).containsExactly("SIP/2.0/UDP b", "SIP/2.0/UDP a");
        assertThat(request.headers())
                .extracting(HeaderField::toString)
                .containsExactly(
                        "Via: SIP/2.0/UDP b",
                        "v: SIP/2.0/UDP a",
                        "X: 1",
                        "Contact: <sip:g@h>",
                        "Max-Forwards: 70",
                        "Content-Length: 0");
    }

    @Test
    void aBodyIsTakenAwayWithAllThatSpeaksOfIt() {
        var request =
                message()
                        .body("text/plain", Octets.utf8("x"))
                        .header("Content-Disposition", "render")
                        .header("e", "gzip")
                        .withoutBody()
                        .build();

        assertThat(request.body().isEmpty()).isTrue();
        assertThat(request.headers())
                .extracting(HeaderField::name)
                .containsExactly("Content-Length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX: y", "a\nX: y", "a\rX: y", "a\r\n b", "a\u0000"})
    void nobodyGetsALineOfHisOwnIn(String value) {
        assertThatThrownBy(() -> message().header("Subject", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Subject");
        assertThatThrownBy(() -> message().set("Subject", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message().prepend("Subject", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> message().body(value, Octets.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SipResponse.builder(200, value))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:", "a\r\nb", "ä"})
    void aNameIsAToken(String name) {
        assertThatThrownBy(() -> message().header(name, "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMethodIsATokenAndAStatusHasThreeDigits() {
        assertThatThrownBy(() -> Method.of("A B")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SipResponse.builder(99, "x"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SipResponse.builder(700, "x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAnswerCopiesWhatIdentifiesTheRequest() { // RFC 3261 8.2.6.2
        var request =
                (SipRequest)
                        Messages.parse(
                                Messages.with(
                                        "v: SIP/2.0/UDP second;branch=2",
                                        "Subject: not copied",
                                        "Timestamp: 54.2"));

        var answer = request.answer(200).toTag("t1").build();

        assertThat(answer.encoded().utf8())
                .isEqualTo(
                        """
                        SIP/2.0 200 OK\r
                        Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK77\r
                        v: SIP/2.0/UDP second;branch=2\r
                        From: <sip:alice@example.com>;tag=1\r
                        To: <sip:bob@example.com>;tag=t1\r
                        Call-ID: c1@example.com\r
                        CSeq: 1 MESSAGE\r
                        Content-Length: 0\r
                        \r
                        """);
        assertThat(answer.to().tag()).hasValue("t1");
        assertThat(Messages.parse(answer.encoded().toByteArray())).isEqualTo(answer);
    }

    @Test
    void tryingHasNoTagAndKeepsTheTimestamp() { // RFC 3261 8.2.6.1
        var request = (SipRequest) Messages.parse(Messages.with("Timestamp: 54.2"));

        var trying = request.answer(100).build();

        assertThat(trying.header("Timestamp")).hasValue("54.2");
        assertThat(trying.to().tag()).isEmpty();
        assertThat(trying.reason()).isEqualTo("Trying");
    }

    @Test
    void aTagThatIsThereStays() {
        var request =
                (SipRequest)
                        Messages.parse(Messages.replacing("To", "To: <sip:bob@example.com>;tag=a"));

        assertThat(request.answer(481).toTag("b").build().to().tag()).hasValue("a");
    }

    @Test
    void fieldsAreCopiedOctetByOctet() {
        var original = (SipRequest) Messages.parse(Messages.with("X:  a\r\n\tb \u00ff", "x: c"));

        var copy = message().copy(original, "X").build();

        assertThat(copy.encoded().indexOf(Messages.octets("X:  a\r\n\tb \u00ff\r\nx: c\r\n"), 0))
                .isPositive();
    }

    @Test
    void aMessageIsTheSumOfItsOctets() {
        var one = message().header("X", "1").build();
        var same = message().header("X", "1").build();
        var other = message().header("X", "2").build();

        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).isNotEqualTo(other);
        assertThat(one.toBuilder().build()).isEqualTo(one);
        assertThat(one).hasToString("MESSAGE sip:bob@example.com");
        assertThat(SipResponse.builder(202, "Accepted").build()).hasToString("202 Accepted");
    }

    @Test
    void theRequestLineCanBeReplaced() {
        var request =
                message().build().toBuilder()
                        .method(Method.OPTIONS)
                        .requestUri(Uri.parse("tel:+1"))
                        .build();

        assertThat(request.requestUri()).isEqualTo(Uri.parse("tel:+1"));
        assertThat(request.method()).isEqualTo(Method.OPTIONS);
    }

    @Test
    void everyStatusHasAPhrase() {
        assertThat(StatusCode.reasonPhrase(486)).isEqualTo("Busy Here");
        for (int status = 100; status < 700; status++) {
            assertThat(StatusCode.reasonPhrase(status)).isNotEmpty();
        }
    }
}
