package org.fanfare.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Effort;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

@SuppressWarnings("StringConcatToTextBlock") // Every CR and LF is meant.
class Multipart_2046_5_1_Test {

    private static final MediaType MIXED = MediaType.parse("multipart/mixed;boundary=b1");

    private static List<MimeEntity> parts(String body) {
        return parts(body, Limits.DEFAULT);
    }

    private static List<MimeEntity> parts(String body, Limits limits) {
        return Multipart.parse(MIXED, Octets.utf8(body), limits).parts();
    }

    private static List<String> bodies(String body) {
        return parts(body).stream().map(part -> part.body().utf8()).toList();
    }

    @Test
    void partsLieBetweenDelimiters() {
        var parts =
                parts(
                        "preamble\r\n--b1\r\nContent-Type: text/plain\r\n\r\none\r\n"
                                + "--b1  \r\n\r\ntwo\r\n\r\n--b1--\r\nepilogue");

        assertThat(parts).hasSize(2);
        assertThat(parts.getFirst().body().utf8()).isEqualTo("one");
        assertThat(parts.getLast().body().utf8()).isEqualTo("two\r\n");
        assertThat(parts.getLast().contentType()).isEqualTo(MediaType.TEXT_PLAIN);
    }

    @Test
    void whatIsReadIsWrittenOctetForOctet() { // B16
        var body = "--b1\r\nX:  odd \r\n\tfolded\r\n\r\n\0\u00ff\r\n\r\n--b1\r\n\r\n--b1--\r\n";
        var octets = Octets.utf8(body);

        assertThat(Multipart.parse(MIXED, octets, Limits.DEFAULT).toOctets()).isEqualTo(octets);
    }

    @Test
    void newMultipartIsReadBack() {
        var parts =
                List.of(
                        MimeEntity.of(MediaType.TEXT_PLAIN, Octets.utf8("--fanfare-0\r\n")),
                        MimeEntity.builder()
                                .contentType(MediaType.RESOURCE_LISTS)
                                .disposition(ContentDisposition.RECIPIENT_LIST)
                                .text("<a/>")
                                .build());
        var multipart = Multipart.mixed(parts);

        var read = Multipart.parse(multipart.type(), multipart.toOctets(), Limits.DEFAULT);

        assertThat(read.parts()).isEqualTo(parts);
        assertThat(read.parts().getLast().hasDisposition("Recipient-List")).isTrue();
        assertThat(read.retain(part -> part.disposition().isEmpty()).parts()).hasSize(1);
    }

    @Test
    void otherPartsStandUnderTheSameTypeWithABoundaryOfTheirOwn() {
        var type = MediaType.parse("multipart/related;start=\"<1@x>\";boundary=b1");
        var received = parts("--b1\r\n\r\none\r\n--b1--");
        var other = MimeEntity.of(MediaType.TEXT_PLAIN, Octets.utf8("--b1\r\n"));

        var changed = new Multipart(type, received).withParts(List.of(other));

        assertThat(changed.type().essence()).isEqualTo("multipart/related");
        assertThat(changed.type().parameter("start")).contains("<1@x>");
        assertThat(Multipart.parse(changed.type(), changed.toOctets(), Limits.DEFAULT).parts())
                .containsExactly(other);
    }

    @Test
    void anotherBodyKeepsAllFieldsButThoseAboutTheOctets() {
        var entity =
                MimeEntity.builder()
                        .header("Content-ID", "<1@x>")
                        .header("Content-Transfer-Encoding", "base64")
                        .contentType(MediaType.of("image", "png"))
                        .text("AAEC")
                        .build();

        assertThat(entity.withBody(MediaType.TEXT_PLAIN, Octets.utf8("x")).toOctets().utf8())
                .isEqualTo("Content-Type: text/plain\r\nContent-ID: <1@x>\r\n\r\nx");
    }

    @Test
    void longerBoundaryThatStartsTheSameIsNoDelimiter() { // B1
        assertThat(bodies("--b1\r\n\r\nx\r\n--b12\r\ny\r\n--b1x--\r\n--b1--"))
                .containsExactly("x\r\n--b12\r\ny\r\n--b1x--");
    }

    @Test
    void boundaryInTheMiddleOfALineIsNoDelimiter() { // B1
        assertThat(bodies("--b1\r\n\r\nx --b1\r\ny\n--b1\r\nz\r\n--b1--"))
                .containsExactly("x --b1\r\ny\n--b1\r\nz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no delimiter at all",
                "--b1--\r\n",
                "--b2\r\n\r\nx\r\n--b2--",
                "-b1\r\n"
            })
    void bodyWithoutPartsIsRefused(String body) { // B1
        assertThatThrownBy(() -> parts(body))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("RFC 2046 5.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/mixed",
                "multipart/mixed;boundary=\"\"",
                "text/plain;boundary=b1"
            })
    void typeWithoutBoundaryIsRefused(String type) { // B1
        assertThatThrownBy(() ->
                        Multipart.parse(
                                MediaType.parse(type),
                                Octets.utf8("--b1\r\n\r\nx\r\n--b1--"),
                                Limits.DEFAULT))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void boundaryMayHaveSeventyCharactersAndNotOneMore() { // B1
        for (int length : new int[] {69, 70, 71}) {
            var boundary = "b".repeat(length);
            var type = MediaType.MULTIPART_MIXED.with("boundary", boundary);
            var body = Octets.utf8("--" + boundary + "\r\n\r\nx\r\n--" + boundary + "--");
            if (length <= 70) {
                assertThat(Multipart.parse(type, body, Limits.DEFAULT).parts()).hasSize(1);
            } else {
                assertThatThrownBy(() -> Multipart.parse(type, body, Limits.DEFAULT))
                        .isInstanceOf(MalformedMessage.class)
                        .hasMessageContaining("boundary");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--b1\r\n\r\nx\r\n--b1--",
                "--b1\r\n\r\nx\r\n--b1\r\n",
                "--b1\r\n\r\nx\r\n--b1",
                "--b1\r\n\r\nx"
            })
    void missingEndIsTakenWhereItLeavesNoDoubt(String body) { // B1
        assertThat(bodies(body)).containsExactly("x");
    }

    @Test
    void missingEndIsCounted() { // B1
        long before = Leniency.MULTIPART_NOT_CLOSED.count();

        assertThat(bodies("--b1\r\n\r\nx\r\n")).containsExactly("x\r\n");
        assertThat(Leniency.MULTIPART_NOT_CLOSED.count()).isGreaterThan(before);
    }

    @Test
    void bareLineFeedsThroughoutAreTaken() {
        assertThat(bodies("--b1\nContent-Type: text/plain\n\none\n--b1\n\ntwo\n--b1--\n"))
                .containsExactly("one", "two");
    }

    @Test
    void lineEndsAreNotMixed() {
        assertThat(bodies("--b1\r\n\r\nx\r\n--b1\ny\r\n--b1--")).containsExactly("x\r\n--b1\ny");
    }

    @Test
    void contentLengthOfAPartIsNotBelieved() { // B3
        assertThat(
                        bodies(
                                "--b1\r\n"
                                        + "Content-Length: 1\r\n\r\n"
                                        + "whole\r\n"
                                        + "--b1\r\n"
                                        + "Content-Length: 99999\r\n\r\n"
                                        + "too\r\n"
                                        + "--b1--"))
                .containsExactly("whole", "too");
    }

    @Test
    void partsUpToTheLimitAreTaken() { // B2
        var limits = Limits.DEFAULT.withMultipartParts(4);

        assertThat(parts("--b1\r\n\r\nx\r\n".repeat(3) + "--b1--", limits)).hasSize(3);
        assertThat(parts("--b1\r\n\r\nx\r\n".repeat(4) + "--b1--", limits)).hasSize(4);
        assertThatThrownBy(() -> parts("--b1\r\n\r\nx\r\n".repeat(5) + "--b1--", limits))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("more than 4 parts");
    }

    private static MimeEntity nested(int depth) {
        var entity = MimeEntity.of(MediaType.TEXT_PLAIN, Octets.utf8("x"));
        for (int i = 0; i < depth; i++) {
            var multipart = Multipart.mixed(List.of(entity));
            entity = MimeEntity.of(multipart.type(), multipart.toOctets());
        }
        return entity;
    }

    @Test
    void nestingUpToTheLimitIsTaken() { // B2
        assertThat(nested(4).leaves(Limits.DEFAULT)).hasSize(1);
        assertThat(nested(5).leaves(Limits.DEFAULT)).hasSize(1);
        assertThatThrownBy(() -> nested(6).leaves(Limits.DEFAULT))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("5 deep");
    }

    @Test
    void leavesOfAllMultipartsTogetherHaveTheLimitOfOne() { // B2
        var three = Multipart.mixed(List.of(nested(0), nested(1), nested(2)));
        var entity = MimeEntity.of(three.type(), three.toOctets());

        assertThat(entity.leaves(Limits.DEFAULT.withMultipartParts(3))).hasSize(3);
        var twice = Multipart.mixed(List.of(entity, entity));
        var six = MimeEntity.of(twice.type(), twice.toOctets());
        assertThat(six.leaves(Limits.DEFAULT.withMultipartParts(6))).hasSize(6);
        assertThatThrownBy(() -> six.leaves(Limits.DEFAULT.withMultipartParts(5)))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void headerFieldsOfAPartUpToTheLimitAreTaken() { // B2
        var limits = Limits.DEFAULT.withPartHeaderFields(3);

        assertThat(parts("--b1\r\n" + "A: b\r\n".repeat(2) + "\r\n--b1--", limits)).hasSize(1);
        assertThat(parts("--b1\r\n" + "A: b\r\n".repeat(3) + "\r\n--b1--", limits)).hasSize(1);
        assertThatThrownBy(() -> parts("--b1\r\n" + "A: b\r\n".repeat(4) + "\r\n--b1--", limits))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("more than 3 fields");
    }

    @Test
    void hugePreambleManyPartsAndDeepNestingCostLittle() { // B2, G8
        var preamble = Octets.utf8("x\r\n--b\r\n".repeat(8 * 1024) + "--b1\r\n\r\nx\r\n--b1--");
        var parts = Octets.utf8("--b1\r\n".repeat(11 * 1024));
        var deep = nested(200);

        assertThat(
                        Effort.millis(
                                50,
                                () ->
                                        assertThat(
                                                        Multipart.parse(
                                                                        MIXED,
                                                                        preamble,
                                                                        Limits.DEFAULT)
                                                                .parts())
                                                .hasSize(1)))
                .isLessThan(50);
        assertThat(
                        Effort.millis(
                                50,
                                () -> refused(() -> Multipart.parse(MIXED, parts, Limits.DEFAULT))))
                .isLessThan(50);
        assertThat(Effort.millis(50, () -> refused(() -> deep.leaves(Limits.DEFAULT))))
                .isLessThan(50);
    }

    private static void refused(Runnable work) {
        assertThatThrownBy(work::run).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void faultInAPartIsReportedWithItsPlaceInTheBody() {
        assertThatThrownBy(() -> parts("--b1\r\nno colon\r\n\r\nx\r\n--b1--"))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.offset()).isEqualTo(6));
    }
}
