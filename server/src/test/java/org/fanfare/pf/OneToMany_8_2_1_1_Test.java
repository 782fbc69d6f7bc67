package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.EXPLODER;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.sip.SipRequest;
import org.fanfare.testing.Clause;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Step 8.A.ii: a message to the EXPLODER-URI.
class OneToMany_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@other.example";
    private static final String DAVE = "tel:+4915100000003";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private void assertNobodyGotIt() {
        assertThat(network.core.received()).isEmpty();
    }

    @Clause({
        "8.2.1.1/8.A.ii",
        "8.2.1.1/8.A.ii.4",
        "8.2.1.1/8.A.ii.6",
        "8.2.1.1/8.A.ii.8",
        "8.2.1.1/8.A.ii.8.each",
        "8.2.1.1/8.A.ii.13",
        "def/EXPLODER-URI.pf"
    })
    @Test
    void everyRecipientOnTheListGetsACopyAndTheSenderGets200() {
        var answer = network.send(message().recipients(BOB, CAROL, DAVE));

        assertThat(answer).hasStatus(200).hasNoWarning();
        assertThat(network.core.uris()).containsExactly(BOB, CAROL, DAVE);
        assertThat(network.core.received()).allMatch(r -> r.hop().equals(ScriptedCore.HOP));
    }

    @Clause({"8.2.1.1/8.A.ii", "def/EXPLODER-URI.pf"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sip:exploder@HOME.example",
                "sip:%65xploder@home.example",
                "sip:exploder@home.example;transport=tcp",
                "sip:alias@home.example"
            })
    void theExploderUriIsComparedAsAUriAndMayHaveAliases(String uri) { // readings 82, 83
        assertThat(network.send(message().to(uri).recipients(BOB))).hasStatus(200);
        assertThat(network.core.uris()).containsExactly(BOB);
    }

    @Test
    void aListOfOneIsExplodedToOne() { // reading 19
        assertThat(network.send(message().recipients(BOB))).hasStatus(200);
        assertThat(network.core.copyFor(BOB).headerValues("Content-Type"))
                .containsExactly("message/cpim");
    }

    // 1

    @Clause({"8.2.1.1/8.A.ii.1", "8.2.1.1/8.A.ii.1.403", "8.2.1.1/8.A.ii.1.warn"})
    @Test
    void anonymityTowardsManyThatIsNotAllowedForThisOriginatorIsRefusedWith403() { // reading 13
        network.policy(p -> p.anonymityToMany(Originators.matching(List.of("sip:boss@*"))));

        var answer = network.send(message().recipients(BOB, CAROL).anonymous());

        assertThat(answer).hasStatus(403).hasWarning("119 Anonymity not allowed");
        assertNobodyGotIt();
    }

    @Clause("8.2.1.1/8.A.ii.1.else")
    @Test
    void anonymityTowardsManyThatIsAllowedForThisOriginatorIsServed() {
        network.policy(p -> p.anonymityToMany(Originators.matching(List.of("sip:alice@*"))));

        assertThat(network.send(message().recipients(BOB, CAROL).anonymous())).hasStatus(200);
    }

    @Clause("8.2.1.1/8.A.ii.1.off")
    @Test
    void whoDoesNotAskForAnonymityMaySendToMany() {
        network.policy(p -> p.anonymityToMany(Originators.NOBODY));

        assertThat(network.send(message().recipients(BOB, CAROL))).hasStatus(200);
    }

    @Clause("8.2.1.1/8.A.ii.1")
    @Test
    void thePolicyOnManyIsNotAskedForAMessageToOne() {
        network.policy(p -> p.anonymityToMany(Originators.NOBODY));

        assertThat(network.send(message().to(BOB).anonymous())).hasStatus(200);
    }

    // 2

    @Clause({"8.2.1.1/8.A.ii.2", "8.2.1.1/8.A.ii.2.486", "8.2.1.1/8.A.ii.2.warn"})
    @Test
    void moreRecipientsThanThePolicyAllowsIsRefusedWith486() { // L6, reading 47
        network.policy(p -> p.maxRecipients(2));

        var answer = network.send(message().recipients(BOB, CAROL, DAVE));

        assertThat(answer).hasStatus(486).hasWarning("102 Too many recipients");
        assertNobodyGotIt();
    }

    @Clause({"8.2.1.1/8.A.ii.2", "8.2.1.1/8.A.ii.2.else"})
    @ParameterizedTest
    @CsvSource({"99,200", "100,200", "101,486"})
    void theLimitItselfIsAllowed(int recipients, int status) { // L6
        var uris =
                IntStream.range(0, recipients).mapToObj(i -> "sip:u" + i + "@x.example").toList();

        assertThat(network.send(message().recipients(uris))).hasStatus(status);
        assertThat(network.core.received()).hasSize(status == 200 ? recipients : 0);
    }

    @Clause("8.2.1.1/8.A.ii.2")
    @Test
    void duplicatesCountOnceHoweverTheyAreWritten() { // L6, reading 14
        network.policy(p -> p.maxRecipients(2));

        var answer =
                network.send(
                        message()
                                .recipients(
                                        BOB,
                                        "sip:%62ob@HOME.example",
                                        "sip:bob@home.example;method=INVITE",
                                        "tel:+1-555-0100",
                                        "tel:+15550100",
                                        "sip:+15550100@d.example;user=phone"));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.uris()).containsExactly(BOB, "tel:+1-555-0100");
    }

    @Clause({"8.2.1.1/8.A.ii.2.486", "8.2.1.1/8.A.ii.2.warn"})
    @Test
    void aFloodOfDuplicatesIsTooMany() { // L6
        var uris = Collections.nCopies(1001, BOB);

        assertThat(network.send(message().recipients(uris)))
                .hasStatus(486)
                .hasWarning("102 Too many recipients");
        assertNobodyGotIt();
    }

    // 3

    @Clause({"8.2.1.1/8.A.ii.3", "8.2.1.1/8.A.ii.3.403", "8.2.1.1/8.A.ii.3.warn"})
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<list/>",
                "<list><external anchor=\"http://evil.example/\"/></list>",
                "<list><entry-ref ref=\"resource-lists/users/x/y\"/></list>",
                "<list><entry uri=\"sip:exploder@home.example\"/></list>",
                "<list><entry uri=\"sip:bob@x.example;lr\"/><entry uri=\"nonsense\"/></list>"
            })
    void aListWithoutDestinationsIsRefusedWith403(String lists) { // L5, L7, L10, readings 48, 71
        var xml =
                "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">"
                        + lists
                        + "</resource-lists>";

        assertThat(network.send(message().list(xml)))
                .hasStatus(403)
                .hasWarning("129 No destinations");
        assertNobodyGotIt();
    }

    @Clause({"8.2.1.1/8.A.ii.3.403", "8.2.1.1/8.A.ii.3.warn"})
    @Test
    void aMessageWithoutAListIsRefusedWith403() { // M4, L5
        assertThat(network.send(message())).hasStatus(403).hasWarning("129 No destinations");
        assertThat(network.send(message().withoutCpim()))
                .hasStatus(403)
                .hasWarning("129 No destinations");
        assertNobodyGotIt();
    }

    @Test
    void theChecksOfTheListComeInTheirOrder() { // reading 14
        network.policy(p -> p.anonymityToMany(Originators.NOBODY).maxRecipients(0));

        var broken = network.send(message().list("<resource-lists>").anonymous());
        var anonymous = network.send(message().recipients(BOB).anonymous());
        var tooMany = network.send(message().recipients(BOB));

        assertThat(broken).hasStatus(400);
        assertThat(anonymous).hasStatus(403).hasWarning("119 Anonymity not allowed");
        assertThat(tooMany).hasStatus(486);
    }

    // 5

    @Clause("8.2.1.1/8.A.ii.5")
    @Test
    void theMembersAreThoseOfAllListsInTheBody() { // L11
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .part(
                                        "application/resource-lists+xml",
                                        TestMessage.listOf(List.of(CAROL)))
                                .part(
                                        "multipart/mixed;boundary=in",
                                        "--in\r\n"
                                            + "Content-Type: application/resource-lists+xml\r\n\r\n"
                                                + TestMessage.listOf(List.of(DAVE, BOB))
                                                + "\r\n--in--"));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.uris()).containsExactly(BOB, CAROL, DAVE);
        assertThat(network.core.received())
                .noneMatch(r -> r.request().encoded().utf8().contains("resource-lists"));
    }

    @Clause("8.2.1.1/8.A.ii.5")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<resource-lists",
                "<rls xmlns=\"urn:ietf:params:xml:ns:resource-lists\"/>",
                "<resource-lists/>",
                "<!DOCTYPE x [<!ENTITY a \"b\">]><resource-lists"
                        + " xmlns=\"urn:ietf:params:xml:ns:resource-lists\"/>"
            })
    void aListThatIsNoneIsRefusedWith400(String xml) { // L1, L3, reading 14
        assertThat(network.send(message().list(xml))).hasStatus(400);
        assertNobodyGotIt();
    }

    @Clause("8.2.1.1/8.A.ii.5")
    @Test
    void aListOfAnotherTypeIsRefusedWith415() { // reading 14
        var answer = network.send(message().part("text/plain", "recipient-list", "bob"));

        assertThat(answer)
                .hasStatus(415)
                .hasHeader(
                        "Accept", "multipart/mixed, application/resource-lists+xml, message/cpim");
        assertNobodyGotIt();
    }

    @Test
    void aListWithoutAMessageIsRefusedWith415() {
        assertThat(network.send(message().recipients(BOB).withoutCpim())).hasStatus(415);
        assertNobodyGotIt();
    }

    @Test
    void anInvalidEntryFailsAndTheOthersGetTheMessage() { // L7
        var answer =
                network.send(message().recipients(BOB, "sip:x@y.example;maddr=1.2.3.4", CAROL));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.uris()).containsExactly(BOB, CAROL);
    }

    @Test
    void nothingOfAnEntryGetsIntoTheCopyButItsAddress() { // L9
        network.send(
                message()
                        .recipients(
                                "sip:bob@x.example?Route=%3Csip:evil.example%3E&body=owned",
                                "sip:carol@x.example;method=INVITE", "sips:dave:secret@x.example"));

        assertThat(network.core.uris())
                .containsExactly("sip:bob@x.example", "sip:carol@x.example", "sips:dave@x.example");
        assertThat(network.core.received())
                .allSatisfy(r -> {
                    assertThat(r.request().method().name()).isEqualTo("MESSAGE");
                    assertThat(r.request().encoded().utf8())
                            .doesNotContain("evil", "owned", "secret", "INVITE");
                    assertThat(r.hop()).isEqualTo(ScriptedCore.HOP); // L13
                });
    }

    @Test
    void theSenderAndAnotherExploderAreOrdinaryRecipients() { // L10, reading 72
        network.send(message().recipients(TestMessage.ALICE, EXPLODER, "sip:exploder@x.example"));

        assertThat(network.core.uris())
                .containsExactly(TestMessage.ALICE, "sip:exploder@x.example");
    }

    @Test
    void hostsOfRecipientsAreNotLookedAt() { // L13
        var uris = new ArrayList<String>();
        for (int i = 0; i < 100; i++) {
            uris.add("sip:somebody@host" + i + ".invalid");
        }

        assertThat(network.send(message().recipients(uris))).hasStatus(200);
        assertThat(network.core.received()).allMatch(r -> r.hop().equals(ScriptedCore.HOP));
    }

    // 6 to 13: the copy

    @Clause({
        "8.2.1.1/8.A.ii.6",
        "8.2.1.1/8.A.ii.8",
        "8.2.1.1/8.A.ii.10",
        "8.2.1.1/8.A.ii.12",
        "8.2.1.1/8.A.ii.13"
    })
    @Test
    void aCopyIsARequestOfOurOwn() { // readings 41, 42
        network.send(
                message()
                        .recipients(BOB)
                        .header("P-Asserted-Identity", "<tel:+15550100>")
                        .header("Route", "<sip:pf.home.example:5062;lr>")
                        .header("Contact", "<sip:alice@198.51.100.7>;+sip.instance=\"<urn:x>\"")
                        .header("Record-Route", "<sip:proxy.example;lr>")
                        .header("Authorization", "Digest username=\"alice\"")
                        .header("P-Access-Network-Info", "3GPP-UTRAN-TDD")
                        .header("Supported", "100rel"));

        var copy = network.core.copyFor(BOB);
        assertThat(copy.requestUri()).hasToString(BOB);
        assertThat(copy.header("To")).contains("<" + BOB + ">");
        assertThat(copy.from().uri()).hasToString(TestMessage.ALICE);
        assertThat(copy.from().displayName()).isEqualTo("Alice");
        assertThat(copy.from().tag()).isPresent().get().isNotEqualTo("77f1");
        assertThat(copy.vias()).hasSize(1);
        assertThat(copy.topVia().toString()).contains("pf.home.example:5062;rport");
        assertThat(copy.callId()).doesNotContain("198.51.100.7").doesNotContain("alice");
        assertThat(copy.header("Max-Forwards")).contains("70");
        assertThat(copy.header("Max-Breadth")).contains("10"); // RFC 5393
        assertThat(copy.header("User-Agent")).contains("CPM-serv/OMA2.2");
        assertThat(copy.headers().all("P-Asserted-Identity"))
                .containsExactly("\"Alice\" <" + TestMessage.ALICE + ">", "<tel:+15550100>");
        assertThat(copy.headers())
                .extracting(field -> field.name())
                .doesNotContain(
                        "Route",
                        "Contact",
                        "Record-Route",
                        "Authorization",
                        "P-Access-Network-Info",
                        "Require",
                        "Supported",
                        "P-Preferred-Service");
    }

    @Clause({
        "8.2.1.1/8.A.ii.7",
        "8.2.1.1/8.A.ii.7.Conversation-ID",
        "8.2.1.1/8.A.ii.7.Contribution-ID",
        "8.2.1.1/8.A.ii.7.Reply-To",
        "8.2.1.1/8.A.ii.7.Expires",
        "8.2.1.1/8.A.ii.7.InReplyTo-Contribution-ID",
        "8.2.1.1/8.A.ii.7.Subject"
    })
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Accept-Contact|" + TestMessage.FEATURE_TAG,
                "Accept-Contact|" + TestMessage.FEATURE_TAG + ";audio;explicit;require",
                "Conversation-ID|0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11",
                "Contribution-ID|9a1f0a52-7b0d-4a47-8f0c-000000000001",
                "Reply-To|<sip:office@home.example>",
                "Expires|86400",
                "InReplyTo-Contribution-ID|abc",
                "Subject|Lunch"
            })
    void aCopyHasWhatTheSenderSaid(String name, String value) {
        network.send(message().recipients(BOB, CAROL).set(name, value));

        assertThat(network.core.copyFor(BOB).headers().all(name)).containsExactly(value);
        assertThat(network.core.copyFor(CAROL).headers().all(name)).containsExactly(value);
    }

    @Clause("8.2.1.1/8.A.ii.7.Subject")
    @Test
    void whatCameInBothItsFormsIsSaidOnce() { // M15
        network.send(message().recipients(BOB).header("Subject", "Lunch").header("s", "Lunch"));

        assertThat(network.core.copyFor(BOB).headers().all("Subject")).containsExactly("Lunch");
    }

    @Clause({"8.2.1.1/8.A.ii.7", "8.2.1.1/8.A.ii.11"})
    @Test
    void aCopyHasNothingThatTheSenderDidNotSay() {
        network.send(message().recipients(BOB));

        assertThat(network.core.copyFor(BOB).headers())
                .extracting(field -> field.name())
                .doesNotContain(
                        "Reply-To",
                        "Expires",
                        "Date",
                        "InReplyTo-Contribution-ID",
                        "Subject",
                        "Privacy");
    }

    @Clause("8.2.1.1/8.A.ii.7")
    @Test
    void anAcceptContactForOneDeviceIsNotCopied() { // references c.3
        network.send(
                message()
                        .recipients(BOB)
                        .header("Accept-Contact", "*;+sip.instance=\"<urn:x>\";explicit;require"));

        assertThat(network.core.copyFor(BOB).headers().all("Accept-Contact"))
                .containsExactly(TestMessage.FEATURE_TAG);
    }

    @Clause("8.2.1.1/8.A.ii.7.Expires")
    @Test
    void allCopiesExpireAtTheSameTime() { // references p
        network.send(
                message()
                        .recipients(BOB)
                        .header("Expires", "600")
                        .header("Date", "Mon, 02 Mar 2026 10:15:00 GMT"));
        network.send(message().recipients(CAROL).header("Expires", "600"));

        assertThat(network.core.copyFor(BOB).header("Date"))
                .contains("Mon, 02 Mar 2026 10:15:00 GMT");
        assertThat(network.core.copyFor(CAROL).header("Date"))
                .contains("Mon, 02 Mar 2026 10:15:30 GMT");
    }

    @Clause("8.2.1.1/8.A.ii.8.noncpm")
    @Test
    void aNonCpmAddressIsTheRequestUriOfItsCopy() {
        network.send(message().recipients("tel:+1-555-0100", "sip:+4930123@gw.example;user=phone"));

        assertThat(network.core.uris())
                .containsExactly("tel:+1-555-0100", "sip:+4930123@gw.example;user=phone");
    }

    @Clause("8.2.1.1/8.A.ii.9")
    @Test
    void aCopyHasNeitherListNorHistory() { // readings 7, 22, L12
        network.send(
                message()
                        .recipients(BOB, CAROL)
                        .part(
                                "application/resource-lists+xml",
                                "recipient-list-history",
                                TestMessage.listOf(List.of("sip:erin@home.example"))));

        var copy = network.core.copyFor(BOB);
        assertThat(copy.header("Content-Type")).contains("message/cpim");
        assertThat(copy.encoded().utf8()).doesNotContain("resource-lists", "carol", "erin");
        assertThat(network.core.uris()).containsExactly(BOB, CAROL);
    }

    @Test
    void theMessageIsCopiedOctetForOctet() { // reading 7, B16
        var message = message().recipients(BOB, CAROL).text("\u00fc\u0000\u0001\r\n--b2\r\n");

        network.send(message);

        assertThat(network.core.copyFor(BOB).body().utf8()).isEqualTo(message.cpim());
        assertThat(network.core.copyFor(CAROL).body().utf8()).isEqualTo(message.cpim());
    }

    @Test
    void otherPartsOfTheBodyAreCopiedAlong() { // reading 7
        var message = message().recipients(BOB).part("image/x", "\u0001\u0002");

        network.send(message);

        var copy = network.core.copyFor(BOB);
        assertThat(copy.header("Content-Type")).contains("multipart/mixed;boundary=b1");
        assertThat(copy.header("MIME-Version")).contains("1.0");
        assertThat(copy.body().utf8())
                .startsWith("--b1\r\nContent-Type: image/x\r\n\r\n\u0001\u0002\r\n--b1\r\n")
                .contains(message.cpim())
                .endsWith("--b1--\r\n");
    }

    @Test
    void aSealedMessageIsCopiedOctetForOctet() { // B16
        network.send(
                message()
                        .recipients(BOB)
                        .withoutCpim()
                        .part("application/pkcs7-mime", "\u0001sealed"));

        var copy = network.core.copyFor(BOB);
        assertThat(copy.header("Content-Type")).contains("application/pkcs7-mime");
        assertThat(copy.body().utf8()).isEqualTo("\u0001sealed");
    }

    @Test
    void cpimToIsTheRecipientIfThePolicyWants() { // reading 8
        network.policy(p -> p.rewriteCpimTo(true));
        var message = message().recipients(BOB, CAROL).asking("display");

        network.send(message);

        assertThat(network.core.copyFor(CAROL).body().utf8())
                .isEqualTo(
                        message.cpim()
                                .replace("To: <" + EXPLODER + ">", "To: <" + CAROL + ">")
                                .replace(
                                        "display\r\n",
                                        "display\r\nimdn.Original-To: <" + EXPLODER + ">\r\n"));
        assertThat(network.core.copyFor(BOB).body().utf8()).contains("To: <" + BOB + ">\r\n");
    }

    @Test
    void copiesAreMessagesToOneRecipientIfThePolicyWants() { // reading 18
        network.policy(p -> p.copiesAsSingle(true));

        network.send(
                message()
                        .recipients(BOB)
                        .header(
                                "P-Preferred-Service",
                                "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group"));

        assertThat(network.core.copyFor(BOB).header("P-Asserted-Service"))
                .contains("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg");
    }

    @Clause({"8.2.1.1/8.A.ii.11", "8.2.1.1/8.A.ii.12"})
    @Test
    void anAnonymousSenderIsKnownInsideTheTrustDomainOnly() { // I9, reading 42
        network.send(
                message()
                        .recipients(BOB)
                        .header("Privacy", "id;critical")
                        .set("From", "\"Anonymous\" <sip:anonymous@anonymous.invalid>;tag=1")
                        .cpimFrom("<sip:anonymous@anonymous.invalid>"));

        var copy = network.core.copyFor(BOB);
        assertThat(copy.headers().all("Privacy")).containsExactly("id;critical");
        assertThat(copy.header("P-Asserted-Identity"))
                .contains("\"Alice\" <" + TestMessage.ALICE + ">");
        var rest = copy.encoded().utf8().replaceAll("P-Asserted-Identity.*\r\n", "");
        assertThat(rest.toLowerCase(java.util.Locale.ROOT)).doesNotContain("alice");
    }

    @Test
    void noCopyNamesAnotherRecipient() { // I10
        network.send(message().recipients(BOB, CAROL, DAVE));

        for (var received : network.core.received()) {
            var others = new ArrayList<>(List.of(BOB, CAROL, DAVE));
            others.remove(received.uri());
            assertThat(received.request().encoded().utf8()).doesNotContain(others);
        }
    }

    @Test
    void theIdsOfTheCopiesDiffer() {
        network.send(message().recipients(BOB, CAROL, DAVE));

        var copies = network.core.received().stream().map(ScriptedCore.Received::request).toList();
        assertThat(copies).extracting(SipRequest::callId).doesNotHaveDuplicates();
        assertThat(copies).extracting(r -> r.topBranch().ascii()).doesNotHaveDuplicates();
        assertThat(copies).extracting(r -> r.from().tag()).doesNotHaveDuplicates();
    }

    @Test
    void aMessageWithoutContributionIdGetsOne() {
        network.send(message().recipients(BOB, CAROL).without("Contribution-ID"));

        var id = network.core.copyFor(BOB).header("Contribution-ID");
        assertThat(id).isPresent();
        assertThat(network.core.copyFor(CAROL).header("Contribution-ID")).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({"base64,200", "rot13,415"})
    void aListMayBeEncodedInAWayThatWeKnow(String encoding, int status) { // L8
        var list =
                Base64.getMimeEncoder()
                        .encodeToString(
                                TestMessage.listOf(List.of(BOB)).getBytes(StandardCharsets.UTF_8));
        var type = "application/resource-lists+xml\r\nContent-Transfer-Encoding: " + encoding;

        assertThat(network.send(message().part(type, "recipient-list", list))).hasStatus(status);
        assertThat(network.core.uris()).hasSize(status == 200 ? 1 : 0);
    }

    @Test
    void aCopyThatComesBackIsNotExplodedAgain() { // A5, reading 71
        network.send(message().recipients(BOB));
        var copy = network.core.copyFor(BOB).toBuilder();

        var answer =
                network.send(
                        copy.requestUri(Uri.parse(EXPLODER))
                                .set("To", "<" + EXPLODER + ">")
                                .build(),
                        FakeNetwork.TRUSTED);

        assertThat(answer).hasStatus(403).hasWarning("129 No destinations");
        assertThat(network.core.received()).hasSize(1);
    }
}
