package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.ALICE;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CAROL;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.CLOCK;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.DAVE;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.EXPLODER;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.FUNCTION;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.MessageMedia;
import org.fanfare.sdp.SessionDescription;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.MessageRules;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.testing.Clause;
import org.fanfare.uri.HostPort;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// 7.2.1.2 "Sending a Large Message Mode CPM Standalone Message", steps 1 to 19: the INVITE as
/// composed.
class LargeMessageMode_7_2_1_2_Test {

    private static final String PATH = "msrp://192.0.2.7:40001/s3cr3t;tcp";
    private static final NameAddress CONTACT =
            NameAddress.parse("<sip:+4915100000001@192.0.2.7:5090>;+sip.instance=\"<urn:uuid:1>\"");

    private static final Answered WITH_REPLY_TO = answered(Optional.of(DAVE), Optional.of(CAROL));
    private static final Answered WITHOUT_REPLY_TO = answered(Optional.empty(), Optional.of(CAROL));

    private static Answered answered(Optional<Uri> replyTo, Optional<Uri> originator) {
        return new Answered(
                new ConversationId("conv-7"), new ContributionId("cont-7"), replyTo, originator);
    }

    private static OutgoingMessage.Builder novel() {
        return OutgoingMessage.text("x".repeat(5000));
    }

    private static SipRequest compose(OutgoingMessage.Builder message) {
        return compose(SETTINGS, message.build()).request();
    }

    private static ComposedMessage compose(ClientSettings settings, OutgoingMessage message) {
        var tokens = new Tokens(new Random(1));
        var draft = new Drafting(settings, CLOCK, tokens).draft(message);
        var own = MessageMedia.at(false, HostPort.parse("192.0.2.7:40001"), List.of(PATH));
        return new LargeMessageMode(settings, CLOCK, tokens)
                .compose(draft, CONTACT, LargeMessageMode.offer(draft, own));
    }

    private static List<MimeEntity> parts(SipRequest request) {
        var type = MediaType.parse(request.header("Content-Type").orElseThrow());
        return Multipart.parse(type, request.body(), Limits.DEFAULT).parts();
    }

    private static List<String> list(SipRequest request) {
        var part =
                parts(request).stream()
                        .filter(entity -> entity.hasDisposition("recipient-list"))
                        .findFirst()
                        .orElseThrow();
        assertThat(part.contentType().is(MediaType.RESOURCE_LISTS)).isTrue();
        return RecipientList.parse(part.body(), Limits.DEFAULT).entries().stream()
                .map(entry -> entry.uri())
                .toList();
    }

    private static MessageMedia offer(SipRequest request) {
        var description = SessionDescription.parse(request.body(), Limits.DEFAULT);
        return MessageMedia.of(description, Limits.DEFAULT);
    }

    @Clause("7.2.1.2/0")
    @Test
    void isAnInviteThatIsWellFormed() {
        var request = compose(novel().to(BOB));

        assertThat(request.method()).isEqualTo(Method.INVITE);
        assertThat(request.header("Max-Forwards")).contains("70");
        assertThat(request.header("CSeq")).contains("1 INVITE");
        assertThat(request.from().tag()).isPresent();
        assertThat(request.to().tag()).isEmpty();
        var sent = request.toBuilder().prepend("Via", "SIP/2.0/TCP 192.0.2.7;branch=z9hG4bK1");
        MessageRules.check(sent.build(), Limits.DEFAULT);
    }

    @Clause({"7.2.1.2/1", "7.2.1.2/2"})
    @Test
    void acceptContactAndContactHaveTheFeatureTagOfLargeMessageMode() { // readings 15 to 17
        var tag = "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"";

        for (var message : List.of(novel().to(BOB), novel().toMany(List.of(BOB, CAROL)))) {
            var request = compose(message);
            assertThat(request.headers().all("Accept-Contact")).containsExactly("*;" + tag);
            assertThat(request.header("Contact").orElseThrow())
                    .startsWith("<sip:+4915100000001@192.0.2.7:5090>;")
                    .contains(tag)
                    .contains("+sip.instance=\"<urn:uuid:1>\"");
        }
    }

    @Clause({"7.2.1.2/3", "7.2.1.2/3.a"})
    @Test
    void thePreferredServiceOfAMessageToOneIsLargemsg() {
        assertThat(compose(novel().to(BOB)).headers().all("P-Preferred-Service"))
                .containsExactly("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg");
    }

    @Clause({"7.2.1.2/3", "7.2.1.2/3.b"})
    @Test
    void thePreferredServiceOfAMessageToSeveralIsLargemsgGroup() { // reading 18
        var group = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg.group";

        for (var message :
                List.of(
                        novel().toMany(List.of(BOB, CAROL)),
                        novel().toAdHocGroup(List.of(BOB, CAROL)),
                        novel().toGroup(Uri.parse("sip:chess-club@home.example")))) {
            assertThat(compose(message).headers().all("P-Preferred-Service"))
                    .containsExactly(group);
        }
    }

    @Clause("7.2.1.2/4")
    @Test
    void thePreferredIdentityIsTheUsersAddressUnlessAnotherIsChosen() {
        assertThat(compose(novel().to(BOB)).header("P-Preferred-Identity"))
                .contains("<" + ALICE + ">");

        var other = SETTINGS.withPreferredIdentity(NameAddress.parse("<tel:+4915100000001>"));
        assertThat(compose(other, novel().to(BOB).build()).request().header("P-Preferred-Identity"))
                .contains("<tel:+4915100000001>");
    }

    @Clause("7.2.1.2/5")
    @Test
    void anotherReplyAddressIsAskedForInReplyTo() {
        var office = NameAddress.parse("Office <sip:o@home.example>");

        assertThat(compose(novel().to(BOB).replyTo(office)).header("Reply-To").orElseThrow())
                .contains("<sip:o@home.example>");
        assertThat(compose(novel().to(BOB)).header("Reply-To")).isEmpty();
    }

    @Clause("7.2.1.2/6")
    @Test
    void userAgentNamesTheCpmRelease() {
        assertThat(compose(novel().to(BOB)).header("User-Agent")).contains("CPM-client/OMA2.2");
    }

    @Clause("7.2.1.2/7")
    @Test
    void anAnonymousMessageAsksForPrivacyAndItsContactNamesNobody() { // I9
        var request = compose(novel().to(BOB).anonymous());

        assertThat(request.header("Privacy")).contains("id");
        assertThat(request.header("From").orElseThrow())
                .startsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        assertThat(request.header("Contact").orElseThrow())
                .startsWith("<sip:192.0.2.7:5090>;")
                .contains("largemsg")
                .doesNotContain("urn:uuid");
        var seen = request.toBuilder().remove("P-Preferred-Identity").build().encoded().utf8();
        assertThat(seen).doesNotContain("+4915100000001").doesNotContain("home.example;tag");
        assertThat(compose(novel().to(BOB)).header("Privacy")).isEmpty();
    }

    @Clause("7.2.1.2/8")
    @Test
    void messageExpiresIsInSecondsAndComesWithTheDateItCountsFrom() {
        var request = compose(novel().to(BOB).expires(Duration.ofHours(24)));

        assertThat(request.header("Message-Expires")).contains("86400");
        assertThat(request.header("Expires")).isEmpty(); // that is about the INVITE
        assertThat(request.header("Date")).contains("Mon, 02 Mar 2026 10:15:30 GMT");
        assertThat(compose(novel().to(BOB)).header("Message-Expires")).isEmpty();
    }

    @Clause({"7.2.1.2/9", "7.2.1.2/9.a", "7.2.1.2/9.a.noncpm"})
    @Test
    void aNewMessageToOneIsAddressedToHim() {
        assertThat(compose(novel().to(BOB)).requestUri()).isEqualTo(BOB);
        assertThat(compose(novel().to(DAVE)).requestUri()).isEqualTo(DAVE);
    }

    @Clause({"7.2.1.2/9.b", "7.2.1.2/9.b.unless", "7.2.1.2/9.c", "7.2.1.2/9.c.unless"})
    @Test
    void aReplyGoesToReplyToElseToTheOriginatorUnlessANewAddressIsGiven() {
        var withReplyTo = novel().inReplyTo(WITH_REPLY_TO);
        var without = novel().inReplyTo(WITHOUT_REPLY_TO);

        assertThat(compose(withReplyTo).requestUri()).isEqualTo(DAVE);
        assertThat(compose(without).requestUri()).isEqualTo(CAROL);
        assertThat(compose(withReplyTo.to(BOB)).requestUri()).isEqualTo(BOB);
        assertThat(compose(without.to(BOB)).requestUri()).isEqualTo(BOB);
    }

    @Clause({"7.2.1.2/10", "7.2.1.2/10.a", "7.2.1.2/10.b"})
    @Test
    void anAdHocGroupGoesToTheControllingFunctionWithTheListOfItsMembers() {
        var request = compose(novel().toAdHocGroup(List.of(BOB, CAROL, DAVE)));

        assertThat(request.requestUri()).isEqualTo(FUNCTION);
        assertThat(list(request))
                .containsExactly(BOB.toString(), CAROL.toString(), DAVE.toString());
        assertThat(request.header("Require")).contains("recipient-list-invite");
    }

    @Clause({"7.2.1.2/10.c", "7.2.1.2/10.c.unless", "7.2.1.2/10.d", "7.2.1.2/10.d.unless"})
    @Test
    void anAdHocReplyHoldsTheReplyAddressUnlessANewOneIsGiven() {
        var withReplyTo = novel().inReplyTo(WITH_REPLY_TO).toAdHocGroup(List.of(BOB));
        var without = novel().inReplyTo(WITHOUT_REPLY_TO).toAdHocGroup(List.of(BOB));

        assertThat(list(compose(withReplyTo))).containsExactly(DAVE.toString(), BOB.toString());
        assertThat(list(compose(without))).containsExactly(CAROL.toString(), BOB.toString());
        assertThat(list(compose(withReplyTo.insteadOfReplyAddress(CAROL))))
                .containsExactly(CAROL.toString(), BOB.toString());
        assertThat(list(compose(without.insteadOfReplyAddress(DAVE))))
                .containsExactly(DAVE.toString(), BOB.toString());
    }

    @Clause("7.2.1.2/11")
    @Test
    void aPredefinedGroupIsAddressedItselfAndWithoutAList() {
        var club = Uri.parse("sip:chess-club@home.example");
        var request = compose(novel().toGroup(club));

        assertThat(request.requestUri()).isEqualTo(club);
        assertThat(request.header("Content-Type")).contains("application/sdp");
        assertThat(request.header("Require")).isEmpty();
    }

    @Clause({"7.2.1.2/12", "7.2.1.2/12.c", "7.2.1.2/12.d", "7.2.1.2/19"})
    @Test
    void severalRecipientsGoToTheExploderUriWithTheirListBehindTheOffer() {
        var request = compose(novel().toMany(List.of(BOB, CAROL, DAVE)));

        assertThat(request.requestUri()).isEqualTo(EXPLODER);
        assertThat(request.to().uri()).isEqualTo(EXPLODER);
        assertThat(list(request))
                .containsExactly(BOB.toString(), CAROL.toString(), DAVE.toString());
        assertThat(request.header("Require")).contains("recipient-list-invite"); // RFC 5366 4.1
        assertThat(request.header("Content-Type").orElseThrow()).startsWith("multipart/mixed");
        assertThat(parts(request)).hasSize(2);
        var sdp = parts(request).getFirst();
        assertThat(sdp.contentType().essence()).isEqualTo("application/sdp");
        var media = MessageMedia.of(SessionDescription.parse(sdp.body(), Limits.DEFAULT));
        assertThat(media.path()).containsExactly(PATH);
    }

    @Clause({"7.2.1.2/12.e", "7.2.1.2/12.e.unless", "7.2.1.2/12.f", "7.2.1.2/12.f.unless"})
    @Test
    void aReplyToSeveralHoldsTheReplyAddressUnlessANewOneIsGiven() {
        var withReplyTo = novel().inReplyTo(WITH_REPLY_TO).toMany(List.of(BOB));
        var without = novel().inReplyTo(WITHOUT_REPLY_TO).toMany(List.of(BOB));

        assertThat(list(compose(withReplyTo))).containsExactly(DAVE.toString(), BOB.toString());
        assertThat(list(compose(without))).containsExactly(CAROL.toString(), BOB.toString());
        assertThat(list(compose(withReplyTo.insteadOfReplyAddress(CAROL))))
                .containsExactly(CAROL.toString(), BOB.toString());
        assertThat(list(compose(without.insteadOfReplyAddress(DAVE))))
                .containsExactly(DAVE.toString(), BOB.toString());
    }

    @Clause({"7.2.1.2/13", "7.2.1.2/14", "7.2.1.2/15"})
    @Test
    void sessionTimersAreSupportedAndNothingIsSaidAboutTheirLength() { // reading 12
        var request = compose(novel().to(BOB));

        assertThat(request.headerValues("Supported")).contains("timer");
        assertThat(request.header("Session-Expires")).isEmpty();
        assertThat(request.header("Min-SE")).isEmpty();
    }

    @Clause({"7.2.1.2/16", "7.2.1.2/16.else", "7.2.1.2/17"})
    @Test
    void theConversationIsNewOrContinuedAndTheContributionAlwaysNew() {
        var one = compose(novel().to(BOB));
        var two = compose(novel().to(BOB).in(new ConversationId("conv-1")));

        var uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
        assertThat(one.header("Conversation-ID").orElseThrow()).matches(uuid);
        assertThat(one.header("Contribution-ID").orElseThrow()).matches(uuid);
        assertThat(two.header("Conversation-ID")).contains("conv-1");
        assertThat(two.header("Contribution-ID").orElseThrow()).matches(uuid);
        assertThat(one.header("Conversation-ID")).isNotEqualTo(one.header("Contribution-ID"));
    }

    @Clause({
        "7.2.1.2/16.else",
        "7.2.1.2/18",
        "7.2.1.2/18.ft",
        "7.2.1.2/18.session",
        "7.2.1.2/9.b.ft",
        "7.2.1.2/9.b.session",
        "7.2.1.2/9.c.ft",
        "7.2.1.2/9.c.session",
        "7.2.1.2/10.d.ft",
        "7.2.1.2/10.d.session"
    })
    @Test
    void aReplyNamesTheMessageFileTransferOrInvitationThatItAnswers() { // reading 29
        for (var service : List.of("largemsg", "filetransfer", "session")) {
            for (var replyTo : List.of("", "Reply-To: <" + DAVE + ">\n")) {
                var answered = Answered.of(invite(service, replyTo)).orElseThrow();
                var replyAddress = replyTo.isEmpty() ? CAROL : DAVE;

                var reply = compose(novel().inReplyTo(answered));

                assertThat(reply.requestUri()).isEqualTo(replyAddress);
                assertThat(reply.header("InReplyTo-Contribution-ID")).contains("cont-8");
                assertThat(reply.header("Conversation-ID")).contains("conv-8");
                var toGroup = compose(novel().inReplyTo(answered).toAdHocGroup(List.of(BOB)));
                assertThat(list(toGroup)).contains(replyAddress.toString());
            }
        }
    }

    private static SipRequest invite(String service, String more) {
        return PagerMode_7_2_1_1_Test.request(
                """
                INVITE sip:alice@10.0.0.7 SIP/2.0
                Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK1
                Max-Forwards: 70
                From: <sip:carol@other.example>;tag=1
                To: <sip:alice@home.example>
                Call-ID: 1
                CSeq: 1 INVITE
                Contact: <sip:10.0.0.8>
                Accept-Contact: *;+g.3gpp.icsi-ref="urn%%3Aurn-7%%3A3gpp-service.ims.icsi.oma.cpm.%s"
                P-Asserted-Identity: <sip:carol@other.example>
                Conversation-ID: conv-8
                Contribution-ID: cont-8
                %sContent-Length: 0

                """
                        .formatted(service, more)
                        .replace("\n", "\r\n"));
    }

    @Clause({
        "7.2.1.2/19",
        "7.2.1.2/19.a",
        "7.2.1.2/19.b",
        "7.2.1.2/19.c",
        "7.2.1.2/19.note",
        "7.2.1.2/19.d",
        "7.2.1.2/19.e",
        "7.2.1.2/19.f",
        "7.2.1.2/19.g"
    })
    @Test
    void theBodyIsAnOfferToSendThisMessage() {
        var composed = compose(SETTINGS, novel().to(BOB).build());
        var request = composed.request();
        var offer = offer(request);

        assertThat(request.header("Content-Type")).contains("application/sdp");
        assertThat(offer.direction()).isEqualTo(Direction.SENDONLY);
        assertThat(offer.acceptTypes()).containsExactly("message/cpim");
        assertThat(offer.acceptWrappedTypes()).containsExactly("text/plain");
        assertThat(offer.path()).containsExactly(PATH);
        assertThat(offer.address()).isEqualTo(HostPort.parse("192.0.2.7:40001"));
        assertThat(offer.announcedSize()).isEqualTo(composed.cpim().size()).isGreaterThan(5000);
        assertThat(offer.setup()).isEqualTo(Setup.ACTPASS);
        assertThat(offer.cema()).isTrue();
        assertThat(request.body().utf8())
                .contains("a=sendonly\r\n")
                .contains("a=file-selector:size:" + composed.cpim().size() + "\r\n")
                .contains("a=setup:actpass\r\n")
                .contains("a=msrp-cema\r\n");
    }

    @Clause({"7.2.1.2/19.c", "7.2.1.2/19.note", "7.2.1.2/200.H.3.i"})
    @Test
    void theWrappedTypesOfSeveralPartsAreAllThere() {
        var photo = Payload.of(MediaType.of("image", "jpeg"), Octets.of(new byte[4000]));
        var message = OutgoingMessage.of(Payload.mixed(List.of(Payload.text("Look"), photo)));
        var composed = compose(SETTINGS, message.to(BOB).build());

        assertThat(offer(composed.request()).acceptWrappedTypes())
                .containsExactly("multipart/mixed", "text/plain", "image/jpeg");
        assertThat(composed.cpim().toOctets().utf8())
                .contains("cpm.Payload-Type: text/plain, image/jpeg\r\n");
    }

    @Clause("7.2.1.2/19.e")
    @Test
    void theContentOfALargeFileIsCountedButNotRead(@TempDir Path folder) throws Exception {
        var film = folder.resolve("holiday.mp4");
        try (var file = new java.io.RandomAccessFile(film.toFile(), "rw")) {
            file.setLength(5L << 30); // more than an array holds, and no octet of it on disk
        }
        var type = MediaType.of("video", "mp4");
        var composed = compose(SETTINGS, OutgoingMessage.file(type, film).to(BOB).build());

        assertThat(composed.cpim().size()).isLessThan(1300);
        assertThat(offer(composed.request()).announcedSize())
                .isEqualTo(composed.cpim().size() + (5L << 30));
        assertThat(composed.cpim().toOctets().utf8())
                .contains("\r\nContent-Type: video/mp4\r\n")
                .endsWith("Content-Disposition: attachment;filename=holiday.mp4\r\n\r\n");
        Files.delete(film);
    }

    @Clause({"7.2.1.3/size", "7.2.1.2/0"})
    @Test
    void aFileOf1300OctetsWithItsWrapperIsAPagerMessageAndOneMoreIsNot(@TempDir Path folder)
            throws Exception { // reading 5
        var pager = PagerMode_7_2_1_1_Test.pagerMode(SETTINGS);
        var file = folder.resolve("a.bin");
        var type = MediaType.of("application", "octet-stream");
        Files.write(file, new byte[0]);
        int wrapper = pager.compose(OutgoingMessage.file(type, file).to(BOB).build()).cpim().size();

        Files.write(file, new byte[1300 - wrapper]);
        assertThat(pager.takes(OutgoingMessage.file(type, file).to(BOB).build())).isTrue();
        Files.write(file, new byte[1301 - wrapper]);
        assertThat(pager.takes(OutgoingMessage.file(type, file).to(BOB).build())).isFalse();
    }
}
