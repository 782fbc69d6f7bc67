package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.testing.TestCertificates;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Server and client as processes of their own, with certificates of an authority that only the
/// test knows.
class TlsEndToEndTest {

    private static final String BOB = "sip:bob@home.example";
    private static final String CAROL = "sip:carol@home.example";
    private static final String DAVE = "sip:dave@home.example";

    @TempDir Path folder;

    @SuppressWarnings("NullAway.Init")
    private Launched serve;

    @BeforeEach
    void startServer() throws Exception {
        TestCertificates.writeTo(folder, "ip:127.0.0.1");
        var arguments =
                List.of(
                        "listen.sip=[\"tls:127.0.0.1:0\", \"udp:127.0.0.1:0\"]",
                        "listen.admin=127.0.0.1:0",
                        "listen.msrp=[\"tcp:127.0.0.1:0\", \"tls:127.0.0.1:0\"]",
                        "core.listen=[\"udp:127.0.0.1:0\", \"tls:127.0.0.1:0\"]",
                        "ledger.url=file:" + folder.resolve("ledger"),
                        "users.source=insecure",
                        "trust=[]",
                        "tls.certificate=" + folder.resolve("cert.pem"),
                        "tls.key=" + folder.resolve("key.pem"),
                        "tls.trust=" + folder.resolve("root.pem"));
        var command = new ArrayList<>(List.of("serve"));
        arguments.forEach(setting -> command.addAll(List.of("--set", setting)));
        serve = Launched.fanfare(folder, command.toArray(String[]::new));
        serve.awaitLine("event=ready");
    }

    @AfterEach
    void stopServer() {
        serve.close();
    }

    private String over(String purpose, String protocol) {
        var address =
                serve.awaitLine("for=" + purpose + " address=" + protocol + ":(127.0.0.1:\\d+)");
        return address + ";transport=" + protocol;
    }

    private Ran send(String via, String... more) {
        var all =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--from=sip:alice@home.example",
                                "--to=" + BOB,
                                "--text=Hello",
                                "--json",
                                "--via=" + via));
        all.addAll(List.of(more));
        return Ran.fanfare(all.toArray(String[]::new));
    }

    @Test
    void aMessageGoesOverTlsFromTheSenderAndOverTlsToTheRecipient() throws Exception {
        var trust = "--trust=" + folder.resolve("root.pem");
        try (var bob = Phone.registered(over("core", "tls"), BOB, "--count=1", trust)) {
            var sent = send(over("sip", "tls"), trust);

            assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);
            assertThat(bob.ended().lastEvent().get("text").asString()).isEqualTo("Hello");
        }
    }

    @Test
    void aLargeMessageGoesOverTlsAndToPhonesWithoutItOverTcp() throws Exception {
        var content = new byte[1 << 20];
        new Random(7).nextBytes(content);
        var film = Files.write(folder.resolve("film.mp4"), content);
        var trust = "--trust=" + folder.resolve("root.pem");
        var via = over("core", "udp");
        try (var bob = large(via, BOB, "--msrp=tls", trust);
                var carol = large(via, CAROL, "--msrp=tls", trust);
                var dave = large(via, DAVE, "--msrp=tcp", trust)) {
            var sent =
                    Ran.fanfare(
                            "send",
                            "--from=sip:alice@home.example",
                            "--exploder=sip:exploder@home.example",
                            "--to=" + BOB,
                            "--to=" + CAROL,
                            "--to=" + DAVE,
                            "--file=" + film,
                            "--json",
                            "--msrp=tls",
                            "--via=" + over("sip", "tls"),
                            trust);

            assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);
            for (var phone : List.of(bob, carol, dave)) {
                var file = Path.of(phone.ended().lastEvent().get("file").asString());
                assertThat(file).hasBinaryContent(content);
            }
        }
    }

    @Test
    void phonesAreReachedOverTheTlsConnectionsThatTheyRegisteredOver() throws Exception {
        var content = new byte[200_000];
        new Random(8).nextBytes(content);
        var film = Files.write(folder.resolve("film.mp4"), content);
        var trust = "--trust=" + folder.resolve("root.pem");
        var via = over("core", "tls");
        try (var bob = large(via, BOB, "--msrp=tls", trust);
                var desks =
                        Launched.fanfare(
                                folder,
                                "phones",
                                "--count=2",
                                "--prefix=desk",
                                "--json",
                                "--msrp=tls",
                                "--via=" + via,
                                trust)) {
            desks.awaitLine("\"registered\":2");

            var film1 = sendToAll(via, "--file=" + film, "--msrp=tls", trust);
            assertThat(film1.status()).as(film1.out() + film1.err()).isEqualTo(ExitStatus.DONE);
            var text = sendToAll(via, "--text=Hello", trust);
            assertThat(text.status()).as(text.out() + text.err()).isEqualTo(ExitStatus.DONE);

            var file = Path.of(bob.ended().lastEvent().get("file").asString());
            assertThat(file).hasBinaryContent(content);
            desks.awaitLine("\"messages\":4,.*\"large\":2,");
        }
    }

    private Ran sendToAll(String via, String... more) {
        var all =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--from=sip:alice@home.example",
                                "--exploder=sip:exploder@home.example",
                                "--to=" + BOB,
                                "--to=sip:desk1@home.example",
                                "--to=sip:desk2@home.example",
                                "--json",
                                "--via=" + via));
        all.addAll(List.of(more));
        return Ran.fanfare(all.toArray(String[]::new));
    }

    @Test
    void whoHasACertificateIsConnectedToOverTls() throws Exception {
        var film = Files.write(folder.resolve("film.mp4"), new byte[200_000]);
        var trust = "--trust=" + folder.resolve("root.pem");
        var own =
                List.of(
                        "--certificate=" + folder.resolve("cert.pem"),
                        "--key=" + folder.resolve("key.pem"));
        var via = over("core", "tls");
        try (var bob = large(via, BOB, "--msrp=tls", trust);
                var carol = large(via, CAROL, "--msrp=tls", trust, own.getFirst(), own.getLast())) {
            // Bob, who has none, connects to Alice; Carol lets the Participating Function connect.
            for (var target :
                    List.of(
                            List.of("--to=" + BOB),
                            List.of("--to=" + CAROL, "--exploder=sip:exploder@home.example"))) {
                var arguments =
                        new ArrayList<>(
                                List.of(
                                        "send",
                                        "--from=sip:alice@home.example",
                                        "--file=" + film,
                                        "--json",
                                        "--msrp=tls",
                                        "--via=" + via,
                                        trust));
                arguments.addAll(own);
                arguments.addAll(target);
                var sent = Ran.fanfare(arguments.toArray(String[]::new));
                assertThat(sent.status()).as(sent.out() + sent.err()).isEqualTo(ExitStatus.DONE);
            }
            for (var phone : List.of(bob, carol)) {
                var file = Path.of(phone.ended().lastEvent().get("file").asString());
                assertThat(file).hasSize(200_000);
            }
        }
    }

    private Phone large(String via, String user, String... more) {
        var all = new ArrayList<>(List.of("--count=1", "--folder=" + folder.resolve("kept")));
        all.addAll(List.of(more));
        return Phone.registered(via, user, all.toArray(String[]::new));
    }

    @Test
    void aServerThatIsNotBelievedGetsNothing() {
        var sent = send(over("sip", "tls"));

        assertThat(sent.status()).isEqualTo(ExitStatus.NO_ANSWER);
        assertThat(serve.err()).doesNotContain("contribution=");
    }
}
