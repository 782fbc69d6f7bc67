package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.cpm.ReleaseVersion;
import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/// Steps 0 to 4, 7 and 8: what every message must pass before anybody gets it.
class Checks_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String MSG = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private void assertNobodyGotIt() {
        assertThat(network.core.received()).isEmpty();
    }

    // 0

    @Clause("8.2.1.1/0")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"",
                "*;+g.3gpp.icsi-ref=\"urn%3aurn-7%3a3gpp-service.ims.icsi.oma.cpm.msg.group\"",
                "*;g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\"",
                "*;+sip.instance=\"<urn:x>\", "
                        + "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg\""
            })
    void aMessageWithTheFeatureTagOfPagerModeIsServed(String acceptContact) { // readings 16, 17
        var answer = network.send(message().recipients(BOB).set("Accept-Contact", acceptContact));

        assertThat(answer).hasStatus(200);
    }

    @Clause("8.2.1.1/0")
    @Test
    void aMessageWithoutTheFeatureTagIsNotServed() {
        var toMany = network.send(message().recipients(BOB).without("Accept-Contact"));
        var toOne = network.send(message().to(BOB).without("Accept-Contact"));

        assertThat(toMany).hasStatus(488);
        assertThat(toOne).hasStatus(404);
        assertNobodyGotIt();
    }

    // 1

    @Clause({"8.2.1.1/1", "8.2.1.1/1.403", "8.2.1.1/1.warn"})
    @Test
    void anOriginatorWhoIsNotAllowedIsRefusedWith403() {
        network.policy(
                p -> p.originators(Originators.matching(List.of("sip:*@elsewhere.example"))));

        var answer = network.send(message().recipients(BOB));

        assertThat(answer).hasStatus(403).hasWarning("127 Service not authorised");
        assertNobodyGotIt();
    }

    @Clause({"8.2.1.1/1", "8.2.1.1/1.else"})
    @Test
    void anOriginatorWhoIsAllowedIsServed() {
        network.policy(p -> p.originators(Originators.matching(List.of("sip:*@home.example"))));

        assertThat(network.send(message().recipients(BOB))).hasStatus(200);
    }

    @Clause({"8.2.1.1/1.403", "8.2.1.1/1.warn"})
    @Test
    void aMessageWithoutAnAuthenticatedOriginatorIsRefusedWith403() { // reading 69
        var answer = network.send(message().recipients(BOB).without("P-Asserted-Identity"));

        assertThat(answer).hasStatus(403).hasWarning("127 Service not authorised");
        assertNobodyGotIt();
    }

    // 2

    @Clause({"8.2.1.1/2", "8.2.1.1/2.403", "8.2.1.1/2.warn"})
    @ParameterizedTest
    @ValueSource(strings = {"CPM-client/OMA1.0", "Phone/9.9", "CPM-client/OMA"})
    void aClientOfAnOlderReleaseThanRequiredIsRefusedWith403(String userAgent) { // reading 24
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));

        var answer = network.send(message().recipients(BOB).set("User-Agent", userAgent));

        assertThat(answer).hasStatus(403).hasWarning("132 Version not supported");
        assertNobodyGotIt();
    }

    @Clause({"8.2.1.1/2.403", "8.2.1.1/2.warn"})
    @Test
    void aClientThatDoesNotTellItsReleaseIsRefusedWhenOneIsRequired() {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));

        var answer = network.send(message().recipients(BOB).without("User-Agent"));

        assertThat(answer).hasStatus(403).hasWarning("132 Version not supported");
    }

    @Clause({"8.2.1.1/2", "8.2.1.1/2.else"})
    @ParameterizedTest
    @ValueSource(strings = {"CPM-client/OMA2.0", "x/1 y/2 CPM-client/OMA2.2 z/3"})
    void aClientOfASupportedReleaseIsServed(String userAgent) {
        network.policy(p -> p.minimumRelease(ReleaseVersion.parse("OMA2.0")));

        var answer = network.send(message().recipients(BOB).set("User-Agent", userAgent));

        assertThat(answer).hasStatus(200);
    }

    @Clause("8.2.1.1/2.off")
    @Test
    void withoutARequiredReleaseAnyClientIsServed() {
        assertThat(network.send(message().recipients(BOB).without("User-Agent"))).hasStatus(200);
    }

    // 3

    @Clause({"8.2.1.1/3", "8.2.1.1/3.warn"})
    @ParameterizedTest
    @CsvSource({"Privacy,id", "Privacy,user", "Privacy,header;critical", "Privacy,session;id"})
    void anonymityThatIsNotAllowedIsRefusedWith403(String name, String value) { // I8
        network.policy(p -> p.anonymity(false));

        var answer = network.send(message().recipients(BOB).header(name, value));

        assertThat(answer).hasStatus(403).hasWarning("119 Anonymity not allowed");
        assertNobodyGotIt();
    }

    @Clause({"8.2.1.1/3", "8.2.1.1/3.warn"})
    @Test
    void anAnonymousFromAsksForAnonymityToo() { // I8
        network.policy(p -> p.anonymity(false));

        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .set(
                                        "From",
                                        "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1"));

        assertThat(answer).hasStatus(403).hasWarning("119 Anonymity not allowed");
    }

    @Clause("8.2.1.1/3.else")
    @Test
    void anonymityThatIsAllowedIsServed() {
        assertThat(network.send(message().to(BOB).anonymous())).hasStatus(200);
    }

    @Clause("8.2.1.1/3.off")
    @ParameterizedTest
    @ValueSource(strings = {"none", "critical", "session"})
    void whoDoesNotAskForAnonymityIsServedWhateverThePolicy(String privacy) {
        network.policy(p -> p.anonymity(false));

        assertThat(network.send(message().recipients(BOB))).hasStatus(200);
        assertThat(network.send(message().recipients(BOB).header("Privacy", privacy)))
                .hasStatus(200);
    }

    // 4

    @Clause({"8.2.1.1/4", "8.2.1.1/4.expired"})
    @Test
    void anExpiredMessageIsRefusedWith480() { // W2, reading 51
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header("Date", "Mon, 02 Mar 2026 10:10:00 GMT")
                                .header("Expires", "60"));

        assertThat(answer).hasStatus(480).hasWarning("Message expired");
        assertNobodyGotIt();
    }

    @Clause("8.2.1.1/4.expired")
    @Test
    void anExpiredMessageIsDroppedInSilenceIfThePolicyWants() {
        network.policy(p -> p.expired(Policy.Expired.DROP));

        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header("Date", "Mon, 02 Mar 2026 10:10:00 GMT")
                                .header("Expires", "60"));

        assertThat(answer).hasStatus(202).hasNoWarning();
        assertNobodyGotIt();
    }

    @Clause({"8.2.1.1/4", "8.2.1.1/4.else"})
    @Test
    void aMessageThatIsStillValidIsServed() {
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header("Date", "Mon, 02 Mar 2026 10:14:40 GMT")
                                .header("Expires", "60"));

        assertThat(answer).hasStatus(200);
    }

    @Clause("8.2.1.1/4.else")
    @ParameterizedTest
    @CsvSource({"10:13:31,200", "10:13:30,200", "10:13:29,480"})
    void aSenderWhoseClockIsAMinuteOffIsServed(String time, int status) { // W2
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header("Date", "Mon, 02 Mar 2026 " + time + " GMT")
                                .header("Expires", "60"));

        assertThat(answer).hasStatus(status);
    }

    @Clause("8.2.1.1/4.off")
    @Test
    void aMessageWithoutExpiresNeverComesTooLate() {
        var answer =
                network.send(
                        message().recipients(BOB).header("Date", "Thu, 01 Jan 1970 00:00:00 GMT"));

        assertThat(answer).hasStatus(200);
    }

    @Clause("8.2.1.1/4")
    @ParameterizedTest
    @CsvSource({"0,480", "1,200", "4294967295,200", "4294967296,400", "-1,400", "soon,400"})
    void expiresIsANumberOfSecondsAndZeroIsOver(String expires, int status) { // W3
        var answer = network.send(message().recipients(BOB).header("Expires", expires));

        assertThat(answer).hasStatus(status);
    }

    @Clause("8.2.1.1/4.else")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "yesterday", // malformed: receipt counts
                "Mon, 02 Mar 2026 10:10:00 CET", // not GMT
                "Tue, 03 Mar 2026 10:15:30 GMT", // in the future
                "Fri, 07 Feb 2106 06:28:16 GMT"
            })
    void aDateThatCannotBeBelievedIsAsGoodAsNone(String date) { // W2
        var answer =
                network.send(
                        message().recipients(BOB).header("Date", date).header("Expires", "60"));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.copyFor(BOB).header("Date"))
                .contains("Mon, 02 Mar 2026 10:15:30 GMT");
    }

    @Clause({"8.2.1.1/1.else", "8.2.1.1/2.else", "8.2.1.1/3.off", "8.2.1.1/4.off"})
    @Test
    void whatPassesOneStepComesToTheNext() {
        network.policy(p ->
                p.originators(Originators.matching(List.of("sip:alice@*")))
                        .minimumRelease(ReleaseVersion.parse("OMA2.0"))
                        .anonymity(false));
        var message =
                message()
                        .recipients(BOB)
                        .set("P-Asserted-Identity", "<sip:mallory@home.example>")
                        .set("User-Agent", "CPM-client/OMA1.0")
                        .header("Privacy", "id")
                        .header("Date", "Mon, 02 Mar 2026 10:10:00 GMT")
                        .header("Expires", "60")
                        .header("P-Asserted-Service", "urn:urn-7:3gpp-service.ims.icsi.mmtel");

        assertThat(network.send(message)).hasStatus(403).hasWarning("127 Service not authorised");
        message.set("P-Asserted-Identity", "<" + TestMessage.ALICE + ">");
        assertThat(network.send(message)).hasStatus(403).hasWarning("132 Version not supported");
        message.set("User-Agent", "CPM-client/OMA2.0");
        assertThat(network.send(message)).hasStatus(403).hasWarning("119 Anonymity not allowed");
        message.without("Privacy");
        assertThat(network.send(message)).hasStatus(480).hasWarning("Message expired");
        message.without("Expires");
        assertThat(network.send(message)).hasStatus(403).hasWarning("127 Service not authorised");
        assertNobodyGotIt();

        assertThat(network.send(message.without("P-Asserted-Service"))).hasStatus(200);
    }

    // 7

    @Clause({
        "8.2.1.1/7.i",
        "8.2.1.1/7.i.1",
        "8.2.1.1/7.i.1.msg",
        "8.2.1.1/7.i.1.msg.group",
        "8.2.1.1/7.i.1.largemsg",
        "8.2.1.1/7.i.1.largemsg.group",
        "8.2.1.1/7.i.1.session",
        "8.2.1.1/7.i.1.session.group",
        "8.2.1.1/7.i.1.filetransfer",
        "8.2.1.1/7.i.1.filetransfer.group"
    })
    @ParameterizedTest
    @ValueSource(
            strings = {
                "msg",
                "msg.group",
                "largemsg",
                "largemsg.group",
                "session",
                "session.group",
                "filetransfer",
                "filetransfer.group"
            })
    void aPreferredServiceOfCpmIsAssertedInItsPlace(String labels) {
        var service = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm." + labels;
        network.send(message().recipients(BOB).header("P-Preferred-Service", service));
        network.send(message().to("sip:carol@x.example").header("P-Preferred-Service", service));

        var copy = network.core.copyFor(BOB);
        assertThat(copy.headers().all("P-Asserted-Service")).containsExactly(service);
        assertThat(copy.headers().has("P-Preferred-Service")).isFalse();
        var forwarded = network.core.copyFor("sip:carol@x.example");
        assertThat(forwarded.headers().all("P-Asserted-Service")).containsExactly(service);
        assertThat(forwarded.headers().has("P-Preferred-Service")).isFalse();
    }

    @Clause("8.2.1.1/7.i.2")
    @Test
    void anAssertedServiceThatIsNotOfCpmIsRefusedWith403() { // I7, reading 49
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header(
                                        "P-Asserted-Service",
                                        "urn:urn-7:3gpp-service.ims.icsi.mmtel"));

        assertThat(answer).hasStatus(403).hasWarning("127 Service not authorised");
        assertNobodyGotIt();
    }

    @Clause("8.2.1.1/7.i.2")
    @Test
    void anAssertedServiceThatIsNotOfCpmIsKeptIfThePolicyWants() {
        network.policy(p -> p.foreignService(Policy.ForeignService.ACCEPT));
        var mmtel = "urn:urn-7:3gpp-service.ims.icsi.mmtel";

        var answer = network.send(message().recipients(BOB).header("P-Asserted-Service", mmtel));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.copyFor(BOB).headers().all("P-Asserted-Service"))
                .containsExactly(mmtel);
    }

    @Clause({"8.2.1.1/7.i", "8.2.1.1/7.i.2.else"})
    @Test
    void anAssertedServiceOfCpmIsKept() {
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header("P-Asserted-Service", MSG + ".group")
                                .header("P-Preferred-Service", MSG));

        assertThat(answer).hasStatus(200);
        var copy = network.core.copyFor(BOB);
        assertThat(copy.headers().all("P-Asserted-Service")).containsExactly(MSG + ".group");
        assertThat(copy.headers().has("P-Preferred-Service")).isFalse();
    }

    @Test
    void aServiceThatNobodyNamedIsDerivedFromTheRecipients() { // reading 49
        network.send(message().recipients(BOB));
        network.send(message().to("sip:carol@home.example"));

        assertThat(network.core.copyFor(BOB).header("P-Asserted-Service")).contains(MSG + ".group");
        assertThat(network.core.copyFor("sip:carol@home.example").header("P-Asserted-Service"))
                .contains(MSG);
    }

    // 8

    @Clause({"8.2.1.1/8", "8.2.1.1/8.A", "limit/1300.pf"})
    @Test
    void aMessageOf1300OctetsGoesByPagerMode() {
        var message = message().recipients(BOB);
        message.text("x".repeat(14 + 1300 - message.cpim().length()));
        assertThat(message.cpim()).hasSize(1300);

        assertThat(network.send(message)).hasStatus(200);
        assertThat(network.core.copyFor(BOB).body().length()).isEqualTo(1300);
    }

    @Clause({"8.2.1.1/8", "limit/1300.pf"})
    @Test
    void aMessageOf1301OctetsDoesNotGoByPagerMode() {
        var message = message().recipients(BOB);
        message.text("x".repeat(14 + 1301 - message.cpim().length()));

        assertThat(network.send(message)).hasStatus(403).hasWarning("133 Size exceeded");
        assertNobodyGotIt();
    }

    @Clause("8.2.1.1/8")
    @Test
    void whatStandsBesideTheMessageDoesNotCountForTheSize() { // reading 5
        var message = message().recipients(BOB).part("text/x", "x".repeat(2000));

        assertThat(network.send(message)).hasStatus(200);
        assertThat(network.core.copyFor(BOB).body().utf8()).contains("x".repeat(2000));
    }

    @Clause("8.2.1.1/8")
    @Test
    void theListDoesNotCountForTheSize() { // reading 5
        var recipients = new String[60];
        for (int i = 0; i < recipients.length; i++) {
            recipients[i] = "sip:somebody-with-a-long-name-" + i + "@home.example";
        }

        assertThat(network.send(message().recipients(recipients))).hasStatus(200);
    }

    // CPIM From

    @Test
    void aCpimFromOfSomebodyElseIsRefusedWith403() { // B6
        var answer = network.send(message().recipients(BOB).cpimFrom("<sip:mallory@home.example>"));
        var toOne = network.send(message().to(BOB).cpimFrom("Alice <sip:alice@evil.example>"));

        assertThat(answer).hasStatus(403).hasWarning("127 Service not authorised");
        assertThat(toOne).hasStatus(403).hasWarning("127 Service not authorised");
        assertNobodyGotIt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<sip:alice@HOME.example>",
                "\"A. Liddell\" <sip:%61lice@home.example>",
                "<tel:+1-555-0100>",
                "<sip:anonymous@anonymous.invalid>"
            })
    void aCpimFromThatIsTheOriginatorOrNobodyIsServed(String from) { // B6
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .header("P-Asserted-Identity", "<tel:+15550100>")
                                .cpimFrom(from));

        assertThat(answer).hasStatus(200);
    }

    @Test
    void aNetworkThatRewritesIdentitiesCanSwitchTheCheckOff() { // B6
        network.policy(p -> p.checkCpimFrom(false));

        assertThat(network.send(message().recipients(BOB).cpimFrom("<sip:a@b.example>")))
                .hasStatus(200);
    }

    @Test
    void aSecondMessageInsideMustBeTheOriginatorsToo() { // B6
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .part(
                                        "message/cpim",
                                        """
                                        From: <sip:mallory@home.example>
                                        To: <sip:bob@home.example>

                                        Content-Type: text/plain

                                        hello\
                                        """
                                                .replace("\n", "\r\n")));

        assertThat(answer).hasStatus(403);
        assertNobodyGotIt();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imdn.Message-ID: a\\nb\r\n",
                "imdn.Message-ID: \r\n",
                "imdn.Message-ID: a\r\nimdn.Message-ID: b\r\n"
            })
    void aMessageIdThatCannotBeOneIsRefusedWith400(String header) { // B7
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .cpimHeaders("NS: imdn <urn:ietf:params:imdn>\r\n" + header));

        assertThat(answer).hasStatus(400);
        assertNobodyGotIt();
    }

    @Test
    void whoAsksForNotificationsWithoutAnIdIsServedWithoutThem() { // B7
        network.core.answers(BOB, 200);
        network.core.answers("sip:carol@home.example", 404);

        var answer =
                network.send(
                        message()
                                .recipients(BOB, "sip:carol@home.example")
                                .cpimHeaders(
                                        "NS: imdn <urn:ietf:params:imdn>\r\n"
                                                + "imdn.Disposition-Notification:"
                                                + " negative-delivery\r\n"));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.uris()).containsExactly(BOB, "sip:carol@home.example");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "multipart/mixed|--b1--", // no boundary parameter
                "multipart/mixed;boundary=b1|nothing",
                "multipart/mixed;boundary=b2|--b1\\r\\n\\r\\nx\\r\\n--b1--",
                "message/cpim|From: <sip:alice@home.example>",
                "message/cpim|To: <sip:bob@home.example>\\r\\n\\r\\nContent-Type: a/b\\r\\n\\r\\n",
                "message/cpim|From <sip:a@x>\\r\\n\\r\\nContent-Type: a/b\\r\\n\\r\\n"
            })
    void aBodyThatCannotBeReadIsRefusedWith400(String type, String body) { // B1, B4
        var octets = org.fanfare.wire.Octets.utf8(body.translateEscapes());
        var toMany = message().build().toBuilder().body(type, octets).build();
        var toOne = message().to(BOB).build().toBuilder().body(type, octets).build();

        assertThat(network.send(toMany, FakeNetwork.TRUSTED)).hasStatus(400);
        assertThat(network.send(toOne, FakeNetwork.TRUSTED)).hasStatus(400);
        assertNobodyGotIt();
    }

    @Test
    void aMessageInsideAMessageIsContentLikeAny() { // B5
        var inner =
                "From: <sip:mallory@x.example>\r\nTo: <sip:x@y>\r\n\r\nContent-Type: a/b\r\n\r\n";
        var message = message().recipients(BOB).contentType("message/cpim").text(inner);

        assertThat(network.send(message)).hasStatus(200);
        assertThat(network.core.copyFor(BOB).body().utf8()).isEqualTo(message.cpim());
    }
}
