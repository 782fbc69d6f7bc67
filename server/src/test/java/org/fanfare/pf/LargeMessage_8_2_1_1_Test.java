package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.pf.AnswerAssert.assertThat;
import static org.fanfare.pf.TestMessage.message;

import org.fanfare.cpim.CpimHeader;
import org.fanfare.cpim.CpimMessage;
import org.fanfare.msrp.MsrpUri;
import org.fanfare.sdp.Direction;
import org.fanfare.sdp.Setup;
import org.fanfare.sip.SipDate;
import org.fanfare.store.ImapStore;
import org.fanfare.store.MailServer;
import org.fanfare.testing.Clause;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// Step 8.B: a MESSAGE that is too large to go on as one becomes a session with each recipient.
class LargeMessage_8_2_1_1_Test {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String MSG = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.msg";
    private static final String LARGEMSG = "urn:urn-7:3gpp-service.ims.icsi.oma.cpm.largemsg";

    private static final String PAYLOAD_TYPE =
            """
            NS: cpm <http://www.openmobilealliance.org/cpm/cpim>
            cpm.Payload-Type: text/plain, image/png
            """
                    .replace("\n", "\r\n");

    @TempDir private Path folder;

    private LargeNetwork network;

    @BeforeEach
    void open() {
        network = new LargeNetwork(folder);
    }

    @AfterEach
    void close() {
        network.close();
    }

    private static TestMessage large() {
        return message().text("x".repeat(5_000));
    }

    private static TestMessage toBoth() {
        return large().recipients(BOB, CAROL);
    }

    @Clause({
        "8.2.1.1/8.B",
        "8.2.1.1/8.B.a",
        "8.2.1.1/8.B.a.iv",
        "8.2.1.1/8.B.a.iv.2.else",
        "8.2.1.1/8.B.a.iv.3.else",
        "8.2.1.1/8.B.a.iv.4",
        "8.2.1.1/8.B.a.xiii",
        "8.2.1.1/8.B.a.xiii.each",
        "8.2.1.1/8.B.c",
        "8.2.1.1/8.B.d.ii",
        "8.2.1.1/8.B.d.iii.2",
        "8.2.1.1/8.B.d.iv",
        "8.2.1.1/8.B.d.v",
        "8.2.1.1/8.B.d.vi",
        "8.2.1.1/8.B.d.vi.4",
        "8.2.1.1/8.B.d.vii",
        "8.2.1.1/8.B.d.vii.a",
        "8.2.1.1/8.B.d.vii.b",
        "8.2.1.1/8.B.d.vii.c"
    })
    @Test
    void aMessageToManyThatIsTooLargeIsASessionForEach() {
        var message = toBoth();

        assertThat(network.send(message)).hasStatus(200);

        for (var uri : List.of(BOB, CAROL)) {
            var leg = network.callTo(uri);
            assertThat(leg.whole()).isEqualTo(Octets.utf8(message.cpim()));
            assertThat(leg.ack().method()).hasToString("ACK");
            assertThat(leg.bye().headers().all("Reason"))
                    .containsExactly("SIP;cause=200;text=\"Call completed\"");
            assertThat(leg.invite().requestUriText()).isEqualTo(uri);
        }
        assertThat(network.messages()).isEmpty();
    }

    @Clause({"8.2.1.1/8.B.a.iv.else", "8.2.1.1/8.B.a.xiii.else"})
    @Test
    void aMessageToOneIsASessionWithHim() {
        var message = large().to(BOB);

        assertThat(network.send(message)).hasStatus(200);

        assertThat(network.callTo(BOB).whole()).isEqualTo(Octets.utf8(message.cpim()));
    }

    @Clause({"8.2.1.1/8", "8.2.1.1/8.B", "limit/1300.pf"})
    @Test
    void whatWasFetchedCounts() { // references k.4
        try (var mail = new MailServer();
                var store = new ImapStore(mail.settings())) {
            var object = "Content-Type: text/plain\r\n\r\n" + "x".repeat(3_000);
            long uid = mail.put("alice", "Default.texts", object);
            var url = mail.uri() + "/Default.texts/;UID=" + uid + ";action=fetch";
            network.store(store);

            var answer =
                    network.send(
                            message()
                                    .to(BOB)
                                    .contentType(
                                            "message/external-body;access-type=URL;URL=\""
                                                    + url
                                                    + "\"")
                                    .text("\r\n"));

            assertThat(answer).hasStatus(200);
            assertThat(network.callTo(BOB).whole().utf8())
                    .endsWith("Content-Type: text/plain\r\n\r\n" + "x".repeat(3_000));
        }
    }

    @Clause("limit/1300.pf")
    @Test
    void theLimitIs1300Octets() {
        int head = message().text("").to(BOB).cpim().length();

        network.send(message().text("x".repeat(1300 - head)).to(BOB));
        assertThat(network.calls()).isEmpty();

        network.send(message().text("x".repeat(1301 - head)).to(BOB));
        assertThat(network.calls()).hasSize(1);
    }

    @Clause({"8.2.1.1/8.B.a.i", "8.2.1.1/8.B.a.i.tag", "8.2.1.1/8.B.a.i.instance"})
    @Test
    void acceptContactIsCopiedForTheOtherMode() {
        var other = "*;+g.3gpp.icsi-ref=\"urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel";
        network.send(
                toBoth().header("Accept-Contact", "*;+sip.instance=\"<urn:uuid:0>\"")
                        .header("Accept-Contact", "*;audio;require")
                        .header(
                                "Accept-Contact",
                                other + ",urn%3aurn-7%3a3gpp-service.ims.icsi.oma.cpm.msg\""));

        assertThat(network.callTo(BOB).invite().headers().all("Accept-Contact"))
                .containsExactly(
                        LargeInvite.FEATURE_TAG,
                        "*;audio;require",
                        other + ",urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.largemsg\"");
    }

    @Clause({
        "8.2.1.1/8.B.a.i",
        "8.2.1.1/8.B.a.i.tag",
        "8.2.1.1/8.B.a.i.instance",
        "8.2.1.1/8.B.a.viii",
        "8.2.1.1/8.B.a.x",
        "8.2.1.1/8.B.a.xviii"
    })
    @Test
    void whatIsOursIsSaidOnceWhateverTheFormThatCame() { // M15
        network.send(
                large().to(BOB)
                        .without("Accept-Contact")
                        .header("a", TestMessage.FEATURE_TAG)
                        .header("a", "*;+sip.instance=\"<urn:uuid:0>\"")
                        .header("k", "100rel")
                        .header("x", "1800;refresher=uas")
                        .header("MIME-Version", "1.0")
                        .header("Content-Disposition", "render"));

        var headers = network.callTo(BOB).invite().headers();
        assertThat(headers.all("Accept-Contact")).containsExactly(LargeInvite.FEATURE_TAG);
        assertThat(headers.all("Supported")).containsExactly("timer");
        assertThat(headers.all("Session-Expires")).containsExactly("1200;refresher=uac");
        assertThat(headers.has("Content-Disposition")).isFalse();
        assertThat(headers.has("MIME-Version")).isFalse();
    }

    @Clause({"8.2.1.1/8.B.a.ii", "8.2.1.1/8.B.a.ii.1", "8.2.1.1/8.B.a.ii.2"})
    @ParameterizedTest
    @CsvSource({MSG + "," + LARGEMSG, MSG + ".group," + LARGEMSG + ".group"})
    void thePreferredServiceBecomesTheAssertedOfTheOtherMode(String preferred, String asserted) {
        network.send(toBoth().header("P-Preferred-Service", preferred));

        var headers = network.callTo(BOB).invite().headers();
        assertThat(headers.all("P-Asserted-Service")).containsExactly(asserted);
        assertThat(headers.has("P-Preferred-Service")).isFalse();
    }

    @Clause({"8.2.1.1/8.B.a.ii.3", "8.2.1.1/8.B.a.ii.4"})
    @ParameterizedTest
    @CsvSource({MSG + "," + LARGEMSG, MSG + ".group," + LARGEMSG + ".group"})
    void theAssertedServiceIsReplaced(String received, String asserted) {
        network.send(toBoth().header("P-Asserted-Service", received));

        assertThat(network.callTo(BOB).invite().headers().all("P-Asserted-Service"))
                .containsExactly(asserted);
    }

    @Clause({
        "8.2.1.1/8.B.a.iii",
        "8.2.1.1/8.B.a.v",
        "8.2.1.1/8.B.a.vii",
        "8.2.1.1/8.B.a.xv",
        "8.2.1.1/8.B.a.xvi",
        "8.2.1.1/8.B.a.xvii"
    })
    @Test
    void whatTheSenderSaysIsCopied() {
        var request =
                toBoth().header("Reply-To", "<sip:alice2@home.example>")
                        .header("Privacy", "id")
                        .set("Contribution-ID", "c-1")
                        .header("InReplyTo-Contribution-ID", "c-0");
        network.send(request);

        var headers = network.callTo(BOB).invite().headers();
        assertThat(headers.all("P-Asserted-Identity"))
                .containsExactly("\"Alice\" <" + TestMessage.ALICE + ">");
        assertThat(headers.all("Reply-To")).containsExactly("<sip:alice2@home.example>");
        assertThat(headers.all("Privacy")).containsExactly("id");
        assertThat(headers.all("Conversation-ID"))
                .containsExactly("0b7e7c1e-5c0e-4f5b-9d8f-0e6d5b7a1c11");
        assertThat(headers.all("Contribution-ID")).containsExactly("c-1");
        assertThat(headers.all("InReplyTo-Contribution-ID")).containsExactly("c-0");
    }

    @Clause({"8.2.1.1/8.B.a.iii", "8.2.1.1/8.B.a.v", "8.2.1.1/8.B.a.vii", "8.2.1.1/8.B.a.xvii"})
    @Test
    void whatTheSenderDoesNotSayIsNotInvented() {
        network.send(toBoth());

        var headers = network.callTo(BOB).invite().headers();
        for (var name :
                List.of("Reply-To", "Privacy", "InReplyTo-Contribution-ID", "Message-Expires")) {
            assertThat(headers.has(name)).as(name).isFalse();
        }
    }

    @Clause({"8.2.1.1/8.B.a.iv.1", "8.2.1.1/8.B.a.iv.1.403", "8.2.1.1/8.B.a.iv.1.warn"})
    @Test
    void anonymityTowardsManyThatIsNotAllowedIsRefused() {
        network.policy(p -> p.anonymityToMany(Originators.NOBODY));

        assertThat(network.send(toBoth().anonymous()))
                .hasStatus(403)
                .hasWarning("119 Anonymity not allowed");
        assertThat(network.calls()).isEmpty();
    }

    @Clause("8.2.1.1/8.B.a.iv.1.else")
    @Test
    void anonymityTowardsManyThatIsAllowedIsServed() {
        assertThat(network.send(toBoth().anonymous())).hasStatus(200);
    }

    @Clause("8.2.1.1/8.B.a.iv.1.off")
    @Test
    void withoutAnonymityThePolicyDoesNotMatter() {
        network.policy(p -> p.anonymityToMany(Originators.NOBODY));

        assertThat(network.send(toBoth())).hasStatus(200);
    }

    @Clause({"8.2.1.1/8.B.a.iv.2", "8.2.1.1/8.B.a.iv.2.486", "8.2.1.1/8.B.a.iv.2.warn"})
    @Test
    void moreRecipientsThanTheMaximumAreTooMany() {
        network.policy(p -> p.maxRecipients(1));

        assertThat(network.send(toBoth())).hasStatus(486).hasWarning("102 Too many recipients");
        assertThat(network.calls()).isEmpty();
    }

    @Clause("8.2.1.1/8.B.a.iv.2.else")
    @Test
    void asManyRecipientsAsTheMaximumAreServed() {
        network.policy(p -> p.maxRecipients(2));

        assertThat(network.send(toBoth())).hasStatus(200);
        assertThat(network.calls()).hasSize(2);
    }

    @Clause({"8.2.1.1/8.B.a.iv.3", "8.2.1.1/8.B.a.iv.3.403", "8.2.1.1/8.B.a.iv.3.warn"})
    @Test
    void anEmptyListHasNoDestinations() {
        assertThat(network.send(large().recipients()))
                .hasStatus(403)
                .hasWarning("129 No destinations");
        assertThat(network.calls()).isEmpty();
    }

    @Clause({
        "8.2.1.1/8.B.a.vi",
        "8.2.1.1/8.B.a.viii",
        "8.2.1.1/8.B.a.x",
        "8.2.1.1/8.B.a.xi",
        "8.2.1.1/8.B.a.xii",
        "limit/1800.pager"
    })
    @ParameterizedTest
    @ValueSource(ints = {90, 1799})
    void theInviteIsOurs(int seconds) {
        network.interval(Duration.ofSeconds(seconds));

        network.send(toBoth().set("User-Agent", "CPM-client/OMA1.0 Phone/7"));

        var headers = network.callTo(BOB).invite().headers();
        assertThat(headers.all("User-Agent")).containsExactly("CPM-serv/OMA2.2");
        assertThat(headers.all("Supported")).containsExactly("timer");
        assertThat(headers.all("Session-Expires")).containsExactly(seconds + ";refresher=uac");
        assertThat(headers.has("Min-SE")).isFalse();
    }

    @Clause("8.2.1.1/8.B.a.ix")
    @Test
    void expiresBecomesMessageExpires() {
        var date = SipDate.format(Instant.now().minusSeconds(10));
        network.send(
                toBoth().header("Expires", "3600")
                        .header("Message-Expires", "60")
                        .header("Date", date));

        var headers = network.callTo(BOB).invite().headers();
        assertThat(headers.all("Message-Expires")).containsExactly("3600");
        assertThat(headers.all("Date")).containsExactly(date);
        assertThat(headers.has("Expires")).isFalse();
    }

    @Clause({"8.2.1.1/8.B.a.xiii.noncpm", "8.2.1.1/8.B.b"})
    @Test
    void whatIsNeitherSipNorTelGoesToInterworking() {
        network.interworking();

        network.send(large().recipients("tel:+15551234", "mailto:carol@x.example"));

        assertThat(network.callTo("tel:+15551234").invite().headers().has("Route")).isFalse();
        assertThat(network.callTo("mailto:carol@x.example").invite().headers().all("Route"))
                .containsExactly("<sip:isf.home.example;lr>");
        network.callTo("mailto:carol@x.example").whole();
    }

    @Clause("8.2.1.1/8.B.b")
    @Test
    void aSingleRecipientThatIsNeitherGoesThereToo() {
        network.interworking();
        var mail = "mailto:carol@x.example";

        assertThat(network.send(large().to(mail))).hasStatus(200);

        assertThat(network.callTo(mail).invite().headers().all("Route"))
                .containsExactly("<sip:isf.home.example;lr>");
    }

    @Clause("8.2.1.1/8.B.b")
    @Test
    void withoutInterworkingHeIsCalledByNobody() {
        assertThat(network.send(large().to("mailto:carol@x.example"))).hasStatus(416);

        assertThat(network.calls()).isEmpty();
    }

    @Clause("8.2.1.1/8.B.a.xiv")
    @Test
    void theListGoesAlongToWhoeverServesTheGroupAndToNobodyElse() { // reading 9
        network.send(toBoth());
        network.send(large().to("sip:group@home.example").recipients(BOB, CAROL));

        assertThat(network.callTo(BOB).invite().encoded().utf8()).doesNotContain("resource-lists");
        assertThat(network.callTo("sip:group@home.example").invite().body().utf8())
                .contains("application/resource-lists+xml")
                .contains(BOB)
                .contains(CAROL);
        assertThat(network.callTo("sip:group@home.example").offered().direction())
                .isEqualTo(Direction.SENDONLY);
    }

    @Clause({
        "8.2.1.1/8.B.a.xviii",
        "8.2.1.1/8.B.a.xviii.1",
        "8.2.1.1/8.B.a.xviii.2",
        "8.2.1.1/8.B.a.xviii.3",
        "8.2.1.1/8.B.a.xviii.4",
        "8.2.1.1/8.B.a.xviii.5"
    })
    @Test
    void theOfferSaysWhatComes() {
        var message = toBoth();
        network.send(message);

        var offer = network.callTo(BOB).offered();
        assertThat(offer.direction()).isEqualTo(Direction.SENDONLY);
        assertThat(offer.acceptTypes()).containsExactly("message/cpim");
        assertThat(offer.acceptWrappedTypes()).containsExactly("text/plain"); // reading 59
        assertThat(MsrpUri.parse(offer.path().getFirst()).port())
                .isEqualTo(network.media().listening().getFirst().address().getPort());
        assertThat(offer.announcedSize()).isEqualTo(message.cpim().length());
        assertThat(offer.setup()).isEqualTo(Setup.ACTPASS);
        assertThat(offer.cema()).isTrue(); // reading 58
    }

    @Test
    void whereTheNetworkMayNotKnowCemaItIsNotOffered() { // reading 58
        network.policy(p -> p.msrpInteroperability(true));
        network.send(toBoth());

        assertThat(network.callTo(BOB).offered().cema()).isFalse();
    }

    @Clause("8.2.1.1/8.B.d.iii.1")
    @Test
    void aRecipientMayConnectItself() {
        network.when(BOB, Called::answerActive);
        var message = large().to(BOB);

        assertThat(network.send(message)).hasStatus(200);
        assertThat(network.callTo(BOB).whole()).isEqualTo(Octets.utf8(message.cpim()));
    }

    @Clause({
        "8.2.1.1/8.B.d.vi.chunk",
        "8.2.1.1/8.B.d.vi.1",
        "8.2.1.1/8.B.d.vi.2",
        "8.2.1.1/8.B.d.vi.2.copy"
    })
    @Test
    void theContentComesInChunksOfMessageCpim() {
        network.msrp(l -> l.withSending(1000, 10_000));
        network.send(large().to(BOB).contentType("text/html;charset=UTF-8"));

        var leg = network.callTo(BOB);
        assertThat(leg.whole().utf8())
                .contains("\r\n\r\nContent-Type: text/html;charset=UTF-8\r\n");
        assertThat(leg.chunks().size()).isGreaterThan(5);
        assertThat(leg.chunks())
                .allSatisfy(chunk -> {
                    assertThat(chunk.contentType()).contains("message/cpim");
                    assertThat(chunk.byteRange().end() - chunk.byteRange().start())
                            .isLessThan(1000);
                    assertThat(chunk.fields().toPath().getFirst())
                            .isEqualTo(leg.media().localPath());
                });
    }

    @Clause("8.2.1.1/8.B.d.vi.2.i")
    @Test
    void aMultipartSaysItsTypesAsItDidBefore() { // the CPIM entity is copied as it came
        var multipart =
                "--p\r\nContent-Type: text/plain\r\n\r\n"
                        + "x".repeat(3000)
                        + "\r\n--p\r\nContent-Type: image/png\r\n\r\nPNG\r\n--p--\r\n";
        network.send(
                large().to(BOB)
                        .cpimHeaders(PAYLOAD_TYPE)
                        .contentType("multipart/mixed;boundary=p")
                        .text(multipart));

        assertThat(network.callTo(BOB).whole().utf8())
                .contains("cpm.Payload-Type: text/plain, image/png\r\n");
        assertThat(network.callTo(BOB).offered().acceptWrappedTypes())
                .containsExactly("text/plain", "image/png");
    }

    @Clause("8.2.1.1/8.B.d.vi.2.i")
    @Test
    void theTypesOfAMultipartThatDoesNotSayThemAreAdded() { // reading 35
        var multipart =
                "--p\r\nContent-Type: text/plain\r\n\r\n"
                        + "x".repeat(3000)
                        + "\r\n--p\r\nContent-Type: image/png\r\n\r\nPNG\r\n--p--\r\n";
        var message =
                large().recipients(BOB)
                        .contentType("multipart/mixed;boundary=p")
                        .text(multipart)
                        .asking("display");

        assertThat(network.send(message)).hasStatus(200);

        var leg = network.callTo(BOB);
        var cpim = CpimMessage.parse(leg.whole(), Limits.DEFAULT);
        assertThat(cpim.header(CpimHeader.CPM_NAMESPACE, "Payload-Type"))
                .contains("text/plain, image/png");
        assertThat(cpim.content().body().utf8()).isEqualTo(multipart);
        assertThat(cpim.header(CpimHeader.IMDN_NAMESPACE, "Disposition-Notification"))
                .contains("display");
        assertThat(leg.offered().announcedSize()).isEqualTo(leg.whole().length());
    }

    @Clause("8.2.1.1/8.B.d.vi.3")
    @Test
    void whatTheSenderWantsToBeToldStaysInTheCpimHeaders() { // reading 61
        network.send(large().to(BOB).asking("positive-delivery"));

        var leg = network.callTo(BOB);
        assertThat(leg.whole().utf8())
                .contains("imdn.Disposition-Notification: positive-delivery\r\n");
        assertThat(leg.chunks().getFirst().successReport()).isFalse();
    }

    @Clause({
        "8.2.1.1/8.B.d.vii.d.a.404",
        "8.2.1.1/8.B.d.vii.d.a.488",
        "8.2.1.1/8.B.d.vii.d.a.606",
        "8.2.1.1/8.B.d.vii.d.a.ii"
    })
    @ParameterizedTest
    @ValueSource(ints = {404, 488, 606, 486, 603})
    void withoutInterworkingTheErrorIsTheAnswerToTheMessage(int status) { // reading 10
        network.refuses(BOB, status);

        assertThat(network.send(large().to(BOB))).hasStatus(status);
    }

    @Clause({
        "8.2.1.1/8.B.d.vii.d.a",
        "8.2.1.1/8.B.d.vii.d.a.404",
        "8.2.1.1/8.B.d.vii.d.a.488",
        "8.2.1.1/8.B.d.vii.d.a.606",
        "8.2.1.1/8.B.d.vii.d.a.i"
    })
    @ParameterizedTest
    @ValueSource(ints = {404, 488, 606})
    void anErrorSendsTheInviteToInterworking(int status) { // reading 10
        network.interworking().refuses(BOB, status, 200);

        assertThat(network.send(large().to(BOB))).hasStatus(200);

        assertThat(network.callsTo(BOB)).hasSize(2);
        assertThat(network.callsTo(BOB).getLast().invite().headers().all("Route"))
                .containsExactly("<sip:isf.home.example;lr>");
    }

    @Clause("8.2.1.1/8.B.d.vii.d.a.ii.tried")
    @Test
    void interworkingIsTriedOnce() {
        network.interworking().refuses(BOB, 404, 606);

        assertThat(network.send(large().to(BOB))).hasStatus(606);
        assertThat(network.callsTo(BOB)).hasSize(2);
    }

    @Clause("8.2.1.1/8.B.d.vii.d.a")
    @Test
    void anErrorToTheByeTakesNothingBack() { // reading 10
        network.interworking().answersByeWith(404);

        assertThat(network.send(large().to(BOB))).hasStatus(200);

        network.callTo(BOB).whole();
        assertThat(network.calls()).hasSize(1);
    }

    @Clause({"8.2.1.1/8.B.d.vii", "8.2.1.1/8.B.d.vii.c"})
    @Test
    void untilTheLastChunkIsAcknowledgedThereIsNeitherByeNorAnswer() throws Exception {
        var gate = new CountDownLatch(1);
        network.when(BOB, leg -> leg.onContent(_ -> await(gate)).answer());
        var answer = network.begin(large().to(BOB));
        network.callTo(BOB).awaitContent();

        assertThat(network.send(large().to(CAROL))).hasStatus(200);
        network.callTo(CAROL).bye();
        assertThat(network.callTo(BOB).isHungUp()).isFalse();
        assertThat(answer.isDone()).isFalse();

        gate.countDown();
        assertThat(Called.wait(answer)).hasStatus(200);
        network.callTo(BOB).bye();
    }

    private static void await(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Clause({"8.2.1.1/8.B.d.vii.d.a.msrp", "8.2.1.1/8.B.d.vii.d.a.i"})
    @Test
    void contentThatIsRefusedGoesToInterworking() {
        network.interworking();
        network.when(BOB, leg -> leg.refusingChunks(415).answer(), Called::answer);
        var message = large().to(BOB);

        assertThat(network.send(message)).hasStatus(200);

        assertThat(network.callsTo(BOB)).hasSize(2);
        assertThat(network.callsTo(BOB).getLast().whole()).isEqualTo(Octets.utf8(message.cpim()));
    }

    @Clause({"8.2.1.1/8.B.d.vii.d.a.msrp", "8.2.1.1/8.B.d.vii.d.a.ii"})
    @Test
    void contentThatIsRefusedIsTheAnswerToTheMessage() {
        network.when(BOB, leg -> leg.refusingChunks(415).answer());

        assertThat(network.send(large().to(BOB))).hasStatus(415);
    }

    @ParameterizedTest
    @CsvSource({"false,413,1", "true,200,2"})
    void aRecipientMayTakeNoMessageOfThisSize(boolean interworking, int status, int calls)
            throws Exception { // reading 86
        if (interworking) {
            network.interworking();
        }
        network.when(BOB, leg -> leg.answer(m -> m.withMaxSize(5_000)), Called::answer);

        assertThat(network.send(large().to(BOB))).hasStatus(status);

        assertThat(network.callsTo(BOB)).hasSize(calls);
        assertThat(network.callsTo(BOB).getFirst().received()).isZero();
    }

    @Test
    void aMessageThatIsSentAgainHasTheSameAnswerAndNoSecondSession() { // D4, reading 77
        var message = toBoth().set("Contribution-ID", "c-2");

        assertThat(network.send(message)).hasStatus(200);
        assertThat(network.send(message)).hasStatus(200);

        assertThat(network.calls()).hasSize(2);
    }

    @Test
    void aMessageThatIsLargerThanTheServerTakesIsRefused() { // P8
        network.largest(4_000);

        assertThat(network.send(toBoth())).hasStatus(403).hasWarning("133 Size exceeded");
        assertThat(network.calls()).isEmpty();
    }
}
