package org.fanfare.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.sip.HeaderName;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.Via;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/// The parts of the transports that need no socket.
class TransportPartsTest {

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    @ParameterizedTest
    @CsvSource({
        "udp:127.0.0.1:5062, UDP, 127.0.0.1, 5062",
        "TCP:127.0.0.1, TCP, 127.0.0.1, 5060",
        "tls:[::1]:0, TLS, ::1, 0",
        "tls:[::1], TLS, ::1, 5061",
    })
    void aListenPointIsRead(String text, TransportProtocol protocol, String host, int port) {
        assertThat(ListenPoint.parse(text))
                .isEqualTo(new ListenPoint(protocol, address(host, port)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "udp",
                "udp:",
                "sctp:127.0.0.1",
                "udp:127.0.0.1:65536",
                "udp:127.0.0.1:x",
                "udp:[::1",
                "udp:nobody.invalid"
            })
    void whatIsNoListenPointIsRefusedWithItsText(String text) {
        assertThatThrownBy(() -> ListenPoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5070, UDP, 5070, BY_RULE",
        "sip:127.0.0.1, UDP, 5060, BY_RULE",
        "sip:127.0.0.1:5060;transport=udp;lr, UDP, 5060, ANY",
        "127.0.0.1;transport=UDP, UDP, 5060, ANY",
        "SIP:127.0.0.1:5060;transport=tcp;lr, TCP, 5060, ANY",
        "127.0.0.1:5070;transport=tcp, TCP, 5070, ANY",
        "sip:127.0.0.1;transport=tls, TLS, 5061, ANY",
        "sips:127.0.0.1, TLS, 5061, ANY",
        "sips:127.0.0.1:5071;transport=tcp, TLS, 5071, ANY",
    })
    void aNextHopIsRead(String text, TransportProtocol protocol, int port, Hop.Size size) {
        assertThat(Hop.parse(text)).isEqualTo(new Hop(protocol, address("127.0.0.1", port), size));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tel:+15550100", "sip:127.0.0.1;transport=sctp", "127.0.0.1:x"})
    void whatIsNoNextHopIsRefused(String text) {
        assertThatThrownBy(() -> Hop.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Via markedVia(String via, InetSocketAddress source) {
        var request =
                SipRequest.builder(Method.OPTIONS, Uri.parse("sip:bob@home.example"))
                        .header(HeaderName.VIA, via)
                        .header(HeaderName.VIA, "SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKold")
                        .build();
        var marked = ReceivedVia.mark(request, source);
        assertThat(marked.vias()).hasSize((int) via.chars().filter(c -> c == ',').count() + 2);
        assertThat(marked.vias().getLast().branch()).hasValue("z9hG4bKold");
        return marked.topVia();
    }

    // RFC 3261 18.2.1, RFC 3581 4
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    192.0.2.1            | 192.0.2.1 | SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKb
                    192.0.2.1            | 192.0.2.5 | SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKb;received=192.0.2.5
                    pc.home.example:5070 | 192.0.2.5 | SIP/2.0/UDP pc.home.example:5070;branch=z9hG4bKb;received=192.0.2.5
                    [2001:db8::1]        | 2001:db8:0:0:0:0:0:1 | SIP/2.0/UDP [2001:db8::1];branch=z9hG4bKb
                    """)
    void receivedIsAddedWhereSentByIsNotTheSource(String sentBy, String source, String expected) {
        var via = "SIP/2.0/UDP " + sentBy + ";branch=z9hG4bKb";
        assertThat(markedVia(via, address(source, 4000))).hasToString(expected);
    }

    // RFC 3581 4
    @Test
    void rportIsFilledAndReceivedAddedInAnyCase() {
        var via =
                markedVia(
                        "SIP/2.0/UDP 192.0.2.1;rport;branch=z9hG4bKb", address("192.0.2.1", 4000));
        assertThat(via.rport()).hasValue(4000);
        assertThat(via.received()).hasValue("192.0.2.1");
    }

    // A2
    @Test
    void receivedAndRportOfTheRequestAreNotBelieved() {
        var via =
                markedVia(
                        "SIP/2.0/UDP 192.0.2.1;rport=9;received=192.0.2.99;branch=z9hG4bKb",
                        address("192.0.2.1", 4000));
        assertThat(via.rport()).hasValue(4000);
        assertThat(via.received()).hasValue("192.0.2.1");
        var other =
                markedVia(
                        "SIP/2.0/UDP 192.0.2.1;received=192.0.2.99;branch=z9hG4bKb",
                        address("192.0.2.1", 4000));
        assertThat(other.received()).isEmpty();
    }

    @Test
    void onlyTheFirstOfSeveralValuesInOneLineIsMarked() {
        var via =
                markedVia(
                        "SIP/2.0/UDP pc.home.example;branch=z9hG4bKb, SIP/2.0/TCP"
                                + " a.example;branch=z9hG4bKc",
                        address("192.0.2.1", 4000));
        assertThat(via.received()).hasValue("192.0.2.1");
    }

    @Test
    void theQueueTakesAsManyOctetsAsItMayAndOneMessageOfAnyLength() {
        var queue = new SendQueue(10);
        assertThat(queue.offer(octets(6))).isEqualTo(SendQueue.Offer.START_WRITER);
        assertThat(queue.offer(octets(3))).isEqualTo(SendQueue.Offer.QUEUED);
        assertThat(queue.offer(octets(2))).isEqualTo(SendQueue.Offer.FULL);
        assertThat(queue.offer(octets(1))).isEqualTo(SendQueue.Offer.QUEUED);
        assertThat(queue.octets()).isEqualTo(10);

        assertThat(queue.next(100).length()).isEqualTo(10);
        assertThat(queue.octets()).as("until it is written").isEqualTo(10);
        assertThat(queue.next(100)).isEqualTo(Octets.EMPTY);
        assertThat(queue.octets()).isZero();
        assertThat(queue.offer(octets(50))).isEqualTo(SendQueue.Offer.START_WRITER);
        assertThat(queue.offer(octets(1))).isEqualTo(SendQueue.Offer.FULL);
    }

    @Test
    void theQueueGivesWholeMessagesInOrderUpToABatch() {
        var queue = new SendQueue(100);
        queue.offer(Octets.utf8("one"));
        queue.offer(Octets.utf8("two"));
        queue.offer(Octets.utf8("three"));
        assertThat(queue.next(7).utf8()).isEqualTo("onetwo");
        assertThat(queue.next(2).utf8()).isEqualTo("three");
        assertThat(queue.next(2)).isEqualTo(Octets.EMPTY);
    }

    @Test
    void aClosedQueueTakesNothingAndSaysWhetherSomebodyIsWriting() {
        var queue = new SendQueue(100);
        assertThat(queue.close()).isTrue();
        assertThat(queue.offer(octets(1))).isEqualTo(SendQueue.Offer.CLOSED);
        var busy = new SendQueue(100);
        busy.offer(octets(1));
        assertThat(busy.close()).isFalse();
        assertThat(busy.next(10).length()).isOne();
    }

    // RFC 5952 4
    @ParameterizedTest
    @ValueSource(
            strings = {
                "::1",
                "::",
                "2001:db8::1",
                "2001:db8:0:1:1:1:1:1",
                "2001:0:0:1::1",
                "fe80::1:0:0:1",
                "1::"
            })
    void ipv6IsWrittenShort(String text) {
        assertThat(Addresses.withoutZone(InetAddress.ofLiteral(text))).isEqualTo(text);
        assertThat(Addresses.hostPort(address(text, 5060))).hasToString("[" + text + "]:5060");
    }

    private static Octets octets(int count) {
        return Octets.of(new byte[count]);
    }

    private static final long SECOND = 1_000_000_000L;

    @Test
    void whoConnectedMustSendAMessageInTenSecondsAndThenNeedNot() {
        var pace = new ReadPace(TransportLimits.DEFAULT, true, 0);
        assertThat(pace.until(0)).isEqualTo(10 * SECOND);
        assertThat(pace.onRead(5, 0, ReadPace.Place.HEAD, 2 * SECOND)).isEqualTo(10 * SECOND);
        assertThat(pace.onRead(5, 1, ReadPace.Place.BETWEEN, 3 * SECOND)).isEqualTo(ReadPace.NEVER);
    }

    @Test
    void whomWeConnectedToNeedNotSayAnything() {
        var pace = new ReadPace(TransportLimits.DEFAULT, false, 0);
        assertThat(pace.until(0)).isEqualTo(ReadPace.NEVER);
    }

    // M11: one octet every five seconds does not help
    @Test
    void aHeadMustBeCompleteInTenSecondsHoweverItComes() {
        var pace = new ReadPace(TransportLimits.DEFAULT, false, 0);
        assertThat(pace.onRead(1, 0, ReadPace.Place.HEAD, 20 * SECOND)).isEqualTo(30 * SECOND);
        assertThat(pace.onRead(1, 0, ReadPace.Place.HEAD, 25 * SECOND)).isEqualTo(30 * SECOND);
        // The end of one and the beginning of the next: the ten seconds begin anew.
        assertThat(pace.onRead(9, 1, ReadPace.Place.HEAD, 28 * SECOND)).isEqualTo(38 * SECOND);
    }

    // M8; 3.4: 1 kB/s over 30 s
    @Test
    void aBodyMustGoOnAndNotTooSlowly() {
        var pace = new ReadPace(TransportLimits.DEFAULT, false, 0);
        assertThat(pace.onRead(1, 0, ReadPace.Place.BODY, 0)).isEqualTo(10 * SECOND);
        assertThat(pace.onRead(10_000, 0, ReadPace.Place.BODY, 9 * SECOND)).isEqualTo(19 * SECOND);
        assertThat(pace.onRead(10_000, 0, ReadPace.Place.BODY, 18 * SECOND)).isEqualTo(28 * SECOND);
        assertThat(pace.onRead(10_000, 0, ReadPace.Place.BODY, 30 * SECOND)).isEqualTo(40 * SECOND);
        assertThat(pace.onRead(29_999, 0, ReadPace.Place.BODY, 60 * SECOND)).isEqualTo(60 * SECOND);
    }

    // RFC 5922 7.2
    @Test
    void aNameMustMatchAsAWholeAndWithoutWildcards() {
        var names = Set.of("home.example", "*.wild.example", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(PeerNames.matches(names, "HOME.example")).isTrue();
        assertThat(PeerNames.matches(names, "a.home.example")).isFalse();
        assertThat(PeerNames.matches(names, "a.wild.example")).isFalse();
        assertThat(PeerNames.matches(names, "127.0.0.1")).isTrue();
        assertThat(PeerNames.matches(names, "::1")).isTrue();
    }
}
