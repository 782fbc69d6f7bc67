package org.fanfare.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.testing.Clause;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// What a description says about a message session, read and written.
class MessageMediaTest {

    private static final String OFFER =
            """
            v=0
            o=- 1 1 IN IP4 10.0.0.1
            s=-
            c=IN IP4 10.0.0.1
            t=0 0
            m=message 2855 TCP/MSRP *
            a=sendonly
            a=accept-types:message/cpim
            a=accept-wrapped-types:*
            a=path:msrp://10.0.0.1:2855/s1;tcp
            a=file-selector:size:4096
            a=setup:actpass
            a=msrp-cema
            """;

    private static SessionDescription parsed(String text) {
        return SessionDescription.parse(Octets.utf8(text), Limits.DEFAULT);
    }

    private static MessageMedia media(String text) {
        return MessageMedia.of(parsed(text));
    }

    private static void refused(int status, String text) {
        assertThatThrownBy(() -> media(text))
                .isInstanceOfSatisfying(
                        MalformedMessage.class,
                        malformed -> assertThat(malformed.sipStatus()).isEqualTo(status));
    }

    @Test
    void everythingAnOfferSaysIsRead() {
        var media = media(OFFER);

        assertThat(media.secure()).isFalse();
        assertThat(media.address()).hasToString("10.0.0.1:2855");
        assertThat(media.path()).containsExactly("msrp://10.0.0.1:2855/s1;tcp");
        assertThat(media.setup()).isEqualTo(Setup.ACTPASS);
        assertThat(media.acceptTypes()).containsExactly("message/cpim");
        assertThat(media.acceptWrappedTypes()).containsExactly("*");
        assertThat(media.announcedSize()).isEqualTo(4096);
        assertThat(media.cema()).isTrue();
        assertThat(media.maxSize()).isEqualTo(-1);
        assertThat(media.direction()).isEqualTo(Direction.SENDONLY);
    }

    @Test
    void theLastLineMayLackItsEnd() { // which a multipart takes for that of its boundary
        long before = Leniency.SDP_LAST_LINE.count();

        assertThat(media(OFFER.strip())).isEqualTo(media(OFFER));
        assertThat(Leniency.SDP_LAST_LINE.count()).isGreaterThan(before);
    }

    @Clause({
        "7.2.1.2/19",
        "7.2.1.2/19.a",
        "7.2.1.2/19.b",
        "7.2.1.2/19.c",
        "7.2.1.2/19.d",
        "7.2.1.2/19.e",
        "7.2.1.2/19.f",
        "7.2.1.2/19.g"
    })
    @Test
    void theOfferOfAClientIsWritten() {
        var address = new HostPort("[2001:db8::1]", 2855);
        var offer =
                MessageMedia.at(true, address, List.of("msrps://[2001:db8::1]:2855/a;tcp"))
                        .withDirection(Direction.SENDONLY)
                        .withFileSelector(FileSelector.ofSize(12))
                        .withSetup(Setup.ACTPASS)
                        .withMaxSize(100)
                        .withCema(true);

        var text = offer.describe(new Origin("-", 1, 2, "2001:db8::1")).toOctets().utf8();

        assertThat(text.lines())
                .containsExactly(
                        "v=0",
                        "o=- 1 2 IN IP6 2001:db8::1",
                        "s=-",
                        "t=0 0",
                        "m=message 2855 TCP/TLS/MSRP *",
                        "c=IN IP6 2001:db8::1",
                        "a=sendonly",
                        "a=accept-types:message/cpim",
                        "a=accept-wrapped-types:*",
                        "a=setup:actpass",
                        "a=path:msrps://[2001:db8::1]:2855/a;tcp",
                        "a=file-selector:size:12",
                        "a=msrp-cema",
                        "a=max-size:100");
        assertThat(media(text)).isEqualTo(offer);
    }

    @Test
    void linesMayEndInLfAndAreWrittenAsTheyCame() {
        assertThat(parsed(OFFER).toOctets().utf8()).isEqualTo(OFFER);
        assertThat(media(OFFER.replace("\n", "\r\n"))).isEqualTo(media(OFFER));
    }

    @Test
    void unknownAttributesAndLinesStay() {
        var text = OFFER.replace("t=0 0\n", "b=AS:1\nt=0 0\na=tool:x y:z\n") + "a=what:ever\n";

        assertThat(parsed(text).toOctets().utf8()).isEqualTo(text);
        assertThat(parsed(text).attributes("tool")).containsExactly("x y:z");
        assertThat(parsed(text).media().getFirst().attribute("what")).contains("ever");
    }

    @Test
    void theAddressMayBeThatOfTheSectionAndTheDirectionThatOfTheSession() {
        var text =
                OFFER.replace("a=sendonly\n", "c=IN IP4 10.0.0.2\n")
                        .replace("t=0 0\n", "t=0 0\na=recvonly\n");

        assertThat(media(text).address().host()).isEqualTo("10.0.0.2");
        assertThat(media(text).direction()).isEqualTo(Direction.RECVONLY);
        assertThat(media(text).addressMatchesPath()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m=message | m=audio",
                "TCP/MSRP | TCP/MSRP\u00e9",
                "TCP/MSRP | RTP/AVP",
                "MSRP * | MSRP 4294967296",
                "MSRP * | MSRP * *",
                "2855 TCP | 0 TCP",
                "a=path:msrp://10.0.0.1:2855/s1;tcp | a=nopath:1",
                "path:msrp: | path:http:",
                "path:msrp: | path:msrps:",
                "s1;tcp | s1;ws",
                "s1;tcp | s1",
                "/s1;tcp | /;tcp",
                "10.0.0.1:2855/s1 | 10.0.0.1:99999/s1",
                "a=accept-types:message/cpim | a=other:x",
                "types:message/cpim | types:message",
                "types:message/cpim | types:mess\u00e4ge/cpim",
                "setup:actpass | setup:maybe",
                "size:4096 | size:-1",
                "size:4096 | size:99999999999999999999",
                "a=setup:actpass | a=path:msrp://10.0.0.1:2855/s1;tcp",
                "a=setup:actpass | a=max-size:x"
            })
    void aSessionThatCannotBeIsRefusedWith488(String good, String bad) { // B14, B15
        assertThat(OFFER).contains(good);
        refused(488, OFFER.replace(good, bad));
    }

    @Test
    void noMediaOrTwoAreRefusedWith488() { // B14
        refused(488, OFFER.substring(0, OFFER.indexOf("m=")));
        refused(488, OFFER + "m=message 2856 TCP/MSRP *\n");
        refused(488, OFFER + "m=audio 0 RTP/AVP 0\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=0 | v=1",
                "o=- 1 1 | o=- x 1",
                "o=- 1 1 | o=- 1",
                "2855 TCP | 65536 TCP",
                "2855 TCP | x TCP",
                "TCP/MSRP * | TCP/MSRP",
                "message 2855 | message  2855",
                "t=0 0 | q=0",
                "t=0 0 | =0",
                "t=0 0 | t:0",
                "s=- | t=0 0",
                "c=IN IP4 10.0.0.1 | c=IN IP4 10.0.0.1/127",
                "c=IN IP4 10.0.0.1 | b=AS:1"
            })
    void whatBreaksTheGrammarIsRefusedWith400(String good, String bad) { // B14
        assertThat(OFFER).contains(good);
        refused(400, OFFER.replace(good, bad));
    }

    @Test
    void linesOutOfOrderAreRefusedWith400() {
        refused(400, OFFER.replace("s=-\n", "").replace("t=0 0\n", "t=0 0\ns=-\n"));
        refused(400, OFFER.replace("s=-\n", "s=-\ns=-\n"));
        refused(400, OFFER.replace("sendonly", "send\ronly"));
        refused(400, OFFER.replace("sendonly", "send\0only"));
    }

    @Test
    void thereMayBeSoManyLinesAndOctetsAndNotOneMore() { // B14
        var limits = Limits.DEFAULT.withSdpLines(13).withSdpOctets(OFFER.length());
        var octets = Octets.utf8(OFFER);

        assertThat(SessionDescription.parse(octets, limits).media()).hasSize(1);
        for (var smaller :
                List.of(limits.withSdpLines(12), limits.withSdpOctets(octets.length() - 1))) {
            assertThatThrownBy(() -> SessionDescription.parse(octets, smaller))
                    .isInstanceOfSatisfying(
                            MalformedMessage.class,
                            malformed -> assertThat(malformed.sipStatus()).isEqualTo(488));
        }
        refused(488, OFFER + "a=x\n".repeat(10_000));
        refused(488, OFFER.replace("types:message/cpim", "types:" + "a/b ".repeat(16_000)));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 11, 1000})
    void aPathMayHaveTenHopsAndNotOneMore(int hops) { // B15
        var path = "msrp://10.0.0.1:2855/s1;tcp ".repeat(hops).strip();
        var text = OFFER.replace("msrp://10.0.0.1:2855/s1;tcp", path);

        if (hops <= Limits.DEFAULT.sdpPathUris()) {
            assertThat(media(text).path()).hasSize(hops);
        } else {
            refused(488, text);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "*, image/png, true, true",
        "image/*, image/png, true, true",
        "text/plain, TEXT/Plain;charset=utf-8, true, true",
        "text/plain, image/png, false, true"
    })
    void typesAreAcceptedByNameOrPattern(
            String accepted, String type, boolean itself, boolean wrapped) {
        var media = media(OFFER.replace("types:message/cpim", "types:" + accepted));

        assertThat(media.accepts(type)).isEqualTo(itself || accepted.equals("*"));
        assertThat(media.acceptsWrapped(type)).isEqualTo(wrapped);
        var strict = media.withTypes(List.of("message/cpim"), List.of("text/plain"));
        assertThat(strict.acceptsWrapped("image/png")).isFalse();
    }

    @Test
    void aFileSelectorHasItsPartsInAnyOrder() {
        var selector = new FileSelector("name:\"a size:1 b.jpg\" type:image/jpeg size:4092 hash:x");

        assertThat(selector.name()).contains("a size:1 b.jpg");
        assertThat(selector.type()).contains("image/jpeg");
        assertThat(selector.size()).hasValue(4092);
        assertThat(new FileSelector("").size()).isEmpty();
    }
}
