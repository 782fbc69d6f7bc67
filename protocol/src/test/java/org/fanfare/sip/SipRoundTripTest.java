package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Generator;
import org.fanfare.testing.Vectors.Vector;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Parameters;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What is parsed, written and parsed again is the same; and whatever octets come, there is a value
/// or a [MalformedMessage]. // G7
class SipRoundTripTest {

    /// `-Dfanfare.mutations=1000000` for a long run; `-Dfanfare.seed` for another one.
    private static final int MUTATIONS = Integer.getInteger("fanfare.mutations", 100_000);

    private static final long SEED = Long.getLong("fanfare.seed", 4475);

    static List<Vector> rows() {
        return SipVectors.all();
    }

    static List<Vector> valid() {
        return SipVectors.valid();
    }

    private static SipMessage parse(Octets octets) {
        return SipParser.parse(octets, Limits.DEFAULT);
    }

    private static SipMessage rewrite(SipMessage message) {
        return switch (message) {
            case SipRequest request -> request.toBuilder().build();
            case SipResponse response -> response.toBuilder().build();
        };
    }

    private static List<HeaderField> fieldsWithoutLength(SipMessage message) {
        var fields = new ArrayList<HeaderField>();
        message.headers().forEach(fields::add);
        fields.removeIf(field -> field.isNamed(HeaderName.CONTENT_LENGTH));
        return fields;
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aVectorIsWrittenAndReadAsTheSame(Vector row) {
        var message = parse(row.octets());

        var written = rewrite(message);
        var again = parse(written.encoded());

        assertThat(again).isEqualTo(written);
        assertThat(again.toString()).isEqualTo(message.toString());
        assertThat(again.body()).isEqualTo(message.body());
        assertThat(fieldsWithoutLength(again)).isEqualTo(fieldsWithoutLength(message));
        assertThat(again.from()).isEqualTo(message.from());
        assertThat(again.vias()).isEqualTo(message.vias());
        assertThat(rewrite(again)).isEqualTo(again);
    }

    @ParameterizedTest
    @MethodSource("valid")
    void typedValuesOfAVectorAreWrittenAndReadAsTheSame(Vector row) {
        var message = parse(row.octets());

        assertThat(NameAddress.parse(message.from().toString())).isEqualTo(message.from());
        assertThat(NameAddress.parse(message.to().toString())).isEqualTo(message.to());
        for (var via : message.vias()) {
            assertThat(Via.parse(via.toString())).isEqualTo(via);
        }
        message.contentType()
                .ifPresent(type -> assertThat(ContentType.parse(type.toString())).isEqualTo(type));
    }

    @Test
    void generatedMessagesAreReadAsTheyWereWritten() {
        Generator.forEachSeed(
                SEED,
                4000,
                random -> {
                    var from = address(random);
                    var to = address(random);
                    var via = via(random);
                    var body = Octets.of(random.octets(0, 300));
                    var subject = random.text("aä€😀 ,;\"\\<>", 1, 20).strip();

                    var written =
                            SipRequest.builder(Method.MESSAGE, to.uri())
                                    .header(random.oneOf("Via", "v", "VIA"), via)
                                    .header(random.oneOf("From", "f"), from)
                                    .header(random.oneOf("To", "t"), to)
                                    .header("Call-ID", random.text("abc123@.", 1, 20))
                                    .header("CSeq", new CSeq(random.below(1000), Method.MESSAGE))
                                    .header("Subject", subject)
                                    .body("text/plain", body)
                                    .build();
                    var read = (SipRequest) parse(written.encoded());

                    assertThat(read).isEqualTo(written);
                    assertThat(read.requestUri()).isEqualTo(to.uri());
                    assertThat(read.from()).isEqualTo(from);
                    assertThat(read.to()).isEqualTo(to);
                    assertThat(read.topVia()).isEqualTo(via);
                    assertThat(read.topBranch().utf8()).isEqualTo(via.branch().orElseThrow());
                    assertThat(read.cseqMethod()).isEqualTo(Method.MESSAGE);
                    assertThat(read.subject()).hasValue(subject);
                    assertThat(read.body()).isEqualTo(body);
                });
    }

    private static NameAddress address(Generator random) {
        var parameters =
                random.chance(50)
                        ? Parameters.NONE.with("tag", random.text("abc123", 1, 10))
                        : Parameters.NONE.withQuoted("note", random.text("a\"\\;,<> ä", 0, 8));
        return new NameAddress(random.text("aä€😀 ,;\"\\<>@", 0, 12), uri(random), parameters);
    }

    private static Uri uri(Generator random) {
        var host =
                new HostPort(
                        random.oneOf("example.com", "a-b.c", "192.0.2.7", "[2001:db8::1]"),
                        random.oneOf(-1, 5060, 65535));
        var uri = SipUri.of(random.text("aB1 %@:;?ä/\"<>\\", 1, 12), host);
        return random.chance(30) ? uri.withParameter("transport", "tcp") : uri;
    }

    private static Via via(Generator random) {
        var branch = Via.MAGIC_COOKIE + random.text("abcXYZ019.-_", 1, 20);
        var via = Via.of(random.oneOf("UDP", "TCP", "TLS"), HostPort.of("h.example.com"), branch);
        return random.chance(50) ? via.withReceived("192.0.2.9").withRport(5061) : via;
    }

    /// Everything that is done with a message from outside.
    private static void use(byte[] octets) {
        try {
            var message = parse(Octets.of(octets));
            touch(message);
            if (Verdict.of(message, ServerCapabilities.DEFAULT, Limits.DEFAULT).valid()) {
                assertThat(fieldsWithoutLength(parse(rewrite(message).encoded())))
                        .isEqualTo(fieldsWithoutLength(message));
            }
        } catch (MalformedSip fault) {
            assertThat(fault.getMessage()).isNotEmpty();
            fault.answer().ifPresent(answer -> parse(answer.encoded()));
            fault.request().ifPresent(SipRoundTripTest::touch);
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
            assertThat(fault.getMessage()).contains(" at octet ");
        }
        message.headers().forEach(field -> message.headerValues(field.name()));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyPrefixOfAVectorIsAValueOrAFault(Vector row) {
        var octets = row.octets().toByteArray();
        for (int length = 0; length < octets.length; length++) {
            use(Arrays.copyOf(octets, length));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyChangeOfOneOctetOfAVectorIsAValueOrAFault(Vector row) {
        var octets = row.octets().toByteArray();
        var telling = "\r\n \"\\<;,:%\0\u0080";
        for (int at = 0; at < octets.length; at++) {
            var changed = octets.clone();
            changed[at] = (byte) telling.charAt(at % telling.length());
            use(changed);
            changed[at] = (byte) (octets[at] ^ 1 << at % 8);
            use(changed);
        }
    }

    @Test
    void mutatedVectorsAreValuesOrFaults() {
        var vectors = rows().stream().map(row -> row.octets().toByteArray()).toList();
        Generator.forEachSeed(SEED, MUTATIONS, random -> use(random.mutate(random.oneOf(vectors))));
    }

    @Test
    void mutatedStreamsAreTheSameHoweverTheyAreCut() { // M16
        var vectors = rows().stream().map(row -> row.octets().toByteArray()).toList();
        Generator.forEachSeed(
                SEED,
                MUTATIONS / 10,
                random -> {
                    var stream = random.mutate(join(random.oneOf(vectors), random.oneOf(vectors)));
                    var whole = Messages.decode(Limits.DEFAULT, stream);
                    var pieces = Messages.decode(Limits.DEFAULT, cut(stream, random));

                    assertThat(describe(pieces)).isEqualTo(describe(whole));
                });
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
