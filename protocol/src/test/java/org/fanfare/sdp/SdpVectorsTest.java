package org.fanfare.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Mutations;
import org.fanfare.testing.Vectors;
import org.fanfare.testing.Vectors.Vector;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class SdpVectorsTest {

    private static final Limits LIMITS = Limits.DEFAULT;

    static List<Vector> vectors() {
        return Vectors.of("sdp");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsJudgedAsTheTableSays(Vector vector) {
        switch (vector.verdict()) {
            case VALID, ANY -> {
                var description = SessionDescription.parse(vector.octets(), LIMITS);
                assertThat(description.toOctets()).isEqualTo(vector.octets());
                if (description.media().getFirst().port() != 0) {
                    checkMedia(description);
                }
            }
            case INVALID ->
                    assertThatThrownBy(() -> SessionDescription.parse(vector.octets(), LIMITS))
                            .isInstanceOf(MalformedMessage.class);
        }
    }

    private static void checkMedia(SessionDescription description) {
        var media = MessageMedia.of(description);

        assertThat(media.path()).hasSize(1);
        assertThat(media.addressMatchesPath()).isTrue();
        var again = media.describe(description.origin());
        assertThat(MessageMedia.of(again)).isEqualTo(media);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyPrefixIsAValueOrMalformed(Vector vector) {
        Mutations.prefixes(vector.octets(), SdpVectorsTest::valueOrMalformed);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void everyChangeOfOneOctetIsAValueOrMalformed(Vector vector) {
        Mutations.oneOctetChanges(vector.octets(), SdpVectorsTest::valueOrMalformed);
    }

    private static void valueOrMalformed(Octets octets) {
        try {
            var description = SessionDescription.parse(octets, LIMITS);
            assertThat(description.toOctets()).isEqualTo(octets);
            var media = MessageMedia.of(description);
            assertThat(MessageMedia.of(media.describe(description.origin()))).isEqualTo(media);
        } catch (MalformedMessage malformed) {
            assertThat(malformed.sipStatus()).isIn(400, 488);
        }
    }
}
