package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import com.icegreen.greenmail.store.StoredMessage;

import org.fanfare.cpim.CpimMessage;
import org.fanfare.ledger.MessageRef;
import org.fanfare.mime.MimeEntity;
import org.fanfare.sip.SipParser;
import org.fanfare.sip.SipRequest;
import org.fanfare.store.FrontDoor;
import org.fanfare.store.ImapStore;
import org.fanfare.store.MailServer;
import org.fanfare.testing.Clause;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Steps 6 and 9.i: what was sent lies in its sender's mailbox, and the answer says where.
class Recording_8_2_1_1_Test {

    private static final Duration SHORT = Duration.ofMillis(700);

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@other.example";
    private static final String CONVERSATION = "0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11";
    private static final String FOLDER = "Default." + CONVERSATION;

    private final MailServer mail = new MailServer();
    private final ImapStore store = new ImapStore(mail.settings());
    private final FakeNetwork network =
            new FakeNetwork()
                    .policy(p -> p.recording(Policy.Recording.ALWAYS))
                    .store(store, FakeNetwork.PATIENT);

    @TempDir Path folder;

    @AfterEach
    void close() {
        network.close();
        store.close();
        mail.close();
    }

    private List<StoredMessage> objects() {
        return mail.messages("alice", FOLDER);
    }

    private static MimeEntity entity(StoredMessage object) {
        return MimeEntity.parse(MailServer.octets(object), Limits.DEFAULT);
    }

    private static String header(StoredMessage object, String name) {
        return entity(object).headers().first(name).orElse("none");
    }

    // ---- where, and what

    @Clause({
        "8.2.1.1/9",
        "8.2.1.1/9.i.a.policy",
        "8.2.1.1/9.i.a.uid",
        "8.2.1.1/9.i.b",
        "8.2.1.1/9.ii"
    })
    @Test
    void theAnswerNamesTheObjectInTheSendersMailbox() {
        mail.put("alice", FOLDER, "From: a\r\n\r\nbefore");

        var answer = network.send(message().recipients(BOB, CAROL));

        assertThat(objects()).hasSize(2); // one for all recipients (reading 39)
        var object = objects().getLast();
        assertThat(answer).hasStatus(200).hasHeader("Message-UID", "" + object.getUid());
        assertThat(object.isSet(jakarta.mail.Flags.Flag.SEEN)).isTrue();
    }

    @Clause({"8.2.1.1/9.i.a", "8.2.1.1/9.i.a.uid"})
    @Test
    void theObjectHasTheHeadersThatClientsLookForAndTheMessageAsItsBody() {
        var sent =
                message()
                        .recipients(BOB, CAROL)
                        .asking("display")
                        .header("Subject", "Mittagessen um zwölf?")
                        .header("InReplyTo-Contribution-ID", "earlier-1")
                        .header("Date", "Sun, 22 Nov 2026 09:59:00 GMT");

        network.send(sent);

        var object = objects().getFirst();
        assertThat(header(object, "From")).isEqualTo("\"Alice\" <sip:alice@home.example>");
        assertThat(header(object, "To")).isEqualTo("<" + TestMessage.EXPLODER + ">"); // reading 39
        assertThat(header(object, "Subject"))
                .isEqualTo("=?UTF-8?B?TWl0dGFnZXNzZW4gdW0genfDtmxmPw==?=");
        assertThat(header(object, "Conversation-ID")).isEqualTo(CONVERSATION);
        assertThat(header(object, "Contribution-ID")).startsWith("9a1f0a52-");
        assertThat(header(object, "InReplyTo-Contribution-ID")).isEqualTo("earlier-1");
        assertThat(header(object, "IMDN-Message-ID")).isEqualTo("4f1d0b8e6a2c4e0f9b7a");
        assertThat(header(object, "Message-Direction")).isEqualTo("sent");
        assertThat(header(object, "Accept-Contact")).isEqualTo(TestMessage.FEATURE_TAG);
        assertThat(header(object, "P-Asserted-Service"))
                .isEqualTo("urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg.group");
        assertThat(header(object, "Content-Type")).isEqualTo("Message/CPIM");
        var body = entity(object).content(Limits.DEFAULT);
        assertThat(body.utf8()).isEqualTo(sent.cpim());
        assertThat(CpimMessage.parse(body, Limits.DEFAULT).content().body().utf8())
                .isEqualTo("Lunch at noon?");
        assertThat(MailServer.octets(object).utf8()).doesNotContain("resource-lists");
    }

    @Test
    void aMessageToOneUserLiesInTheFolderOfTheOtherParty() { // references k.1
        network.send(message().to(BOB));

        assertThat(mail.messages("alice", "Default.sip:bob@home=2Eexample")).hasSize(1);
    }

    @Test
    void whatNoMailServerKeepsAsItIsIsEncoded() {
        network.send(message().recipients(BOB).text("bare\nline ends\nand one \u0000"));

        var object = objects().getFirst();
        assertThat(header(object, "Content-Transfer-Encoding")).isEqualTo("base64");
        assertThat(entity(object).content(Limits.DEFAULT).utf8())
                .endsWith("bare\nline ends\nand one \u0000");
    }

    @Test
    void anAnonymousSenderIsAnonymousInTheHeadersOfTheObject() { // I9
        network.send(message().recipients(BOB).anonymous());

        assertThat(header(objects().getFirst(), "From"))
                .isEqualTo("<sip:anonymous@anonymous.invalid>");
    }

    // ---- whether

    @Clause({"8.2.1.1/6", "8.2.1.1/6.record", "8.2.1.1/6.else", "8.2.1.1/9.i.a"})
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void byPreferenceOnlyThatOfTheSenderDecides(boolean wanted) {
        network.policy(p -> p.recording(Policy.Recording.PREFERENCE))
                .preferences(user -> user.equals(TestMessage.ALICE) == wanted);

        var answer = network.send(message().recipients(BOB));

        assertThat(objects()).hasSize(wanted ? 1 : 0);
        assertThat(answer.headers().has("Message-UID")).isEqualTo(wanted);
    }

    @Clause({"8.2.1.1/6.else", "8.2.1.1/9.i.else"})
    @Test
    void withoutPreferencesNothingIsRecorded() { // reading 38
        network.policy(p -> p.recording(Policy.Recording.PREFERENCE));

        assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
        assertThat(mail.filledFolders()).isEmpty();
    }

    @Clause("8.2.1.1/9.i.else")
    @Test
    void neverMeansNotEvenForWhoWantsIt() {
        network.policy(p -> p.recording(Policy.Recording.NEVER)).preferences(_ -> true);

        assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
        assertThat(mail.filledFolders()).isEmpty();
    }

    @Clause("8.2.1.1/9")
    @Test
    void whatNobodyHasIsNotRecorded() {
        network.core.answers(BOB, 404);

        assertThat(network.send(message().recipients(BOB))).hasStatus(404).hasNo("Message-UID");
        network.pf().recorder().recordLeftOver();

        await().untilAsserted(() ->
                assertThat(network.ledger().unrecorded(new MessageRef(0), 9)).isEmpty());
        assertThat(mail.filledFolders()).isEmpty();
    }

    // ---- names that come from others

    @ParameterizedTest
    @ValueSource(
            strings = {"../other", "INBOX", "a/b", "*", "%", "\"", "a&AOQ-b", "..", "a.b", "ä=ö"})
    void aConversationIdIsNeverMoreThanTheNameOfOneFolder(String id) { // B11
        network.send(message().recipients(BOB).set("Conversation-ID", id));
        network.send(message().recipients(BOB).set("Conversation-ID", id + "x"));

        assertThat(mail.filledFolders())
                .hasSize(2)
                .allMatch(name -> name.matches("#mail[.]-?[0-9]+[.]Default[.][^./%*\"&]+"));
    }

    @Test
    void aLongConversationIdHasAFolderToo() { // B11
        network.send(message().recipients(BOB).set("Conversation-ID", "x".repeat(2000)));
        network.send(message().recipients(BOB).set("Conversation-ID", "x".repeat(2001)));

        assertThat(mail.filledFolders()).hasSize(2).allMatch(name -> name.length() < 200);
    }

    /// Folded, escaped and encoded; none of it may end a header field of the object.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: Lunch\r\n Bcc: mallory@evil.example",
                "Subject: Lunch\r\n\tX: y\r\n Bcc: mallory@evil.example",
                "Subject: =?UTF-8?Q?Lunch=0D=0ABcc:_mallory@evil.example?=",
                "Subject: Lunch\u2028Bcc: mallory@evil.example\u0085Bcc: x",
                "Conversation-ID: c%0d%0aBcc: mallory@evil.example",
                "InReplyTo-Contribution-ID: c\r\n Bcc: mallory@evil.example",
                "P-Asserted-Identity: \"A\\\"\r\n Bcc: m@e.example\" <sip:alice@home.example>"
            })
    void noHeaderOfTheObjectComesFromASender(String field) { // B10
        var name = field.substring(0, field.indexOf(':'));
        var wire = message().recipients(BOB).without(name).build().encoded().utf8();
        var attack =
                SipParser.parse(
                        Octets.utf8(
                                wire.replaceFirst(
                                        "\r\n", "\r\n" + field.replace("\\", "\\\\") + "\r\n")),
                        Limits.DEFAULT);

        assertThat(network.send((SipRequest) attack, FakeNetwork.TRUSTED)).hasStatus(200);

        var object = mail.objects("alice").getFirst();
        assertThat(entity(object).headers().first("Bcc")).isEmpty();
        assertThat(entity(object).headers().first("X")).isEmpty();
        assertThat(entity(object).content(Limits.DEFAULT).utf8()).isEqualTo(message().cpim());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".\r\n",
                "\r\n.\r\nMAIL FROM:<x@y>\r\n",
                "\n.\n",
                "a1 LOGOUT\r\n",
                "{5}\r\n)\r\na2 DELETE INBOX\r\n",
                "\r\nFrom someone\r\n\r\n--b1--\r\n"
            })
    void whatLooksLikeACommandIsContent(String text) { // B12
        network.send(message().to(BOB).text(text));

        assertThat(entity(mail.objects("alice").getFirst()).content(Limits.DEFAULT).utf8())
                .isEqualTo(message().to(BOB).text(text).cpim());
    }

    // ---- a store that is not well

    @Clause("8.2.1.1/9.i.b.else")
    @Test
    void aStoreThatIsDownHoldsUpNothingAndGetsTheMessageLater() { // N1
        mail.door().refuse();

        assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
        network.pf().recorder().recordLeftOver();
        assertThat(objects()).isEmpty();

        mail.door().wellAgain();
        network.pf().recorder().recordLeftOver();
        network.pf().recorder().recordLeftOver();
        assertThat(objects()).hasSize(1);
        assertThat(network.pf().recordings()).isEqualTo(new Recorder.Figures(1, 1, 0, 0));
    }

    @Clause("8.2.1.1/9.i.b.else")
    @Test
    void aStoreThatHangsDelaysTheAnswerByNoMoreThanItsTime() { // N1
        mail.door().hang();
        try (var store = new ImapStore(mail.settings().withTimeout(SHORT))) {
            network.store(store, Recorder.Settings.DEFAULT);
            var before = System.nanoTime();

            assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");

            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void anAppendWhoseAnswerIsLostMakesOneObject() { // N1, K7
        mail.door().lines(line -> line.contains("APPENDUID") ? FrontDoor.CUT : line);

        assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
        assertThat(objects()).hasSize(1);

        mail.door().wellAgain();
        network.pf().recorder().recordLeftOver();
        assertThat(objects()).hasSize(1);
        assertThat(store.figures().found()).isEqualTo(1);
        assertThat(network.pf().recordings().waiting()).isZero();
    }

    @Test
    void anAppendThatIsCutBeforeItsContentIsDoneAgain() { // N1
        mail.door()
                .lines(line -> line.startsWith("+") ? FrontDoor.CUT : line.replace("LITERAL+", ""));

        assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
        assertThat(objects()).isEmpty();

        mail.door().wellAgain();
        network.pf().recorder().recordLeftOver();
        network.pf().recorder().recordLeftOver();
        assertThat(objects()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"* BYE shutting down\r\n", "garbage\r\n", "* OK [\u0000\u0001\r\n"})
    void whateverAStoreSaysTheMessageGoesOn(String nonsense) { // N1
        mail.door().lines(_ -> nonsense);
        try (var store = new ImapStore(mail.settings().withTimeout(SHORT))) {
            network.store(store, FakeNetwork.PATIENT);

            assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
            assertThat(network.core.uris()).containsExactly(BOB);
        }
    }

    @Clause("8.2.1.1/9.i.b.else")
    @Test
    void aSlowStoreKeepsNobodyWaitingAndHasOneObject() { // N1
        var answered = new CountDownLatch(1);
        mail.door().lines(line -> line.contains("APPENDUID") ? after(answered, line) : line);
        try (var slow = new ImapStore(mail.settings().withTimeout(Duration.ofSeconds(60)))) {
            var patience = Duration.ofMillis(300);
            network.store(slow, new Recorder.Settings(patience, patience, Duration.ofHours(1)));

            assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");
            network.pf().recorder().recordLeftOver(); // it is under way
            answered.countDown();

            var once = new Recorder.Figures(1, 0, 0, 0);
            await().until(() -> network.pf().recordings().equals(once)); // and no more under way
            network.pf().recorder().recordLeftOver();
            assertThat(objects()).hasSize(1);
            assertThat(network.pf().recordings()).isEqualTo(once);
        }
    }

    private static String after(CountDownLatch event, String line) {
        try {
            assertThat(event.await(60, TimeUnit.SECONDS)).isTrue();
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAnswerToSomethingElseIsNotTheUid() { // N8
        mail.door()
                .lines(line ->
                        line.contains("APPENDUID")
                                ? "Z999 OK [APPENDUID 1 4711] done\r\n" + line + line
                                : line);

        for (int i = 0; i < 3; i++) {
            var answer = network.send(message().recipients(BOB));
            assertThat(answer).hasHeader("Message-UID", "" + objects().getLast().getUid());
        }
        assertThat(objects()).hasSize(3);
    }

    @Test
    void anotherValidityHasItsOwnUids() { // N2
        mail.put("alice", FOLDER, "From: a\r\n\r\nbefore");
        assertThat(network.send(message().recipients(BOB))).hasHeader("Message-UID", "2");
        mail.door().lines(line -> line.contains("APPENDUID") ? FrontDoor.CUT : line);
        network.send(message().recipients(BOB)); // has an object, and nobody knows its UID
        mail.door().wellAgain();

        mail.deleteFolder("alice", FOLDER);
        network.pf().recorder().recordLeftOver();
        assertThat(objects()).hasSize(1);
        var answer = network.send(message().recipients(BOB));

        assertThat(objects()).hasSize(2);
        assertThat(answer).hasHeader("Message-UID", "" + objects().getLast().getUid());
    }

    @Test
    void aStoreThatFailsIsLeftAloneForAWhile() { // N7
        mail.door().lines(_ -> FrontDoor.CUT);
        try (var store = new ImapStore(mail.settings().withPause(Duration.ofHours(1)))) {
            network.store(store, FakeNetwork.PATIENT);
            for (int i = 0; i < 20; i++) {
                assertThat(network.send(message().recipients(BOB))).hasStatus(200);
            }
            network.pf().recorder().recordLeftOver();
            assertThat(mail.door().connections()).isEqualTo(3);
            assertThat(store.figures().away()).isTrue();
        }
    }

    @Test
    void afterThePauseOneAsksAndThenAllIsStored() { // N7
        mail.door().lines(_ -> FrontDoor.CUT);
        try (var store = new ImapStore(mail.settings().withPause(Duration.ofMillis(100)))) {
            network.store(store, FakeNetwork.PATIENT);
            for (int i = 0; i < 10; i++) {
                network.send(message().recipients(BOB));
            }
            mail.door().wellAgain();

            await().untilAsserted(() -> {
                network.pf().recorder().recordLeftOver();
                assertThat(objects()).hasSize(10);
            });
            assertThat(store.figures().away()).isFalse();
        }
    }

    @Test
    void aFullMailboxIsGivenUpAtOnce() { // N1
        mail.door()
                .lines(line ->
                        line.contains("APPENDUID")
                                ? line.replaceAll("OK .*", "NO [OVERQUOTA] Mailbox full")
                                : line);

        assertThat(network.send(message().recipients(BOB))).hasStatus(200).hasNo("Message-UID");

        assertThat(network.pf().recordings()).isEqualTo(new Recorder.Figures(0, 0, 1, 0));
    }

    @Test
    void aStoreWithoutUidplusIsAskedForTheUid() { // N1
        mail.door()
                .lines(line ->
                        line.replaceAll("\\[APPENDUID [0-9]+ [0-9]+]", "").replace("UIDPLUS", ""));

        var answer = network.send(message().recipients(BOB));

        assertThat(answer).hasHeader("Message-UID", "" + objects().getFirst().getUid());
    }

    @Test
    void whatIsNotRecordedIsGivenUpAfterItsTime() {
        mail.door().refuse();
        network.send(message().recipients(BOB));

        network.clock.advance(Duration.ofHours(25));
        network.pf().recorder().recordLeftOver();

        assertThat(network.pf().recordings()).isEqualTo(new Recorder.Figures(0, 0, 1, 0));
        mail.door().wellAgain();
        network.pf().recorder().recordLeftOver();
        assertThat(objects()).isEmpty();
    }

    @Test
    void aMessageThatWasNotRecordedIsAfterARestart() { // N1
        network.ledger("file:" + folder.resolve("ledger"));
        mail.door().refuse();
        network.send(message().recipients(BOB, CAROL));

        network.restart();
        mail.door().wellAgain();
        network.pf().recorder().recordLeftOver();
        network.pf().recorder().recordLeftOver();

        assertThat(objects()).hasSize(1);
        assertThat(header(objects().getFirst(), "To")).isEqualTo("<" + TestMessage.EXPLODER + ">");
    }

    @Test
    void aMessageSentTwiceHasOneObjectAndTheSameUidTwice() { // D4
        var once = message().recipients(BOB).set("Contribution-ID", "c-1");
        var twice = message().recipients(BOB).set("Contribution-ID", "c-1");

        var first = network.send(once);
        var second = network.send(twice);

        assertThat(objects()).hasSize(1);
        assertThat(second).hasHeader("Message-UID", first.header("Message-UID").orElse("none"));
    }
}
