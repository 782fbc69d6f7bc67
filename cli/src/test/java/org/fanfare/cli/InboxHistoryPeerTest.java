package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.cli.mailstore.PrivateDovecot;
import org.fanfare.client.PhoneScript;
import org.fanfare.peers.Peers;
import org.fanfare.testing.Clause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Messages that were sent with `fanfare send`, and their copies in Dovecot.
class InboxHistoryPeerTest {

    private static final String ALICE = "sip:alice@home.example";

    @TempDir Path folder;

    @Clause({
        "7.2.1.1/18",
        "7.2.1.1/18.use",
        "7.2.1.1/19",
        "7.2.1.2/sent.3",
        "7.2.1.2/sent.3.use",
        "7.2.1.2/sent.4"
    })
    @Test
    void whatThisClientHasSentIsOneWithItsCopyInEitherMode() throws Exception {
        var history = folder.resolve("history");
        try (var dovecot = dovecot()) {
            try (var lab = recording(dovecot)) {
                lab.phones("phone", 2, PhoneScript.FRIENDLY);
                send(lab, history, "Hello");
                send(lab, history, "Hello ".repeat(500));
            }
            assertThat(Files.readString(history)).contains("\"messageUid\":1");
            assertThat(knownBy(inbox(dovecot.uri(), history)))
                    .containsExactly("Message-UID", "Message-UID");

            Files.writeString(
                    history,
                    Files.readString(history)
                            .replaceAll("\"messageUid\":1", "\"messageUid\":null"));
            assertThat(knownBy(inbox(dovecot.uri(), history)))
                    .containsExactly("Table 2", "Table 2");
        }
    }

    /// The other device of the user has it by direct delivery.
    @Clause({"7.2.1.1/19.a.group", "7.2.1.2/sent.4.a.group"})
    @Test
    void whatAnotherDeviceOfTheUserHasSentIsOneWithItsCopyToo() throws Exception {
        var history = folder.resolve("history");
        try (var dovecot = dovecot()) {
            try (var lab = recording(dovecot, "policy.direct-delivery=devices");
                    var tablet =
                            Phone.registered(
                                    lab.via(), ALICE, "--count=2", "--history=" + history)) {
                lab.phones("phone", 2, PhoneScript.FRIENDLY);
                var sent = folder.resolve("sent");
                send(lab, sent, "Hello", "--register");
                send(lab, sent, "Hello ".repeat(500), "--register");
                assertThat(tablet.ended().status()).isZero();
            }
            assertThat(knownBy(inbox(dovecot.uri(), history)))
                    .containsExactly("Table 2", "Table 2");
        }
    }

    private PrivateDovecot dovecot() throws Exception {
        Peers.need("dovecot");
        Files.writeString(secret(), "secret\n");
        var dovecot =
                new PrivateDovecot(
                        PrivateDovecot.installed().orElseThrow(),
                        folder.resolve("dovecot"),
                        Peers.freePort(),
                        Map.of("alice@home.example", "secret"));
        dovecot.start();
        return dovecot;
    }

    private Path secret() {
        return folder.resolve("secret");
    }

    private Lab recording(PrivateDovecot dovecot, String... more) throws Exception {
        var settings =
                new ArrayList<>(
                        List.of(
                                "store.imap=\"" + dovecot.uri() + "\"",
                                "store.secret-file=\"" + secret() + "\"",
                                "store.timeout=20s",
                                "policy.record=always"));
        settings.addAll(List.of(more));
        return new Lab(folder, settings.toArray(String[]::new));
    }

    /// How each object is known; every message of the client must be found.
    private static List<String> knownBy(List<JsonNode> events) {
        assertThat(events).noneMatch(event -> event.get("event").asString().equals("not-stored"));
        return events.stream()
                .filter(event -> event.get("event").asString().equals("stored"))
                .map(event -> event.get("knownBy").asString(""))
                .toList();
    }

    private static void send(Lab lab, Path history, String text, String... more) {
        var all = new ArrayList<>(List.of("send", "--from", ALICE, "--via", lab.via()));
        all.addAll(List.of("--exploder", Lab.EXPLODER));
        all.addAll(List.of("--to", "sip:phone1@home.example", "--to", "sip:phone2@home.example"));
        all.addAll(List.of("--text", text, "--history", history.toString()));
        all.addAll(List.of(more));
        var sent = Ran.fanfare(all.toArray(String[]::new));
        assertThat(sent.status()).as(sent.out() + sent.err()).isZero();
    }

    private List<JsonNode> inbox(String store, Path history) {
        var inbox =
                Ran.fanfare(
                        "inbox",
                        "--store",
                        store,
                        "--as",
                        ALICE,
                        "--password-file",
                        secret().toString(),
                        "--state",
                        folder.resolve("state").toString(),
                        "--history",
                        history.toString(),
                        "--all",
                        "--json");
        assertThat(inbox.status()).as(inbox.err()).isZero();
        return inbox.events();
    }
}
