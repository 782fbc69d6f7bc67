package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.LargeInvite.cpim;
import static org.fanfare.pf.LargeInvite.invite;

import com.icegreen.greenmail.store.StoredMessage;

import org.fanfare.ledger.MessageRef;
import org.fanfare.mime.MimeEntity;
import org.fanfare.store.FrontDoor;
import org.fanfare.store.ImapStore;
import org.fanfare.store.MailServer;
import org.fanfare.testing.Clause;
import org.fanfare.wire.Limits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

/// Steps 200.7 and bye.1: a large message lies in its sender's mailbox, and the answer to the BYE
/// says where.
class LargeRecording_8_2_1_2_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";

    @TempDir private Path folder;

    private final MailServer mail = new MailServer();
    private final ImapStore store = new ImapStore(mail.settings());
    private LargeNetwork network;

    @BeforeEach
    void open() {
        network = new LargeNetwork(folder).store(store);
    }

    @AfterEach
    void close() {
        network.close();
        store.close();
        mail.close();
    }

    private List<StoredMessage> objects() {
        return mail.objects("alice");
    }

    @Clause({
        "8.2.1.2/200.7",
        "8.2.1.2/200.7.record",
        "8.2.1.2/bye.1",
        "8.2.1.2/bye.1.uid",
        "8.2.1.2/bye.2.uid"
    })
    @Test
    void theAnswerToTheByeNamesTheObject() throws Exception {
        var content = cpim(100_000);
        var call = network.call(invite().recipients(BOB, CAROL)).connect();

        assertThat(call.send(content).isComplete()).isTrue();
        var answer = call.hangUp();

        assertThat(objects()).hasSize(1);
        var object = objects().getFirst();
        assertThat(answer).hasStatus(200).hasHeader("Message-UID", "" + object.getUid());
        assertThat(
                        MimeEntity.parse(MailServer.octets(object), Limits.DEFAULT)
                                .content(Limits.DEFAULT))
                .isEqualTo(content);
    }

    @Clause({
        "8.2.1.1/9",
        "8.2.1.1/9.i.a.policy",
        "8.2.1.1/9.i.a.uid",
        "8.2.1.1/9.i.b",
        "8.2.1.1/9.ii"
    })
    @Test
    void theAnswerToAMessageThatWentOutInSessionsNamesItsObjectToo() {
        var message = TestMessage.message().text("x".repeat(5_000)).recipients(BOB, CAROL);

        var answer = network.send(message);

        assertThat(objects()).hasSize(1);
        var object = objects().getFirst();
        assertThat(answer).hasStatus(200).hasHeader("Message-UID", "" + object.getUid());
        assertThat(
                        MimeEntity.parse(MailServer.octets(object), Limits.DEFAULT)
                                .content(Limits.DEFAULT)
                                .utf8())
                .isEqualTo(message.cpim());
    }

    @Clause({
        "8.2.1.2/200.7",
        "8.2.1.2/200.7.record",
        "8.2.1.2/200.7.else",
        "8.2.1.2/bye.1",
        "8.2.1.2/bye.1.off"
    })
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void byPreferenceOnlyThatOfTheSenderDecides(boolean wanted) throws Exception {
        network.preferences(user -> user.equals(TestMessage.ALICE) == wanted);
        var call = network.call(invite().recipients(BOB)).connect();

        assertThat(call.send(cpim(5_000)).isComplete()).isTrue();

        assertThat(call.hangUp().headers().has("Message-UID")).isEqualTo(wanted);
        network.recordLeftOver();
        assertThat(objects()).hasSize(wanted ? 1 : 0);
    }

    @Clause({"8.2.1.2/200.7.else", "8.2.1.2/bye.1.off", "8.2.1.2/bye.2.uid.else"})
    @Test
    void whoDoesNotWantItHasNoHistory() throws Exception {
        network.policy(p -> p.recording(Policy.Recording.PREFERENCE));
        var call = network.call(invite().recipients(BOB)).connect();

        assertThat(call.send(cpim(5_000)).isComplete()).isTrue();

        assertThat(call.hangUp()).hasStatus(200).hasNo("Message-UID");
        assertThat(objects()).isEmpty();
    }

    @Clause("8.2.1.2/bye.2.uid.else")
    @Test
    void aStoreThatIsDownHoldsUpNothingAndGetsTheContentLater() throws Exception { // N1
        mail.door().refuse();
        var content = cpim(50_000);
        var call = network.call(invite().recipients(BOB)).connect();

        assertThat(call.send(content).isComplete()).isTrue();
        assertThat(call.hangUp()).hasStatus(200).hasNo("Message-UID");

        mail.door().wellAgain();
        await().untilAsserted(() -> {
            network.recordLeftOver();
            assertThat(objects()).hasSize(1);
        });
        assertThat(
                        MimeEntity.parse(MailServer.octets(objects().getFirst()), Limits.DEFAULT)
                                .content(Limits.DEFAULT))
                .isEqualTo(content);
    }

    @Test
    void whatWasNotRecordedIsOnceAfterARestart() throws Exception { // N1
        network.ledger("file:" + folder.resolve("ledger"));
        mail.door().lines(line -> line.contains("APPENDUID") ? FrontDoor.CUT : line);
        var content = cpim(50_000);
        var invite = invite().recipients(BOB, CAROL);
        var call = network.call(invite).connect();
        assertThat(call.send(content).isComplete()).isTrue();
        assertThat(call.hangUp()).hasStatus(200).hasNo("Message-UID");
        assertThat(network.ends(invite)).containsOnly("DELIVERED 200");
        mail.door().refuse();

        network.restart();
        network.recordLeftOver();
        mail.door().wellAgain();
        await().untilAsserted(() -> {
            network.recordLeftOver();
            assertThat(store.figures().found()).isEqualTo(1);
        });

        assertThat(objects()).hasSize(1);
        assertThat(
                        MimeEntity.parse(MailServer.octets(objects().getFirst()), Limits.DEFAULT)
                                .content(Limits.DEFAULT))
                .isEqualTo(content);
        assertThat(network.ledger().spools()).isEmpty();
    }

    @Clause("8.2.1.2/bye.1.undelivered")
    @Test
    void whatNobodyHasTakenIsNotRecorded() throws Exception {
        network.refuses(BOB, 486);
        var call = network.call(invite().recipients(BOB));

        assertThat(call.answer()).hasStatus(486);
        network.recordLeftOver();
        assertThat(objects()).isEmpty();
    }

    @Clause({"8.2.1.2/bye.1.undelivered", "8.2.1.2/bye.2.uid.else"})
    @Test
    void whatTheRecipientRefusesWithItsLastChunkIsNotRecorded() throws Exception {
        network.when(BOB, leg -> leg.refusingTheLastChunk(413).answer());
        var invite = invite().recipients(BOB);
        var call = network.call(invite).connect();

        assertThat(call.send(cpim(50_000)).status()).isEqualTo(413);
        assertThat(call.hangUp()).hasStatus(200).hasNo("Message-UID");

        assertThat(network.ends(invite)).containsExactly("FAILED 480");
        await().untilAsserted(() ->
                assertThat(network.ledger().unrecorded(new MessageRef(0), 9)).isEmpty());
        assertThat(objects()).isEmpty();
    }
}
