package org.fanfare.imdn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Leniency;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Set;

class DispositionRequest_5438_6_Test {

    private static DispositionRequest request(String lines) {
        var text =
                "From: <sip:a@x>\r\nNS: i <urn:ietf:params:imdn>\r\n"
                        + lines
                        + "\r\n\r\nContent-Type: text/plain\r\n\r\n";
        return DispositionRequest.of(CpimMessage.parse(Octets.utf8(text), Limits.DEFAULT));
    }

    @Test
    void whatIsAskedForIsRead() {
        var request =
                request(
                        "i.Message-ID: 4f1d\r\ni.Disposition-Notification: positive-delivery ,"
                                + "  negative-delivery;p=1,display, interworking,x-new");

        assertThat(request.messageId()).isEqualTo("4f1d");
        assertThat(request.wanted())
                .containsExactlyInAnyOrder(
                        DispositionNotification.POSITIVE_DELIVERY,
                        DispositionNotification.NEGATIVE_DELIVERY,
                        DispositionNotification.DISPLAY,
                        DispositionNotification.INTERWORKING);
        assertThat(request.wants(DispositionNotification.DISPLAY)).isTrue();
        assertThat(request.wants(DispositionNotification.PROCESSING)).isFalse();
    }

    @Test
    void nothingIsAskedForWithoutHeaders() {
        var request = request("Subject: x");

        assertThat(request.messageId()).isEmpty();
        assertThat(request.wanted()).isEmpty();
    }

    @Test
    void requestWithoutMessageIdWantsNothingThatCanBeMade() { // B7
        var request = request("i.Disposition-Notification: display");

        assertThat(request.wanted()).containsExactly(DispositionNotification.DISPLAY);
        assertThat(request.wants(DispositionNotification.DISPLAY)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"255,true", "256,true", "257,false", "10240,false"})
    void messageIdUpToTheLimitIsTaken(int length, boolean taken) { // B7
        var line = "i.Message-ID: " + "x".repeat(length);

        if (taken) {
            assertThat(request(line).messageId()).hasSize(length);
        } else {
            assertThatThrownBy(() -> request(line))
                    .isInstanceOf(MalformedMessage.class)
                    .hasMessageContaining("Message-ID: expected at most 256 characters");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i.Message-ID: a\\r\\nBcc: b",
                "i.Message-ID: a\\u0085b",
                "i.Message-ID: a b",
                "i.Message-ID: <a>",
                "i.Message-ID: ",
                "i.Message-ID: a\r\ni.Message-ID: b",
                "i.Original-To: <sip:a@x>\r\ni.Original-To: <sip:b@x>",
                "i.IMDN-Record-Route: nobody"
            })
    void valuesThatCannotBeAreRefused(String lines) { // B7
        assertThatThrownBy(() -> request(lines)).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void messageIdThatIsNoTokenButVisibleIsTaken() {
        long before = Leniency.IMDN_MESSAGE_ID.count();

        assertThat(request("i.Message-ID: Msg7/k+w==@host").messageId())
                .isEqualTo("Msg7/k+w==@host");
        assertThat(Leniency.IMDN_MESSAGE_ID.count()).isGreaterThan(before);
    }

    @Test
    void routesAreRead() {
        var request =
                request(
                        "i.Original-To: <sip:list@x>\r\ni.IMDN-Record-Route: <sip:b@x>\r\n"
                                + "i.IMDN-Record-Route: A <sip:a@x>\r\ni.IMDN-Route: <sip:c@x>");

        assertThat(request.originalTo()).hasToString("[<sip:list@x>]");
        assertThat(request.recordRoute()).hasToString("[<sip:b@x>, A <sip:a@x>]");
        assertThat(request.route()).hasToString("[<sip:c@x>]");
    }

    @Test
    @Clause("7.2.1.3/4")
    void requestIsWrittenAndReadBack() {
        var request =
                DispositionRequest.of(
                        "id-1",
                        Set.of(
                                DispositionNotification.DISPLAY,
                                DispositionNotification.POSITIVE_DELIVERY,
                                DispositionNotification.INTERWORKING));
        var message =
                request.addTo(
                                CpimMessage.builder()
                                        .from(CpimAddress.of(Uri.parse("sip:a@x")))
                                        .to(CpimAddress.of(Uri.parse("sip:b@x"))))
                        .build();

        assertThat(DispositionRequest.of(message)).isEqualTo(request);
        assertThat(message.toOctets().utf8())
                .contains(
                        "imdn.Disposition-Notification: positive-delivery, display,"
                                + " interworking\r\n");
    }
}
