package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.fanfare.pf.HistoryObject;
import org.fanfare.pf.StoreFailure;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.ImapStore;
import org.fanfare.store.MailboxNames;
import org.fanfare.testing.Clause;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Dovecot behind TLS, at an address which does not tell that it is this machine.
class StoreTlsPeerTest {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final HistoryObject OBJECT =
            new HistoryObject(
                    "sip:alice@home.example",
                    "c-1",
                    "contribution",
                    "message",
                    Octets.utf8("Contribution-ID: contribution\r\n"),
                    HistoryObject.Content.of(Octets.utf8("text")));

    @TempDir Path folder;

    private final String address = Peers.ownAddress();
    private Dovecot dovecot;

    StoreTlsPeerTest() throws IOException {}

    @AfterEach
    void stop() {
        if (dovecot != null) {
            dovecot.close();
        }
    }

    private void startStore(String... names) throws IOException {
        dovecot = new Dovecot(folder.resolve("dovecot"), address, List.of(names));
    }

    private Path root() {
        return folder.resolve("dovecot/root.pem");
    }

    private void store(String scheme, boolean authorityIsKnown) throws StoreFailure {
        var users = new MailboxNames("{user}@{domain}", "home.example");
        var settings =
                ImapSettings.of(URI.create(dovecot.uri(scheme)), users, Dovecot.SECRET)
                        .withTimeout(LONGEST)
                        .withTrust(authorityIsKnown ? root() : null);
        try (var store = new ImapStore(settings)) {
            store.store(OBJECT, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"imap", "imaps"})
    void whoProvesItselfIsLoggedInToOverTls(String scheme) throws Exception { // N1
        startStore("ip:" + address);

        store(scheme, true);

        assertThat(dovecot.objects()).hasSize(1);
        await().atMost(LONGEST) // it notes them by a process of its own
                .untilAsserted(() -> assertThat(dovecot.logins()).isNotEmpty());
        assertThat(dovecot.logins()).allMatch(line -> line.contains(", TLS,"));
    }

    /// Another name; an authority that nobody here knows; no STARTTLS at all.
    @ParameterizedTest
    @CsvSource({
        "imap, dns:other.example, true",
        "imaps, dns:other.example, true",
        "imap, ip, false",
        "imaps, ip, false",
        "imap, , true"
    })
    void whoProvesNothingIsNeverLoggedInTo(String scheme, String shown, boolean known)
            throws Exception { // N1, P16
        if (shown == null) {
            startStore();
        } else {
            startStore(shown.equals("ip") ? "ip:" + address : shown);
        }

        assertThatThrownBy(() -> store(scheme, known && shown != null))
                .isInstanceOf(StoreFailure.class)
                .extracting(e -> ((StoreFailure) e).reason())
                .isEqualTo(StoreFailure.Reason.UNAVAILABLE);

        assertThat(dovecot.logins()).isEmpty();
    }

    @Clause("8.2.1.1/9.i.b.else")
    @Test
    void aStoreWhoseCertificateIsRenewedGetsWhatItMissed() throws Exception { // N1, W5
        startStore("dns:other.example");
        var id = UUID.randomUUID().toString();
        int pfPort = Peers.freePort();
        try (var core = new ScriptedCore(5);
                var server =
                        new FanfareServe(
                                folder.resolve("fanfare"),
                                pfPort,
                                "sip:127.0.0.1:" + core.port() + ";lr",
                                dovecot.configuration()
                                        + "tls: {trust: \"%s\"}\n".formatted(root()));
                var alice = new RawSender(pfPort)) {
            alice.send(id, 3);
            assertThat(alice.awaitFinalResponse(LONGEST).orElseThrow())
                    .startsWith("SIP/2.0 200")
                    .doesNotContain("Message-UID");
            assertThat(dovecot.logins()).isEmpty();

            dovecot.stop();
            dovecot.certificate(List.of("ip:" + address));
            dovecot.start();

            server.process().awaitOutput("recorded: uid=", LONGEST);
        }
        assertThat(dovecot.objects()).hasSize(1);
    }
}
