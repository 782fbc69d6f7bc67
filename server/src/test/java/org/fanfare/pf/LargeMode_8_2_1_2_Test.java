package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.LargeInvite.cpim;
import static org.fanfare.pf.LargeInvite.invite;

import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.HeaderField;
import org.fanfare.sip.dialog.SessionEnd;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Steps 6 to 8 of 8.2.1.2 and what follows the responses: a session with the sender, and one with
/// each recipient.
class LargeMode_8_2_1_2_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String DAVE = "sip:dave@home.example";
    private static final String GROUP = "sip:group@home.example";
    private static final String LARGEMSG = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg";
    private static final String ISF = "<sip:isf.home.example;lr>";
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

    /// Sends all of it, and hangs up.
    private Calling served(LargeInvite invite) throws Exception {
        var call = network.call(invite).connect();
        assertThat(call.send(cpim(3000)).isComplete()).isTrue();
        assertThat(call.hangUp(DONE)).hasStatus(200);
        return call;
    }

    // ---- the INVITE of a leg

    @Clause({
        "8.2.1.2/6",
        "8.2.1.2/7",
        "8.2.1.2/7.a",
        "8.2.1.2/7.a.iii.else",
        "8.2.1.2/7.a.iv",
        "8.2.1.2/7.b",
        "8.2.1.2/7.b.each",
        "8.2.1.2/8.else",
        "8.2.1.2/media",
        "def/EXPLODER-URI.pf"
    })
    @Test
    void everyRecipientOfAListHasASessionOfHisOwnAndTheRightOctets() throws Exception {
        var invite = invite().recipients(BOB, CAROL, "tel:+15551234");
        var content = cpim(100_000);
        var call = network.call(invite).connect();

        assertThat(call.send(content).isComplete()).isTrue();
        call.hangUp(DONE);

        for (var uri : List.of(BOB, CAROL, "tel:+15551234")) {
            var leg = network.callTo(uri);
            assertThat(leg.whole()).isEqualTo(content);
            assertThat(leg.invite().to().uri()).hasToString(uri);
            assertThat(leg.invite().from().uri()).hasToString(TestMessage.ALICE);
            assertThat(leg.invite().headers().has("Route")).isFalse();
        }
        var ids = network.calls().stream().map(c -> c.invite().callId()).distinct();
        assertThat(ids).hasSize(3).doesNotContain(call.session().invite().callId());
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
    }

    @Clause("8.2.1.2/7.b.noncpm")
    @Test
    void aRecipientWithoutACpmAddressIsCalledAtTheOneHeHas() throws Exception {
        served(invite().recipients("tel:+15551234"));

        assertThat(network.callTo("tel:+15551234").invite().requestUri())
                .isEqualTo(Uri.parse("tel:+15551234"));
    }

    @Clause("8.2.1.2/7.c")
    @Test
    void aSingleRecipientIsCalledAtTheRequestUri() throws Exception {
        served(invite().to(BOB));

        assertThat(network.callTo(BOB).invite().requestUriText()).isEqualTo(BOB);
        assertThat(network.calls()).hasSize(1);
    }

    @Clause("8.2.1.2/7.c")
    @Test
    void aGroupIsCalledAtItsAddressAndItsListGoesAlong() throws Exception { // reading 82
        network.policy(p -> p.maxRecipients(1).anonymityToMany(Originators.NOBODY));

        served(invite().to(GROUP).recipients(BOB, CAROL).header("Privacy", "id"));

        var invite = network.callTo(GROUP).invite();
        assertThat(network.calls()).hasSize(1);
        assertThat(invite.body().utf8())
                .contains("application/resource-lists+xml")
                .contains("recipient-list")
                .contains(BOB)
                .contains(CAROL);
        assertThat(invite.headers().all("Require")).containsExactly("recipient-list-invite");
    }

    @Clause("8.2.1.2/7.d")
    @Test
    void acceptContactIsPercentEncodedAndNamesNoDevice() throws Exception { // references c.3
        for (var invite : List.of(invite().recipients(BOB), invite().to(CAROL))) {
            served(
                    invite.without("Accept-Contact")
                            .header("a", LargeInvite.FEATURE_TAG.replace("%3A", ":"))
                            .header("a", "*;+sip.instance=\"<urn:uuid:0>\"")
                            .header("Accept-Contact", "*;audio"));
        }

        for (var uri : List.of(BOB, CAROL)) {
            assertThat(network.callTo(uri).invite().headers().all("Accept-Contact"))
                    .containsExactly(LargeInvite.FEATURE_TAG, "*;audio");
        }
    }

    @Clause("8.2.1.2/7.d")
    @Test
    void acceptContactIsCopied() throws Exception {
        served(invite().recipients(BOB));
        served(invite().to(CAROL));

        for (var uri : List.of(BOB, CAROL)) {
            assertThat(network.callTo(uri).invite().headers().all("Accept-Contact"))
                    .containsExactly(LargeInvite.FEATURE_TAG);
        }
    }

    @Clause({"8.2.1.2/7.e", "8.2.1.2/7.e.i", "8.2.1.2/7.e.ii"})
    @ParameterizedTest
    @ValueSource(strings = {LARGEMSG, LARGEMSG + ".group"})
    void thePreferredServiceBecomesTheAsserted(String service) throws Exception {
        served(invite().recipients(BOB).header("P-Preferred-Service", service));
        served(invite().to(CAROL).header("P-Preferred-Service", service));

        for (var uri : List.of(BOB, CAROL)) {
            var headers = network.callTo(uri).invite().headers();
            assertThat(headers.all("P-Asserted-Service")).containsExactly(service);
            assertThat(headers.has("P-Preferred-Service")).isFalse();
        }
    }

    @Clause({"8.2.1.2/7.e.iii", "8.2.1.2/7.e.iii.group"})
    @ParameterizedTest
    @ValueSource(strings = {LARGEMSG, LARGEMSG + ".group"})
    void theAssertedServiceIsAcceptedWhateverIsPreferred(String service) // reading 49
            throws Exception {
        var other = service.equals(LARGEMSG) ? LARGEMSG + ".group" : LARGEMSG;
        for (var invite : List.of(invite().recipients(BOB), invite().to(CAROL))) {
            served(
                    invite.header("P-Asserted-Service", service)
                            .header("P-Preferred-Service", other));
        }

        for (var uri : List.of(BOB, CAROL)) {
            var headers = network.callTo(uri).invite().headers();
            assertThat(headers.all("P-Asserted-Service")).containsExactly(service);
            assertThat(headers.has("P-Preferred-Service")).isFalse();
        }
    }

    @Clause({"8.2.1.2/7.f", "8.2.1.2/7.j"})
    @Test
    void contactIsOurAddressWithTheFeatureTag() throws Exception { // reading 11
        served(invite().recipients(BOB));

        var contact = network.callTo(BOB).invite().headers().all("Contact");
        assertThat(contact).hasSize(1);
        assertThat(contact.getFirst())
                .startsWith("<sip:127.0.0.1:")
                .contains("g.3gpp.icsi-ref")
                .doesNotContain("198.51.100.7");
    }

    @Clause({"8.2.1.2/7.f", "8.2.1.2/7.j"})
    @Test
    void contactHasTheTagsOfTheSenderButForHisDevice() throws Exception { // reading 11
        var service =
                "+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg,"
                        + "urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.session\"";
        var tags = ";" + service + ";+g.gsma.rcs.cpm.pager-large";
        for (var invite : List.of(invite().recipients(BOB), invite().to(CAROL))) {
            served(
                    invite.set(
                            "Contact",
                            "<sip:alice@198.51.100.7>;expires=600;+sip.instance=\"<urn:uuid:1>\""
                                    + tags
                                    + ";audio"));
        }

        for (var uri : List.of(BOB, CAROL)) {
            assertThat(network.callTo(uri).invite().headers().all("Contact"))
                    .singleElement()
                    .asString()
                    .matches("<sip:127[.]0[.]0[.]1:\\d+>" + Pattern.quote(tags));
        }
    }

    @Clause("8.2.1.2/7.f")
    @Test
    void aSenderThatSaysNothingOfHimselfIsOneOfLargeMessages() throws Exception {
        served(invite().recipients(BOB).set("Contact", "<sip:alice@198.51.100.7>"));

        assertThat(network.callTo(BOB).invite().header("Contact").orElseThrow())
                .endsWith(">" + LargeInvite.FEATURE_TAG.substring(1));
    }

    @Clause({"8.2.1.2/7.g", "8.2.1.2/7.h", "8.2.1.2/7.i", "limit/1800.large"})
    @Test
    void theSessionIntervalIsThatOfTheProvider() throws Exception {
        network.interval(Duration.ofSeconds(1799));

        served(invite().recipients(BOB).header("Session-Expires", "3600").header("Min-SE", "90"));
        served(
                invite().to(CAROL)
                        .without("Supported")
                        .header("k", "timer, x")
                        .header("x", "3600")
                        .header("Min-SE", "90"));

        for (var uri : List.of(BOB, CAROL)) {
            var headers = network.callTo(uri).invite().headers();
            assertThat(headers.all("Session-Expires")).containsExactly("1799;refresher=uac");
            assertThat(headers.has("Min-SE")).isFalse();
            assertThat(headers.all("Supported")).containsExactly("timer");
        }
    }

    @Clause("8.2.1.2/7.k")
    @Test
    void nobodyIsToldWhoElseGetsIt() throws Exception { // I10
        served(invite().recipients(BOB, CAROL));

        assertThat(network.callTo(BOB).invite().encoded().utf8())
                .doesNotContain("carol")
                .doesNotContain("resource-lists");
    }

    @Clause({
        "8.2.1.2/7.l",
        "8.2.1.2/7.l.i",
        "8.2.1.2/7.l.ii",
        "8.2.1.2/7.l.iii",
        "8.2.1.2/7.l.iv",
        "8.2.1.2/7.l.v",
        "8.2.1.2/7.l.vi"
    })
    @Test
    void theOfferOfALegIsOurs() throws Exception {
        var invite =
                invite().recipients(BOB, CAROL)
                        .media(m ->
                                m.withFileSelector(FileSelector.ofSize(3000))
                                        .withCema(false)
                                        .withTypes(List.of("message/cpim"), List.of("image/jpeg")));
        served(invite);

        var offer = network.callTo(BOB).offered();
        var path = MsrpUri.parse(offer.path().getFirst());
        assertThat(offer.path()).hasSize(1);
        assertThat(path.port())
                .isEqualTo(network.media().listening().getFirst().address().getPort());
        assertThat(offer.address().port()).isEqualTo(path.port());
        assertThat(offer.acceptTypes()).containsExactly("message/cpim");
        assertThat(offer.acceptWrappedTypes()).containsExactly("image/jpeg"); // reading 59
        assertThat(offer.direction()).isEqualTo(Direction.SENDONLY);
        assertThat(offer.announcedSize()).isEqualTo(3000);
        assertThat(offer.setup()).isEqualTo(Setup.ACTPASS);
        assertThat(offer.cema()).isTrue();
        assertThat(network.callTo(CAROL).offered().path()).isNotEqualTo(offer.path());
    }

    @Clause("8.2.1.2/7.l")
    @Test
    void anOfferThatCameCompressedGoesOnAsItIsWritten() throws Exception {
        served(invite().recipients(BOB).gzipped());
        served(invite().to(CAROL).gzipped().header("Content-Disposition", "session"));

        for (var uri : List.of(BOB, CAROL)) {
            var invite = network.callTo(uri).invite();
            assertThat(invite.headers().has("Content-Encoding")).isFalse();
            assertThat(invite.body().utf8()).startsWith("v=0\r\n");
        }
    }

    @Clause("8.2.1.2/7.l.vi.else")
    @Test
    void whereTheNetworkMayNotKnowCemaItIsNotOffered() throws Exception {
        network.policy(p -> p.msrpInteroperability(true));
        served(invite().recipients(BOB).media(m -> m.withCema(false)));

        var offer = network.callTo(BOB).offered();
        assertThat(offer.cema()).isFalse();
        assertThat(offer.addressMatchesPath()).isTrue();
    }

    @Clause("8.2.1.2/7.l.vi.unneeded")
    @Test
    void unlessTheSenderOffersIt() throws Exception {
        network.policy(p -> p.msrpInteroperability(true));
        served(invite().recipients(BOB).media(m -> m.withCema(true)));

        assertThat(network.callTo(BOB).offered().cema()).isTrue();
    }

    @Test
    void whatElseTheSenderSaysIsCopied() throws Exception { // reading 80
        var invite =
                invite().recipients(BOB)
                        .header("Subject", "Holidays")
                        .header("Reply-To", "<sip:alice2@home.example>")
                        .header("InReplyTo-Contribution-ID", "abc");
        served(invite);

        var headers = network.callTo(BOB).invite().headers();
        assertThat(headers.all("Subject")).containsExactly("Holidays");
        assertThat(headers.all("Reply-To")).containsExactly("<sip:alice2@home.example>");
        assertThat(headers.all("InReplyTo-Contribution-ID")).containsExactly("abc");
        assertThat(headers.all("Contribution-ID")).containsExactly(invite.contribution());
        assertThat(headers.all("Conversation-ID"))
                .containsExactly("0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11");
    }

    @Clause("8.2.1.2/8")
    @Test
    void whatIsNeitherSipNorTelGoesToInterworking() throws Exception {
        network.interworking();

        served(invite().recipients(BOB, "mailto:carol@x.example"));
        served(invite().to("mailto:dave@x.example"));

        assertThat(network.callTo(BOB).invite().headers().has("Route")).isFalse();
        for (var uri : List.of("mailto:carol@x.example", "mailto:dave@x.example")) {
            assertThat(network.callTo(uri).invite().headers().all("Route")).containsExactly(ISF);
        }
    }

    @Clause("8.2.1.2/8")
    @Test
    void whatIsNeitherSipNorTelFailsWithoutInterworking() throws Exception { // reading 44
        var invite = invite().recipients("mailto:carol@x.example", BOB);

        served(invite);

        assertThat(network.ends(invite)).containsExactly("FAILED 416", "DELIVERED 200");
        assertThat(network.call(invite().to("mailto:dave@x.example")).answer()).hasStatus(416);
        assertThat(network.calls()).hasSize(1);
    }

    // ---- the 200 to the sender

    @Clause({
        "8.2.1.2/200.1",
        "8.2.1.2/200.2.else",
        "8.2.1.2/200.3",
        "8.2.1.2/200.4",
        "8.2.1.2/200.5",
        "8.2.1.2/200.5.a",
        "8.2.1.2/200.5.b",
        "8.2.1.2/200.5.c",
        "8.2.1.2/200.5.d",
        "8.2.1.2/200.5.e",
        "8.2.1.2/200.6",
        "8.2.1.2/200.6.listen"
    })
    @Test
    void theFirstAnswerOfARecipientIsThatOfTheSender() throws Exception {
        network.when(BOB, Called::ring);
        network.when(CAROL, leg -> leg.interval(Duration.ofSeconds(700)).answer());

        var call = network.call(invite().recipients(BOB, CAROL));

        assertThat(call.answer()).hasStatus(200).hasHeader("Server", "CPM-serv/OMA2.2");
        assertThat(call.answer().header("Contact").orElseThrow()).startsWith("<sip:127.0.0.1:");
        assertThat(call.answer()) // reading 12
                .hasHeader("Session-Expires", "700;refresher=uas")
                .hasHeader("Require", "timer");
        var answered = call.answered();
        assertThat(MsrpUri.parse(answered.path().getFirst()).port())
                .isEqualTo(network.media().listening().getFirst().address().getPort());
        assertThat(answered.direction()).isEqualTo(Direction.RECVONLY);
        assertThat(answered.setup()).isEqualTo(Setup.PASSIVE);
        assertThat(answered.cema()).isTrue();
        assertThat(answered.acceptTypes()).contains("message/cpim");
        call.connect(); // it listens
        assertThat(call.provisional()).as("180 to one of several, reading 76").isEmpty();
        call.hangUp();
        assertThat(network.callTo(BOB).ended()).isInstanceOf(SessionEnd.Cancelled.class);
    }

    @Clause({"8.2.1.2/200.5.e.omit", "8.2.1.2/200.5.e.conn"})
    @Test
    void withoutCemaInTheOfferThereIsNoneInTheAnswer() throws Exception {
        var call = network.call(invite().recipients(BOB).media(m -> m.withCema(false))).connect();

        assertThat(call.answered().cema()).isFalse();
        assertThat(call.answered().addressMatchesPath()).isTrue();
        call.hangUp();
    }

    @Test
    void whoSaysNothingAboutDirectionOrSetupIsAnsweredAllTheSame() throws Exception {
        var invite =
                invite().recipients(BOB)
                        .sdp(s ->
                                s.replace("a=sendonly\r\n", "").replace("a=setup:actpass\r\n", ""));
        var call = network.call(invite).connect();

        assertThat(call.answered().direction()).isEqualTo(Direction.RECVONLY);
        assertThat(call.answered().setup()).isEqualTo(Setup.PASSIVE);
        assertThat(call.send(cpim(2000)).isComplete()).isTrue();
        call.hangUp(DONE);
    }

    @Clause("8.2.1.2/200.2")
    @Test
    void aFocusIsNamedToTheSender() throws Exception {
        network.when(
                BOB,
                leg ->
                        leg.answer(
                                m -> m,
                                ok -> ok.set("Contact", "<sip:focus@conf.example>;isfocus")));

        var call = network.call(invite().to(BOB)).connect();

        assertThat(call.answer().headers().all("Contact"))
                .containsExactly("<sip:focus@conf.example>;isfocus");
        assertThat(call.answer().recordRoutes()).hasSize(1);
        assertThat(call.send(cpim(3000)).isComplete()).isTrue();
        call.hangUp(DONE); // still comes to us
    }

    @Clause("8.2.1.2/200.2.else")
    @Test
    void aFocusAmongSeveralRecipientsIsNotNamed() throws Exception { // reading 3, references a.5
        network.when(
                BOB,
                leg ->
                        leg.answer(
                                m -> m,
                                ok -> ok.set("Contact", "<sip:focus@conf.example>;isfocus")));

        var call = served(invite().recipients(BOB));

        assertThat(call.answer().header("Contact").orElseThrow()).startsWith("<sip:127.0.0.1:");
    }

    // ---- errors

    @Clause({
        "8.2.1.2/err.404",
        "8.2.1.2/err.405",
        "8.2.1.2/err.410",
        "8.2.1.2/err.414",
        "8.2.1.2/err.415",
        "8.2.1.2/err.416",
        "8.2.1.2/err.488",
        "8.2.1.2/err.606",
        "8.2.1.2/err.isf",
        "8.2.1.2/err.200"
    })
    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 414, 415, 416, 488, 606})
    void eachOfTheEightErrorsSendsTheInviteToInterworking(int status) throws Exception {
        network.interworking().refuses(BOB, status, 200);
        var invite = invite().to(BOB);

        served(invite);

        var legs = network.callsTo(BOB);
        assertThat(legs).hasSize(2);
        assertThat(legs.getFirst().invite().headers().has("Route")).isFalse();
        assertThat(legs.getLast().invite().headers().all("Route")).containsExactly(ISF);
        assertThat(legs.getLast().invite().header("Contribution-ID"))
                .contains(invite.contribution());
        assertThat(network.ends(invite)).containsExactly("INTERWORKED 200");
    }

    @Clause("8.2.1.2/err.isf")
    @Test
    void ofAListOnlyTheRecipientWithTheErrorGoesToInterworking() throws Exception { // reading 44
        network.interworking().refuses(BOB, 404, 200);
        var invite = invite().recipients(BOB, CAROL);

        served(invite);

        assertThat(network.callTo(BOB, 2).invite().headers().all("Route")).containsExactly(ISF);
        assertThat(network.callTo(CAROL).invite().headers().has("Route")).isFalse();
        assertThat(network.ends(invite)).containsExactly("INTERWORKED 200", "DELIVERED 200");
    }

    @Clause("8.2.1.2/err.isf")
    @ParameterizedTest
    @ValueSource(ints = {400, 403, 413, 480, 486, 603})
    void anotherErrorAsksNobodyElse(int status) { // reading 46
        network.interworking().refuses(BOB, status, 200);

        assertThat(network.call(invite().to(BOB)).answer()).hasStatus(status);
        assertThat(network.callsTo(BOB)).hasSize(1);
    }

    @Clause("8.2.1.2/err.final")
    @Test
    void whatInterworkingRefusesIsRefused() { // reading 1
        network.interworking().refuses(BOB, 404, 606);

        assertThat(network.call(invite().to(BOB)).answer())
                .hasStatus(606)
                .hasHeader("Server", "CPM-serv/OMA2.2");
        assertThat(network.callsTo(BOB)).hasSize(2);
        assertThat(network.pf().figures().refusals()).containsEntry(606, 1L);
    }

    @Clause("8.2.1.2/err.isf.else")
    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 414, 415, 416, 488, 606, 486, 603, 403})
    void withoutInterworkingTheErrorIsTheAnswer(int status) {
        network.refuses(BOB, status);

        assertThat(network.call(invite().to(BOB)).answer()).hasStatus(status);
        assertThat(network.callsTo(BOB)).hasSize(1);
    }

    @Test
    void whenAllRefuseTheBestFailureIsTheAnswer() { // readings 1 and 3
        network.refuses(BOB, 486).refuses(CAROL, 404).refuses(DAVE, 503);

        assertThat(network.call(invite().recipients(BOB, CAROL, DAVE)).answer()).hasStatus(404);
    }

    @Test
    void whoeverRefusesTheOthersGetIt() throws Exception {
        network.refuses(BOB, 486).refuses(CAROL, 404);
        var invite = invite().recipients(BOB, CAROL, DAVE);

        served(invite);

        assertThat(network.callTo(DAVE).whole()).isEqualTo(cpim(3000));
        assertThat(network.ends(invite))
                .containsExactly("FAILED 486", "FAILED 404", "DELIVERED 200");
    }

    @Test
    void whenNobodyAnswersInTimeTheSenderIsToldSo() { // reading 3
        network.when(BOB, Called::ring).when(CAROL, Called::ring);
        var call = network.call(invite().recipients(BOB, CAROL));
        network.callTo(BOB);
        network.callTo(CAROL);

        network.passTimeUntil(call::isAnswered);

        assertThat(call.answer()).hasStatus(480);
        assertThat(network.callTo(BOB).ended()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(network.callTo(CAROL).ended()).isInstanceOf(SessionEnd.Cancelled.class);
    }

    // ---- CANCEL, ACK, BYE

    @Clause({"8.2.1.2/cancel.1", "8.2.1.2/cancel.2"})
    @Test
    void aCancelBeforeAnybodyHasAnsweredCancelsAll() throws Exception { // reading 65
        network.when(BOB, Called::ring).when(CAROL, Called::ring);
        var call = network.call(invite().recipients(BOB, CAROL));
        network.callTo(BOB);
        network.callTo(CAROL);

        call.cancel();

        assertThat(call.ended()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(network.callTo(BOB).ended()).isInstanceOf(SessionEnd.Cancelled.class);
        assertThat(network.callTo(CAROL).ended()).isInstanceOf(SessionEnd.Cancelled.class);
    }

    @Test
    void whoGivesUpAfterALegHasAnsweredEndsThatOneByByeAndTheOthersByCancel() // reading 65
            throws Exception {
        network.when(CAROL, Called::ring);
        var call = network.call(invite().recipients(BOB, CAROL)).connect();

        assertThat(call.hangUp()).hasStatus(200);

        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly("SIP;cause=480;text=\"Transmission Failed\"");
        assertThat(network.callTo(CAROL).ended()).isInstanceOf(SessionEnd.Cancelled.class);
    }

    @Clause({"8.2.1.2/ack"})
    @Test
    void everyLegIsAcknowledgedAtOnce() throws Exception { // readings 3 and 56
        var call = network.call(invite().recipients(BOB, CAROL));

        assertThat(call.answer()).hasStatus(200);

        assertThat(network.callTo(BOB).ack().method()).hasToString("ACK");
        assertThat(network.callTo(CAROL).ack().method()).hasToString("ACK");
        call.hangUp();
    }

    @Clause({"8.2.1.2/bye.2", "8.2.1.2/bye.2.uid.else", "8.2.1.2/bye.forward"})
    @Test
    void theByeOfTheSenderIsAnsweredAndEachLegHasItsOwnWhenItIsThrough() // reading 68
            throws Exception {
        var gate = new CountDownLatch(1);
        network.when(
                BOB,
                leg ->
                        leg.onContent(
                                        _ -> {
                                            try {
                                                gate.await();
                                            } catch (InterruptedException e) {
                                                throw new AssertionError(e);
                                            }
                                        })
                                .answer());
        var call = network.call(invite().recipients(BOB, CAROL)).connect();
        assertThat(call.send(cpim(50_000)).isComplete()).isTrue();

        var answer = call.hangUp(DONE);

        assertThat(answer).hasStatus(200).hasNo("Message-UID");
        assertThat(network.callTo(CAROL).bye().headers().all("Reason"))
                .containsExactly("SIP;cause=200;text=\"Call completed\"");
        assertThat(network.callTo(BOB).hasWhole()).isFalse();
        gate.countDown();
        assertThat(network.callTo(BOB).bye().headers().all("Reason"))
                .containsExactly("SIP;cause=200;text=\"Call completed\"");
        assertThat(network.callTo(BOB).whole()).isEqualTo(cpim(50_000));
    }

    @Clause({"8.2.1.2/bye.2.term", "8.2.1.2/bye.forward.term"})
    @Test
    void theByeOfARecipientInMidTransferEndsHisLegAlone() throws Exception { // reading 67
        var gate = new CountDownLatch(1);
        network.when(
                BOB,
                leg ->
                        leg.onContent(
                                        l -> {
                                            l.sendBye();
                                            hold(gate);
                                        })
                                .answer());
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(300_000)).isComplete()).isTrue();
        call.hangUp(DONE);
        gate.countDown();

        assertThat(network.callTo(BOB).ended()).isInstanceOf(SessionEnd.ByeSent.class);
        assertThat(network.callTo(CAROL).whole()).isEqualTo(cpim(300_000));
        assertThat(network.ends(invite)).containsExactly("FAILED 480", "DELIVERED 200");
    }

    @Clause({"8.2.1.2/bye.2.term", "8.2.1.2/bye.forward.term"})
    @Test
    void theByeOfTheOnlyRecipientIsThatOfTheSenderAndInterworkingIsNotAsked() throws Exception {
        network.interworking();
        var call = network.call(invite().to(BOB)).connect();
        network.callTo(BOB).ack();

        var answer = network.callTo(BOB).session().bye(List.of()).get(10, TimeUnit.SECONDS);

        assertThat(answer).hasStatus(200);
        assertThat(call.ended()).isInstanceOf(SessionEnd.ByeReceived.class);
        assertThat(network.callsTo(BOB)).hasSize(1);
    }

    @Clause("8.2.1.2/bye.forward.term")
    @Test
    void aRecipientThatHangsUpBeforeTheMediaAreThereIsNotCalledAgain() throws Exception {
        network.interworking();
        network.when(BOB, leg -> leg.answer(m -> m.withSetup(Setup.ACTIVE)));
        var call = network.call(invite().to(BOB)).connect();
        network.callTo(BOB).ack();

        network.callTo(BOB).sendBye(); // and it has not connected

        assertThat(call.ended()).isInstanceOf(SessionEnd.ByeReceived.class);
        assertThat(network.callsTo(BOB)).hasSize(1);
    }

    // ---- many

    @Test
    void aHundredRecipientsGetTheSame() throws Exception {
        var uris = IntStream.range(0, 100).mapToObj(i -> "sip:u" + i + "@home.example").toList();
        var invite = invite().recipients(uris.toArray(String[]::new));

        served(invite);

        assertThat(Set.copyOf(network.ends(invite))).containsExactly("DELIVERED 200");
        assertThat(network.calls()).hasSize(100).allMatch(leg -> leg.whole().equals(cpim(3000)));
    }

    private static void hold(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
