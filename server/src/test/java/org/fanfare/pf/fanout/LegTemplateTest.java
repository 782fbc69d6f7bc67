package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.pf.fanout.LegTemplate.Place;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class LegTemplateTest {

    private static final Way WAY = new Way("pf.example:5062", "");
    private static final Way WAY_TO_ISF = new Way("pf.example:5062", "Route: <sip:isf;lr>\r\n");
    private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static LegTemplate template() {
        return LegTemplate.builder(KEY)
                .text("MESSAGE ")
                .place(Place.RECIPIENT)
                .text(" SIP/2.0\r\n")
                .place(Place.VIA)
                .place(Place.BRANCH)
                .text("\r\n")
                .place(Place.ROUTE)
                .text("From: <sip:alice@x>;tag=")
                .place(Place.FROM_TAG)
                .text("\r\nCall-ID: ")
                .place(Place.CALL_ID)
                .text("\r\nCSeq: ")
                .place(Place.SEQUENCE_NUMBER)
                .text(" MESSAGE\r\nContent-Length: ")
                .place(Place.CONTENT_LENGTH)
                .text("\r\n\r\n")
                .body()
                .text("To: <")
                .place(Place.RECIPIENT)
                .text(">\r\n")
                .build();
    }

    @Test
    void aCopyHasEverythingInItsPlace() {
        var identity = new LegIdentity(new SipHash.Hash(1, 2), new SipHash.Hash(0xabcL, 0xdefL), 3);

        var copy = template().encode("sip:bob@y", identity, WAY_TO_ISF, TransportProtocol.TCP);

        assertThat(copy.utf8())
                .isEqualTo(
                        """
                        MESSAGE sip:bob@y SIP/2.0
                        Via: SIP/2.0/TCP pf.example:5062;rport;branch=z9hG4bK0000000000000def
                        Route: <sip:isf;lr>
                        From: <sip:alice@x>;tag=0000000000000abc
                        Call-ID: 00000000000000010000000000000002
                        CSeq: 3 MESSAGE
                        Content-Length: 17

                        To: <sip:bob@y>
                        """
                                .replace("\n", "\r\n"));
    }

    @Test
    void aTemplateThatWasStoredMakesTheSameCopies() {
        var stored = LegTemplate.parse(template().toOctets());

        assertThat(encode(stored, 7, 2)).isEqualTo(encode(template(), 7, 2));
        assertThat(stored.toOctets()).isEqualTo(template().toOctets());
        assertThat(stored.keyOfReport(7)).isEqualTo(template().keyOfReport(7));
    }

    private static Octets encode(LegTemplate template, int recipient, int attempt) {
        var identity = template.identity(recipient, attempt);
        return template.encode("sip:bob@y", identity, WAY, TransportProtocol.UDP);
    }

    @Test
    void everyAttemptAtEveryRecipientIsAnotherRequest() {
        assertThat(encode(template(), 1, 1)).isNotEqualTo(encode(template(), 2, 1));
        assertThat(encode(template(), 1, 1)).isNotEqualTo(encode(template(), 1, 2));
        assertThat(template().keyOfReport(1)).isNotEqualTo(template().keyOfReport(2));
    }

    @Test
    void anotherKeyIsAnotherIdentity() {
        var other =
                LegTemplate.builder("fedcba9876543210".getBytes(StandardCharsets.US_ASCII))
                        .body()
                        .build();

        assertThat(other.identity(1, 1)).isNotEqualTo(template().identity(1, 1));
    }

    @Test
    void noCopyIsLargerThanForeseen() {
        var identity = template().identity(100_000, 99);

        var copy = template().encode("sip:bob@y", identity, WAY_TO_ISF, TransportProtocol.UDP);

        assertThat(template().mostOctets("sip:bob@y", WAY_TO_ISF))
                .isBetween(copy.length(), copy.length() + 20);
    }

    @Test
    void everyPrefixOfAStoredTemplateIsRefused() {
        var stored = template().toOctets();
        int whole = 0;
        for (int length = 0; length < stored.length(); length++) {
            var prefix = stored.slice(0, length);
            try {
                LegTemplate.parse(prefix);
                whole++; // ends between two segments
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageContaining("leg template");
            }
        }
        assertThat(whole).isLessThan(20);
        assertThatThrownBy(() -> LegTemplate.parse(Octets.utf8("\u0002")))
                .hasMessage("leg template: unknown format");
    }
}
