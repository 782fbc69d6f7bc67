package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.fanfare.testing.Effort;
import org.fanfare.wire.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;

/// Every limit of a SIP message one below, at, and one above. // M10, 3.4
class SipLimitsTest {

    private static final Limits LIMITS = Limits.DEFAULT;

    /// The messages are made for N - 1, N, N + 1; only the last is refused.
    private static MalformedSip onlyTheLastIsRefused(int limit, IntFunction<byte[]> message) {
        return onlyTheLastIsRefused(limit, LIMITS, message);
    }

    private static MalformedSip onlyTheLastIsRefused(
            int limit, Limits limits, IntFunction<byte[]> message) {
        for (int n : new int[] {limit - 1, limit}) {
            assertThatCode(() -> Messages.checked(message.apply(n), limits))
                    .as("with " + n)
                    .doesNotThrowAnyException();
        }
        var fault =
                catchThrowableOfType(
                        MalformedSip.class,
                        () -> Messages.checked(message.apply(limit + 1), limits));
        assertThat(fault).as("a fault with " + (limit + 1)).isNotNull();
        return fault;
    }

    private static String[] times(int count, IntFunction<String> line) {
        var lines = new String[count];
        for (int i = 0; i < count; i++) {
            lines[i] = line.apply(i);
        }
        return lines;
    }

    @Test
    void theHead() {
        int limit = 1000;
        int bare = Messages.with("X-Y: ").length;

        var fault =
                onlyTheLastIsRefused(
                        limit,
                        LIMITS.withHeadOctets(limit),
                        n -> Messages.with("X-Y: " + "x".repeat(n - bare)));

        assertThat(fault.sipStatus()).isEqualTo(513);
        assertThat(fault.answer().orElseThrow().status()).isEqualTo(513);
        assertThat(fault.closeStream()).isTrue();
    }

    @Test
    void theHeadOnAStreamIsNotWaitedForBeyondItsLimit() {
        int limit = 1000;
        var limits = LIMITS.withHeadOctets(limit);
        var endless = Messages.with("X-Y: " + "x".repeat(2000));

        var atLimit = Messages.decode(limits, Arrays.copyOf(endless, limit));
        var beyond = Messages.decode(limits, Arrays.copyOf(endless, limit + 1));

        assertThat(atLimit).isEmpty();
        assertThat(beyond)
                .singleElement()
                .isInstanceOfSatisfying(
                        MalformedSip.class,
                        fault -> assertThat(fault.answer().orElseThrow().status()).isEqualTo(513));
    }

    @Test
    void theWholeMessageOnAStream() {
        int limit = 2000;
        var limits = LIMITS.withMessageOctets(limit);

        for (int n : new int[] {limit - 1, limit, limit + 1}) {
            var events = Messages.decode(limits, ofSize(n));
            if (n <= limit) {
                assertThat(events).singleElement().isInstanceOf(SipRequest.class);
            } else {
                var fault = (MalformedSip) events.getFirst();
                assertThat(fault.answer().orElseThrow().status()).isEqualTo(513);
                assertThat(fault.closeStream()).isTrue();
            }
        }
    }

    /// A request with a body, of exactly so many octets.
    private static byte[] ofSize(int octets) {
        int head = Messages.with().length + 3;
        var text =
                new String(Messages.with(), StandardCharsets.UTF_8)
                                .replace("Content-Length: 0", "Content-Length: " + (octets - head))
                        + "b".repeat(octets - head);
        assertThat(text).hasSize(octets);
        return Messages.octets(text);
    }

    @Test
    void oneLine() {
        var fault =
                onlyTheLastIsRefused(
                        LIMITS.lineOctets(), n -> Messages.with("X-Y: " + "x".repeat(n - 5)));

        assertThat(fault.sipStatus()).isEqualTo(400);
    }

    @Test
    void oneLineWithItsFolds() {
        var fault =
                onlyTheLastIsRefused(
                        LIMITS.lineOctets(), n -> Messages.with("X-Y: a\r\n " + "x".repeat(n - 9)));

        assertThat(fault.sipStatus()).isEqualTo(400);
    }

    @Test
    void headerFields() {
        int mandatory = 7;

        var fault =
                onlyTheLastIsRefused(
                        LIMITS.headerFields(),
                        n -> Messages.with(times(n - mandatory, i -> "X-" + i + ": x")));

        assertThat(fault.sipStatus()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Route|<sip:a;lr>", "Accept|text/plain", "Warning|399 a \"b\"", "Require|a"})
    void valuesOfOneField(String field) {
        var name = field.substring(0, field.indexOf('|'));
        var value = field.substring(field.indexOf('|') + 1);

        var inLines =
                onlyTheLastIsRefused(
                        LIMITS.fieldValues(),
                        n -> Messages.with(times(n, i -> name + ": " + value)));
        var inOneLine =
                onlyTheLastIsRefused(
                        LIMITS.fieldValues(),
                        n ->
                                Messages.with(
                                        name
                                                + ": "
                                                + String.join(
                                                        ", ", Collections.nCopies(n, value))));

        assertThat(inLines.sipStatus()).isEqualTo(400);
        assertThat(inOneLine.sipStatus()).isEqualTo(400);
    }

    @Test
    void vias() {
        var fault =
                onlyTheLastIsRefused(
                        LIMITS.vias(),
                        n ->
                                Messages.with(
                                        times(n - 1, i -> "Via: SIP/2.0/UDP h" + i + ";branch=b")));

        assertThat(fault.sipStatus()).isEqualTo(400);
        assertThat(fault.getMessage()).contains("Via: expected at most 70 values");
    }

    @Test
    void theRequestUri() {
        var fault =
                onlyTheLastIsRefused(
                        LIMITS.uriOctets(),
                        n -> Messages.withRequestLine("MESSAGE " + uriOfSize(n) + " SIP/2.0"));

        assertThat(fault.answer().orElseThrow().status()).isEqualTo(414);
    }

    private static String uriOfSize(int octets) {
        var rest = "@example.com";
        return "sip:" + "u".repeat(octets - 4 - rest.length()) + rest;
    }

    @Test
    void otherUris() {
        var fault =
                onlyTheLastIsRefused(
                        LIMITS.uriOctets(),
                        n -> Messages.replacing("To", "To: <" + uriOfSize(n) + ">"));

        assertThat(fault.sipStatus()).isEqualTo(400);
    }

    @Test
    void parametersOfAUri() {
        var fault =
                onlyTheLastIsRefused(
                        LIMITS.uriParameters(),
                        n ->
                                Messages.withRequestLine(
                                        "MESSAGE sip:bob@example.com"
                                                + String.join("", times(n, i -> ";p" + i))
                                                + " SIP/2.0"));

        assertThat(fault.sipStatus()).isEqualTo(400);
    }

    @Test
    void parametersOfAField() {
        onlyTheLastIsRefused(
                LIMITS.uriParameters(),
                n ->
                        Messages.replacing(
                                "To",
                                "To: <sip:bob@example.com>"
                                        + String.join("", times(n, i -> ";p" + i))));
    }

    @Test
    void tenThousandOfAnythingAreRefusedInNoTime() { // M10, G8
        var floods = new ArrayList<byte[]>();
        for (var line :
                List.of(
                        "Via: SIP/2.0/UDP a;branch=b",
                        "Route: <sip:a;lr>",
                        "Accept: a/b",
                        "X-Y: y",
                        "Contact: <sip:a@b>",
                        "l: 0")) {
            floods.add(Messages.with(times(10_000, i -> line)));
        }
        for (var piece :
                List.of(",<sip:a>", ";a", "\"", "\\\"", "(", "<", "\r\n ", ",", "%", "[")) {
            floods.add(Messages.with("Contact: " + piece.repeat(1_048_576 / piece.length())));
            floods.add(Messages.with("X-Y: " + piece.repeat(1_048_576 / piece.length())));
        }

        for (var flood : floods) {
            assertThat(Messages.judge(flood).valid()).isFalse();
            assertThat(Effort.millis(50, () -> Messages.judge(flood)))
                    .as(Messages.judge(flood).reason())
                    .isLessThan(50);
        }
    }

    @Test
    void theWorstOfAHeadThatIsAllowedIsReadInNoTime() { // G8
        for (var piece :
                List.of(
                        "<sip:a>,",
                        ";a",
                        "\"\\\"\"",
                        "(",
                        "\r\n ",
                        ",",
                        "%41",
                        "[",
                        " ",
                        "a@",
                        ":")) {
            var text = piece.repeat(7800 / piece.length());
            for (var name : List.of("Contact", "Via", "From", "Warning", "Accept-Contact")) {
                var line = name + ": " + text;
                var octets = Messages.with(line, line, line);

                assertThat(Effort.millis(50, () -> Messages.judge(octets)))
                        .as(name + " of " + piece)
                        .isLessThan(50);
            }
        }
    }

    @Test
    void aRaisedLimitHoldsForTypedValuesToo() {
        var limits = LIMITS.withUriOctets(5000);

        var request =
                Messages.checked(Messages.replacing("To", "To: <" + uriOfSize(5000) + ">"), limits);

        assertThat(request.to().uri().toString()).hasSize(5000);
        assertThat(request.toBuilder().build().to()).isEqualTo(request.to());
    }
}
