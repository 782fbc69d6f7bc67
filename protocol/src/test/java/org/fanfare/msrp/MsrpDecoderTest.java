package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class MsrpDecoderTest {

    private static final String PATHS = "To-Path: msrp://h/s;tcp\r\nFrom-Path: msrp://h/t;tcp\r\n";

    private static String send(String range, String content) {
        return "MSRP abcd SEND\r\n"
                + PATHS
                + "Message-ID: 1234\r\nByte-Range: "
                + range
                + "\r\nContent-Type: text/plain\r\n\r\n"
                + content
                + "\r\n-------abcd$\r\n";
    }

    private static final String NEXT = "MSRP efgh 200 OK\r\n" + PATHS + "-------efgh$\r\n";

    /// However it is cut.
    private static List<String> decoded(String text) {
        var octets = Octets.utf8(text);
        var lines = Trace.of(octets).lines();
        for (int piece = 1; piece < octets.length(); piece++) {
            assertThat(Trace.of(octets, piece, MsrpLimits.DEFAULT).lines()).isEqualTo(lines);
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\n-------abcd$\r\nb",
                "a\r\n-------abcd$\r\n",
                "a\r\n-------abcd$\r\n-------abcd$",
                "-------abcd$\r\nb",
                "a\r\n-------abcd+\r\nMSRP efgh 200 OK\r\nb",
                "a\r\n-------abcd$\r\nMSRP b",
                "\r\n-------abcd$\r\nMSRP x SEND\r\n\r\n-------abcd$\r\nMSRP y",
            })
    void rangeDecidesWhereContentHoldsTheEndLine(String content) { // P2
        var range = "1-%d/100".formatted(content.length());

        assertThat(decoded(send(range, content) + NEXT))
                .containsExactly("SEND abcd [" + content + "] COMPLETE", "200 efgh");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\r\n-------abc",
                "a\r\n-------abcd",
                "a\r\n-------abcdx",
                "a\r\n-------abcd$\r",
                "a\r\n-------abcd$\rb",
                "a\r\n-------abcd\r\n",
                "\r",
                "\r\n",
                "\r\r\n\r\n",
                "a\n-------abcd$\n",
                "--------abcd$\r\n",
            })
    void whatIsNoEndLineIsContent(String content) { // P2
        for (var range : List.of("1-*/*", "1-%d/100".formatted(content.length()))) {
            assertThat(decoded(send(range, content) + NEXT))
                    .containsExactly("SEND abcd [" + content + "] COMPLETE", "200 efgh");
        }
    }

    @Test
    void withoutAnEndTheFirstEndLineCounts() { // P2
        assertThat(decoded(send("1-*/*", "a\r\n-------abcd$\r\nb")))
                .startsWith("SEND abcd [a] COMPLETE")
                .anyMatch(line -> line.startsWith("fault"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-4/4", "1-2/4", "1-3/4", "1-9/9", "1-1000000/1000000", "nonsense"})
    void rangeThatDoesNotCountWhatComesDoesNotMoveTheEnd(String range) { // P2
        assertThat(decoded(send(range, "abc") + NEXT))
                .filteredOn(line -> !line.startsWith("fault"))
                .containsExactly("SEND abcd [abc] COMPLETE", "200 efgh");
        assertThat(decoded(send(range, "abc")))
                .filteredOn(line -> !line.startsWith("fault"))
                .containsExactly("SEND abcd [abc] COMPLETE");
    }

    @Test
    void announcedLengthMeansNothingToMemory() { // P3
        var octets = Octets.utf8(send("1-9223372036854775807/9223372036854775807", "a") + NEXT);

        assertThat(Trace.of(octets).lines()).contains("200 efgh");
    }

    @Test
    void contentIsToldBeforeItsEnd() {
        var trace = new Trace();
        var decoder = new MsrpDecoder(MsrpLimits.DEFAULT);
        var start = send("1-*/*", "abc\r\n---");
        decoder.feed(Octets.utf8(start.substring(0, start.length() - 18)).asByteBuffer(), trace);

        assertThat(trace.pending()).isEqualTo(3);
        assertThat(decoder.isInContent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "\r\nMSRP abcd SEND\r\n",
                "\u0016\u0003\u0001",
                "MSRP abcd SEND\n",
                "MSRP abcd SEND\r\r\n",
                "MSRP abcd send\r\n",
                "MSRP abcd\r\n",
                "MSRP  SEND\r\n",
                "MSRP abcd 20\r\n",
                "MSRP abcd 2000\r\n",
                "MSRP abcd SEND\r\n-------abce$\r\n",
                "MSRP abcd SEND\r\n-------abcd!\r\n",
                "MSRP abcd 200 OK\r\n\r\n",
            })
    void whatIsNoMessageClosesTheStream(String text) { // P1
        assertThat(decoded(text))
                .singleElement()
                .asString()
                .startsWith("fault: ")
                .contains("expected");
    }

    @Test
    void headOfTheMostOctetsIsReadAndOneMoreIsNot() { // P4
        var empty = "MSRP abcd SEND\r\n" + PATHS + "Message-ID: 1234\r\nX: \r\n-------abcd$\r\n";
        int room = MsrpLimits.DEFAULT.headOctets() - empty.length();

        assertThat(Trace.of(Octets.utf8(empty.replace("X: ", "X: " + "a".repeat(room)))).lines())
                .containsExactly("SEND abcd [] COMPLETE");
        assertThat(
                        Trace.of(Octets.utf8(empty.replace("X: ", "X: " + "a".repeat(room + 1))))
                                .isFaulty())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "A: b\r\n"})
    void headWithoutEndIsGivenUpAtItsLimit(String repeated) { // P4
        var endless = "MSRP abcd SEND\r\n" + (repeated + "a").repeat(10_000);

        assertThat(Trace.of(Octets.utf8(endless), 1000, MsrpLimits.DEFAULT).isFaulty()).isTrue();
    }

    @Test
    void contentOfNoOctetsMayLackItsLineEnd() {
        var lenient = send("1-0/0", "").replace("\r\n\r\n\r\n-------", "\r\n\r\n-------");

        assertThat(decoded(lenient)).containsExactly("SEND abcd [] COMPLETE");
        assertThat(decoded(send("1-0/0", ""))).containsExactly("SEND abcd [] COMPLETE");
    }
}
