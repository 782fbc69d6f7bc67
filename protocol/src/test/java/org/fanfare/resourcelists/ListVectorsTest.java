package org.fanfare.resourcelists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Mutations;
import org.fanfare.testing.Vectors;
import org.fanfare.testing.Vectors.Vector;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class ListVectorsTest {

    private static final Limits LIMITS = Limits.DEFAULT;

    static List<Vector> vectors() {
        return Vectors.of("lists");
    }

    /// One of each sort: many of the others differ in names only, and the schemas are for people.
    static List<Vector> lists() {
        return vectors().stream()
                .filter(vector ->
                        vector.file().matches(".*/rfc(4825-o|4826|5362|5364-fig4|5366-f1).*"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void vectorIsJudgedAsTheTableSays(Vector vector) {
        switch (vector.verdict()) {
            case VALID -> RecipientList.check(vector.octets(), LIMITS);
            case INVALID ->
                    assertThatThrownBy(() -> RecipientList.check(vector.octets(), LIMITS))
                            .isInstanceOfSatisfying(
                                    MalformedMessage.class,
                                    e -> assertThat(e.sipStatus()).isEqualTo(400));
            case ANY -> valueOrMalformed(vector.octets());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rfc4825-empty-list.xml,0,0,0",
        "rfc4825-one.xml,1,0,0",
        "rfc4826-friends.xml,3,0,2",
        "rfc5318-three.xml,3,0,0",
        "rfc5362-consent.xml,3,0,0",
        "rfc5364-fig3-recipient-list.xml,7,0,0",
        "rfc5364-fig4-history.xml,2,1,0",
        "rfc5365-f1.xml,7,0,0",
        "rfc5366-f1-wrong-namespace.xml,7,0,0",
        "rfc5366-flat.xml,3,0,0",
        "rfc5367-flat.xml,3,0,0",
        "rfc5368-method-uris.xml,3,0,0"
    })
    void vectorHoldsThatMany(String file, int recipients, int invalid, int references) {
        var list = RecipientList.parse(octets(file), LIMITS);

        assertThat(list.recipients()).hasSize(recipients);
        assertThat(list.invalid()).hasSize(invalid);
        assertThat(list.references()).isEqualTo(references);
    }

    @ParameterizedTest
    @CsvSource({
        "rfc5364-fig3-recipient-list.xml,TO TO TO CC CC BCC BCC",
        "rfc5366-f1-wrong-namespace.xml,TO TO TO CC CC BCC BCC",
        "rfc5366-flat.xml,TO CC BCC",
        "rfc5367-flat.xml,BCC BCC BCC"
    })
    void vectorHasTheseRoles(String file, String roles) {
        assertThat(RecipientList.parse(octets(file), LIMITS).entries())
                .extracting(entry -> entry.copyControl().name())
                .containsExactly(roles.split(" ", -1));
    }

    private static Octets octets(String file) {
        return vectors().stream()
                .filter(vector -> vector.file().endsWith(file))
                .findFirst()
                .orElseThrow()
                .octets();
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyPrefixIsAValueOrMalformed(Vector vector) {
        Mutations.prefixes(vector.octets(), ListVectorsTest::valueOrMalformed);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void everyOneOctetChangeIsAValueOrMalformed(Vector vector) {
        Mutations.oneOctetChanges(vector.octets(), ListVectorsTest::valueOrMalformed);
    }

    @ParameterizedTest
    @MethodSource("lists")
    void seededMutationIsAValueOrMalformed(Vector vector) {
        var others = vectors().stream().map(Vector::octets).toList();

        Mutations.seeded(
                vector.octets(),
                others,
                vector.file().hashCode(),
                Mutations.count(),
                ListVectorsTest::valueOrMalformed);
    }

    /// What is taken is written and read again to the same entries.
    private static void valueOrMalformed(Octets octets) {
        try {
            var list = RecipientList.parse(octets, LIMITS);
            var again = RecipientList.parse(list.toOctets(), LIMITS);
            if (!again.entries().equals(list.entries())) {
                throw new AssertionError(list.entries() + " became " + again.entries());
            }
        } catch (MalformedMessage e) {
            if (e.offset() < 0 || e.offset() > octets.length() || e.reason().isEmpty()) {
                throw new AssertionError(e);
            }
        }
    }
}
