package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.ledger.OutcomeKind;
import org.fanfare.sip.Method;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.stream.IntStream;

/// Duplicates, quotas, life, restart: what holds for a message whoever its recipients are.
class DispatchTest {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";

    private final FakeNetwork network = new FakeNetwork();
    @TempDir private Path folder;

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void aMessageThatIsSentAgainGetsTheSameAnswerAndNoSecondCopy() { // D4, reading 77
        var message = message().recipients(BOB, CAROL);
        network.core.answers(BOB, 202);
        network.core.answers(CAROL, 202);
        var first = message.build();
        var again = first.toBuilder().set("Call-ID", "another").build();

        assertThat(network.send(first, FakeNetwork.TRUSTED)).hasStatus(202);
        assertThat(network.send(again, FakeNetwork.TRUSTED)).hasStatus(202);

        assertThat(network.core.received()).hasSize(2);
    }

    @Test
    void aMessageThatIsSentAgainBeforeItsAnswerWaitsForIt() {
        network.core.when(BOB, ScriptedCore.silence());
        var first = message().recipients(BOB).build();
        var sent = network.begin(first, FakeNetwork.TRUSTED);
        var again = network.begin(first, FakeNetwork.TRUSTED);
        assertThat(again.isAnswered()).isFalse();

        network.core.answerNow(BOB, 404);

        assertThat(sent.answer()).hasStatus(404);
        assertThat(again.answer()).hasStatus(404);
        assertThat(network.core.received()).hasSize(1);
    }

    @Test
    void otherContentUnderTheSameIdsIsAnotherMessage() { // reliability 2.7
        var id = "9a1f0a52-7b0d-4a47-8f0c-000000000001";

        network.send(message().recipients(BOB).set("Contribution-ID", id));
        network.send(message().recipients(BOB).set("Contribution-ID", id).text("Dinner?"));
        network.send(message().recipients(CAROL).set("Contribution-ID", id));

        assertThat(network.core.uris()).containsExactly(BOB, BOB, CAROL);
    }

    @Test
    void anotherOriginatorsMessageWithTheSameIdsIsAnotherMessage() {
        var id = "9a1f0a52-7b0d-4a47-8f0c-000000000001";
        var mallory = "<sip:mallory@home.example>";

        network.send(
                message()
                        .recipients(BOB)
                        .set("Contribution-ID", id)
                        .set("P-Asserted-Identity", mallory)
                        .cpimFrom(mallory));
        network.send(message().recipients(BOB).set("Contribution-ID", id));

        assertThat(network.core.uris()).containsExactly(BOB, BOB);
    }

    @Test
    void onlySoManyMessagesOfOneOriginatorMayWait() { // A3
        network.policy(p -> p.openMessages(2));
        network.core.when(BOB, ScriptedCore.silence());
        var first = network.begin(message().recipients(BOB));
        network.begin(message().recipients(BOB));

        var refused = network.send(message().recipients(CAROL));
        var other =
                network.send(
                        message()
                                .recipients(CAROL)
                                .set("P-Asserted-Identity", "<sip:erin@home.example>")
                                .cpimFrom("<sip:erin@home.example>"));
        network.core.answerNow(BOB, 200);
        assertThat(first.answer()).hasStatus(200);
        var next = network.send(message().recipients(CAROL));

        assertThat(refused).hasStatus(480).hasHeader("Retry-After", "5");
        assertThat(other).hasStatus(200);
        assertThat(next).hasStatus(200);
    }

    @Test
    void aMessageThatGoesOnAfterItsAnswerTakesNoPlace() {
        network.policy(p -> p.openMessages(1));
        network.core.when(BOB, ScriptedCore.silence());
        var first = network.begin(message().recipients(BOB));
        network.clock.advance(Duration.ofSeconds(20));
        assertThat(first.answer()).hasStatus(202);

        assertThat(network.send(message().recipients(CAROL))).hasStatus(200);
    }

    @Test
    void aRefusedMessageTakesNoPlace() {
        network.policy(p -> p.openMessages(1).maxRecipients(1));

        for (int i = 0; i < 3; i++) {
            assertThat(network.send(message().recipients(BOB, CAROL))).hasStatus(486);
            assertThat(network.send(message().recipients(BOB))).hasStatus(200);
        }
    }

    @Test
    void recipientsAnHourAreLimitedWhenThePolicySaysSo() { // A3
        network.policy(p -> p.recipientsPerHour(60));
        var sixty = IntStream.range(0, 60).mapToObj(i -> "sip:u" + i + "@x.example").toList();

        assertThat(network.send(message().recipients(sixty))).hasStatus(200);
        assertThat(network.send(message().recipients(BOB, CAROL)))
                .hasStatus(480)
                .hasHeader("Retry-After", "120");
        network.clock.advance(Duration.ofMinutes(2));
        assertThat(network.send(message().recipients(BOB, CAROL))).hasStatus(200);
    }

    @Test
    void aServerThatShutsDownTakesNothingNew() { // R3
        network.core.when(BOB, ScriptedCore.silence());
        var sent = network.begin(message().recipients(BOB));
        network.pf().drain();

        assertThat(network.send(message().recipients(CAROL))).hasStatus(503).hasNo("Retry-After");
        network.core.answerNow(BOB, 200);
        assertThat(sent.answer()).hasStatus(200);
    }

    @Test
    void aLedgerThatCannotWriteMeansThatNobodyGetsIt() { // S1, S3
        network.ledger("file:" + folder);
        network.pf();
        network.ledger().close();

        assertThat(network.send(message().recipients(BOB)))
                .hasStatus(500)
                .hasHeader("Retry-After", "30");
        assertThat(network.core.received()).isEmpty();
    }

    @Test
    void legsThatWaitWhenTheMessageExpiresAreNotSent() { // W4
        network.core.when(BOB, ScriptedCore.silence());
        network.begin(message().recipients(BOB));
        var second = network.begin(message().recipients(BOB).header("Expires", "10"));
        network.clock.advance(Duration.ofSeconds(11));

        network.core.answerNow(BOB, 200);

        assertThat(second.answer()).hasStatus(480);
        assertThat(network.core.received()).hasSize(1);
        assertThat(network.ledger().recent(1).getFirst().outcomes())
                .containsEntry(OutcomeKind.EXPIRED, 1);
    }

    @Test
    void aCopyThatIsGivenUpWhenTheMessageHasExpiredHasExpired() { // W4
        network.core.when(BOB, ScriptedCore.silence());
        var message = network.begin(message().recipients(BOB).header("Expires", "10"));
        network.clock.advance(Duration.ofSeconds(11));

        network.core.timeOut(BOB);

        assertThat(message.answer()).hasStatus(480);
        assertThat(network.core.received()).hasSize(1);
        assertThat(network.ledger().recent(1).getFirst().outcomes())
                .containsEntry(OutcomeKind.EXPIRED, 1);
    }

    @Test
    void theClockOnTheWallDoesNotExpireWhatIsUnderWay() { // W1
        network.core.when(BOB, ScriptedCore.silence());
        network.begin(message().recipients(BOB));
        var second = network.begin(message().recipients(BOB).header("Expires", "3600"));
        network.clock.shiftTimeOfDay(Duration.ofDays(1));

        network.core.answerNow(BOB, 200);
        network.core.answerNow(BOB, 200);

        assertThat(second.answer()).hasStatus(200);
    }

    @Test
    void anUnknownExtensionIsRefusedWith420() { // M18
        assertThat(network.send(message().recipients(BOB).header("Require", "nothingSupportsThis")))
                .hasStatus(420)
                .hasHeader("Unsupported", "nothingSupportsThis");
        assertThat(network.core.received()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"BYE", "INFO", "NOTIFY", "MESSAGE", "OPTIONS"})
    void aRequestInADialogThatWeDoNotHaveIsRefusedWith481(String method) { // A12
        var request = message().to(BOB).set("To", "<" + BOB + ">;tag=1").build().toBuilder();
        request.method(Method.of(method)).set("CSeq", "1 " + method);

        assertThat(network.send(request.build(), FakeNetwork.TRUSTED)).hasStatus(481);
    }

    @Test
    void whatARestartInterruptsIsFinishedWithTheSameOctets() throws InterruptedException { // R1
        network.ledger("file:" + folder);
        network.core.when(BOB, ScriptedCore.silence());
        network.begin(message().recipients(BOB, CAROL));
        network.restart();
        network.core.answers(BOB, 200);

        network.pf().resumption().takeUpSome();

        var requests = network.core.receivedBy(BOB);
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).request()).isEqualTo(requests.get(0).request());
        assertThat(network.core.receivedBy(CAROL)).hasSize(1);
    }

    @Test
    void whatAnOperatorDropsOfTheQuarantineHasFailedAndNothingIsSent() throws Exception { // R5
        network.ledger("file:" + folder);
        network.core.when(BOB, ScriptedCore.silence());
        network.begin(message().recipients(BOB, CAROL));
        network.restart();
        network.ledger().close();
        try (var database =
                        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("ledger.db"));
                var statement = database.createStatement()) {
            statement.executeUpdate("UPDATE ledger_state SET quarantined = 1");
        }
        network.restart();
        var ref = network.ledger().recent(1).getFirst().message();
        assertThat(network.pf().resumption().takeUpSome()).isFalse();

        network.ledger().release(ref, true);
        network.pf().resumption().takeUpSome();

        assertThat(network.core.receivedBy(BOB)).hasSize(1);
        var after = network.ledger().message(ref).orElseThrow();
        assertThat(after.count(OutcomeKind.PENDING)).isZero();
        assertThat(after.count(OutcomeKind.FAILED)).isEqualTo(1);
    }

    @Test
    void manySmallMessagesAreTakenUpSeveralAtOnce() throws InterruptedException { // R6
        network.ledger("file:" + folder);
        int messages = 20;
        for (int i = 0; i < messages; i++) {
            var phone = "sip:phone" + i + "@home.example";
            network.core.when(phone, ScriptedCore.silence());
            network.begin(message().recipients(phone));
        }
        network.restart();

        int claims = 0;
        while (network.pf().resumption().takeUpSome()) {
            claims++;
        }

        assertThat(claims).isEqualTo(5); // 1, 2, 4, 8 and the rest
        for (int i = 0; i < messages; i++) {
            assertThat(network.core.receivedBy("sip:phone" + i + "@home.example")).hasSize(2);
        }
    }
}
