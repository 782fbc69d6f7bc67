package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.LargeInvite.cpim;
import static org.fanfare.pf.LargeInvite.invite;
import static org.fanfare.pf.TestMessage.ALICE;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.cpm.ServiceId;
import org.fanfare.pf.fanout.Descriptions;
import org.fanfare.pf.fanout.SentCopy;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sip.HeaderField;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// Direct delivery of large messages (steps A to E of 8.2.1.2).
class DirectDelivery_8_2_1_2_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String GRUU = "sip:alice@home.example;gr=urn:uuid:tablet";
    private static final HeaderField DONE =
            new HeaderField("Reason", "SIP;cause=200;text=\"Call completed\"");

    @TempDir private Path folder;

    private LargeNetwork network;

    @BeforeEach
    void open() {
        network = new LargeNetwork(folder);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static Device device(String name, String gruu, String release) {
        return new Device(
                Uri.parse("sip:alice@198.51.100.8:5060"),
                Optional.of(gruu).filter(g -> !g.isEmpty()).map(Uri::parse),
                "urn:uuid:" + name,
                Set.of(ServiceId.MSG, ServiceId.LARGEMSG),
                Optional.of(release).filter(r -> !r.isEmpty()).map(ReleaseVersion::parse));
    }

    private static LargeInvite fromPhone() {
        return invite().set(
                        "Contact", "<sip:alice@198.51.100.7>;+sip.instance=\"<urn:uuid:phone>\"");
    }

    private Octets served(LargeInvite invite, Octets content) throws Exception {
        var call = network.call(invite).connect();
        assertThat(call.send(content).isComplete()).isTrue();
        assertThat(call.hangUp(DONE)).hasStatus(200);
        return content;
    }

    private void awaitFigure(String outcome) {
        LargeNetwork.await()
                .untilAsserted(() ->
                        assertThat(network.pf().directDelivery().byOutcome())
                                .containsEntry(outcome, 1L));
    }

    @Clause({
        "8.2.1.2/dd.check",
        "8.2.1.2/dd.send",
        "8.2.1.2/dd.A.off",
        "8.2.1.2/dd.B.else",
        "8.2.1.2/dd.C",
        "8.2.1.2/dd.C.invite",
        "8.2.1.2/dd.C.1",
        "8.2.1.2/dd.C.2",
        "8.2.1.2/dd.C.3",
        "8.2.1.2/dd.C.3.i.address",
        "8.2.1.2/dd.C.3.ii",
        "8.2.1.2/dd.C.3.ii.tags",
        "8.2.1.2/dd.D",
        "8.2.1.2/dd.E.a",
        "8.2.1.2/dd.E.a.msrp",
        "8.2.1.2/dd.E.c",
        "8.2.1.2/dd.E.d",
        "8.2.1.2/dd.E.d.payload"
    })
    @Test
    void theOtherDeviceHasASessionAndTheContentMarkedAsSent() throws Exception {
        network.directDelivery(
                DirectDeliveryWay.DEVICES, device("phone", "", ""), device("tablet", "", ""));
        var payloadType = "cpm.Payload-Type: text/plain\r\n";
        var headers = "NS: cpm <http://www.openmobilealliance.org/cpm/>\r\n" + payloadType;
        var invite = fromPhone().recipients(BOB, CAROL).header("Subject", "Pictures");

        var content = served(invite, cpim(100_000, headers, ALICE));

        var device = network.callTo(ALICE);
        var whole = device.whole();
        var added = Octets.utf8("cpm.Message-Direction: sent\r\n");
        int behindOthers = content.indexOf(Octets.utf8("\r\n\r\n").toByteArray(), 0) + 2;
        assertThat(content.slice(0, behindOthers).utf8()).endsWith(payloadType);
        assertThat(whole.slice(0, behindOthers)).isEqualTo(content.slice(0, behindOthers));
        assertThat(whole.slice(behindOthers, behindOthers + added.length())).isEqualTo(added);
        assertThat(whole.from(behindOthers + added.length())).isEqualTo(content.from(behindOthers));
        assertThat(device.ack().method()).hasToString("ACK");
        assertThat(device.bye().headers().all("Reason")).containsExactly(DONE.value());
        var request = device.invite();
        assertThat(request.header("Subject")).contains("Pictures");
        assertThat(request.to().uri()).hasToString(TestMessage.EXPLODER);
        assertThat(request.header("Contact").orElseThrow()).startsWith("<sip:127.0.0.1:");
        assertThat(request.headers().all("Session-Expires")).containsExactly("1200;refresher=uac");
        assertThat(request.headers().all("Conversation-ID"))
                .isEqualTo(network.callTo(BOB).invite().headers().all("Conversation-ID"));
        assertThat(request.headers().all("Contribution-ID")).containsExactly(invite.contribution());
        assertThat(device.offered().direction()).isEqualTo(Direction.SENDONLY);
        assertThat(device.offered().announcedSize()) // reading 55
                .isEqualTo((1 << 20) + added.length());
        assertThat(request.headers().all("Accept-Contact"))
                .containsExactlyInAnyOrder( // reading 64
                        LargeInvite.FEATURE_TAG,
                        "*;+sip.instance=\"<urn:uuid:tablet>\";explicit;require");
        assertThat(request.body().utf8()).doesNotContain("resource-lists");
        assertThat(network.callTo(BOB).whole()).isEqualTo(content);
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200", "DELIVERED 200");
        assertThat(network.calls()).hasSize(3);
    }

    @Clause("8.2.1.2/dd.C.3.i")
    @Test
    void aDeviceWithAGruuIsCalledByIt() throws Exception {
        network.directDelivery(
                DirectDeliveryWay.DEVICES, device("phone", "", ""), device("tablet", GRUU, ""));

        served(fromPhone().to(BOB), cpim(3000));

        var device = network.callTo(GRUU);
        assertThat(device.invite().headers().all("Accept-Contact"))
                .containsExactly(LargeInvite.FEATURE_TAG);
        device.whole();
    }

    @Clause({"8.2.1.2/dd.A", "8.2.1.2/dd.B"})
    @Test
    void nobodyIsCalledWhereNoOtherDeviceFollowsTheRelease() throws Exception {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));
        network.directDelivery(
                DirectDeliveryWay.DEVICES,
                device("phone", "", "OMA2.2"),
                device("tablet", "", "OMA1.0"));

        served(fromPhone().to(BOB), cpim(3000));

        awaitFigure("skipped");
        assertThat(network.calls()).hasSize(1);
    }

    @Clause({"8.2.1.2/dd.send", "8.2.1.2/dd.C", "8.2.1.2/dd.C.3"})
    @Test
    void everyOtherDeviceThatTakesLargeMessagesIsCalled() throws Exception {
        var pagerOnly =
                new Device(
                        Uri.parse("sip:alice@198.51.100.9:5060"),
                        Optional.of(Uri.parse("sip:alice@home.example;gr=urn:uuid:pager")),
                        "urn:uuid:pager",
                        Set.of(ServiceId.MSG),
                        Optional.empty());
        network.directDelivery(
                DirectDeliveryWay.DEVICES,
                device("phone", "", ""),
                device("tablet", GRUU, ""),
                pagerOnly,
                device("watch", "", ""));

        var content = served(fromPhone().to(BOB), cpim(3000));

        var marked = SentCopy.of(content, Limits.DEFAULT);
        assertThat(network.callTo(GRUU).whole()).isEqualTo(marked);
        assertThat(network.callTo(ALICE).whole()).isEqualTo(marked);
        assertThat(network.callTo(ALICE).invite().headers().all("Accept-Contact"))
                .contains("*;+sip.instance=\"<urn:uuid:watch>\";explicit;require");
        assertThat(network.calls()).hasSize(3);
    }

    @Clause({"8.2.1.2/dd.A", "8.2.1.2/dd.B.else"})
    @Test
    void onlyDevicesThatFollowTheReleaseAreCalled() throws Exception {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));
        network.directDelivery(
                DirectDeliveryWay.DEVICES,
                device("phone", "", "OMA2.2"),
                device("tablet", "", "OMA1.0"),
                device("radio", "", ""),
                device("watch", GRUU, "OMA2.0"));

        served(fromPhone().to(BOB), cpim(3000));

        network.callTo(GRUU).whole();
        assertThat(network.calls()).hasSize(2);
    }

    @Clause("8.2.1.2/dd.check")
    @Test
    void nobodyIsCalledWhereNoRecipientTakesAnyContent() throws Exception {
        network.directDelivery(
                DirectDeliveryWay.DEVICES, device("phone", "", ""), device("tablet", "", ""));
        network.when(BOB, leg -> leg.refusingChunks(413).answer());
        var call = network.call(fromPhone().to(BOB)).connect();

        assertThat(call.send(cpim(3000)).status()).isEqualTo(413);

        call.hangUp();
        network.assertNothingLeft();
        assertThat(network.calls()).hasSize(1);
        assertThat(network.pf().directDelivery().byOutcome().values()).containsOnly(0L);
    }

    @Clause("8.2.1.2/dd.E.b")
    @Test
    void aDeviceThatRefusesIsLeftAlone() throws Exception {
        network.directDelivery(
                        DirectDeliveryWay.DEVICES,
                        device("phone", "", ""),
                        device("tablet", "", ""))
                .retries(3)
                .interworking()
                .refuses(ALICE, 488);
        var invite = fromPhone().to(BOB);

        served(invite, cpim(3000));

        awaitFigure("failed");
        assertThat(network.callsTo(ALICE)).hasSize(1);
        assertThat(network.ends(invite)).containsExactly("DELIVERED 200");
    }

    @Clause({"8.2.1.2/dd.check.off", "8.2.1.1/9.iv.off"})
    @Test
    void nobodyIsCalledWhereTheProviderDoesNotWantIt() throws Exception {
        network.directDelivery(
                DirectDeliveryWay.OFF, device("phone", "", ""), device("tablet", "", ""));

        served(fromPhone().to(BOB), cpim(3000));

        assertThat(network.calls()).hasSize(1);
    }

    @Clause("8.2.1.1/9.iv")
    @Test
    void whatNoRecipientTakesIsNotShownAsSent() {
        network.directDelivery(
                DirectDeliveryWay.DEVICES, device("phone", "", ""), device("tablet", "", ""));
        network.when(BOB, leg -> leg.refusingChunks(415).answer());
        var message =
                TestMessage.message()
                        .header(
                                "Contact",
                                "<sip:alice@198.51.100.7>;+sip.instance=\"<urn:uuid:phone>\"")
                        .text("x".repeat(5_000))
                        .to(BOB);

        assertThat(network.send(message)).hasStatus(415);

        network.callTo(BOB).bye();
        assertThat(network.calls()).hasSize(1);
    }

    @Clause({"8.2.1.1/9.iv", "8.2.1.1/9.iv.dd"})
    @Test
    void aMessageThatIsTooLargeForPagerModeGoesToTheOtherDeviceInASession() {
        network.directDelivery(
                DirectDeliveryWay.DEVICES, device("phone", "", ""), device("tablet", "", ""));
        var message =
                TestMessage.message()
                        .header(
                                "Contact",
                                "<sip:alice@198.51.100.7>;+sip.instance=\"<urn:uuid:phone>\"")
                        .text("0123456789".repeat(500))
                        .recipients(BOB, CAROL);

        assertThat(network.send(message)).hasStatus(200);

        var device = network.callTo(ALICE);
        var content = Octets.utf8(message.cpim());
        var marked = SentCopy.of(content, Limits.DEFAULT);
        assertThat(device.whole()).isEqualTo(marked);
        // reading 55
        var offer = MessageMedia.of(Descriptions.of(device.invite(), Limits.DEFAULT));
        assertThat(offer.announcedSize()).isEqualTo(marked.length());
    }
}
