package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.digest.DigestClient;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

class FanfareServerTest {

    @TempDir Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (var part : open.reversed()) {
            part.close();
        }
    }

    @Test
    void aTakenPortIsSaidWithItsKeyAndAddress() throws Exception {
        var taken = keep(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
        var point = "udp:127.0.0.1:" + taken.getLocalPort();

        assertThatThrownBy(() -> server("listen.sip=" + point).start())
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("listen.sip: cannot listen: " + point + ": ");
    }

    @Test
    void aTakenPortOfTheEmbeddedCoreIsSaidWithItsKey() throws Exception {
        var taken = keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        var point = "tcp:127.0.0.1:" + taken.getLocalPort();

        assertThatThrownBy(() -> server("core.listen=" + point).start())
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("core.listen: cannot listen: " + point + ": ");
    }

    @Test
    void aTakenAdminPortIsSaidAndNothingStaysOpen() throws Exception {
        var taken = keep(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        var address = "127.0.0.1:" + taken.getLocalPort();

        assertThatThrownBy(() -> server("listen.admin=" + address).start())
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("listen.admin: cannot listen at " + address + ": ");

        server().start();
    }

    @Test
    void aLedgerThatIsInUseIsSaidWithItsKey() throws Exception {
        server().start();

        assertThatThrownBy(() -> server().start())
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("ledger.url: cannot open the ledger: ");
    }

    @Test
    void aBrokenCertificateIsSaidWithItsFile() throws Exception {
        var file = Files.writeString(folder.resolve("c.pem"), "nothing");

        assertThatThrownBy(() ->
                        server(
                                        "tls.certificate=" + file,
                                        "tls.key=" + file,
                                        "listen.sip=tls:127.0.0.1:0")
                                .start())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aBrokenFileOfUsersIsSaidWithoutItsSecrets() throws Exception {
        var file = Files.writeString(folder.resolve("users"), "alice:secret\nbob-and-his-secret\n");

        assertThatThrownBy(() -> server("users.source=file", "users.file=" + file).start())
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file + ":2: expected user:password")
                .hasMessageNotContaining("secret\n")
                .hasMessageNotContaining("bob");
    }

    @Test
    void withoutAnAdminAddressThereIsNone() throws Exception {
        var server = server("listen.admin=null");
        server.start();

        assertThat(server.adminAddress()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"UDP", "TCP"})
    void theCoreIsToldByWhichProtocolItsRequestsAreAwaited(TransportProtocol protocol)
            throws Exception { // RFC 3263 4.1
        var peer = keep(ScriptedPeer.answering(503));
        var hop = peer.hop(protocol);
        var server =
                server(
                        "core.route=\"sip:127.0.0.1:%d;transport=%s;lr\""
                                .formatted(hop.address().getPort(), protocol.parameter()),
                        "policy.direct-delivery=devices",
                        "registrations.subscribe=true");
        server.start();
        var register =
                SipRequest.builder(Method.REGISTER, Uri.parse("sip:pf.home.example"))
                        .header("Max-Forwards", "70")
                        .header("From", "<sip:scscf@home.example>;tag=1")
                        .header("To", "<sip:alice@home.example>")
                        .header("Call-ID", "third-party")
                        .header("CSeq", "1 REGISTER")
                        .header("Expires", "3600");

        assertThat(peer.send(register.build(), hop(server)).status()).isEqualTo(200);

        var contact = peer.next().contacts().getFirst().asAddress().orElseThrow().uri();
        var awaited = Hop.parse(contact + ";lr");
        assertThat(awaited.protocol()).isEqualTo(protocol);
        assertThat(server.listening())
                .anyMatch(point ->
                        point.protocol() == protocol
                                && point.address().getPort() == awaited.address().getPort());
    }

    @Test
    void drainingRefusesWhatIsNewAndFinishesWhatRuns() throws Exception { // R3
        var server = server();
        server.start();
        var phones = keep(new Phones(server.coreListening()));
        phones.register("bob");
        phones.hold();
        var running =
                phones.send(
                        direct(WalkingSkeletonTest.message("c-1", List.of("bob"))), hop(server));
        await().until(() -> phones.received().size() == 1);

        var drained = CompletableFuture.supplyAsync(() -> drain(server));
        await().untilAsserted(() -> {
            var refused =
                    phones.send(
                            direct(WalkingSkeletonTest.message("c-2", List.of("bob"))),
                            hop(server));
            assertThat(refused.join().status()).isEqualTo(503);
        });
        assertThat(drained).isNotDone();
        phones.release();

        assertThat(running.join().status()).isEqualTo(200);
        assertThat(drained.join()).isTrue();
    }

    @Test
    void drainingAnIdleServerTakesNoTime() throws Exception {
        var server = server();
        server.start();

        assertThat(server.drain()).isTrue();
    }

    @Test
    void whoHasRegisteredIsReachedAfterARestart() throws Exception {
        var before = server();
        before.start();
        var phones = keep(new Phones(before.coreListening()));
        phones.register("bob");
        before.close();
        var server = server();
        server.start();

        var answer =
                phones.send(
                        direct(WalkingSkeletonTest.message("c-1", List.of("bob"))), hop(server));

        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(phones.received()).hasSize(1);
    }

    @Test
    void whatCannotBeReadOfTheRegistrationsIsLeftOut() throws Exception {
        Files.createDirectories(folder.resolve("ledger"));
        Files.write(
                folder.resolve("ledger/bindings"),
                List.of("fanfare-bindings 1 Insecure", "bob", "a b c d e f g h i"));

        server().start();
    }

    @Test
    void withACoreElsewhereNoneIsEmbedded() throws Exception {
        var server = server("core.route=\"sip:127.0.0.1:9;transport=udp;lr\"");
        server.start();

        assertThat(server.coreListening()).isEmpty();
        assertThat(server.listening()).hasSize(2);
    }

    @Test
    void copiesGoToTheConfiguredNextHop() throws Exception {
        var first = server();
        first.start();
        var phones = keep(new Phones(first.coreListening()));
        var server =
                server(
                        "core.route=\"sip:127.0.0.1:%d;transport=udp;lr\"".formatted(phones.port()),
                        "ledger.url=\"file:" + folder.resolve("other") + "\"");
        server.start();

        var answer =
                phones.send(
                        direct(WalkingSkeletonTest.message("c-1", List.of("x", "y"))), hop(server));

        assertThat(answer.join().status()).isEqualTo(200);
        assertThat(phones.received())
                .extracting(copy -> copy.requestUri().toString())
                .containsExactlyInAnyOrder("sip:x@home.example", "sip:y@home.example");
    }

    @Test
    void whoIsNotTrustedAnswersAChallenge() throws Exception { // I1
        var file = Files.writeString(folder.resolve("users"), "alice:secret\n");
        var server = server("trust=[]", "users.source=file", "users.file=" + file);
        server.start();
        var phones = keep(new Phones(server.coreListening()));

        var asserted = direct(WalkingSkeletonTest.message("c-1", List.of("bob")));
        var challenge = phones.send(asserted, hop(server)).join();

        assertThat(challenge.status()).isEqualTo(401);
        assertThat(challenge.header("WWW-Authenticate").orElse(""))
                .contains("realm=\"home.example\"", "SHA-256");
        var answer =
                new DigestClient("home.example", "alice", "secret")
                        .answer(asserted, challenge)
                        .orElseThrow();
        assertThat(phones.send(answer, hop(server)).join().status()).isNotIn(401, 403);
    }

    @Test
    void whoIsNotTrustedAndHasNoCredentialsIsRefused() throws Exception { // I1
        var server = server("trust=[]");
        server.start();
        var phones = keep(new Phones(server.coreListening()));

        var answer =
                phones.send(
                        direct(WalkingSkeletonTest.message("c-1", List.of("bob"))), hop(server));

        assertThat(answer.join().status()).isEqualTo(403);
        assertThat(answer.join().header("Warning").orElse("")).contains("127 ");
        assertThat(phones.received()).isEmpty();
    }

    private static boolean drain(FanfareServer server) {
        try {
            return server.drain();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// As a trusted core would send it.
    private static SipRequest direct(SipRequest request) {
        return request.toBuilder()
                .header("P-Asserted-Identity", "<sip:alice@home.example>")
                .build();
    }

    private static Hop hop(FanfareServer server) {
        return Hop.udp(server.listening().getFirst().address());
    }

    private FanfareServer server(String... settings) throws IOException {
        var all =
                new ArrayList<>(
                        List.of(
                                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "ledger.url=\"file:" + folder.resolve("ledger") + "\""));
        all.addAll(List.of(settings));
        return keep(new FanfareServer(Configuration.load(null, all)));
    }

    private <T extends AutoCloseable> T keep(T part) {
        open.add(part);
        return part;
    }
}
