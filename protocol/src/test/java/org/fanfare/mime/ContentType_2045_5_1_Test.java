package org.fanfare.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.wire.Leniency;
import org.fanfare.wire.MalformedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentType_2045_5_1_Test {

    @Test
    void typeAndSubtypeHaveNoCase() {
        assertThat(MediaType.parse("Message/CPIM").is(MediaType.CPIM)).isTrue();
    }

    @Test
    void parametersKeepOrderAndCase() {
        var type = MediaType.parse("multipart/mixed; Boundary=\"a b\\\"c\" ;charset=UTF-8");

        assertThat(type.parameter("boundary")).contains("a b\"c");
        assertThat(type.parameter("CHARSET")).contains("UTF-8");
        assertThat(type).hasToString("multipart/mixed;Boundary=\"a b\\\"c\";charset=UTF-8");
    }

    @Test
    void whatIsWrittenIsReadBackTheSame() {
        var type = MediaType.parse("a/b;x=\"1;2\";y=z;empty=\"\"");

        assertThat(MediaType.parse(type.toString())).isEqualTo(type);
    }

    @Test
    void commentsAreNotRead() {
        var type = MediaType.parse("text/plain (a (nested; one)) ; charset=us-ascii (Plain text)");

        assertThat(type.parameter("charset")).contains("us-ascii");
    }

    @Test
    void semicolonAtTheEndIsTaken() { // B8
        long before = Leniency.EMPTY_PARAMETER.count();

        assertThat(MediaType.parse("text/plain; charset=utf-8;").parameter("charset"))
                .contains("utf-8");
        assertThat(Leniency.EMPTY_PARAMETER.count()).isGreaterThan(before);
    }

    @Test
    void valueThatNeedsQuotesIsTakenWithoutThem() {
        assertThat(MediaType.parse("multipart/mixed; boundary=a=b/c").parameter("boundary"))
                .contains("a=b/c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/plain",
                "text/plain charset=x",
                "text/plain;=x",
                "text/plain;a=",
                "text/plain;a=\"x",
                "text/plain;a=\"x\"y",
                "text/plain (never ends",
                "te xt/plain",
                "text/plain, text/html",
                "text/plain;a"
            })
    void whatIsNoContentTypeIsRefusedWithFieldAndPlace(String value) {
        assertThatThrownBy(() -> MediaType.parse(value, 100))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageStartingWith("Content-Type: expected ")
                .satisfies(e ->
                        assertThat(((MalformedMessage) e).offset()).isGreaterThanOrEqualTo(100))
                .satisfies(e ->
                        assertThat(((MalformedMessage) e).section()).isEqualTo("RFC 2045 5.1"));
    }

    @Test
    void handlingIsRequiredUnlessSaidOtherwise() {
        assertThat(ContentDisposition.parse("Recipient-List").type()).isEqualTo("recipient-list");
        assertThat(ContentDisposition.parse("render").handlingRequired()).isTrue();
        assertThat(ContentDisposition.parse("render;handling=optional").handlingRequired())
                .isFalse();
    }
}
