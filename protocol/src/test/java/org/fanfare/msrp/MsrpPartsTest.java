package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// URIs, ranges and what the sender counts.
class MsrpPartsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "msrp://atlanta.example.com:7654/jshA7weztas;tcp",
                "msrps://alice@intra.example.com;tcp",
                "msrp://[2001:db8::1]:2855/s.1-_~+=/x;tcp;a=b;c",
                "MSRP://Host/s;TCP",
            })
    void uriIsWrittenAsItCame(String text) {
        assertThat(MsrpUri.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sip:a@b",
                "msrp:host/s;tcp",
                "msrp://host/s",
                "msrp://host/;tcp",
                "msrp://host:99999/s;tcp",
                "msrp://host/s;tcp x",
                "msrp://host/s\r\n;tcp",
                "msrp://[::1/s;tcp",
            })
    void whatIsNoUriIsMalformed(String text) {
        assertThatThrownBy(() -> MsrpUri.parse(text)).isInstanceOf(MalformedMessage.class);
    }

    @ParameterizedTest
    @CsvSource({
        "msrp://host/s;tcp, MSRP://HOST/s;TCP, true",
        "msrp://host/s;tcp, msrp://a@host/s;tcp;x=y, true",
        "msrp://[::1]:1/s;tcp, msrp://[0:0::1]:1/s;tcp, true",
        "msrp://host/s;tcp, msrp://host/S;tcp, false",
        "msrp://host/s;tcp, msrps://host/s;tcp, false",
        "msrp://host/s;tcp, msrp://host:2855/s;tcp, false",
        "msrp://host/s;tcp, msrp://host;tcp, false",
        "msrp://host/s;tcp, msrp://host/s;sctp, false",
    })
    void urisAreComparedByTheRules(String one, String other, boolean same) { // RFC 4975 6.1
        assertThat(MsrpUri.parse(one).equals(MsrpUri.parse(other))).isEqualTo(same);
    }

    @Test
    void pathIsSeveralUris() {
        var path = MsrpUri.parsePath("msrp://a/1;tcp msrps://b:9/2;tcp");

        assertThat(path).hasSize(2);
        assertThat(MsrpUri.pathText(path)).isEqualTo("msrp://a/1;tcp msrps://b:9/2;tcp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-5/5", "1-*/*", "1-*/9", "6-5/5", "1-0/0", "1-9223372036854775807/*"})
    void rangeIsWrittenAsItCame(String text) {
        assertThat(ByteRange.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0-1/1",
                "0-",
                "5-3/9",
                "1-5/4",
                "6-*/4",
                "1-5",
                "a-b/c",
                "-1-5/5",
                "1-5/5 x",
                "1-9223372036854775808/*",
                "1-99999999999999999999/*",
            })
    void rangeThatContradictsItselfIsMalformed(String text) { // P3
        assertThatThrownBy(() -> ByteRange.parse(text)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void sevenHyphensAreSeenWhereverTheyStandAndHoweverTheyCome() { // P2
        for (int at = 0; at < 20; at++) {
            for (int hyphens = 0; hyphens < 16; hyphens++) {
                var text = "-x".repeat(at) + "-".repeat(hyphens) + "x-----x".repeat(3);
                int longest = Math.max(hyphens, 5);
                var content = text.getBytes(StandardCharsets.US_ASCII);
                for (int piece = 1; piece <= content.length; piece++) {
                    var watch = new EndLineWatch();
                    for (int from = 0; from < content.length; from += piece) {
                        int length = Math.min(piece, content.length - from);
                        watch.add(ByteBuffer.wrap(content, from, length));
                    }
                    assertThat(watch.mayHoldEndLine()).isEqualTo(longest >= 7);
                }
            }
        }
    }

    @Test
    void transactionIdIsFoundInContentWhereverItStands() { // P2
        var ids = new TransactionIds(new Random(1));
        var head =
                new ChunkHead(
                        ids,
                        "msrp://h/s;tcp",
                        MsrpUri.parse("msrp://h/t;tcp"),
                        OutgoingContent.of("1234", "a/b", Octets.EMPTY));
        for (int at = 0; at < 40; at++) {
            for (int hyphens = 0; hyphens < 20; hyphens++) {
                var text = "x".repeat(at) + "-".repeat(hyphens) + ids.text(5) + "$yy";
                var content = text.getBytes(StandardCharsets.US_ASCII);

                assertThat(head.isIn(5, content, 0, content.length)).isEqualTo(hyphens >= 7);
                assertThat(head.isIn(6, content, 0, content.length)).isFalse();
                for (int cut = 0; cut <= content.length; cut++) { // written in two parts
                    var before = Arrays.copyOf(content, cut);
                    var part = ByteBuffer.wrap(content, cut, content.length - cut).slice();
                    boolean inFirst = head.isIn(5, new byte[0], ByteBuffer.wrap(before));
                    int kept = Math.max(0, cut - ChunkHead.END_LINE);
                    var last = Arrays.copyOfRange(before, kept, cut);

                    assertThat(inFirst || head.isIn(5, last, part)).isEqualTo(hyphens >= 7);
                }
            }
        }
    }

    @Test
    void transactionNumbersAreReadBack() {
        var ids = new TransactionIds(new Random(1));

        for (long number : new long[] {0, 1, 35, 36, 1_000_000, 1L << 35}) {
            assertThat(ids.number(ids.text(number))).isEqualTo(number);
            assertThat(MsrpFields.isIdent(ids.text(number))).isTrue();
        }
        assertThat(ids.number("abcd")).isEqualTo(-1);
        assertThat(ids.number(new TransactionIds(new Random(2)).text(1))).isEqualTo(-1);
    }

    @Test
    void responsesAreCountedOnceInAnyOrder() { // P11
        var waiting = new Unacknowledged(3);
        for (int number = 3; number < 1003; number += 2) {
            waiting.add(number, 10, number);
        }

        assertThat(waiting.octets()).isEqualTo(5000);
        assertThat(waiting.oldest()).isEqualTo(3);
        assertThat(waiting.respond(4, true)).isFalse();
        assertThat(waiting.respond(1003, true)).isFalse();
        assertThat(waiting.respond(2, true)).isFalse();
        assertThat(waiting.respond(5, true)).isTrue();
        assertThat(waiting.respond(5, true)).isFalse();
        assertThat(waiting.respond(3, false)).isTrue();
        assertThat(waiting.oldest()).isEqualTo(7);
        for (int number = 1001; number > 5; number -= 2) {
            assertThat(waiting.respond(number, true)).isTrue();
        }
        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.octets()).isZero();
        assertThat(waiting.acknowledged()).isEqualTo(4990);
    }

    @Test
    void limitsMustBePositive() {
        assertThatThrownBy(() -> MsrpLimits.DEFAULT.withConnections(0, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(MsrpLimits.DEFAULT.withSending(0, 1).chunkOctets()).isZero();
    }
}
