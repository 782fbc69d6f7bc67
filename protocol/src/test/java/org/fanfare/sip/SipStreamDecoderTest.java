package org.fanfare.sip;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Framing on a stream (RFC 3261 18.3) and keep-alives (RFC 5626 3.5.1).
class SipStreamDecoderTest {

    private static List<Object> decode(byte[]... pieces) {
        return Messages.decode(Limits.DEFAULT, pieces);
    }

    private static byte[] message(String subject) {
        return Messages.with("Subject: " + subject);
    }

    @Test
    void manyMessagesInOneSegment() { // M16
        var segment = Messages.octets(new String(message("a"), StandardCharsets.UTF_8).repeat(100));

        assertThat(decode(segment)).hasSize(100).allMatch(SipRequest.class::isInstance);
    }

    @Test
    void aDoubleLineEndIsAPingHoweverItIsCut() { // M16
        var whole = decode(Messages.octets("\r\n\r\n"));
        var cut =
                decode(
                        Messages.octets("\r"),
                        Messages.octets("\n"),
                        Messages.octets("\r"),
                        Messages.octets("\n"));

        assertThat(whole).containsExactly("pong", "ping");
        assertThat(cut).isEqualTo(whole);
    }

    @Test
    void aSingleLineEndIsAPong() {
        assertThat(decode(Messages.octets("\r\n"))).containsExactly("pong");
    }

    @Test
    void lineEndsBetweenMessagesAreNoPartOfThem() { // RFC 3261 7.5
        var events =
                decode(
                        message("a"),
                        Messages.octets("\r\n"),
                        message("b"),
                        Messages.octets("\r\n\r\n\r\n\r\n"),
                        message("c"));

        assertThat(events.stream().filter(SipMessage.class::isInstance))
                .extracting(message -> ((SipMessage) message).subject().orElseThrow())
                .containsExactly("a", "b", "c");
        assertThat(events.stream().filter("ping"::equals)).hasSize(2);
    }

    @Test
    void bodiesMayHoldAnything() {
        var body = "\r\n\r\nMESSAGE sip:x SIP/2.0\r\n\r\n\u0000\u00ff";
        var text =
                new String(message("a"), StandardCharsets.UTF_8)
                                .replace("Content-Length: 0", "Content-Length: " + body.length())
                        + body;

        var events = decode(Messages.octets(text), message("b"));

        assertThat(events).hasSize(2);
        assertThat(((SipMessage) events.getFirst()).body())
                .isEqualTo(Octets.of(Messages.octets(body)));
    }

    @Test
    void aMessageStaysWhatItIsWhenMoreComes() {
        var decoder = new SipStreamDecoder(Limits.DEFAULT);
        var events = new ArrayList<Object>();
        Messages.decode(decoder, events, message("first"));
        var first = ((SipMessage) events.getFirst()).encoded().toByteArray();

        Messages.decode(decoder, events, message("second and a little longer"));

        assertThat(((SipMessage) events.getFirst()).encoded().toByteArray()).isEqualTo(first);
    }

    @Test
    void itKnowsThatAMessageIsNotComplete() {
        var decoder = new SipStreamDecoder(Limits.DEFAULT);
        var events = new ArrayList<Object>();
        var octets = message("a");

        Messages.decode(decoder, events, Arrays.copyOf(octets, 10));
        assertThat(decoder.isInMessage()).isTrue();
        assertThat(decoder.pending()).isEqualTo(10);

        Messages.decode(decoder, events, Arrays.copyOfRange(octets, 10, octets.length));
        assertThat(decoder.isInMessage()).isFalse();
        assertThat(events).hasSize(1);
    }

    @Test
    void afterAFaultOfFramingNothingMoreComes() {
        var decoder = new SipStreamDecoder(Limits.DEFAULT);
        var events = new ArrayList<Object>();

        Messages.decode(decoder, events, Messages.octets("GET / HTTP/1.1\r\n"), message("a"));

        assertThat(events).singleElement().isInstanceOf(MalformedSip.class);
        assertThat(decoder.isClosed()).isTrue();
        assertThat(decoder.pending()).isZero();
    }

    @Test
    void aLargeMessageIsTakenInSmallPieces() {
        var body = "b".repeat(900_000);
        var octets =
                Messages.octets(
                        new String(message("a"), StandardCharsets.UTF_8)
                                        .replace("Content-Length: 0", "Content-Length: 900000")
                                + body);
        var decoder = new SipStreamDecoder(Limits.DEFAULT);
        var events = new ArrayList<Object>();

        for (int from = 0; from < octets.length; from += 1000) {
            Messages.decode(
                    decoder,
                    events,
                    Arrays.copyOfRange(octets, from, Math.min(octets.length, from + 1000)));
        }

        assertThat(events).hasSize(1);
        assertThat(((SipMessage) events.getFirst()).body().length()).isEqualTo(900_000);
    }

    @Test
    void datagramsOfLineEndsAreKeepAlives() {
        assertThat(SipParser.isKeepAlive(Octets.utf8("\r\n\r\n"))).isTrue();
        assertThat(SipParser.isKeepAlive(Octets.utf8("\u0000"))).isTrue();
        assertThat(SipParser.isKeepAlive(Octets.EMPTY)).isTrue();
        assertThat(SipParser.isKeepAlive(Octets.of(message("a")))).isFalse();
    }
}
