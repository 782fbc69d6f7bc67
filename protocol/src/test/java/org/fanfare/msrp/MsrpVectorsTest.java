package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Effort;
import org.fanfare.testing.Mutations;
import org.fanfare.testing.Vectors;
import org.fanfare.testing.Vectors.Vector;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The examples of RFC 4975, 4976, 5547, 7701 and 8591.
@SuppressWarnings("StringConcatToTextBlock") // Every CR and LF is meant.
class MsrpVectorsTest {

    private static final int MOST_MUTATIONS = 100;

    static List<Vector> vectors() {
        return Vectors.of("msrp");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsJudgedAsTheTableSays(Vector vector) {
        var trace = Trace.of(vector.octets());

        switch (vector.verdict()) {
            case VALID, ANY ->
                    assertThat(trace.lines()).noneMatch(line -> line.startsWith("fault"));
            case INVALID -> assertThat(trace.isFaulty()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void contentIsWhatStandsBetweenBlankLineAndEndLine(Vector vector) {
        var text = new String(vector.octets().toByteArray(), StandardCharsets.US_ASCII);
        int blank = text.indexOf("\r\n\r\n");
        if (vector.kind().equals("msrp-request") && blank >= 0) {
            var content = text.substring(blank + 4, text.lastIndexOf("\r\n-------"));

            assertThat(Trace.of(vector.octets()).lines().getLast()).contains("[" + content + "]");
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void cutAnywhereTheSameComesOut(Vector vector) { // P1
        var whole = Trace.of(vector.octets()).lines();

        for (int piece : new int[] {1, 2, 3, 7, 64}) {
            assertThat(Trace.of(vector.octets(), piece, MsrpLimits.DEFAULT).lines())
                    .isEqualTo(whole);
        }
        for (int cut = 0; cut <= vector.octets().length(); cut++) {
            var trace = new Trace();
            var decoder = new MsrpDecoder(MsrpLimits.DEFAULT);
            decoder.feed(vector.octets().slice(0, cut).asByteBuffer(), trace);
            decoder.feed(vector.octets().from(cut).asByteBuffer(), trace);
            trace.end(decoder);
            assertThat(trace.lines()).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void twoInOneReadAreTwo(Vector vector) { // P1
        var once = Trace.of(vector.octets()).lines();
        if (vector.verdict() == Vectors.Verdict.VALID) {
            var twice = new ByteArrayOutputStream();
            twice.writeBytes(vector.octets().toByteArray());
            twice.writeBytes(vector.octets().toByteArray());

            assertThat(Trace.of(Octets.of(twice.toByteArray())).lines())
                    .hasSize(2 * once.size())
                    .containsAll(once);
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void prefixesAndChangesEndInTime(Vector vector) {
        Mutations.prefixes(vector.octets(), Trace::of);
        Mutations.oneOctetChanges(vector.octets(), Trace::of);
        var others = vectors().stream().map(Vector::octets).toList();
        Mutations.seeded(
                vector.octets(),
                others,
                vector.file().hashCode(),
                Math.min(MOST_MUTATIONS, Mutations.count()),
                MsrpVectorsTest::sameInOneAndInPieces);
    }

    private static void sameInOneAndInPieces(Octets octets) {
        if (!Trace.of(octets, 5, MsrpLimits.DEFAULT).lines().equals(Trace.of(octets).lines())) {
            throw new AssertionError("depends on the cut: " + octets);
        }
    }

    @Test
    void worstInputOf64KiBIsReadInTime() { // G8
        var head =
                "MSRP abcd SEND\r\n"
                        + "To-Path: msrp://h/s;tcp\r\n"
                        + "From-Path: msrp://h/t;tcp\r\n"
                        + "Message-ID: 1234\r\n"
                        + "Byte-Range: 1-8000/9000\r\n"
                        + "Content-Type: a/b\r\n\r\n";
        for (var repeated :
                List.of(
                        "\r",
                        "\r\n-------abcd",
                        "\r\n-------abcd$\r\n",
                        "\r\n-------abcd$\r\nMSRP ")) {
            var octets = Octets.utf8(head + repeated.repeat(64 * 1024 / repeated.length()));

            assertThat(Effort.millis(100, () -> Trace.of(octets, 1000, MsrpLimits.DEFAULT)))
                    .as(repeated)
                    .isLessThan(100);
        }
    }
}
