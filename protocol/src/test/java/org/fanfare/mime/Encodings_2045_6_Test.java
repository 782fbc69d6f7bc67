package org.fanfare.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Effort;
import org.fanfare.testing.Mutations;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

class Encodings_2045_6_Test {

    private static String transfer(String encoding, String body) {
        return TransferEncoding.of(encoding).decode(Octets.utf8(body), Limits.DEFAULT).utf8();
    }

    private static Octets coded(String coding, Octets body) {
        return coded(coding, body, Limits.DEFAULT);
    }

    private static Octets coded(String coding, Octets body, Limits limits) {
        return MimeEntity.builder()
                .header("Content-Encoding", coding)
                .body(body)
                .build()
                .content(limits);
    }

    private static Octets gzip(byte[] octets) {
        var out = new ByteArrayOutputStream();
        return written(out, gzipStream(out), octets);
    }

    private static OutputStream gzipStream(OutputStream out) {
        try {
            return new GZIPOutputStream(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Octets deflate(byte[] octets, boolean raw) {
        var out = new ByteArrayOutputStream();
        return written(out, new DeflaterOutputStream(out, new Deflater(9, raw)), octets);
    }

    private static Octets written(ByteArrayOutputStream out, OutputStream coder, byte[] octets) {
        try (coder) {
            coder.write(octets);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return Octets.of(out.toByteArray());
    }

    @ParameterizedTest
    @CsvSource({"QQ==,A", "QUI=,AB", "QUJD,ABC", "QUJDRA,ABCD", "' Q U\tJ D ',ABC", "'',''"})
    void base64IsDecoded(String encoded, String plain) {
        assertThat(transfer("BASE64", encoded)).isEqualTo(plain);
    }

    @Test
    void base64IsWrittenAndReadBack() {
        var random = new SplittableRandom(1);
        for (int length = 0; length < 200; length++) {
            var octets = new byte[length];
            random.nextBytes(octets);
            var encoded = TransferEncoding.encodeBase64(Octets.of(octets));

            assertThat(TransferEncoding.BASE64.decode(encoded, Limits.DEFAULT))
                    .isEqualTo(Octets.of(octets));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Q", "QUJDR", "QQ=A", "Q*==", "QQ===", "QUJD\0"})
    void whatIsNoBase64IsRefused(String encoded) {
        assertThatThrownBy(() -> transfer("base64", encoded))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("base64");
    }

    @ParameterizedTest
    @CsvSource({
        "a=3Db,a=b",
        "'a= \r\nb',ab",
        "'a=\nb',ab",
        "=c3=a9,é",
        "a=,a=",
        "a=4,a=4",
        "a=zz,a=zz"
    })
    void quotedPrintableIsDecoded(String encoded, String plain) {
        assertThat(transfer("quoted-printable", encoded)).isEqualTo(plain);
    }

    @Test
    void unknownEncodingsAreAnsweredWith415() { // L8
        assertThatThrownBy(() -> transfer("x-uuencode", "x"))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(415));
        assertThatThrownBy(() -> coded("br", Octets.EMPTY))
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(415));
    }

    @Test
    void compressedContentIsInflated() { // L8
        var plain = "recipients ".repeat(20);
        var octets = Octets.utf8(plain).toByteArray();

        assertThat(coded("gzip", gzip(octets)).utf8()).isEqualTo(plain);
        assertThat(coded("X-GZIP, identity", gzip(octets)).utf8()).isEqualTo(plain);
        assertThat(coded("deflate", deflate(octets, false)).utf8()).isEqualTo(plain);
        assertThat(coded("deflate", deflate(octets, true)).utf8()).isEqualTo(plain);
        assertThat(coded("gzip, deflate", deflate(gzip(octets).toByteArray(), false)).utf8())
                .isEqualTo(plain);
    }

    @Test
    void contentOfExactlyTheLimitIsTaken() { // B9
        var limits = Limits.DEFAULT.withDecodedOctets(1000);

        assertThat(coded("gzip", gzip(new byte[999]), limits).length()).isEqualTo(999);
        assertThat(coded("gzip", gzip(new byte[1000]), limits).length()).isEqualTo(1000);
        tooLarge(() -> coded("gzip", gzip(new byte[1001]), limits));
        tooLarge(() -> coded("deflate", deflate(new byte[1001], false), limits));
        tooLarge(() ->
                TransferEncoding.BASE64.decode(
                        TransferEncoding.encodeBase64(Octets.of(new byte[1001])), limits));
        assertThat(
                        TransferEncoding.BASE64
                                .decode(
                                        TransferEncoding.encodeBase64(Octets.of(new byte[1000])),
                                        limits)
                                .length())
                .isEqualTo(1000);
    }

    @Test
    void bombIsStoppedAtTheCap() { // B9: 64 MiB out of 64 KiB
        var bomb = deflate(new byte[64 << 20], false);

        assertThat(Effort.millis(50, () -> tooLarge(() -> coded("deflate", bomb)))).isLessThan(50);
    }

    @Test
    void contentThatGrowsMoreThanAHundredfoldIsRefused() { // B9
        var limits = Limits.DEFAULT.withDecodedOctets(64 << 20);
        var bomb = gzip(new byte[8 << 20]);

        tooLarge(() -> coded("gzip", bomb, limits));
        assertThat(coded("gzip", bomb, limits.withDecodedRatio(2000)).length()).isEqualTo(8 << 20);
    }

    @Test
    void bombInABombIsRefused() { // B9
        var bomb = gzip(gzip(new byte[32 << 20]).toByteArray());

        tooLarge(() -> coded("gzip, gzip", bomb));
        assertThatThrownBy(() -> coded("gzip, gzip, gzip", bomb))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("more than 2 codings");
    }

    @Test
    void everyPrefixAndEveryChangedOctetOfCompressedContentEndsWell() {
        var octets = gzip("some content that is long enough".getBytes(StandardCharsets.UTF_8));

        Mutations.prefixes(octets, broken -> refused("gzip", broken));
        Mutations.oneOctetChanges(octets, Encodings_2045_6_Test::valueOrMalformed);
    }

    private static void refused(String coding, Octets octets) {
        assertThatThrownBy(() -> coded(coding, octets)).isInstanceOf(MalformedMessage.class);
    }

    private static void valueOrMalformed(Octets octets) {
        for (var coding : new String[] {"gzip", "deflate"}) {
            try {
                coded(coding, octets);
            } catch (MalformedMessage e) {
                if (e.reason().isEmpty()) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private static void tooLarge(Runnable work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        MalformedMessage.class, e -> assertThat(e.sipStatus()).isEqualTo(413));
    }
}
