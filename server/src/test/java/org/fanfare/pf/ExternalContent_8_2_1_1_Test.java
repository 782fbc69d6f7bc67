package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.store.ImapStore;
import org.fanfare.store.MailServer;
import org.fanfare.testing.Clause;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Step 5: content that is named instead of sent.
class ExternalContent_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String PHOTO =
            "Content-Type: image/jpeg\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC/w==\r\n";

    private static final String PAYLOAD_TYPE =
            """
            NS: cpm <http://www.openmobilealliance.org/cpm/>
            cpm.Payload-Type: text/plain
            """
                    .replace("\n", "\r\n");

    private final MailServer mail = new MailServer();
    private final ImapStore store = new ImapStore(mail.settings());
    private final FakeNetwork network = new FakeNetwork().store(store, FakeNetwork.PATIENT);

    @AfterEach
    void close() {
        network.close();
        store.close();
        mail.close();
    }

    private String url(String rest) {
        return "imap://127.0.0.1:" + mail.uri().getPort() + rest;
    }

    private static String external(String url) {
        return "message/external-body; access-type=\"URL\"; URL=\"" + url + "\"";
    }

    private CpimMessage received() {
        return CpimMessage.parse(network.core.copyFor(BOB).body(), Limits.DEFAULT);
    }

    private static TestMessage naming(String url) {
        return naming(message().recipients(BOB), url);
    }

    private static TestMessage naming(TestMessage message, String url) {
        return message.contentType(external(url))
                .text("Content-Type: image/jpeg\r\nContent-Disposition: render\r\n\r\n");
    }

    @Clause({"8.2.1.1/5", "8.2.1.1/5.a", "8.2.1.1/5.b", "8.2.1.1/5.b.note", "8.2.1.1/5.c"})
    @Test
    void aMediaObjectTakesThePlaceOfItsReference() {
        long uid = mail.put("alice", "Default.photos", PHOTO);

        var answer = network.send(naming(url("/Default.photos/;UID=" + uid + ";action=fetch")));

        assertThat(answer).hasStatus(200);
        var content = received().content();
        assertThat(content.contentType().essence()).isEqualTo("image/jpeg");
        assertThat(content.headers().first("Content-Disposition")).contains("render");
        assertThat(content.body().toByteArray()).containsExactly(0, 1, 2, 0xff);
    }

    @Clause({"8.2.1.1/5", "8.2.1.1/5.b", "8.2.1.1/5.c"})
    @Test
    void aMessageToOneHasTheContentTooInPlaceOfItsReference() {
        long uid = mail.put("alice", "Default.photos", PHOTO);
        var url = url("/Default.photos/;UID=" + uid + ";action=fetch");

        assertThat(network.send(naming(message().to(BOB), url))).hasStatus(200);

        assertThat(network.core.copyFor(BOB).header("Content-Type")).contains("message/cpim");
        assertThat(received().content().contentType().essence()).isEqualTo("image/jpeg");
        assertThat(received().content().body().toByteArray()).containsExactly(0, 1, 2, 0xff);
    }

    @Clause({"8.2.1.1/5", "8.2.1.1/5.b", "8.2.1.1/5.c"})
    @Test
    void aMessageToAnAdHocGroupHasItBesideItsList() { // reading 82
        long uid = mail.put("alice", "Default.photos", PHOTO);
        var group = "sip:controlling@home.example";
        var url = url("/Default.photos/;UID=" + uid + ";action=fetch");

        assertThat(network.send(naming(message().to(group).recipients(BOB), url))).hasStatus(200);

        var content = MessageContent.of(network.core.copyFor(group), Limits.DEFAULT);
        assertThat(content.lists())
                .singleElement()
                .satisfies(list -> {
                    assertThat(list.hasDisposition("recipient-list")).isTrue();
                    assertThat(list.body().utf8()).contains(BOB);
                });
        assertThat(content.messages().getFirst().content().contentType().essence())
                .isEqualTo("image/jpeg");
    }

    @Clause({"8.2.1.1/5.b.multipart", "8.2.1.1/5.c"})
    @Test
    void aMultipartStaysOfItsTypeAndItsPartsKeepTheirIds() { // RFC 2387
        long uid = mail.put("alice", "Default.photos", PHOTO);
        var body =
                "--p\r\nContent-Type: text/html\r\nContent-ID: <page@x>\r\n\r\n"
                        + "<img src=\"cid:photo@x\">\r\n--p\r\nContent-Type: "
                        + external(url("/Default.photos/;UID=" + uid + ";action=fetch"))
                        + "\r\n\r\nContent-Type: image/jpeg\r\nContent-ID: <photo@x>\r\n\r\n"
                        + "\r\n--p--\r\n";
        var type = "multipart/related;type=\"text/html\";start=\"<page@x>\";boundary=p";

        assertThat(network.send(message().recipients(BOB).contentType(type).text(body)))
                .hasStatus(200);

        var content = received().content();
        assertThat(content.contentType().essence()).isEqualTo("multipart/related");
        assertThat(content.contentType().parameter("start")).contains("<page@x>");
        assertThat(content.leaves(Limits.DEFAULT))
                .extracting(leaf -> leaf.headers().first("Content-ID").orElse("none"))
                .containsExactly("<page@x>", "<photo@x>");
        assertThat(received().header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .contains("text/html, image/jpeg");
    }

    @Clause("8.2.1.1/5.b")
    @Test
    void aReferenceAmongTheCpimHeadersIsGoneAsWell() { // RFC 5438 has Content-Type there
        long uid = mail.put("alice", "Default.photos", PHOTO);
        var url = url("/Default.photos/;UID=" + uid + ";action=fetch");
        var cpim =
                "From: <%s>\r\nTo: <%s>\r\nContent-Type: %s\r\n\r\n"
                        .formatted(TestMessage.ALICE, BOB, external(url));
        var request = message().to(BOB).build().toBuilder().body("message/cpim", Octets.utf8(cpim));

        assertThat(network.send(request.build(), FakeNetwork.TRUSTED)).hasStatus(200);

        assertThat(network.core.copyFor(BOB).body().utf8()).doesNotContain("external-body");
        assertThat(received().content().body().toByteArray()).containsExactly(0, 1, 2, 0xff);
    }

    @Clause("8.2.1.1/5.a")
    @ParameterizedTest
    @CsvSource({"10:15:29, 404", "10:15:31, 200"})
    void aReferenceIsGoodUntilItExpires(String time, int status) { // RFC 4483 5.7
        long uid = mail.put("alice", "Default.photos", PHOTO);
        var url = url("/Default.photos/;UID=" + uid + ";action=fetch");
        var type = external(url) + "; expiration=\"Mon, 02 Mar 2026 " + time + " GMT\"";

        assertThat(network.send(message().recipients(BOB).contentType(type))).hasStatus(status);

        assertThat(network.core.received()).hasSize(status == 200 ? 1 : 0);
    }

    @Clause("8.2.1.1/5.a.ft")
    @Test
    void ofTheHistoryOfAFileTransferTheFileIsTaken() {
        var history =
                "From: <sip:carol@home.example>\r\nTo: <sip:alice@home.example>\r\n"
                        + "Contribution-ID: ft-1\r\nMessage-Direction: received\r\n"
                        + PHOTO;
        long uid = mail.put("alice", "Default.conversation.ft-1", history);
        var url = url("/Default.conversation.ft-1/;UID=" + uid + ";action=fetch");

        assertThat(network.send(naming(url))).hasStatus(200);

        assertThat(received().content().headers())
                .extracting(field -> field.name() + ": " + field.value())
                .containsExactly("Content-Type: image/jpeg", "Content-Disposition: render");
        assertThat(received().content().body().toByteArray()).containsExactly(0, 1, 2, 0xff);
    }

    @Clause("8.2.1.1/5.a.msg")
    @Test
    void aStandaloneMessageCanBeNamedByWhoHasSentIt() {
        network.policy(p -> p.recording(Policy.Recording.ALWAYS));
        var first = network.send(message().to("sip:carol@home.example").text("the first"));
        var uid = first.header("Message-UID").orElseThrow();
        var folder = "/Default.sip%3Acarol%40home%3D2Eexample/;UID=";

        assertThat(network.send(naming(url(folder + uid + "?action=fetch")))).hasStatus(200);

        assertThat(received().content().contentType().essence()).isEqualTo("message/cpim");
        assertThat(received().content().body().utf8()).endsWith("the first");
    }

    @Clause({"8.2.1.1/5.each", "8.2.1.1/5.b.multipart", "8.2.1.1/5.c", "8.2.1.1/5.else"})
    @Test
    void everyPartThatIsNamedIsFetchedAndThePayloadTypesAreWrittenAnew() {
        long photo = mail.put("alice", "Default.photos", PHOTO);
        long text =
                mail.put("alice", "Default.texts", "Content-Type: text/html\r\n\r\n<b>x</b>\r\n");
        var body =
                "--p\r\nContent-Type: text/plain\r\n\r\nlook\r\n--p\r\nContent-Type: "
                        + external(url("/Default.photos/;UID=" + photo + ";action=fetch"))
                        + "\r\n\r\n\r\n--p\r\nContent-Type: "
                        + external(url("/Default.texts/;UID=" + text + ";ACTION=FETCH"))
                        + "\r\n\r\n\r\n--p\r\nContent-Type: "
                        + external("http://other.example/x")
                        + "\r\n\r\n\r\n--p--\r\n";

        var answer =
                network.send(
                        message()
                                .recipients(BOB)
                                .cpimHeaders(PAYLOAD_TYPE)
                                .contentType("multipart/mixed;boundary=p")
                                .text(body));

        assertThat(answer).hasStatus(200);
        assertThat(received().header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .contains("text/plain, image/jpeg, text/html, message/external-body");
        assertThat(received().content().leaves(Limits.DEFAULT))
                .extracting(leaf -> leaf.contentType().essence())
                .containsExactly("text/plain", "image/jpeg", "text/html", "message/external-body");
    }

    @Clause("8.2.1.1/5.else")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "message/external-body; access-type=URL; URL=\"imap://127.0.0.1/x/;UID=1\"",
                "message/external-body; access-type=FTP; URL=\"imap://h/x/;UID=1;action=fetch\"",
                "text/plain; access-type=URL; URL=\"imap://h/x/;UID=1;action=fetch\"",
                "message/external-body; access-type=URL; URL=\"imap://h/x/;UID=1;reaction=fetch\""
            })
    void whatMissesOneOfTheMarksGoesOnAsItIs(String type) {
        assertThat(network.send(message().recipients(BOB).contentType(type))).hasStatus(200);

        assertThat(received().content().headers().first("Content-Type")).contains(type);
    }

    @Clause({"8.2.1.1/5.a", "8.2.1.1/5.a.session", "8.2.1.1/5.a.conv"})
    @ParameterizedTest
    @CsvSource({
        "/Default.photos/;UID=999;action=fetch, 404", // reading 53
        "/Default.none/;UID=1;action=fetch, 404",
        "/Default.photos/;UID=1;UIDVALIDITY=1;action=fetch, 404", // N2
        "/Default.photos;action=fetch, 415", // a history is a folder
        "/../bob/;UID=1;action=fetch, 403", // B13
        "/Default/%2e%2e/x/;UID=1;action=fetch, 403"
    })
    void whatCannotBeFetchedIsRefusedAndNobodyGetsIt(String rest, int status) {
        mail.put("alice", "Default.photos", PHOTO);

        assertThat(network.send(naming(url(rest)))).hasStatus(status);

        assertThat(network.core.received()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "imap://other.example/Default/;UID=1;action=fetch, 403", // B13
        "imap://127.0.0.1:1/Default/;UID=1;action=fetch, 403",
        "http://127.0.0.1/x?action=fetch, 415",
        "file:///etc/passwd?action=fetch, 415",
        "imap://;action=fetch, 415"
    })
    void onlyOurStoreIsAsked(String url, int status) {
        assertThat(network.send(naming(url))).hasStatus(status);

        assertThat(mail.door().connections()).isZero();
    }

    @Test
    void nobodyReadsTheMailboxOfAnother() { // B13
        long uid = mail.put("bob", "Default.photos", PHOTO);
        var path = "/Default.photos/;UID=" + uid + ";action=fetch";
        var asBob = url(path).replace("imap://", "imap://bob%40home.example@");

        assertThat(network.send(naming(asBob))).hasStatus(403);
        assertThat(network.send(naming(url(path)))).hasStatus(404); // not in alice's own
        assertThat(network.core.received()).isEmpty();
    }

    @Test
    void aReferenceInWhatIsFetchedIsNotFollowed() { // B13
        long uid =
                mail.put(
                        "alice",
                        "Default.x",
                        "Content-Type: "
                                + external(url("/Default.x/;UID=1;action=fetch"))
                                + "\r\n\r\n");

        assertThat(network.send(naming(url("/Default.x/;UID=" + uid + ";action=fetch"))))
                .hasStatus(200);

        assertThat(received().content().contentType().essence()).isEqualTo("message/external-body");
    }

    @Test
    void whatIsTooLargeIsNotReadAtAll() { // B13
        long uid =
                mail.put("alice", "Default.x", "Content-Type: a/b\r\n\r\n" + "x".repeat(2 << 20));
        var read = new java.util.concurrent.atomic.AtomicLong();
        mail.door()
                .lines(line -> {
                    read.addAndGet(line.length());
                    return line;
                });

        assertThat(network.send(naming(url("/Default.x/;UID=" + uid + ";action=fetch"))))
                .hasStatus(413);

        assertThat(read.get()).isLessThan(10_000);
        assertThat(network.core.received()).isEmpty();
    }

    /// Far too large for any number of ours; and too small, which is found out while it is read.
    @ParameterizedTest
    @CsvSource({"10737418240, 10000", "10, 2000000"})
    void whateverTheStoreSaysOfASizeNoMoreIsRead(long size, long mostRead) { // B13
        var object = "Content-Type: a/b\r\n\r\n" + "x".repeat(3 << 20);
        long uid = mail.put("alice", "Default.x", object);
        var read = new java.util.concurrent.atomic.AtomicLong();
        mail.door()
                .lines(line -> {
                    read.addAndGet(line.length());
                    return line.replaceFirst("RFC822[.]SIZE [0-9]+", "RFC822.SIZE " + size);
                });

        assertThat(network.send(naming(url("/Default.x/;UID=" + uid + ";action=fetch"))))
                .hasStatus(413);
        assertThat(read.get()).isLessThan(mostRead);
        assertThat(network.core.received()).isEmpty();
    }

    @Test
    void aStoreThatIsAwayIsOurFault() { // reading 53
        mail.door().refuse();

        assertThat(network.send(naming(url("/Default.x/;UID=1;action=fetch"))))
                .hasStatus(500)
                .hasHeader("Retry-After", "30");
    }

    @Test
    void aListThatIsRefusedIsRefusedBeforeAnythingIsFetched() { // reading 53
        network.policy(p -> p.maxRecipients(1));
        var message =
                message()
                        .recipients(BOB, "sip:carol@home.example")
                        .contentType(external(url("/Default.x/;UID=1;action=fetch")));

        assertThat(network.send(message)).hasStatus(486);

        assertThat(mail.door().connections()).isZero();
    }
}
