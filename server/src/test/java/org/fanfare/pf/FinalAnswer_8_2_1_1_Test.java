package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.ledger.OutcomeKind;
import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Arrays;

/// One answer for many recipients (8.2.1.1/8.A.v, 8.2.1.1/9; reading 1).
class FinalAnswer_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String DAVE = "sip:dave@home.example";

    private final FakeNetwork network = new FakeNetwork();

    @AfterEach
    void close() {
        network.close();
    }

    @Clause({"8.2.1.1/9", "8.2.1.1/9.ii"})
    @Test
    void oneSuccessIsSuccess() {
        network.core.answers(BOB, 404);
        network.core.answers(CAROL, 200);
        network.core.answers(DAVE, 603);

        assertThat(network.send(message().recipients(BOB, CAROL, DAVE)))
                .hasStatus(200)
                .hasNoWarning();
    }

    @Clause({"8.2.1.1/9", "8.2.1.1/9.ii"})
    @ParameterizedTest
    @CsvSource({"202,202,202", "202,200,200", "202,404,202"})
    void acceptedByAllIsAccepted(int bob, int carol, int expected) {
        network.core.answers(BOB, bob);
        network.core.answers(CAROL, carol);

        assertThat(network.send(message().recipients(BOB, CAROL))).hasStatus(expected);
    }

    @Clause({"8.2.1.1/8.A.v", "8.2.1.1/9"})
    @ParameterizedTest
    @CsvSource({
        "404 486 500,404",
        "486 404 603,603",
        "480 415 404,415",
        "503 504,500",
        "401 407,480",
        "401 486,486",
        "302 486,480",
        "404 600 603,600",
        "486 486,486"
    })
    void whenAllHaveFailedTheBestFailureIsTheAnswer(String statuses, int best) { // D2, 74, 75
        network.policy(p -> p.collectingTime(Duration.ofHours(1)));
        var codes = Arrays.stream(statuses.split(" ")).mapToInt(Integer::parseInt).toArray();
        var uris = new String[codes.length];
        for (int i = 0; i < codes.length; i++) {
            uris[i] = "sip:user" + i + "@home.example";
            network.core.answers(uris[i], codes[i]);
        }

        var sent = network.begin(message().recipients(uris));
        network.clock.advance(Duration.ofMinutes(30)); // for those that are tried again

        assertThat(sent.answer()).hasStatus(best);
    }

    @Test
    void allWaitForTheLastUntilTheCollectingTimeIsOver() { // D1
        network.core.when(CAROL, ScriptedCore.silence());
        var sent = network.begin(message().recipients(BOB, CAROL));

        network.clock.advance(Duration.ofMillis(19_999));
        assertThat(sent.isAnswered()).isFalse();
        network.clock.advance(Duration.ofMillis(1));

        assertThat(sent.answer()).hasStatus(200);
    }

    @Test
    void theAnswerComesAsSoonAsTheLastHasEnded() {
        network.core.when(CAROL, ScriptedCore.silence());
        var sent = network.begin(message().recipients(BOB, CAROL));

        network.core.answerNow(CAROL, 486);

        assertThat(sent.answer()).hasStatus(200);
    }

    @Test
    void whenNobodyHasAnsweredInTimeTheMessageIsAcceptedAndGoesOn() { // D2
        network.core.when(BOB, ScriptedCore.silence());
        network.core.when(CAROL, ScriptedCore.silence());
        var message = message().recipients(BOB, CAROL);
        var sent = network.begin(message);

        network.clock.advance(Duration.ofSeconds(20));
        assertThat(sent.answer()).hasStatus(202);

        network.core.answerNow(BOB, 200);
        network.core.answerNow(CAROL, 404);
        var summary = network.ledger().recent(1).getFirst();
        assertThat(summary.outcomes())
                .containsEntry(OutcomeKind.DELIVERED, 1)
                .containsEntry(OutcomeKind.FAILED, 1);
    }

    @Test
    void aFailureWhileOthersArePendingIsNoAnswerYet() {
        network.core.answers(BOB, 603);
        network.core.when(CAROL, ScriptedCore.silence());
        var sent = network.begin(message().recipients(BOB, CAROL));

        assertThat(sent.isAnswered()).isFalse();
        network.clock.advance(Duration.ofSeconds(20));

        assertThat(sent.answer()).hasStatus(202);
    }

    @Test
    void thePolicyCanHaveEveryMessageAcceptedAtOnce() {
        network.policy(p -> p.answer(Policy.Answer.ACCEPT_AT_ONCE));
        network.core.when(BOB, ScriptedCore.silence());

        assertThat(network.send(message().recipients(BOB))).hasStatus(202);
        assertThat(network.core.uris()).containsExactly(BOB);
    }

    @Clause("8.2.1.1/9.ii")
    @Test
    void theAnswerHasNeitherBodyNorContact() { // reading 78, RFC 3428 7
        var answer = network.send(message().recipients(BOB));

        assertThat(answer).hasHeader("Server", "CPM-serv/OMA2.2").hasNo("Contact");
        assertThat(answer.body().isEmpty()).isTrue();
    }
}
