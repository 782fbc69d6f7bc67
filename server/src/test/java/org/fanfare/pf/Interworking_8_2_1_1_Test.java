package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Set;

/// Step 8.A.iv: what the core cannot deliver goes to the interworking function.
class Interworking_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String ROUTE = "<sip:isf.home.example;lr>";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    @Clause({
        "8.2.1.1/8.A.iv.404",
        "8.2.1.1/8.A.iv.405",
        "8.2.1.1/8.A.iv.410",
        "8.2.1.1/8.A.iv.414",
        "8.2.1.1/8.A.iv.415",
        "8.2.1.1/8.A.iv.416",
        "8.2.1.1/8.A.iv.488",
        "8.2.1.1/8.A.iv.606",
        "8.2.1.1/8.A.iv.1",
        "8.2.1.1/8.A.iv.2"
    })
    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 414, 415, 416, 488, 606})
    void eachOfTheEightErrorsSendsTheMessageToInterworking(int status) { // D11, reading 46
        network.interworking();
        network.core.answers(BOB, status, 200);

        var answer = network.send(message().recipients(BOB, CAROL));

        assertThat(answer).hasStatus(200);
        var requests = network.core.receivedBy(BOB);
        assertThat(requests).hasSize(2);
        var interworked = requests.getLast().request();
        assertThat(requests.getFirst().request().headers().has("Route")).isFalse();
        assertThat(interworked.headers().all("Route")).containsExactly(ROUTE);
        assertThat(interworked.requestUri()).hasToString(BOB);
        assertThat(interworked.header("Contribution-ID"))
                .isEqualTo(requests.getFirst().request().header("Contribution-ID"));
        assertThat(interworked.body()).isEqualTo(requests.getFirst().request().body());
        assertThat(interworked.topBranch()).isNotEqualTo(requests.getFirst().request().topBranch());
        assertThat(network.core.receivedBy(CAROL)).hasSize(1);
    }

    @Clause({"8.2.1.1/8.A.iv.1", "8.2.1.1/8.A.iv.2.else", "8.2.1.1/8.A.v"})
    @ParameterizedTest
    @ValueSource(ints = {404, 405, 410, 414, 415, 416, 488, 606})
    void withoutInterworkingTheErrorIsTheResult(int status) { // D11
        network.core.answers(BOB, status);

        assertThat(network.send(message().to(BOB))).hasStatus(status);
        assertThat(network.core.received()).hasSize(1);
    }

    @Clause("8.2.1.1/8.A.iv.1")
    @ParameterizedTest
    @ValueSource(ints = {480, 486, 603, 600, 403, 420})
    void otherErrorsDoNotSendItToInterworking(int status) { // D10
        network.interworking();
        network.core.answers(BOB, status);

        assertThat(network.send(message().to(BOB))).hasStatus(status);
        assertThat(network.core.received()).hasSize(1);
    }

    @Clause("8.2.1.1/8.A.iv.1")
    @Test
    void thePolicySaysWhichErrors() { // reading 46
        network.interworking(Set.of(480));
        network.core.answers(BOB, 480, 200);
        network.core.answers(CAROL, 404, 200);

        network.send(message().recipients(BOB, CAROL));

        assertThat(network.core.receivedBy(BOB)).hasSize(2);
        assertThat(network.core.receivedBy(CAROL)).hasSize(1);
    }

    @Clause("8.2.1.1/8.A.iv.2")
    @Test
    void interworkingIsTriedOnceAndItsAnswerCounts() { // D11, references m
        network.interworking();
        network.core.answers(BOB, 404, 488);

        assertThat(network.send(message().to(BOB))).hasStatus(488);
        assertThat(network.core.receivedBy(BOB)).hasSize(2);
    }

    @Clause({"8.2.1.1/8.A.i", "8.2.1.1/8.A.i.1"})
    @Test
    void recipientsOnAListThatAreNeitherSipNorTelGoToInterworking() { // reading 44
        network.interworking();

        assertThat(network.send(message().recipients(BOB, "mailto:carol@x.example")))
                .hasStatus(200);

        assertThat(network.core.copyFor(BOB).headers().has("Route")).isFalse();
        assertThat(network.core.copyFor("mailto:carol@x.example").headers().all("Route"))
                .containsExactly(ROUTE);
    }

    @Clause("8.2.1.1/8.A.i")
    @Test
    void withoutInterworkingTheyFailAndTheOthersGetTheMessage() { // reading 44
        assertThat(network.send(message().recipients(BOB, "mailto:carol@x.example")))
                .hasStatus(200);
        assertThat(network.core.uris()).containsExactly(BOB);

        assertThat(network.send(message().recipients("mailto:carol@x.example"))).hasStatus(416);
    }

    @Test
    void whatOneOriginatorMaySpendOnInterworkingInADayIsLimited() { // A9
        network.interworking();
        network.policy(p -> p.interworkedPerDay(2));
        network.core.answers(BOB, 404, 200);
        network.core.answers(CAROL, 404, 200);

        network.send(message().recipients(BOB, "mailto:a@x.example", "mailto:b@x.example", CAROL));

        assertThat(network.core.received())
                .filteredOn(received -> received.request().headers().has("Route"))
                .hasSize(2);
        network.clock.advance(Duration.ofHours(12));
        assertThat(network.send(message().to("mailto:c@x.example"))).hasStatus(200);
        assertThat(network.send(message().to("mailto:d@x.example"))).hasStatus(480);
    }
}
