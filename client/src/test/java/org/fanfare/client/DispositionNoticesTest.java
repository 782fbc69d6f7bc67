package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.ALICE;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CLOCK;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.cpim.CpimAddress;
import org.fanfare.cpim.CpimBuilder;
import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.imdn.Imdn;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

/// The notifications that the client makes for messages it has received (RFC 5438 7.2.1, 12.1.3.1).
class DispositionNoticesTest {

    private static final Uri BOB = Uri.parse("sip:bob@far.example");

    private final DispositionNotices notices =
            new DispositionNotices(SETTINGS, CLOCK, Tokens.secure());

    private static CpimBuilder asking(String dispositions) {
        return CpimMessage.builder()
                .from(CpimAddress.of(BOB))
                .to(CpimAddress.of(Uri.parse("sip:exploder@far.example")))
                .dateTime(CLOCK.instant())
                .header(CpimHeader.IMDN_NAMESPACE, "Message-ID", "m1")
                .header(CpimHeader.IMDN_NAMESPACE, "Disposition-Notification", dispositions)
                .content(Payload.text("Hello"));
    }

    private static ReceivedMessage received(CpimBuilder cpim, String from) {
        var request =
                Requests.start(
                                Method.MESSAGE,
                                Uri.parse(ALICE),
                                NameAddress.parse(from),
                                Uri.parse(ALICE),
                                Tokens.secure())
                        .header("Conversation-ID", "conv-1")
                        .header("Contribution-ID", "cont-1")
                        .body("message/cpim", cpim.build().toOctets())
                        .build();
        return ReceivedMessage.of(request, SETTINGS.limits());
    }

    private static ReceivedMessage received(CpimBuilder cpim) {
        return received(cpim, "<sip:bob@far.example>");
    }

    private static Imdn imdn(SipRequest notice) {
        return ReceivedMessage.of(notice, SETTINGS.limits()).notifications().getFirst();
    }

    @Test
    void deliveryIsNoticedToWhoIsInTheSipFrom() {
        var notice = notices.delivered(received(asking("positive-delivery"))).orElseThrow();

        assertThat(notice.requestUri()).isEqualTo(BOB);
        assertThat(notice.to().uri()).isEqualTo(BOB);
        assertThat(notice.from().uri()).hasToString(ALICE);
        assertThat(notice.header("Conversation-ID")).contains("conv-1");
        assertThat(notice.header("Contribution-ID"))
                .isPresent()
                .isNotEqualTo(Optional.of("cont-1"));
        assertThat(notice.header("P-Preferred-Service").orElseThrow()).endsWith("cpm.msg");
        assertThat(notice.header("Accept-Contact").orElseThrow()).contains("oma.cpm.msg");
        assertThat(imdn(notice))
                .isEqualTo(
                        new Imdn(
                                "m1",
                                "2026-03-02T10:15:30.000Z",
                                "sip:exploder@far.example",
                                "",
                                Imdn.Kind.DELIVERY,
                                Imdn.Status.DELIVERED));
    }

    @Test
    void displayIsNoticedToo() {
        var notice = notices.displayed(received(asking("display"))).orElseThrow();

        assertThat(imdn(notice).status()).isEqualTo(Imdn.Status.DISPLAYED);
    }

    @Test
    void onlyWhatWasAskedForIsNoticed() {
        assertThat(notices.delivered(received(asking("display, negative-delivery")))).isEmpty();
        assertThat(notices.displayed(received(asking("positive-delivery")))).isEmpty();
    }

    @Test
    void theOriginalRecipientIsRepeated() {
        var cpim =
                asking("display")
                        .header(
                                CpimHeader.IMDN_NAMESPACE,
                                "Original-To",
                                CpimAddress.of(Uri.parse("sip:list@far.example")));

        assertThat(imdn(notices.displayed(received(cpim)).orElseThrow()).originalRecipientUri())
                .isEqualTo("sip:list@far.example");
    }

    @Test
    void aRecordedRouteInTheOwnDomainIsTaken() {
        var aggregator = Uri.parse("sip:imdn@home.example");
        var cpim =
                asking("display")
                        .header(
                                CpimHeader.IMDN_NAMESPACE,
                                "IMDN-Record-Route",
                                CpimAddress.of(aggregator));

        var notice = notices.displayed(received(cpim)).orElseThrow();

        assertThat(notice.requestUri()).isEqualTo(aggregator);
        assertThat(notice.body().utf8()).contains("imdn.IMDN-Route: <sip:imdn@home.example>");
    }

    @Test
    void aRecordedRouteToSomebodyElseIsNot() { // I11
        var cpim =
                asking("display")
                        .header(
                                CpimHeader.IMDN_NAMESPACE,
                                "IMDN-Record-Route",
                                CpimAddress.of(Uri.parse("sip:victim@third.example")));

        var notice = notices.displayed(received(cpim)).orElseThrow();

        assertThat(notice.requestUri()).isEqualTo(BOB);
        assertThat(notice.body().utf8()).doesNotContain("victim");
    }

    @Test
    void somebodyAnonymousCannotBeTold() {
        var message =
                received(
                        asking("positive-delivery"),
                        "\"Anonymous\" <sip:anonymous@anonymous.invalid>");

        assertThat(notices.delivered(message)).isEmpty();
    }

    @Test
    void forANotificationThereIsNone() { // A7
        var notice = notices.delivered(received(asking("positive-delivery"))).orElseThrow();
        var asking =
                CpimMessage.parse(notice.body(), SETTINGS.limits()).toBuilder()
                        .header(
                                CpimHeader.IMDN_NAMESPACE,
                                "Disposition-Notification",
                                "positive-delivery, display");
        var message = received(asking);

        assertThat(message.isNotification()).isTrue();
        assertThat(notices.delivered(message)).isEmpty();
        assertThat(notices.displayed(message)).isEmpty();
    }

    @Test
    void forACopyFromAnotherOwnDeviceThereIsNone() { // references n.4
        var copy = asking("positive-delivery");
        copy.header(CpimHeader.CPM_NAMESPACE, "Message-Direction", "sent");

        assertThat(received(copy).isSentByOwnDevice()).isTrue();
        assertThat(notices.delivered(received(copy))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "message/cpim"})
    void whatHasNoMessageIdCannotBeNoticed(String type) { // B7
        var cpim =
                CpimMessage.builder()
                        .from(CpimAddress.of(BOB))
                        .to(CpimAddress.of(BOB))
                        .header(
                                CpimHeader.IMDN_NAMESPACE,
                                "Disposition-Notification",
                                "positive-delivery")
                        .content(Payload.text("Hello"));
        var request = received(cpim).request().toBuilder().set("Content-Type", type).build();

        assertThat(notices.delivered(ReceivedMessage.of(request, SETTINGS.limits()))).isEmpty();
    }
}
