package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.LargeInvite.invite;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.FileSelector;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.SipDate;
import org.fanfare.testing.Clause;
import org.fanfare.uri.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Steps 1 to 5 and 7.a of 8.2.1.2, and what is wrong with an offer: nobody is called before all of
/// it has been looked at.
class LargeChecks_8_2_1_2_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";

    @TempDir private Path folder;

    private LargeNetwork network;

    @org.junit.jupiter.api.BeforeEach
    void open() {
        network = new LargeNetwork(folder);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private org.fanfare.sip.SipResponse refused(LargeInvite invite) {
        var answer = network.call(invite).answer();
        assertThat(network.calls()).isEmpty();
        return answer;
    }

    private void served(LargeInvite invite) throws Exception {
        var call = network.call(invite);
        assertThat(call.answer()).hasStatus(200);
        call.connect();
        assertThat(call.send(LargeInvite.cpim(3000)).isComplete()).isTrue();
        assertThat(call.hangUp()).hasStatus(200);
    }

    private static LargeInvite toBob() {
        return invite().recipients(BOB);
    }

    @Clause({"8.2.1.2/1", "8.2.1.2/1.403", "8.2.1.2/1.warn"})
    @Test
    void whoMayNotSendIsRefused() {
        network.policy(p -> p.originators(Originators.matching(List.of("sip:bob@home.example"))));

        assertThat(refused(toBob())).hasStatus(403).hasWarning("127 Service not authorised");
    }

    @Clause({"8.2.1.2/1.else", "8.2.1.2/2.off", "8.2.1.2/3.off", "8.2.1.2/4.off"})
    @Test
    void whoMaySendIsServed() throws Exception {
        network.policy(p -> p.originators(Originators.matching(List.of(TestMessage.ALICE))));

        served(toBob().without("User-Agent"));
    }

    @Clause({"8.2.1.2/2", "8.2.1.2/2.403", "8.2.1.2/2.warn"})
    @ParameterizedTest
    @ValueSource(strings = {"CPM-client/OMA2.1", "Phone/7", ""})
    void aClientOfAnotherVersionIsRefused(String userAgent) {
        network.policy(p -> p.minimumRelease(ReleaseVersion.OMA_2_2));
        var invite = toBob().without("User-Agent");

        assertThat(refused(userAgent.isEmpty() ? invite : invite.set("User-Agent", userAgent)))
                .hasStatus(403)
                .hasWarning("132 Version not supported");
    }

    @Clause("8.2.1.2/2.else")
    @Test
    void aClientOfTheVersionIsServed() throws Exception {
        network.policy(p -> p.minimumRelease(ReleaseVersion.OMA_2_2));

        served(toBob());
    }

    @Clause({"8.2.1.2/3", "8.2.1.2/3.warn"})
    @Test
    void anonymityThatIsNotAllowedIsRefused() {
        network.policy(p -> p.anonymity(false));

        for (var invite : List.of(toBob(), invite().to(BOB))) {
            assertThat(refused(invite.header("Privacy", "id")))
                    .hasStatus(403)
                    .hasWarning("119 Anonymity not allowed");
        }
    }

    @Clause({"8.2.1.2/3.else", "8.2.1.2/7.a.i.else"})
    @Test
    void anonymityThatIsAllowedIsServed() throws Exception {
        served(toBob().header("Privacy", "id"));

        assertThat(network.callTo(BOB).invite().headers().all("Privacy")).containsExactly("id");
    }

    @Clause({"8.2.1.2/3.else", "8.2.1.2/7.a"})
    @Test
    void anonymityTowardsOneIsNotAskedForTheOneTowardsMany() throws Exception { // reading 13
        network.policy(p -> p.anonymityToMany(Originators.NOBODY));

        served(invite().to(BOB).header("Privacy", "id"));
    }

    @Clause({"8.2.1.2/3.off", "8.2.1.2/7.a.i.off"})
    @Test
    void whoAsksForNoAnonymityDoesNotCareForThePolicy() throws Exception {
        network.policy(p ->
                p.anonymity(false)
                        .anonymityToMany(Originators.matching(List.of("sip:bob@home.example"))));

        served(toBob());
    }

    @Clause({"8.2.1.2/4", "8.2.1.2/4.expired"})
    @Test
    void anExpiredMessageIsRefused() {
        var longAgo = SipDate.format(Instant.now().minusSeconds(7200));

        assertThat(refused(toBob().header("Message-Expires", "60").header("Date", longAgo)))
                .hasStatus(480)
                .hasWarning("Message expired");
        assertThat(refused(invite().to(BOB).header("Message-Expires", "0"))).hasStatus(480);
    }

    @Clause("8.2.1.2/4.expired")
    @Test
    void anExpiredMessageIsRefusedEvenWhereAMessageWouldBeDropped() { // no session without media
        network.policy(p -> p.expired(Policy.Expired.DROP));

        assertThat(refused(toBob().header("Message-Expires", "0"))).hasStatus(480);
    }

    @Clause({"8.2.1.2/4.else"})
    @Test
    void aMessageThatIsStillValidIsServedAndSaysHowLong() throws Exception {
        var date = SipDate.format(Instant.now().minusSeconds(10));

        served(toBob().header("Message-Expires", "3600").header("Date", date));

        var copy = network.callTo(BOB).invite();
        assertThat(copy.headers().all("Message-Expires")).containsExactly("3600");
        assertThat(copy.headers().all("Date")).containsExactly(date);
    }

    @Test
    void expiresOfAnInviteSaysNothingOfTheMessage() throws Exception {
        served(toBob().header("Expires", "0"));
    }

    @Clause({"8.2.1.2/5.403", "8.2.1.2/5.warn"})
    @ParameterizedTest
    @ValueSource(strings = {"1800;refresher=uas", "1800;Refresher=UAS"})
    void aSenderThatLeavesTheRefreshToUsIsRefused(String sessionExpires) { // reading 12
        assertThat(refused(toBob().header("Session-Expires", sessionExpires)))
                .hasStatus(403)
                .hasWarning("122 Function not allowed");
    }

    @Clause("8.2.1.2/5")
    @Test
    void aSenderThatRefreshesItselfIsTakenAtItsWord() throws Exception {
        var call = network.call(toBob().header("Session-Expires", "600;refresher=uac"));

        assertThat(call.answer()).hasStatus(200).hasHeader("Session-Expires", "600;refresher=uac");
        call.hangUp();
    }

    @Clause({"8.2.1.2/7.a.i", "8.2.1.2/7.a.i.403", "8.2.1.2/7.a.i.warn"})
    @Test
    void anonymityTowardsManyHasAPolicyOfItsOwn() { // reading 13
        network.policy(
                p -> p.anonymityToMany(Originators.matching(List.of("sip:bob@home.example"))));

        assertThat(refused(toBob().header("Privacy", "id")))
                .hasStatus(403)
                .hasWarning("119 Anonymity not allowed");
    }

    @Clause({"8.2.1.2/7.a.ii", "8.2.1.2/7.a.ii.486", "8.2.1.2/7.a.ii.warn"})
    @Test
    void moreRecipientsThanTheMaximumAreTooMany() {
        network.policy(p -> p.maxRecipients(1));

        assertThat(refused(invite().recipients(BOB, CAROL)))
                .hasStatus(486)
                .hasWarning("102 Too many recipients");
    }

    @Clause("8.2.1.2/7.a.ii.else")
    @Test
    void asManyAsTheMaximumAreServed() throws Exception {
        network.policy(p -> p.maxRecipients(2));

        served(invite().recipients(BOB, CAROL, BOB)); // reading 14: counted once
    }

    @Clause({"8.2.1.2/7.a.iii", "8.2.1.2/7.a.iii.403", "8.2.1.2/7.a.iii.warn"})
    @Test
    void anEmptyListHasNoDestinations() {
        assertThat(refused(invite().recipients())).hasStatus(403).hasWarning("129 No destinations");
        assertThat(refused(invite())).hasStatus(403).hasWarning("129 No destinations");
        assertThat(refused(invite().recipients(TestMessage.EXPLODER))) // reading 48
                .hasStatus(403)
                .hasWarning("129 No destinations");
    }

    @Clause({"8.2.1.2/0", "8.2.1.2/7.e.iii.403"})
    @Test
    void whatIsNoLargeMessageIsNotOurs() {
        assertThat(refused(toBob().without("Accept-Contact"))).hasStatus(488);
        assertThat(refused(toBob().set("Accept-Contact", TestMessage.FEATURE_TAG))).hasStatus(488);
        assertThat(
                        refused(
                                toBob().header(
                                                "P-Asserted-Service",
                                                "urn:urn-7:3gpp-service.ims.icsi.mmtel")))
                .hasStatus(403);
    }

    @Clause("8.2.1.2/0")
    @Test
    void theServiceForGroupsIsALargeMessageToo() throws Exception { // reading 17
        served(
                toBob().set(
                                "Accept-Contact",
                                LargeInvite.FEATURE_TAG.replace("largemsg", "largemsg.group")));
    }

    @Test
    void whatIsAnnouncedAsTooLargeIsRefused() throws Exception { // P8, reading 3
        network.largest(5000);

        assertThat(refused(toBob().size(5001))).hasStatus(403).hasWarning("133 Size exceeded");
        served(toBob().size(5000));
    }

    @Test
    void anInviteWithoutAnOfferIsRefused() { // P12
        assertThat(refused(toBob().withoutOffer())).hasStatus(488);
        assertThat(refused(invite().to(BOB).withoutOffer())).hasStatus(488);
    }

    @Test
    void anInviteWithoutContactIsRefusedAndLeavesNothing() {
        assertThat(refused(toBob().without("Contact"))).hasStatus(400);
    }

    @Test
    void whoWantsToBeConnectedToIsConnectedTo() throws Exception {
        var call = network.call(toBob().media(m -> m.withSetup(Setup.PASSIVE)));
        assertThat(call.answered().setup()).isEqualTo(Setup.ACTIVE);
        call.media().expect(call.answered().path().stream().map(MsrpUri::parse).toList());
        call.media().awaitBound(Duration.ofSeconds(10));

        assertThat(call.send(LargeInvite.cpim(3000)).isComplete()).isTrue();

        call.hangUp();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RECVONLY", "INACTIVE"})
    void whoDoesNotWantToSendIsRefused(Direction direction) { // 8.2.1.2/200.5.c says recvonly
        assertThat(refused(toBob().media(m -> m.withDirection(direction)))).hasStatus(488);
    }

    @Test
    void anAddressThatSomebodyHasChangedIsRefusedBeforeAnybodyIsCalled() { // RFC 6714 4.3
        assertThat(
                        refused(
                                toBob().media(m -> m.withCema(false))
                                        .sdp(s ->
                                                s.replace(
                                                        "c=IN IP4 127.0.0.1",
                                                        "c=IN IP4 192.0.2.9"))))
                .hasStatus(488);
    }

    static Stream<UnaryOperator<String>> unacceptable() {
        return Stream.of(
                s -> s.replace("m=message", "m=audio"),
                s -> s.replaceAll("m=message \\d+", "m=message 0"),
                s -> s + s.substring(s.indexOf("m=")),
                s -> s.replaceAll("a=path:.*\r\n", ""),
                s -> s.replaceAll("(m=message \\d+ TCP/MSRP) \\*", "$1 4294967296"),
                s -> s.replace("a=path:msrp:", "a=path:http:"),
                s -> s.replace("a=path:msrp:", "a=path:msrps:"),
                s -> s.replace("TCP/MSRP", "TCP/TLS/MSRP").replace("a=path:msrp:", "a=path:msrps:"),
                s -> s.replace("a=accept-types:message/cpim", "a=accept-types:text/plain"),
                s -> s.replaceAll("a=accept-types:.*\r\n", ""),
                s -> s.replace("a=setup:actpass", "a=setup:holdconn"),
                s ->
                        s.replaceAll(
                                "a=path:(\\S+)",
                                "a=path:" + String.join(" ", Collections.nCopies(1000, "$1"))));
    }

    @ParameterizedTest
    @MethodSource("unacceptable")
    void anOfferThatNothingCanComeOfIsNotAcceptable(UnaryOperator<String> change) { // B14, B15
        assertThat(refused(toBob().sdp(change))).hasStatus(488);
    }

    static Stream<UnaryOperator<String>> unreadable() {
        return Stream.of(
                _ -> "hello",
                s -> s.replace("v=0", "v=zero"),
                s -> s + "a=x:y\r\n".repeat(10_000),
                s -> s.replaceAll("a=accept-types:.*", "a=accept-types:" + "a/b ".repeat(16_000)));
    }

    @ParameterizedTest
    @MethodSource("unreadable")
    void anOfferThatCannotBeReadIsABadRequest(UnaryOperator<String> change) { // B14
        assertThat(refused(toBob().sdp(change)).status()).isIn(400, 413, 488);
    }

    @Test
    void aFileSelectorWithMoreThanTheSizeIsServed() throws Exception {
        served(
                toBob().media(m ->
                        m.withFileSelector(
                                new FileSelector("name:\"a.jpg\" type:image/jpeg size:3000"))));
    }

    @Test
    void aSenderWithTooManyMessagesUnderWayIsToldToComeBack() throws Exception { // A3
        network.policy(p -> p.openMessages(1));
        var first = network.call(toBob());
        assertThat(first.answer()).hasStatus(200);

        var second = network.call(toBob()).answer();

        assertThat(second).hasStatus(480);
        assertThat(second.headers().has("Retry-After")).isTrue();
        first.hangUp();
        network.assertNothingLeft();
        served(toBob());
    }

    @Test
    void relayedPathsMayHaveSeveralUris() throws Exception {
        var relay = new HostPort("127.0.0.1", 9);
        served(
                toBob().media(m ->
                        new org.fanfare.sdp.MessageMedia(
                                m.secure(),
                                relay,
                                List.of("msrp://127.0.0.1:9/relay;tcp", m.path().getFirst()),
                                m.setup(),
                                m.acceptTypes(),
                                m.acceptWrappedTypes(),
                                m.fileSelector(),
                                m.cema(),
                                m.maxSize(),
                                m.direction())));
    }
}
