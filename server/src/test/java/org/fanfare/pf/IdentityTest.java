package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.sip.Method;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/// Who sends, and who says so.
class IdentityTest {

    private static final String BOB = "sip:bob@home.example";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    private static Peer peer(String remote, String local, String... names) {
        return new Peer(InetAddress.ofLiteral(remote), InetAddress.ofLiteral(local), Set.of(names));
    }

    private static Trust trusting(String... peers) {
        return new Trust(
                List.of(peers).stream().map(TrustedPeer::parse).toList(),
                new Authentication.None());
    }

    @Test
    void whatAStrangerAssertsDoesNotCount() { // I1
        var answer = network.send(message().recipients(BOB).build(), FakeNetwork.STRANGER);

        assertThat(answer).hasStatus(403).hasWarning("127 Service not authorised");
        assertThat(network.core.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16,10.1.2.3,true",
        "10.1.0.0/16,10.2.2.3,false",
        "192.0.2.1,192.0.2.1,true",
        "192.0.2.1,192.0.2.2,false",
        "2001:db8::/32,2001:db8::7,true",
        "2001:db8::/32,2001:db9::7,false",
        "10.1.0.0/16,2001:db8::7,false",
        "10.1.0.0/16@192.0.2.5,10.1.2.3,true",
        "10.1.0.0/16@192.0.2.6,10.1.2.3,false",
        "tls:scscf.home.example,203.0.113.9,true",
        "tls:other.home.example,203.0.113.9,false"
    })
    void trustIsInANeighbourOnAWay(String entry, String remote, boolean trusted) { // I3
        var peer = peer(remote, "192.0.2.5", "scscf.home.example");

        assertThat(trusting(entry).includes(peer)).isEqualTo(trusted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "10.0.0.0/7", "::/0", "10.0.0.0/33", "10.0.0.0/x", "pf"})
    void halfTheNetworkIsNoNeighbour(String entry) { // C4
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> TrustedPeer.parse(entry))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFirstIdentityOfEachKindCountsAndTheOthersAreGone() { // I4
        network.send(
                message()
                        .recipients(BOB)
                        .set("P-Asserted-Identity", "<tel:+15550100>")
                        .header(
                                "P-Asserted-Identity",
                                "\"a, \\\" <sip:admin@x>\" <sip:alice@home.example>")
                        .header(
                                "P-Asserted-Identity",
                                "<sip:mallory@home.example>, <tel:+15550199>"));

        assertThat(network.core.copyFor(BOB).headers().all("P-Asserted-Identity"))
                .containsExactly(
                        "\"a, \\\" <sip:admin@x>\" <sip:alice@home.example>", "<tel:+15550100>");
    }

    @Test
    void anIdentityOfAnotherSchemeIsNone() { // I4
        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .set("P-Asserted-Identity", "<mailto:a@x.example>"));

        assertThat(answer).hasStatus(403).hasWarning("127 Service not authorised");
    }

    @Test
    void theAssertedIdentityDecidesAndFromIsCopied() { // I5
        network.policy(p -> p.originators(Originators.matching(List.of("sip:alice@home.example"))));

        var answer =
                network.send(
                        message().recipients(BOB).set("From", "<sip:work@home.example>;tag=1"));
        var other =
                network.send(
                        message()
                                .recipients(BOB)
                                .set("P-Asserted-Identity", "<sip:mallory@home.example>"));

        assertThat(answer).hasStatus(200);
        assertThat(network.core.copyFor(BOB).from().uri()).hasToString("sip:work@home.example");
        assertThat(other).hasStatus(403);
    }

    @ParameterizedTest
    @CsvSource({
        "sip:alice@ex.com,sip:alice@EX.com,200",
        "sip:alice@ex.com,sip:Alice@ex.com,403",
        "sip:alice@ex.com,sip:%61lice@ex.com,200",
        "sip:alice@EX.com,sip:alice@ex.com,200",
        "sip:alice@ex.com,sip:alice@ex.com;transport=tcp,200",
        "sip:alice@ex.com,sip:alice@ex.com.evil.example,403",
        "sip:*@ex.com,sip:bob@EX.COM,200",
        "sip:*@ex.com,sip:bob@ex.com.evil.example,403",
        "sip:*@ex.com,sip:bob@x.ex.com,403",
        "tel:+1555*,sip:+1-555-0100@ex.com;user=phone,200",
        "tel:+15550100,sip:+15550100@ex.com;user=phone,200",
        "sip:+15550100@ex.com;user=phone,tel:+1-555-0100,200",
        "sip:*@ex.com,sip:+15550100@ex.com;user=phone,200",
        "sip:*@ex.com,sip:+15550100@x.com;user=phone,403"
    })
    void policiesAreAboutWhoItIsNotHowItIsWritten(
            String pattern, String identity, int status) { // I6
        network.policy(p -> p.originators(Originators.matching(List.of(pattern))));

        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .set("P-Asserted-Identity", "<" + identity + ">")
                                .cpimFrom("<" + identity + ">"));

        assertThat(answer).hasStatus(status);
    }

    @Test
    void inALaboratoryFromCanBeEnough() {
        network.trust(new Trust(List.of(), new Authentication.Insecure()));

        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .set("P-Asserted-Identity", "<sip:admin@home.example>")
                                .header(
                                        "P-Asserted-Service",
                                        "urn:urn-7:3gpp-service.ims.icsi.mmtel")
                                .build(),
                        FakeNetwork.STRANGER);

        assertThat(answer).hasStatus(200);
        var copy = network.core.copyFor(BOB);
        assertThat(copy.headers().all("P-Asserted-Identity"))
                .containsExactly("<" + TestMessage.ALICE + ">");
        assertThat(copy.headers().all("P-Asserted-Service")) // I7
                .containsExactly("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group");
    }

    @Test
    void aStrangerCannotChooseTheRouteOfWhatIsForwarded() {
        network.trust(new Trust(List.of(), new Authentication.Insecure()));

        network.send(
                message()
                        .to(BOB)
                        .header("Route", "<sip:evil.example;lr>")
                        .header("P-Charging-Vector", "icid-value=1")
                        .build(),
                FakeNetwork.STRANGER);

        assertThat(network.core.copyFor(BOB).headers())
                .extracting(field -> field.name())
                .doesNotContain("Route", "P-Charging-Vector");
    }

    @ParameterizedTest
    @CsvSource({
        "SUBSCRIBE,405",
        "PUBLISH,405",
        "REFER,405",
        "NOTIFY,405",
        "INFO,405",
        "REGISTER,405",
        "INVITE,405",
        "XYZ,501"
    })
    void otherMethodsTellNothing(String method, int status) { // I2
        var request = message().recipients(BOB).build().toBuilder();
        request.method(Method.of(method)).set("CSeq", "1 " + method);

        var answer = network.send(request.build(), FakeNetwork.STRANGER);

        assertThat(answer).hasStatus(status).hasHeader("Allow", "MESSAGE, OPTIONS");
    }

    @Test
    void optionsAreForTheNeighbours() { // I2
        var request = message().to("sip:pf.home.example").build().toBuilder().withoutBody();
        request.method(Method.OPTIONS).set("CSeq", "1 OPTIONS");

        var answer = network.send(request.build(), FakeNetwork.TRUSTED);
        var refused = network.send(request.build(), FakeNetwork.STRANGER);

        assertThat(answer)
                .hasStatus(200)
                .hasHeader("Allow", "MESSAGE, OPTIONS")
                .hasHeader("Supported", "recipient-list-message")
                .hasHeader(
                        "Accept", "multipart/mixed, application/resource-lists+xml, message/cpim");
        assertThat(refused).hasStatus(403).hasNo("Supported");
    }

    @Test
    void aNulInAnIdentityIsRefusedWith400() { // I4
        var from =
                network.send(message().recipients(BOB).set("From", "<sip:a%00@x.example>;tag=1"));
        var asserted =
                network.send(
                        message()
                                .recipients(BOB)
                                .set("P-Asserted-Identity", "<sip:alice%00@home.example>"));

        assertThat(from).hasStatus(400);
        assertThat(asserted).hasStatus(400);
        assertThat(network.core.received()).isEmpty();
    }
}
