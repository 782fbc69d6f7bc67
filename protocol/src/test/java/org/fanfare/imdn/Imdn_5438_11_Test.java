package org.fanfare.imdn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdn.Kind;
import org.fanfare.imdn.Imdn.Status;
import org.fanfare.mime.MediaType;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.List;

class Imdn_5438_11_Test {

    private static final String ROOT = "<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\">";
    private static final String IDS = "<message-id>m1</message-id><datetime>d1</datetime>";

    private static final CpimAddress BOB = CpimAddress.of(Uri.parse("sip:bob@x"));
    private static final CpimAddress ALICE = CpimAddress.of(Uri.parse("sip:alice@x"));

    private static Imdn parse(String xml) {
        return Imdn.parse(Octets.utf8(xml), Limits.DEFAULT);
    }

    private static Imdn report(Kind kind, Status status) {
        return new Imdn("m1", "2026-03-02T11:15:30.000+01:00", "sip:bob@x", "", kind, status);
    }

    @ParameterizedTest
    @EnumSource
    void everyStatusIsWrittenAndReadBack(Status status) {
        for (var kind : Kind.values()) {
            if (!status.isOf(kind)) {
                assertThatThrownBy(() -> report(kind, status)).isInstanceOf(MalformedMessage.class);
            } else if (kind == Kind.EXTENSION || status == Status.EXTENSION) {
                assertThatThrownBy(() -> report(kind, status).toOctets())
                        .isInstanceOf(IllegalArgumentException.class);
            } else {
                var imdn = report(kind, status);
                assertThat(Imdn.parse(imdn.toOctets(), Limits.DEFAULT)).isEqualTo(imdn);
            }
        }
    }

    @Test
    void textOfOthersDoesNotBreakTheDocument() { // I11
        var imdn =
                new Imdn(
                        "</message-id><x>&\"]]>\r\n",
                        "'\t",
                        "sip:a&b@x",
                        "sip:\ud83d\ude00\u0001\ud800",
                        Kind.DELIVERY,
                        Status.FAILED);

        var read = Imdn.parse(imdn.toOctets(), Limits.DEFAULT);

        assertThat(read.messageId()).isEqualTo("</message-id><x>&\"]]>");
        assertThat(read.recipientUri()).isEqualTo("sip:a&b@x");
        assertThat(read.originalRecipientUri()).isEqualTo("sip:\ud83d\ude00\ufffd\ufffd");
        assertThat(read.status()).isEqualTo(Status.FAILED);
    }

    @Test
    void interworkingOfCpmIsRead() {
        var imdn =
                parse(
                        ROOT
                                + IDS
                                + "<c:interworking-notification"
                                + " xmlns:c=\"urn:oma:xml:cpm:imdn-extensions:1.0\">"
                                + "<c:status><c:legacy-sms/></c:status>"
                                + "</c:interworking-notification></imdn>");

        assertThat(imdn.kind()).isEqualTo(Kind.INTERWORKING);
        assertThat(imdn.status()).isEqualTo(Status.LEGACY_SMS);
    }

    @Test
    void extensionsAreReadAsSuch() {
        assertThat(parse(ROOT + IDS + "<x:new-notification xmlns:x=\"urn:x\"/></imdn>").kind())
                .isEqualTo(Kind.EXTENSION);
        var foreign =
                parse(
                        ROOT
                                + IDS
                                + "<x:a xmlns:x=\"urn:x\"><delivery-notification/></x:a><display-notification><status><x:new"
                                + " xmlns:x=\"urn:x\"/></status></display-notification></imdn>");
        assertThat(foreign.kind()).isEqualTo(Kind.DISPLAY);
        assertThat(foreign.status()).isEqualTo(Status.EXTENSION);
    }

    @Test
    void extensionBesideAStatusChangesNothing() {
        var imdn =
                parse(
                        ROOT
                                + IDS
                                + "<subject>s</subject><delivery-notification><status>"
                                + "<delivered/><x:more xmlns:x=\"urn:x\"><failed/></x:more>"
                                + "</status></delivery-notification></imdn>");

        assertThat(imdn.status()).isEqualTo(Status.DELIVERED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "<imdn/>",
                "<imdn xmlns='urn:other'><message-id>m</message-id></imdn>",
                ROOT + "</imdn>",
                ROOT + "<message-id></message-id></imdn>",
                ROOT + IDS + IDS + "</imdn>",
                ROOT + IDS + "<delivery-notification/></imdn>",
                ROOT + IDS + "<delivery-notification><status/></delivery-notification></imdn>",
                ROOT
                        + IDS
                        + "<delivery-notification><status><delivered/></status>"
                        + "</delivery-notification><display-notification><status><displayed/>"
                        + "</status></display-notification></imdn>",
                ROOT + IDS,
                "<!DOCTYPE imdn [<!ENTITY a \"b\">]>" + ROOT + IDS + "</imdn>",
                ROOT + "<message-id>&a;</message-id></imdn>"
            })
    void whatIsNoNotificationIsRefused(String xml) {
        assertThatThrownBy(() -> parse(xml))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageStartingWith("imdn: expected ");
    }

    @Test
    void oneNotificationTravelsAlone() {
        var imdn = report(Kind.DELIVERY, Status.DELIVERED);

        var message = carry(List.of(imdn));

        assertThat(message.content().contentType()).isEqualTo(MediaType.IMDN);
        assertThat(message.content().hasDisposition("notification")).isTrue();
        assertThat(Imdns.isNotification(message)).isTrue();
        assertThat(Imdns.of(message, Limits.DEFAULT)).containsExactly(imdn);
        assertThat(DispositionRequest.of(message).wanted()).isEmpty(); // A7
        assertThat(DispositionRequest.of(message).messageId()).isEqualTo("n1");
        Imdns.check(message.toOctets(), Limits.DEFAULT);
    }

    @Test
    void severalTravelTogether() {
        var imdns =
                List.of(
                        report(Kind.DELIVERY, Status.FAILED),
                        report(Kind.DISPLAY, Status.DISPLAYED),
                        report(Kind.INTERWORKING, Status.LEGACY_MMS));

        var message = carry(imdns);

        assertThat(message.content().contentType().is(MediaType.MULTIPART_MIXED)).isTrue();
        assertThat(Imdns.isNotification(message)).isTrue();
        assertThat(Imdns.of(message, Limits.DEFAULT)).isEqualTo(imdns);
    }

    private static CpimMessage carry(List<Imdn> imdns) {
        var now = Instant.parse("2026-03-02T10:15:34.120Z");
        return Imdns.carry(BOB, ALICE, "n1", now, imdns).build();
    }

    @Test
    void ordinaryMessageIsNoNotification() {
        var text = "From: <sip:a@x>\r\n\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b--";
        var message = CpimMessage.parse(Octets.utf8(text), Limits.DEFAULT);

        assertThat(Imdns.isNotification(message)).isFalse();
        assertThat(Imdns.of(message, Limits.DEFAULT)).isEmpty();
        assertThatThrownBy(() -> Imdns.check(message.toOctets(), Limits.DEFAULT))
                .isInstanceOf(MalformedMessage.class);
    }
}
