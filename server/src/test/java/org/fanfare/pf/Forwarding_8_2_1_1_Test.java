package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;

/// Steps 8.A.i, 8.A.iii and 8.A.v: a message that is not for the EXPLODER-URI.
class Forwarding_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    @Clause({"8.2.1.1/8.A.iii", "8.2.1.1/9.ii"})
    @ParameterizedTest
    @ValueSource(
            strings = {BOB, "sips:bob@home.example", "tel:+15550100", "sip:group1@home.example"})
    void aMessageToOneRecipientOrAGroupGoesToTheCore(String uri) { // readings 45, 82
        var answer = network.send(message().to(uri));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.uris()).containsExactly(uri);
    }

    @Clause("8.2.1.1/8.A.iii")
    @Test
    void aForwardedMessageKeepsWhatItHas() {
        var message =
                message()
                        .to(BOB)
                        .header("Subject", "Lunch")
                        .header("X-Unknown", "kept; as=it, is")
                        .header("Privacy", "none")
                        .header("Contact", "<sip:alice@198.51.100.7>")
                        .header("Proxy-Authorization", "Digest username=\"alice\"")
                        .header("P-Preferred-Identity", "<sip:alice@home.example>");

        network.send(message);

        var copy = network.core.copyFor(BOB);
        assertThat(copy.header("X-Unknown")).contains("kept; as=it, is");
        assertThat(copy.header("Subject")).contains("Lunch");
        assertThat(copy.header("Privacy")).contains("none");
        assertThat(copy.header("User-Agent")).contains("CPM-client/OMA2.2");
        assertThat(copy.header("Max-Forwards")).contains("68");
        assertThat(copy.vias()).hasSize(1);
        assertThat(copy.from().tag()).isPresent().get().isNotEqualTo("77f1");
        assertThat(copy.body().utf8()).isEqualTo(message.cpim());
        assertThat(copy.header("Content-Type")).contains("message/cpim");
        assertThat(copy.header("P-Asserted-Identity"))
                .contains("\"Alice\" <" + TestMessage.ALICE + ">");
        assertThat(copy.headers())
                .extracting(field -> field.name())
                .doesNotContain("Contact", "Proxy-Authorization", "P-Preferred-Identity");
    }

    @Clause({"8.2.1.1/8.A.iii", "8.2.1.1/8.A.iii.adhoc"})
    @ParameterizedTest
    @ValueSource(strings = {"sip:controlling@home.example", "im:controlling@home.example"})
    void aListForAnAdHocGroupStaysIn(String uri) { // reading 82
        network.interworking();
        var message = message().to(uri).recipients(BOB, "sip:carol@home.example");

        assertThat(network.send(message)).hasStatus(200);

        var copy = network.core.copyFor(uri);
        assertThat(copy.body()).isEqualTo(message.build().body());
        assertThat(copy.header("Content-Type")).contains("multipart/mixed;boundary=\"b1\"");
        assertThat(copy.header("Require")).contains("recipient-list-message");
        assertThat(copy.headers().has("Route")).isFalse();
    }

    @Clause("8.2.1.1/8.A.iii.adhoc")
    @Test
    void anAdHocGroupIsForTheCoreAfterARestartToo(@TempDir Path folder) throws Exception { // R1
        var group = "im:controlling@home.example";
        network.ledger("file:" + folder).interworking();
        network.core.when(group, ScriptedCore.silence());
        network.begin(message().to(group).recipients(BOB, "sip:carol@home.example"));
        network.restart();

        network.pf().resumption().takeUpSome();

        assertThat(network.core.receivedBy(group))
                .hasSize(2)
                .noneMatch(received -> received.request().headers().has("Route"));
    }

    @Clause("8.2.1.1/8.A.iii.adhoc")
    @Test
    void theChecksOfTheExploderAreNotForAnAdHocGroup() { // reading 82
        network.policy(p -> p.maxRecipients(1));

        var answer =
                network.send(
                        message()
                                .to("sip:controlling@home.example")
                                .recipients(BOB, "sip:c@x.example"));

        assertThat(answer).hasStatus(200);
    }

    @Clause("8.2.1.1/8.A.iii")
    @Test
    void anImdnIsForwardedLikeAnyMessage() {
        var message =
                message()
                        .to(BOB)
                        .text("<imdn xmlns=\"urn:ietf:params:xml:ns:imdn\"/>")
                        .cpimFrom("<sip:anonymous@anonymous.invalid>");

        assertThat(network.send(message)).hasStatus(200);
        assertThat(network.core.copyFor(BOB).body().utf8()).isEqualTo(message.cpim());
    }

    @Clause("8.2.1.1/8.A.iii")
    @Test
    void theWayBackToTheNeighbourIsKept() {
        network.send(
                message()
                        .to(BOB)
                        .header("Route", "<sip:pf.home.example:5062;lr>")
                        .header("Route", "<sip:scscf.home.example;lr;odi=7>"));

        assertThat(network.core.copyFor(BOB).headers().all("Route"))
                .containsExactly("<sip:scscf.home.example;lr;odi=7>");
    }

    @Clause({"8.2.1.1/8.A.i", "8.2.1.1/8.A.i.1"})
    @Test
    void anAddressThatIsNeitherSipNorTelGoesToInterworking() { // references m
        network.interworking();

        assertThat(network.send(message().to("mailto:bob@x.example"))).hasStatus(200);

        var copy = network.core.copyFor("mailto:bob@x.example");
        assertThat(copy.headers().all("Route")).containsExactly("<sip:isf.home.example;lr>");
    }

    @Clause("8.2.1.1/8.A.i.1")
    @Test
    void withoutInterworkingSuchAnAddressIsRefusedWith416() {
        assertThat(network.send(message().to("mailto:bob@x.example"))).hasStatus(416);
        assertThat(network.core.received()).isEmpty();
    }

    @Clause("8.2.1.1/8.A.v")
    @ParameterizedTest
    @CsvSource({
        "200,200", "202,202", "404,404", "486,486", "480,480", "500,500", "504,504", "600,600",
        "603,603", "415,415", "503,500", "401,480", "407,480", "302,480", "408,480"
    })
    void theFinalResponseOfTheRecipientIsTheAnswer(int response, int answer) { // readings 74, 75
        network.core.answers(BOB, response);

        assertThat(network.send(message().to(BOB))).hasStatus(answer).hasNoWarning();
        assertThat(network.core.receivedBy(BOB)).hasSize(1);
    }

    @Clause("8.2.1.1/8.A.v")
    @Test
    void onlyTheStatusOfTheRecipientIsToldNothingElse() {
        network.core.when(
                BOB,
                ScriptedCore.answer(
                        486,
                        r ->
                                r.header("Warning", "399 x \"bob blocks alice\"")
                                        .header("Contact", "<sip:bob@10.0.0.9>")
                                        .header("Retry-After", "5")
                                        .body(
                                                "text/plain",
                                                org.fanfare.wire.Octets.utf8("secret"))));

        var answer = network.send(message().to(BOB));

        assertThat(answer).hasStatus(486).hasNoWarning().hasNo("Contact").hasNo("Retry-After");
        assertThat(answer.body().isEmpty()).isTrue();
        assertThat(answer).hasHeader("Server", "CPM-serv/OMA2.2"); // reading 78
    }

    @Test
    void whenNobodyAnswersTheSenderIsToldThatItIsAcceptedAndItIsTriedAgain() { // reading 1
        network.core.when(BOB, ScriptedCore.silence());
        var sent = network.begin(message().to(BOB));

        network.clock.advance(Duration.ofSeconds(20));
        assertThat(sent.answer()).hasStatus(202);
        network.core.timeOut(BOB);
        network.clock.advance(Duration.ofSeconds(2));

        assertThat(network.core.receivedBy(BOB)).hasSize(2);
    }

    @Test
    void maxForwardsOfZeroIsRefusedWith483() {
        assertThat(network.send(message().to(BOB).set("Max-Forwards", "0"))).hasStatus(483);
        assertThat(network.send(message().recipients(BOB).set("Max-Forwards", "0")))
                .hasStatus(200); // a copy starts anew (RFC 5365 7.2)
    }

    @Clause("8.2.1.1/8.A.iii")
    @Test
    void compactNamesAreTheSameFields() { // M15
        network.send(
                message()
                        .to(BOB)
                        .header("m", "<sip:alice@198.51.100.7>")
                        .header("s", "Lunch")
                        .header("k", "100rel"));

        var copy = network.core.copyFor(BOB);
        assertThat(copy.headers().has("Contact")).isFalse();
        assertThat(copy.header("Subject")).contains("Lunch");
    }
}
