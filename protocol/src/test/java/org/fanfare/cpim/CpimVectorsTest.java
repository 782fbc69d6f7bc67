package org.fanfare.cpim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.imdn.DispositionRequest;
import org.fanfare.imdn.Imdns;
import org.fanfare.testing.Effort;
import org.fanfare.testing.Mutations;
import org.fanfare.testing.Vectors;
import org.fanfare.testing.Vectors.Vector;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

@SuppressWarnings("StringConcatToTextBlock") // Every CR and LF is meant.
class CpimVectorsTest {

    private static final Limits LIMITS = Limits.DEFAULT;

    static List<Vector> vectors() {
        return Vectors.of("cpim");
    }

    private static void judge(Vector vector) {
        if (vector.kind().equals("imdn")) {
            Imdns.check(vector.octets(), LIMITS);
        } else {
            CpimMessage.check(vector.octets(), LIMITS);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsJudgedAsTheTableSays(Vector vector) {
        switch (vector.verdict()) {
            case VALID, ANY -> judge(vector); // Those without a verdict can be read all the same.
            case INVALID ->
                    assertThatThrownBy(() -> judge(vector)).isInstanceOf(MalformedMessage.class);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsWrittenBackOctetForOctet(Vector vector) {
        var message = CpimMessage.parse(vector.octets(), LIMITS);

        assertThat(message.toOctets()).isEqualTo(vector.octets());
        assertThat(message.toBuilder().build().toOctets()).isEqualTo(vector.octets());
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyPrefixIsAValueOrMalformed(Vector vector) {
        Mutations.prefixes(vector.octets(), CpimVectorsTest::valueOrMalformed);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyOneOctetChangeIsAValueOrMalformed(Vector vector) {
        Mutations.oneOctetChanges(vector.octets(), CpimVectorsTest::valueOrMalformed);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void seededMutationIsAValueOrMalformed(Vector vector) {
        var others = vectors().stream().map(Vector::octets).toList();

        Mutations.seeded(
                vector.octets(),
                others,
                vector.file().hashCode(),
                Mutations.count(),
                CpimVectorsTest::valueOrMalformed);
    }

    /// What is taken is written back as it came, and looked through without any other exception.
    private static void valueOrMalformed(Octets octets) {
        try {
            var message = CpimMessage.parse(octets, LIMITS);
            if (!message.toOctets().equals(octets)) {
                throw new AssertionError("not written back as it came: " + octets);
            }
            message.sentAt();
            message.subject();
            message.required();
            DispositionRequest.of(message);
            Imdns.of(message, LIMITS);
            CpimMessage.check(octets, LIMITS);
        } catch (MalformedMessage e) {
            if (e.offset() < 0 || e.offset() > octets.length() || e.reason().isEmpty()) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void worstInputOf64KiBIsJudgedInTime() { // G8
        int size = 64 * 1024;
        for (var start :
                List.of(
                        "From: \"\\",
                        "From: <",
                        "X:;a=\"\\",
                        "Subject: \\u",
                        "NS: ",
                        ":",
                        "\r",
                        "\n",
                        "a\r\n",
                        "From: a <sip:a@x>\r\n\r\nContent-Type: a/b;a=(",
                        "From: <sip:a@x>\r\n\r\n"
                                + "Content-Type: multipart/mixed;boundary=b\r\n\r\n"
                                + "--b",
                        "From: <sip:a@x>\r\n\r\nContent-Type: a/b\r\n ",
                        "Content-Type: a/b\r\n ",
                        "From: <sip:a@x>\r\nContent-Type: a/b\r\n\r\nA: b\r\n")) {
            var last = start.substring(start.length() - Math.min(2, start.length()));
            var octets = Octets.utf8(start + last.repeat(size / last.length()));
            var limits = LIMITS.withCpimHeadOctets(2 * size).withCpimHeaderFields(size);

            assertThat(Effort.millis(50, () -> valueOrMalformed(octets, limits)))
                    .as(start)
                    .isLessThan(50);
        }
    }

    private static void valueOrMalformed(Octets octets, Limits limits) {
        try {
            CpimMessage.check(octets, limits);
        } catch (MalformedMessage e) {
            assertThat(e.reason()).isNotEmpty();
        }
    }
}
