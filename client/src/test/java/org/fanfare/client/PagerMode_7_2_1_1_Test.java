package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.cpm.ContributionId;
import org.fanfare.cpm.ConversationId;
import org.fanfare.mime.MediaType;
import org.fanfare.mime.MimeEntity;
import org.fanfare.mime.Multipart;
import org.fanfare.resourcelists.RecipientList;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.testing.Clause;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// 7.2.1.1 "Sending a Pager Mode CPM Standalone Message", steps 1 to 16: the request as composed.
class PagerMode_7_2_1_1_Test {

    static final String ALICE = "sip:+4915100000001@home.example;user=phone";
    static final Uri BOB = Uri.parse("sip:+4915100000002@home.example;user=phone");
    static final Uri CAROL = Uri.parse("sip:carol@other.example");
    static final Uri DAVE = Uri.parse("tel:+4915100000004");
    static final Uri EXPLODER = Uri.parse("sip:exploder@cpm.home.example");
    static final Uri FUNCTION = Uri.parse("sip:groups@cpm.home.example");

    static final ClientSettings SETTINGS =
            ClientSettings.of(NameAddress.of(Uri.parse(ALICE)))
                    .withProvisioning(
                            Provisioning.NONE
                                    .withExploderUri(EXPLODER)
                                    .withControllingFunction(FUNCTION));
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-02T10:15:30Z"));

    private final Pager pagerMode = pagerMode(SETTINGS);

    static Pager pagerMode(ClientSettings settings) {
        var tokens = new Tokens(new Random(1));
        return new Pager(
                new Drafting(settings, CLOCK, tokens), new PagerMode(settings, CLOCK, tokens));
    }

    /// From the user's message to the request.
    record Pager(Drafting drafting, PagerMode mode) {

        ComposedMessage compose(OutgoingMessage message) {
            return mode.compose(drafting.draft(message)).orElseThrow();
        }

        boolean takes(OutgoingMessage message) {
            return mode.compose(drafting.draft(message)).isPresent();
        }
    }

    private SipRequest compose(OutgoingMessage.Builder message) {
        return pagerMode.compose(message.build()).request();
    }

    private static OutgoingMessage.Builder lunch() {
        return OutgoingMessage.text("Lunch at noon?");
    }

    private static Answered answered(Optional<Uri> replyTo, Optional<Uri> originator) {
        return new Answered(
                new ConversationId("conv-7"), new ContributionId("cont-7"), replyTo, originator);
    }

    /// Carol asked for replies to Dave.
    private static final Answered WITH_REPLY_TO = answered(Optional.of(DAVE), Optional.of(CAROL));

    private static final Answered WITHOUT_REPLY_TO = answered(Optional.empty(), Optional.of(CAROL));

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

    @Clause({"7.2.1.1/0", "7.2.1.1/16"})
    @Test
    void isAMessageRequestWithTheCpimMessageAsItsBody() {
        var request = compose(lunch().to(BOB));

        assertThat(request.method()).isEqualTo(Method.MESSAGE);
        assertThat(request.header("Max-Forwards")).contains("70");
        assertThat(request.from().uri()).hasToString(ALICE);
        assertThat(request.from().tag()).isPresent();
        assertThat(request.to().uri()).isEqualTo(BOB);
        assertThat(request.to().tag()).isEmpty();
        assertThat(request.header("CSeq")).contains("1 MESSAGE");
        assertThat(request.header("Contact")).isEmpty(); // RFC 3428 4
        assertThat(request.header("Content-Type")).contains("message/cpim");
        assertThat(CpimMessage.parse(request.body(), Limits.DEFAULT).content().body())
                .isEqualTo(Octets.utf8("Lunch at noon?"));
    }

    @Clause("7.2.1.1/1")
    @Test
    void acceptContactHasTheFeatureTagOfPagerModeWhoeverItIsFor() { // readings 15 to 17
        var tag = "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"";

        assertThat(compose(lunch().to(BOB)).headers().all("Accept-Contact")).containsExactly(tag);
        assertThat(compose(lunch().toMany(List.of(BOB, CAROL))).headers().all("Accept-Contact"))
                .containsExactly(tag);
    }

    @Clause("7.2.1.1/2")
    @Test
    void thePreferredIdentityIsTheUsersAddressUnlessAnotherIsChosen() {
        assertThat(compose(lunch().to(BOB)).header("P-Preferred-Identity"))
                .contains("<" + ALICE + ">");

        var other = NameAddress.parse("\"Alice\" <tel:+4915100000001>");
        var request =
                pagerMode(SETTINGS.withPreferredIdentity(other))
                        .compose(lunch().to(BOB).build())
                        .request();
        assertThat(request.header("P-Preferred-Identity")).contains("<tel:+4915100000001>");
    }

    @Clause({"7.2.1.1/3", "7.2.1.1/3.a"})
    @Test
    void thePreferredServiceOfAMessageToOneIsMsg() {
        assertThat(compose(lunch().to(BOB)).headers().all("P-Preferred-Service"))
                .containsExactly("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
    }

    @Clause({"7.2.1.1/3", "7.2.1.1/3.b"})
    @Test
    void thePreferredServiceOfAMessageToSeveralIsMsgGroup() { // reading 18
        var group = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group";

        for (var message :
                List.of(
                        lunch().toMany(List.of(BOB, CAROL)),
                        lunch().toAdHocGroup(List.of(BOB, CAROL)),
                        lunch().toGroup(Uri.parse("sip:chess-club@home.example")))) {
            assertThat(compose(message).headers().all("P-Preferred-Service"))
                    .containsExactly(group);
        }
    }

    @Clause("7.2.1.1/4")
    @Test
    void anotherReplyAddressIsAskedForInReplyTo() {
        var request =
                compose(lunch().to(BOB).replyTo(NameAddress.parse("Office <sip:o@home.example>")));

        assertThat(request.header("Reply-To").map(NameAddress::parse).orElseThrow().uri())
                .isEqualTo(Uri.parse("sip:o@home.example"));
    }

    @Clause("7.2.1.1/4")
    @Test
    void replyToIsLeftOutWhereItSaysWhatFromSays() {
        assertThat(compose(lunch().to(BOB)).header("Reply-To")).isEmpty();
        assertThat(
                        compose(lunch().to(BOB).replyTo(NameAddress.parse("<" + ALICE + ">")))
                                .header("Reply-To"))
                .isEmpty();
    }

    @Clause("7.2.1.1/5")
    @Test
    void userAgentNamesTheCpmRelease() {
        assertThat(compose(lunch().to(BOB)).header("User-Agent")).contains("CPM-client/OMA2.2");
        var request =
                pagerMode(SETTINGS.withUserAgent("Fanfare/0.1"))
                        .compose(lunch().to(BOB).build())
                        .request();
        assertThat(request.header("User-Agent")).contains("CPM-client/OMA2.2 Fanfare/0.1");
    }

    @Clause("7.2.1.1/6")
    @Test
    void anAnonymousMessageAsksForPrivacyAndNamesTheUserOnlyInTheWishThatTheCoreRemoves() { // I9
        var request = compose(lunch().to(BOB).anonymous());

        assertThat(request.header("Privacy")).contains("id");
        assertThat(request.header("From").orElseThrow())
                .startsWith("\"Anonymous\" <sip:anonymous@anonymous.invalid>");
        var seen = request.toBuilder().remove("P-Preferred-Identity").build().encoded().utf8();
        assertThat(seen).doesNotContain("+4915100000001").doesNotContain("home.example;tag");
    }

    @Clause("7.2.1.1/6")
    @Test
    void privacyIsLeftOutWhereNobodyAsksForIt() {
        assertThat(compose(lunch().to(BOB)).header("Privacy")).isEmpty();
    }

    @Clause("7.2.1.1/7")
    @Test
    void expiresIsInSecondsAndComesWithTheDateItCountsFrom() {
        var request = compose(lunch().to(BOB).expires(Duration.ofHours(24)));

        assertThat(request.header("Expires")).contains("86400");
        assertThat(request.header("Date")).contains("Mon, 02 Mar 2026 10:15:30 GMT");
        assertThat(compose(lunch().to(BOB)).header("Expires")).isEmpty();
    }

    @Clause("7.2.1.1/7")
    @Test
    void expiresIsFrom0To2To32Minus1() { // W3
        assertThat(compose(lunch().to(BOB).expires(Duration.ZERO)).header("Expires")).contains("0");
        var longest = Duration.ofSeconds(4294967295L);
        assertThat(compose(lunch().to(BOB).expires(longest)).header("Expires"))
                .contains("4294967295");
        assertThatThrownBy(() -> lunch().expires(longest.plusSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> lunch().expires(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Clause({"7.2.1.1/8", "7.2.1.1/8.a"})
    @Test
    void aNewMessageToACpmUserIsAddressedToHim() {
        assertThat(compose(lunch().to(BOB)).requestUri()).isEqualTo(BOB);
    }

    @Clause({"7.2.1.1/8", "7.2.1.1/8.a.noncpm"})
    @Test
    void aNewMessageToANonCpmPrincipalIsAddressedToHim() {
        var mail = Uri.parse("mailto:erin@mail.example");

        assertThat(compose(lunch().to(DAVE)).requestUri()).isEqualTo(DAVE);
        assertThat(compose(lunch().to(mail)).requestUri()).isEqualTo(mail);
    }

    @Clause({"7.2.1.1/8", "7.2.1.1/8.b"})
    @Test
    void aReplyGoesToReplyTo() {
        assertThat(compose(lunch().inReplyTo(WITH_REPLY_TO)).requestUri()).isEqualTo(DAVE);
    }

    @Clause("7.2.1.1/8.b.unless")
    @Test
    void aReplyGoesToTheNewAddressInsteadOfReplyTo() {
        assertThat(compose(lunch().inReplyTo(WITH_REPLY_TO).to(BOB)).requestUri()).isEqualTo(BOB);
    }

    @Clause({"7.2.1.1/8", "7.2.1.1/8.c"})
    @Test
    void aReplyWithoutReplyToGoesToTheAuthenticatedOriginator() {
        assertThat(compose(lunch().inReplyTo(WITHOUT_REPLY_TO)).requestUri()).isEqualTo(CAROL);
    }

    @Clause("7.2.1.1/8.c.unless")
    @Test
    void aReplyGoesToTheNewAddressInsteadOfTheOriginator() {
        assertThat(compose(lunch().inReplyTo(WITHOUT_REPLY_TO).to(BOB)).requestUri())
                .isEqualTo(BOB);
    }

    @Test
    void aReplyToSomebodyAnonymousIsRefusedUnlessAnAddressIsNamed() { // references j
        var anonymous = answered(Optional.empty(), Optional.empty());

        assertThatThrownBy(() -> compose(lunch().inReplyTo(anonymous)))
                .isInstanceOf(CannotSend.NoReplyAddress.class)
                .hasMessageContaining("anonymous");
        assertThat(compose(lunch().inReplyTo(anonymous).to(BOB)).requestUri()).isEqualTo(BOB);
    }

    @Clause({"7.2.1.1/9", "7.2.1.1/9.a", "7.2.1.1/9.b"})
    @Test
    void anAdHocGroupGoesToTheControllingFunctionWithTheListOfItsMembers() {
        var request = compose(lunch().toAdHocGroup(List.of(BOB, CAROL, DAVE)));

        assertThat(request.requestUri()).isEqualTo(FUNCTION);
        assertThat(list(request))
                .containsExactly(BOB.toString(), CAROL.toString(), DAVE.toString());
        assertThat(request.header("Require")).contains("recipient-list-message");
    }

    @Clause("7.2.1.1/9.c")
    @Test
    void anAdHocReplyHoldsTheReplyToAddress() {
        assertThat(list(compose(lunch().inReplyTo(WITH_REPLY_TO).toAdHocGroup(List.of(BOB)))))
                .containsExactly(DAVE.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/9.c.unless")
    @Test
    void anAdHocReplyHoldsTheNewAddressInsteadOfReplyTo() {
        var message =
                lunch().inReplyTo(WITH_REPLY_TO)
                        .toAdHocGroup(List.of(BOB))
                        .insteadOfReplyAddress(CAROL);

        assertThat(list(compose(message))).containsExactly(CAROL.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/9.d")
    @Test
    void anAdHocReplyWithoutReplyToHoldsTheOriginator() {
        assertThat(list(compose(lunch().inReplyTo(WITHOUT_REPLY_TO).toAdHocGroup(List.of(BOB)))))
                .containsExactly(CAROL.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/9.d.unless")
    @Test
    void anAdHocReplyHoldsTheNewAddressInsteadOfTheOriginator() {
        var message =
                lunch().inReplyTo(WITHOUT_REPLY_TO)
                        .toAdHocGroup(List.of(BOB))
                        .insteadOfReplyAddress(DAVE);

        assertThat(list(compose(message))).containsExactly(DAVE.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/10")
    @Test
    void aPredefinedGroupIsAddressedItselfAndWithoutAList() {
        var club = Uri.parse("sip:chess-club@home.example");
        var request = compose(lunch().toGroup(club));

        assertThat(request.requestUri()).isEqualTo(club);
        assertThat(request.header("Content-Type")).contains("message/cpim");
    }

    @Clause({"7.2.1.1/11", "7.2.1.1/11.a", "7.2.1.1/11.b", "7.2.1.1/16", "def/EXPLODER-URI.client"})
    @Test
    void severalRecipientsGoToTheExploderUriWithTheirList() { // reading 6
        var request = compose(lunch().toMany(List.of(BOB, CAROL, DAVE)));

        assertThat(request.requestUri()).isEqualTo(EXPLODER);
        assertThat(request.to().uri()).isEqualTo(EXPLODER);
        assertThat(list(request))
                .containsExactly(BOB.toString(), CAROL.toString(), DAVE.toString());
        assertThat(request.header("Require")).contains("recipient-list-message");
        assertThat(request.header("Content-Type").orElseThrow()).startsWith("multipart/mixed");
        assertThat(parts(request)).hasSize(2);
        assertThat(parts(request).get(1).contentType().is(MediaType.CPIM)).isTrue();
    }

    @Clause("7.2.1.1/11.c")
    @Test
    void aReplyToSeveralHoldsTheReplyToAddress() {
        var request = compose(lunch().inReplyTo(WITH_REPLY_TO).toMany(List.of(BOB)));

        assertThat(request.requestUri()).isEqualTo(EXPLODER);
        assertThat(list(request)).containsExactly(DAVE.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/11.c.unless")
    @Test
    void aReplyToSeveralHoldsTheNewAddressInsteadOfReplyTo() {
        var message =
                lunch().inReplyTo(WITH_REPLY_TO).toMany(List.of(BOB)).insteadOfReplyAddress(CAROL);

        assertThat(list(compose(message))).containsExactly(CAROL.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/11.d")
    @Test
    void aReplyToSeveralWithoutReplyToHoldsTheOriginator() {
        assertThat(list(compose(lunch().inReplyTo(WITHOUT_REPLY_TO).toMany(List.of(BOB)))))
                .containsExactly(CAROL.toString(), BOB.toString());
    }

    @Clause("7.2.1.1/11.d.unless")
    @Test
    void aReplyToSeveralHoldsTheNewAddressInsteadOfTheOriginator() {
        var message =
                lunch().inReplyTo(WITHOUT_REPLY_TO)
                        .toMany(List.of(BOB))
                        .insteadOfReplyAddress(DAVE);

        assertThat(list(compose(message))).containsExactly(DAVE.toString(), BOB.toString());
    }

    @Test
    void aRecipientNamedTwiceIsInTheListOnce() { // L6
        var again = Uri.parse("tel:+49-151-00000002");

        assertThat(list(compose(lunch().toMany(List.of(BOB, CAROL, again)))))
                .containsExactly(BOB.toString(), CAROL.toString());
    }

    @Test
    void manyOfOneIsAMessageToThatOne() { // reading 19
        for (var recipients : List.of(List.of(BOB), List.of(BOB, BOB))) {
            var request = compose(lunch().toMany(recipients));

            assertThat(request.requestUri()).isEqualTo(BOB);
            assertThat(request.header("Content-Type")).contains("message/cpim");
            assertThat(request.header("Require")).isEmpty();
            assertThat(request.header("P-Preferred-Service").orElseThrow()).endsWith(".msg");
        }
    }

    @Test
    void moreRecipientsThanProvisionedAreRefusedHere() { // reading 84
        var limited =
                pagerMode(SETTINGS.withProvisioning(SETTINGS.provisioning().withMaxRecipients(2)));

        limited.compose(lunch().toMany(List.of(BOB, CAROL)).build());
        assertThatThrownBy(() -> limited.compose(lunch().toMany(List.of(BOB, CAROL, DAVE)).build()))
                .isInstanceOf(CannotSend.TooManyRecipients.class)
                .hasMessageContaining("3 recipients, at most 2");
    }

    @Test
    void severalRecipientsNeedAnExploderUriAndAGroupAControllingFunction() {
        var bare = pagerMode(SETTINGS.withProvisioning(Provisioning.NONE));

        assertThatThrownBy(() -> bare.compose(lunch().toMany(List.of(BOB, CAROL)).build()))
                .isInstanceOf(CannotSend.class)
                .hasMessageContaining("EXPLODER-URI");
        assertThatThrownBy(() -> bare.compose(lunch().toAdHocGroup(List.of(BOB)).build()))
                .isInstanceOf(CannotSend.class)
                .hasMessageContaining("Controlling Function");
    }

    @Clause({"7.2.1.1/12", "7.2.1.1/13"})
    @Test
    void eachNewMessageHasNewIdentifiers() {
        var one = compose(lunch().to(BOB));
        var two = compose(lunch().to(BOB));

        var uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
        assertThat(one.header("Conversation-ID").orElseThrow()).matches(uuid);
        assertThat(one.header("Contribution-ID").orElseThrow()).matches(uuid);
        assertThat(one.header("Conversation-ID")).isNotEqualTo(two.header("Conversation-ID"));
        assertThat(one.header("Contribution-ID")).isNotEqualTo(two.header("Contribution-ID"));
        assertThat(one.callId()).isNotEqualTo(two.callId());
    }

    @Clause({"7.2.1.1/12.else", "7.2.1.1/13"})
    @Test
    void anExistingConversationKeepsItsIdWhileTheContributionIsNew() {
        var conversation = new ConversationId("conv-1");
        var one = compose(lunch().to(BOB).in(conversation));
        var two = compose(lunch().to(BOB).in(conversation));

        assertThat(one.header("Conversation-ID")).contains("conv-1");
        assertThat(two.header("Conversation-ID")).contains("conv-1");
        assertThat(one.header("Contribution-ID")).isNotEqualTo(two.header("Contribution-ID"));
        assertThat(one.header("InReplyTo-Contribution-ID")).isEmpty();
    }

    @Clause({"7.2.1.1/12.else", "7.2.1.1/14"})
    @Test
    void aReplyContinuesTheConversationAndNamesWhatItAnswers() {
        var request = compose(lunch().inReplyTo(WITHOUT_REPLY_TO));

        assertThat(request.header("Conversation-ID")).contains("conv-7");
        assertThat(request.header("InReplyTo-Contribution-ID")).contains("cont-7");
        assertThat(request.header("Contribution-ID").orElseThrow()).isNotEqualTo("cont-7");
    }

    @Clause({"7.2.1.1/14.ft", "7.2.1.1/14.session", "7.2.1.1/8.c"})
    @Test
    void aReplyToAFileTransferOrAnInvitationNamesItToo() { // reading 29
        for (var icsi : List.of("filetransfer", "session")) {
            var invite =
                    """
                    INVITE sip:alice@10.0.0.7 SIP/2.0
                    Via: SIP/2.0/UDP 10.0.0.8;branch=z9hG4bK1
                    Max-Forwards: 70
                    From: <sip:carol@other.example>;tag=1
                    To: <sip:alice@home.example>
                    Call-ID: 1
                    CSeq: 1 INVITE
                    Accept-Contact: *;+g.3gpp.icsi-ref="urn%%3Aurn-7%%3A3gpp-service.ims.icsi.oma.cpm.%s"
                    P-Asserted-Identity: <sip:carol@other.example>
                    Conversation-ID: conv-8
                    Contribution-ID: cont-8
                    Content-Length: 0

                    """
                            .formatted(icsi)
                            .replace("\n", "\r\n");
            var answered = Answered.of(request(invite)).orElseThrow();

            var reply = compose(lunch().inReplyTo(answered));

            assertThat(reply.requestUri()).isEqualTo(CAROL);
            assertThat(reply.header("InReplyTo-Contribution-ID")).contains("cont-8");
            assertThat(reply.header("Conversation-ID")).contains("conv-8");
        }
    }

    static SipRequest request(String text) {
        SipMessage message = SipParser.parse(Octets.utf8(text), Limits.DEFAULT);
        return (SipRequest) message;
    }

    @Clause("7.2.1.1/15")
    @Test
    void theBodyIsTheMessageOf7_2_1_3() {
        var composed = pagerMode.compose(lunch().to(BOB).build());

        assertThat(composed.request().body()).isEqualTo(composed.cpim().toOctets());
    }

    @Test
    void aSubjectIsOneLine() { // B10
        assertThatThrownBy(() -> lunch().subject("Today\r\nBcc: x"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSubjectIsInTheRequestAndInTheCpimMessage() {
        var composed = pagerMode.compose(lunch().to(BOB).subject("Today").build());

        assertThat(composed.request().header("Subject")).contains("Today");
        assertThat(composed.cpim().subject()).contains("Today");
    }

    @Clause({"7.2.1.1/0", "7.2.1.3/size", "7.2.1.3/size.else", "limit/1300.client"})
    @Test
    void upTo1300OctetsOfCpimGoInPagerModeAndOneMoreDoesNot() { // reading 5
        int overhead = pagerMode.compose(OutgoingMessage.text("").to(BOB).build()).cpim().size();
        var fits = "x".repeat(1300 - overhead);

        assertThat(pagerMode.compose(OutgoingMessage.text(fits).to(BOB).build()).cpim().size())
                .isEqualTo(1300);
        assertThat(pagerMode.takes(OutgoingMessage.text(fits + "x").to(BOB).build())).isFalse();
    }

    @Clause("7.2.1.3/size")
    @Test
    void theListDoesNotCountAndTheSwitchoverIsConfigurable() { // reading 5
        var hundred =
                java.util.stream.IntStream.range(0, 100)
                        .mapToObj(i -> Uri.parse("sip:user" + i + "@home.example"))
                        .toList();
        assertThat(compose(lunch().toMany(hundred)).body().length()).isGreaterThan(1300);

        var small =
                pagerMode(
                        SETTINGS.withProvisioning(SETTINGS.provisioning().withSwitchoverSize(100)));
        assertThat(small.takes(lunch().to(BOB).build())).isFalse();
    }

    @Test
    void aLimitForTheWholeRequestIsKeptWhereProvisioned() { // reading 5
        int size = compose(lunch().to(BOB)).encoded().length();

        withMaxRequestSize(size).compose(lunch().to(BOB).build());
        assertThat(withMaxRequestSize(size - 1).takes(lunch().to(BOB).build())).isFalse();
    }

    private static Pager withMaxRequestSize(int octets) {
        return pagerMode(
                SETTINGS.withProvisioning(SETTINGS.provisioning().withMaxRequestSize(octets)));
    }
}
