package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.Vectors.Vector;
import org.fanfare.uri.SipUri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// The torture messages of RFC 4475 and RFC 5118 and the examples of other RFCs, each judged as its
/// row in `expected.tsv` says. // M1, M2
class SipVectorsTest {

    /// A server of everything, so that only what the RFC calls for is refused.
    private static final ServerCapabilities CAPABILITIES =
            ServerCapabilities.DEFAULT
                    .withMethods(
                            List.of(
                                    Method.INVITE,
                                    Method.ACK,
                                    Method.CANCEL,
                                    Method.BYE,
                                    Method.OPTIONS,
                                    Method.MESSAGE,
                                    Method.REGISTER))
                    .withContentTypes(
                            List.of(
                                    ContentType.of("application/sdp"),
                                    ContentType.of("application/pkcs7-mime"),
                                    ContentType.of("multipart/*"),
                                    ContentType.of("text/*")));

    /// What a well-formed request is answered that this server must refuse.
    private static final Map<String, Integer> REFUSED =
            Map.of(
                    "sip/rfc4475/bext01.dat", 420,
                    "sip/rfc4475/esc02.dat", 501,
                    "sip/rfc4475/intmeth.dat", 501,
                    "sip/rfc4475/invut.dat", 415,
                    "sip/rfc4475/novelsc.dat", 416,
                    "sip/rfc4475/sdp01.dat", 406,
                    "sip/rfc4475/unkscm.dat", 416,
                    "sip/rfc4475/unksm2.dat", 400);

    /// Malformed requests for which another status than 400 is right.
    private static final Map<String, Integer> NOT_400 = Map.of("sip/rfc4475/badvers.dat", 505);

    /// No answer: responses, what has no SIP version or no Via, and what is served without its
    /// Date.
    private static final List<String> SILENT =
            List.of(
                    "sip/rfc4475/baddate.dat",
                    "sip/rfc4475/bigcode.dat",
                    "sip/rfc4475/scalarlg.dat",
                    "sip/rfc4475/test.dat",
                    "sip/rfc-examples/rfc3428-f3-200-double-semicolon.sip",
                    "sip/rfc-examples/rfc3428-f4-200-double-semicolon.sip",
                    "sip/rfc-examples/rfc5318-refused-403.sip");

    static List<Vector> rows() {
        return SipVectors.all();
    }

    static List<Vector> valid() {
        return SipVectors.valid();
    }

    private static Verdict judge(byte[] octets) {
        return Verdict.ofDatagram(Octets.of(octets), CAPABILITIES, Limits.DEFAULT);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aVectorIsJudgedAsItsRowSays(Vector row) {
        var verdict = judge(row.octets().toByteArray());

        if (SipVectors.isValid(row)) {
            assertThat(verdict.reason()).isEmpty();
            assertThat(verdict.valid()).isTrue();
            assertThat(verdict.expect()).isEqualTo(optional(REFUSED.get(row.file())));
        } else if (SipVectors.isInvalid(row)) {
            assertThat(verdict.valid()).isFalse();
            assertThat(verdict.reason()).contains(" at octet ");
            assertThat(verdict.expect()).isEqualTo(refusal(row.file()));
        }
    }

    private static OptionalInt refusal(String file) {
        return SILENT.contains(file)
                ? OptionalInt.empty()
                : OptionalInt.of(NOT_400.getOrDefault(file, 400));
    }

    private static OptionalInt optional(@Nullable Integer status) {
        return status == null ? OptionalInt.empty() : OptionalInt.of(status);
    }

    @Test
    void allFortyNineTortureMessagesAndTwelveOfIpv6AreThere() {
        assertThat(rows()).filteredOn(row -> row.file().startsWith("sip/rfc4475/")).hasSize(50);
        assertThat(rows()).filteredOn(row -> row.kind().equals("sip-ipv6")).hasSize(12);
    }

    /// What a stream tells, as text that can be compared.
    private static List<String> events(byte[] stream, int... cuts) {
        var events = new ArrayList<String>();
        var decoder = new SipStreamDecoder(Limits.DEFAULT);
        var listener = new Recorder(events);
        int from = 0;
        for (int cut : cuts) {
            decoder.feed(ByteBuffer.wrap(stream, from, cut - from), listener);
            from = cut;
        }
        decoder.feed(ByteBuffer.wrap(stream, from, stream.length - from), listener);
        events.add("pending " + decoder.pending());
        return events;
    }

    private record Recorder(List<String> events) implements SipStreamDecoder.Listener {

        @Override
        public void onMessage(SipMessage message) {
            events.add(new String(message.encoded().toByteArray(), StandardCharsets.ISO_8859_1));
        }

        @Override
        public void onMalformed(MalformedSip fault) {
            events.add(fault.getMessage() + fault.answer() + fault.closeStream());
        }

        @Override
        public void onPing() {
            events.add("ping");
        }

        @Override
        public void onPong() {
            events.add("pong");
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void onAStreamCutAtAnyOctetAVectorGivesTheSame(Vector row) { // M1, M16
        var octets = row.octets().toByteArray();
        var whole = events(octets);

        for (int cut = 1; cut < octets.length; cut++) {
            if (!events(octets, cut).equals(whole)) {
                assertThat(events(octets, cut)).as("cut at " + cut).isEqualTo(whole);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void onAStreamThatComesOctetByOctetAVectorGivesTheSame(Vector row) {
        var octets = row.octets().toByteArray();
        var cuts = new int[octets.length];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i;
        }

        assertThat(events(octets, cuts)).isEqualTo(events(octets));
    }

    @ParameterizedTest
    @MethodSource("valid")
    void aValidVectorIsTheSameMessageOnAStream(Vector row) {
        var datagram = SipParser.parse(row.octets(), Limits.DEFAULT);
        var stream = Verdict.ofStream(row.octets(), CAPABILITIES, Limits.DEFAULT);

        if (datagram.headers().has(HeaderName.CONTENT_LENGTH)) {
            assertThat(stream.getFirst()).isEqualTo(judge(row.octets().toByteArray()));
        } else {
            assertThat(stream.getFirst().reason()).contains("Content-Length");
        }
    }

    @Test
    void dblreqIsOneRequestAsADatagramAndTwoOnAStream() { // M1
        // The second one is longer than it says: what is left over is no SIP.
        var octets = Octets.of(SipVectors.read("sip/rfc4475/dblreq.dat"));

        var datagram = (SipRequest) SipParser.parse(octets, Limits.DEFAULT);
        var stream = Verdict.ofStream(octets, CAPABILITIES, Limits.DEFAULT);

        assertThat(datagram.method()).isEqualTo(Method.REGISTER);
        assertThat(datagram.body().isEmpty()).isTrue();
        assertThat(stream).hasSize(3);
        assertThat(stream.subList(0, 2)).allMatch(Verdict::valid);
        assertThat(stream.getLast().reason()).startsWith("start line: expected SIP");
    }

    @Test
    void aContentLengthThatIsTooLargeWaitsOnAStreamForTheRest() { // M8
        var events = events(SipVectors.read("sip/rfc4475/clerr.dat"));

        assertThat(events).hasSize(1).first().asString().startsWith("pending ");
        assertThat(events.getFirst()).isNotEqualTo("pending 0");
    }

    @ParameterizedTest
    @MethodSource("streamClosers")
    void aStreamWhoseFramingIsLostIsClosed(String file) {
        var faults = new ArrayList<MalformedSip>();
        var decoder = new SipStreamDecoder(Limits.DEFAULT);

        decoder.feed(
                ByteBuffer.wrap(SipVectors.read(file)),
                new SipStreamDecoder.Listener() {
                    @Override
                    public void onMessage(SipMessage message) {
                        throw new AssertionError("a message: " + message);
                    }

                    @Override
                    public void onMalformed(MalformedSip fault) {
                        faults.add(fault);
                    }
                });

        assertThat(faults).singleElement().matches(MalformedSip::closeStream);
        assertThat(faults.getFirst().answer().orElseThrow().status()).isEqualTo(400);
        assertThat(decoder.isClosed()).isTrue();
    }

    static List<String> streamClosers() {
        return List.of("sip/rfc4475/ncl.dat", "sip/rfc4475/mcl01.dat", "sip/rfc4475/inv2543.dat");
    }

    private static SipMessage parse(String name) {
        return SipParser.parse(
                Octets.of(SipVectors.read("sip/rfc4475/" + name + ".dat")), Limits.DEFAULT);
    }

    @Test
    void wsinvIsReadThroughItsFoldsAndBlanks() {
        var wsinv = parse("wsinv");

        assertThat(wsinv.maxForwards()).hasValue(68);
        assertThat(wsinv.cseq()).isEqualTo(new CSeq(9, Method.INVITE));
        assertThat(wsinv.to().tag()).hasValue("1918181833n");
        assertThat(wsinv.from().displayName()).isEqualTo("J Rosenberg \\\"");
        assertThat(wsinv.subject()).hasValue("");
        assertThat(wsinv.vias())
                .extracting(Via::toString)
                .containsExactly(
                        "SIP/2.0/UDP 192.0.2.2;branch=390skdjuw",
                        "SIP/2.0/TCP spindle.example.com;branch=z9hG4bK9ikj8",
                        "SIP/2.0/UDP 192.168.255.111;branch=z9hG4bK30239");
        assertThat(wsinv.topBranch().ascii()).isEqualTo("390skdjuw");
        assertThat(wsinv.header("NewFangledHeader"))
                .hasValue("newfangled value continued newfangled value");
        var contact = (Contact.Address) wsinv.contacts().getFirst();
        assertThat(contact.address().displayName()).isEqualTo("Quoted string \"\"");
        assertThat(contact.preference()).isEqualTo(330);
    }

    @Test
    void unknownFieldsAreWrittenBackAsTheyCame() {
        var wsinv = (SipRequest) parse("wsinv");

        var written = wsinv.toBuilder().build().encoded().ascii();

        assertThat(written)
                .contains("NewFangledHeader:   newfangled value\r\n continued newfangled value\r\n")
                .contains("UnknownHeaderWithUnusualValue: ;;,,;;,;\r\n");
    }

    @Test
    void percentEscapesAreUndoneOnce() {
        var esc01 = (SipRequest) parse("esc01");
        var contact = (Contact.Address) esc01.contacts().getFirst();

        assertThat(((SipUri) esc01.requestUri()).user()).hasValue("sips:user@example.com");
        assertThat(((SipUri) esc01.to().uri()).user()).hasValue("user");
        assertThat(((SipUri) contact.uri()).user()).hasValue("caller");
        assertThat(((SipUri) contact.uri()).parameter("n%61me")).hasValue("value%41");
        assertThat(parse("esc02").headerValues("Contact")).hasSize(2);
    }

    @Test
    void anEscapedNulDoesNotShortenAName() {
        var contacts = parse("escnull").contacts();

        var first = ((Contact.Address) contacts.get(0)).uri();
        var second = ((Contact.Address) contacts.get(1)).uri();

        assertThat(first.matches(second)).isFalse();
        assertThat(first.canonical()).isNotEqualTo(second.canonical());
        assertThat(((SipUri) parse("escnull").to().uri()).user()).hasValue("null-\0-null");
    }

    @Test
    void theSemicolonOfSemiuriBelongsToTheUser() {
        var uri = (SipUri) ((SipRequest) parse("semiuri")).requestUri();

        assertThat(uri.user()).hasValue("user;par=u@example.net");
        assertThat(uri.host()).isEqualTo("example.com");
    }

    @Test
    void parametersBelongToTheContactOrToItsUri() {
        var outside = (Contact.Address) parse("cparam01").contacts().getFirst();
        var inside = (Contact.Address) parse("cparam02").contacts().getFirst();

        assertThat(outside.parameters().has("unknownparam")).isTrue();
        assertThat(inside.parameters().isEmpty()).isTrue();
        assertThat(((SipUri) inside.uri()).parameters().has("unknownparam")).isTrue();
    }

    @Test
    void allTransportsAreKept() {
        assertThat(parse("transports").vias())
                .extracting(Via::transport)
                .containsExactly("UDP", "SCTP", "TLS", "UNKNOWN", "TCP");
    }

    @Test
    void bodiesAreFramedByContentLength() {
        assertThat(parse("mpart01").body().indexOf((byte) 0, 0)).isPositive();
        assertThat(parse("inv2543").body().length()).isPositive();
        assertThat(parse("inv2543").from().tag()).isEmpty();
    }

    @Test
    void reasonPhrasesMayBeEmptyOrInAnyLanguage() {
        assertThat(((SipResponse) parse("noreason")).reason()).isEmpty();
        assertThat(((SipResponse) parse("unreason")).reason()).startsWith("= 2**3 * 5**2");
    }

    @Test
    void receivedLosesItsBracketsAndAnAddressKeepsItsPort() { // M2
        var via =
                SipParser.parse(
                                Octets.of(
                                        SipVectors.read(
                                                "sip/rfc5118/wire/via-received-param-with-delim.sip")),
                                Limits.DEFAULT)
                        .topVia();
        var ambiguous = uriOf("port-ambiguous");
        var unambiguous = uriOf("port-unambiguous");

        assertThat(via.received()).hasValue("2001:db8::9:255");
        assertThat(ambiguous.hostPort().hasPort()).isFalse();
        assertThat(unambiguous.hostPort().port()).isEqualTo(5070);
        assertThat(uriOf("ipv6-bug-abnf-3-colons").matches(uriOf("ipv6-correct-abnf-2-colons")))
                .isTrue();
    }

    private static SipUri uriOf(String name) {
        var message =
                SipParser.parse(
                        Octets.of(SipVectors.read("sip/rfc5118/wire/" + name + ".sip")),
                        Limits.DEFAULT);
        return (SipUri) ((SipRequest) message).requestUri();
    }
}
