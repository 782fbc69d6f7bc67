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
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

/// What is parsed, written and parsed again is the same. // G7
class SipRoundTripTest {

    private static final long SEED = Long.getLong("fanfare.seed", 4475);

    static List<Vector> valid() {
        return SipVectors.valid();
    }

    private static SipMessage parse(Octets octets) {
        return SipParser.parse(octets, Limits.DEFAULT);
    }

    static SipMessage rewrite(SipMessage message) {
        return switch (message) {
            case SipRequest request -> request.toBuilder().build();
            case SipResponse response -> response.toBuilder().build();
        };
    }

    static List<HeaderField> fieldsWithoutLength(SipMessage message) {
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
}
