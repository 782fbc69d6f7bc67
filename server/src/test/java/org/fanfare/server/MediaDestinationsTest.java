package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.transport.ListenPoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// P12: where the answer of a recipient may send us.
class MediaDestinationsTest {

    private static final InetSocketAddress OWN =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.5"), 5060);

    @ParameterizedTest
    @CsvSource({
        "tcp:192.0.2.5:2855, 198.51.100.7, 2855, true",
        "tcp:192.0.2.5:2855, 127.0.0.1, 25, false",
        "tcp:192.0.2.5:2855, 127.0.0.1, 2856, false",
        "tcp:192.0.2.5:2855, ::1, 2856, false",
        "tcp:192.0.2.5:2855, 169.254.169.254, 80, false",
        "tcp:192.0.2.5:2855, fe80::1, 2855, false",
        "tcp:192.0.2.5:2855, 224.0.0.1, 2855, false",
        "tcp:192.0.2.5:2855, 0.0.0.0, 2855, false",
        "tcp:192.0.2.5:2855, 255.255.255.255, 2855, false",
        "tcp:127.0.0.1:2855, 127.0.0.1, 2856, true",
        "tcp:127.0.0.1:2855, 127.0.0.1, 25, false",
        "tcp:127.0.0.1:2855, 127.0.0.1, 5060, false"
    })
    void aConnectionGoesOnlyWhereItMeansAPeer(
            String media, String address, int port, boolean permitted) {
        var destinations = new MediaDestinations(List.of(ListenPoint.parse(media)), List.of(OWN));

        assertThat(destinations.test(new InetSocketAddress(InetAddress.ofLiteral(address), port)))
                .isEqualTo(permitted);
    }

    @Test
    void ourOwnMediaAreNoPeer() {
        var media = ListenPoint.parse("tcp:127.0.0.1:2855");
        var destinations = new MediaDestinations(List.of(media), List.of(OWN));

        destinations.addOwn(List.of(media.address()));

        assertThat(destinations.test(media.address())).isFalse();
    }
}
