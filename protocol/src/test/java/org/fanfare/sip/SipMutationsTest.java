package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Generator;
import org.fanfare.testing.Mutations;
import org.fanfare.testing.Vectors.Vector;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whatever octets come, there is a value or a [MalformedMessage], and nothing else.
class SipMutationsTest {

    /// Of all vectors together: `-Dfanfare.mutations=1000000` for a long run; `-Dfanfare.seed` for
    /// another one.
    private static final int MUTATIONS = Integer.getInteger("fanfare.mutations", 100_000);

    private static final long SEED = Long.getLong("fanfare.seed", 4475);

    static List<Vector> rows() {
        return SipVectors.all();
    }

    /// Everything that is done with a message from outside.
    private static void use(Octets octets) {
        try {
            var message = SipParser.parse(octets, Limits.DEFAULT);
            touch(message);
            if (Verdict.of(message, ServerCapabilities.DEFAULT, Limits.DEFAULT).valid()) {
                var again =
                        SipRoundTripTest.fieldsWithoutLength(
                                SipParser.parse(
                                        SipRoundTripTest.rewrite(message).encoded(),
                                        Limits.DEFAULT));
                if (!again.equals(SipRoundTripTest.fieldsWithoutLength(message))) {
                    throw new AssertionError("written " + again + " for " + message.encoded());
                }
            }
        } catch (MalformedSip fault) {
            assertOffset(fault);
            fault.answer().ifPresent(answer -> SipParser.parse(answer.encoded(), Limits.DEFAULT));
            fault.request().ifPresent(SipMutationsTest::touch);
        }
    }

    private static void assertOffset(MalformedMessage fault) {
        if (!String.valueOf(fault.getMessage()).contains(" at octet ")) {
            throw new AssertionError("no offset: " + fault.getMessage());
        }
    }

    private static void touch(SipMessage message) {
        var _ = message.topBranch();
        var _ = message.cseqMethod();
        try {
            var _ = message.topVia();
            var _ = message.from();
            var _ = message.contacts();
        } catch (MalformedMessage fault) {
            assertOffset(fault);
        }
        var _ = message.headerValues("Via");
        var _ = message.headerValues("Contact");
        message.headers().forEach(HeaderField::value);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyPrefixOfAVectorIsAValueOrAFault(Vector row) {
        Mutations.prefixes(row.octets(), SipMutationsTest::use);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyChangeOfOneOctetOfAVectorIsAValueOrAFault(Vector row) {
        Mutations.oneOctetChanges(row.octets(), SipMutationsTest::use);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void mutatedVectorsAreValuesOrFaults(Vector row) {
        var all = rows().stream().map(Vector::octets).toList();
        Mutations.seeded(row.octets(), all, SEED, MUTATIONS / all.size(), SipMutationsTest::use);
    }

    @Test
    void mutatedStreamsAreTheSameHoweverTheyAreCut() { // M16
        var all = rows().stream().map(Vector::octets).toList();
        var random = new Generator(SEED);
        for (var first : all) {
            var two = Octets.of(join(first.toByteArray(), random.oneOf(all).toByteArray()));
            Mutations.seeded(
                    two,
                    all,
                    SEED,
                    MUTATIONS / 10 / all.size(),
                    stream -> {
                        var whole = Messages.decode(Limits.DEFAULT, stream.toByteArray());
                        var pieces =
                                Messages.decode(Limits.DEFAULT, cut(stream.toByteArray(), random));

                        if (!describe(pieces).equals(describe(whole))) {
                            assertThat(describe(pieces)).isEqualTo(describe(whole));
                        }
                    });
        }
    }

    private static byte[] join(byte[] first, byte[] second) {
        var joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private static byte[][] cut(byte[] stream, Generator random) {
        var pieces = new ArrayList<byte[]>();
        int from = 0;
        while (from < stream.length) {
            int to = Math.min(stream.length, from + random.between(1, 200));
            pieces.add(Arrays.copyOfRange(stream, from, to));
            from = to;
        }
        return pieces.toArray(byte[][]::new);
    }

    private static List<String> describe(List<Object> events) {
        return events.stream()
                .map(e ->
                        e instanceof MalformedSip f
                                ? f.getMessage() + f.closeStream()
                                : describe(e))
                .toList();
    }

    private static String describe(Object event) {
        return event instanceof SipMessage message
                ? message.encoded().hashCode() + " " + message
                : event.toString();
    }
}
