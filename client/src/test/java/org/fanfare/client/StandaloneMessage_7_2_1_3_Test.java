package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CAROL;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.EXPLODER;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.FUNCTION;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.mime.MediaType;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.util.List;

/// 7.2.1.3 "Generate a CPM Standalone Message".
class StandaloneMessage_7_2_1_3_Test {

    private static CpimMessage generate(OutgoingMessage.Builder message) {
        var composed = PagerMode_7_2_1_1_Test.pagerMode(SETTINGS).compose(message.build());
        return CpimMessage.parse(composed.cpim().toOctets(), Limits.DEFAULT);
    }

    private static OutgoingMessage.Builder lunch() {
        return OutgoingMessage.text("Lunch at noon?");
    }

    @Clause("7.2.1.3/0")
    @Test
    void isACpimMessageLineForLine() {
        var octets = generate(lunch().to(BOB)).toOctets().utf8();

        assertThat(octets)
                .matches(
                        """
                        From: <sip:\\+4915100000001@home.example;user=phone>\r
                        To: <sip:\\+4915100000002@home.example;user=phone>\r
                        DateTime: 2026-03-02T10:15:30.000Z\r
                        NS: imdn <urn:ietf:params:imdn>\r
                        imdn.Message-ID: [0-9a-f]{32}\r
                        \r
                        Content-Type: text/plain;\\s?charset=UTF-8\r
                        \r
                        Lunch at noon\\?\
                        """);
    }

    @Clause("7.2.1.3/1")
    @Test
    void fromIsTheSendingUserUnlessHeIsAnonymous() {
        assertThat(generate(lunch().to(BOB)).from().uri())
                .hasToString(PagerMode_7_2_1_1_Test.ALICE);

        var anonymous = generate(lunch().to(BOB).anonymous());
        assertThat(anonymous.from().uri()).hasToString("sip:anonymous@anonymous.invalid");
        assertThat(anonymous.toOctets().utf8()).doesNotContain("15100000001");
    }

    private static void assertTo(OutgoingMessage.Builder message, Uri expected) {
        assertThat(generate(message).to())
                .singleElement()
                .satisfies(to -> assertThat(to.uri()).isEqualTo(expected));
    }

    @Clause({"7.2.1.3/2", "7.2.1.3/2.a"})
    @Test
    void toIsTheCpmUser() {
        assertTo(lunch().to(BOB), BOB);
    }

    @Clause({"7.2.1.3/2", "7.2.1.3/2.a.noncpm"})
    @Test
    void toIsTheNonCpmPrincipal() {
        var mail = Uri.parse("mailto:erin@mail.example");
        assertTo(lunch().to(mail), mail);
    }

    @Clause({"7.2.1.3/2", "7.2.1.3/2.b"})
    @Test
    void toIsTheControllingFunctionOfAnAdHocGroup() {
        assertTo(lunch().toAdHocGroup(List.of(BOB, CAROL)), FUNCTION);
    }

    @Clause({"7.2.1.3/2", "7.2.1.3/2.c"})
    @Test
    void toIsThePredefinedGroup() {
        var club = Uri.parse("sip:chess-club@home.example");
        assertTo(lunch().toGroup(club), club);
    }

    @Clause({"7.2.1.3/2", "7.2.1.3/2.d", "def/EXPLODER-URI.client"})
    @Test
    void toIsTheExploderUriForSeveralRecipients() { // reading 8
        assertTo(lunch().toMany(List.of(BOB, CAROL)), EXPLODER);
    }

    @Clause({"7.2.1.3/3", "7.2/media"})
    @Test
    void theSecondContentTypeIsThatOfThePayload() {
        var smil = MediaType.of("application", "smil");
        var cpim = generate(OutgoingMessage.of(Payload.of(smil, Octets.utf8("<smil/>"))).to(BOB));

        assertThat(cpim.content().contentType().essence()).isEqualTo("application/smil");
        assertThat(cpim.content().body()).isEqualTo(Octets.utf8("<smil/>"));
        assertThat(cpim.header(CpimHeader.CPM_NAMESPACE, "Payload-Type")).isEmpty();
    }

    @Clause("7.2.1.3/3.i")
    @Test
    void aMultipartPayloadListsTheTypesOfItsLeavesInOrder() {
        var image = Payload.of(MediaType.of("image", "jpeg"), Octets.utf8("not really"));
        var nested = Payload.mixed(List.of(Payload.text("one"), image));
        var xml = Payload.of(MediaType.of("application", "xml"), Octets.utf8("<a/>"));

        var cpim = generate(OutgoingMessage.of(Payload.mixed(List.of(nested, xml))).to(BOB));

        assertThat(cpim.content().contentType().essence()).isEqualTo("multipart/mixed");
        assertThat(cpim.header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .contains("text/plain, image/jpeg, application/xml");
        assertThat(cpim.toOctets().utf8())
                .contains("NS: cpm <http://www.openmobilealliance.org/cpm/>\r\ncpm.Payload-Type:");
    }

    @Clause("7.2.1.3/4")
    @Test
    void dispositionNotificationsAreAskedForAsWished() {
        var cpim =
                generate(
                        lunch().to(BOB)
                                .requesting(
                                        DispositionNotification.DISPLAY,
                                        DispositionNotification.INTERWORKING,
                                        DispositionNotification.POSITIVE_DELIVERY));

        assertThat(
                        cpim.header(CpimHeader.IMDN_NAMESPACE, "Disposition-Notification")
                                .orElseThrow()
                                .split(", "))
                .containsExactlyInAnyOrder("positive-delivery", "display", "interworking");
        assertThat(cpim.header(CpimHeader.IMDN_NAMESPACE, "Message-ID")).isPresent();
    }

    @Clause("7.2.1.3/4")
    @Test
    void nothingIsAskedForByItself() {
        assertThat(
                        generate(lunch().to(BOB))
                                .header(CpimHeader.IMDN_NAMESPACE, "Disposition-Notification"))
                .isEmpty();
    }
}
