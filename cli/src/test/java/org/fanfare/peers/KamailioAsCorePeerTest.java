package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// The whole way with programs of others: SIPp sends, Kamailio is the SIP/IP core, SIPp and
/// linphone receive, tshark reads along.
class KamailioAsCorePeerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, Integer> contacts = new LinkedHashMap<>();
    private int pfPort;
    private Kamailio kamailio;
    private FanfareServe fanfare;

    @BeforeEach
    void startCoreAndServer() throws Exception {
        Peers.need("kamailio");
        Peers.need("sipp");
        pfPort = Peers.freePort();
        var isfPort = Peers.freePort();
        kamailio = run(new Kamailio(folder.resolve("kamailio"), pfPort, isfPort));
        fanfare =
                run(
                        new FanfareServe(
                                folder.resolve("fanfare"),
                                pfPort,
                                "sip:127.0.0.1:" + kamailio.iscPort() + ";lr",
                                "interworking: {isf: \"sip:isf@127.0.0.1:" + isfPort + ";lr\"}\n"));
        run(
                Sipp.recipient(
                        folder.resolve("isf"),
                        isfPort,
                        "answer",
                        Map.of("code", "202", "reason", "Accepted")));
    }

    @AfterEach
    void stopInReverseOrder() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    @Clause({
        "8.2.1.1/8.A.ii.8.each",
        "8.2.1.1/8.A.ii.13",
        "8.2.1.1/8.A.iv.404",
        "8.2.1.1/8.A.iv.2",
        "8.2.1.1/9.ii"
    })
    @Test
    void everyScriptedRecipientEndsInTheOutcomeThatItsAnswerMeans() throws Exception {
        recipient("r200", "answer", Map.of("code", "200", "reason", "OK"));
        recipient("r202", "answer", Map.of("code", "202", "reason", "Accepted"));
        recipient("r404", "answer", Map.of("code", "404", "reason", "Not Found"));
        recipient("r480", "answer", Map.of("code", "480", "reason", "Temporarily Unavailable"));
        recipient("r486", "answer", Map.of("code", "486", "reason", "Busy Here"));
        recipient("rbusyfirst", "busy-first", Map.of());
        recipient("rslow", "answer-slowly", Map.of());
        recipient("rsilent", "silence", Map.of());
        registerAll();
        var id = UUID.randomUUID().toString();

        send(
                id,
                "Hello from SIPp",
                contacts.keySet().stream().toList(),
                200); // at the collecting time: one is silent (D1)

        var expected =
                Map.of(
                        "sip:r200@home.example", "delivered",
                        "sip:r202@home.example", "delivered",
                        "sip:r404@home.example", "interworked",
                        "sip:r480@home.example", "failed",
                        "sip:r486@home.example", "failed",
                        "sip:rbusyfirst@home.example", "delivered",
                        "sip:rslow@home.example", "delivered");
        var outcomes = outcomes(id);
        outcomes.remove("sip:rsilent@home.example");
        assertThat(outcomes).isEqualTo(expected);
        assertThat(fanfare.message(id).get("recipients").asInt()).isEqualTo(8);
    }

    @Clause({
        "8.2.1.1/8.A.ii.7.Contribution-ID",
        "8.2.1.1/8.A.ii.9",
        "8.2.1.1/8.A.ii.10",
        "8.2.1.1/8.A.ii.12"
    })
    @Test
    void linphoneShowsTheTextAndTsharkFindsNothingMalformed() throws Exception {
        var capture =
                run(
                        new Tshark(
                                folder.resolve("tshark"),
                                Tshark.ports(pfPort, kamailio.iscPort(), kamailio.phonePort())));
        var bob = run(new Linphone(folder.resolve("bob"), "bob", kamailio.phonePort()));
        recipient("r200", "answer", Map.of("code", "200", "reason", "OK"));
        registerAll();
        var id = UUID.randomUUID().toString();

        send(id, "One message, every recipient", List.of("bob", "r200"), 200);

        bob.awaitMessage("One message, every recipient", LONG);
        assertThat(outcomes(id).values()).containsOnly("delivered");
        var copiesFromUs = "sip.Method == \"MESSAGE\" and udp.srcport == " + pfPort;
        capture.awaitFrames(copiesFromUs, 2, LONG);
        capture.assertNothingMalformed();
        assertThat(capture.frames(copiesFromUs, "sip.Content-Type"))
                .allMatch(type -> type.startsWith("message/cpim"));
        assertThat(capture.frames(copiesFromUs, "sip.P-Asserted-Identity"))
                .allMatch(identity -> identity.contains("sip:alice@home.example"));
    }

    @Clause({"8.2.1.1/8.A.ii.3.403", "8.2.1.1/8.A.ii.3.warn"})
    @Test
    void anEmptyListIsRefusedThroughTheCore() throws Exception {
        registerAll();

        send(UUID.randomUUID().toString(), "to nobody", List.of(), 403);

        assertThat(fanfare.process().alive()).isTrue();
    }

    private void recipient(String user, String scenario, Map<String, String> words)
            throws IOException {
        var port = Peers.freePort();
        contacts.put(user, port);
        run(Sipp.recipient(folder.resolve(user), port, scenario, words));
    }

    /// Registers the recipients and, with a port of her own, the sender.
    private void registerAll() throws Exception {
        var all = new LinkedHashMap<>(contacts);
        all.put("alice", Peers.freePort());
        Sipp.register(folder.resolve("register"), kamailio.phonePort(), all);
    }

    private void send(String contributionId, String text, List<String> users, int expected)
            throws Exception {
        var entries =
                users.stream()
                        .map(user -> "<entry uri=\"sip:" + user + "@" + Peers.DOMAIN + "\"/>")
                        .collect(Collectors.joining());
        var words =
                Map.of(
                        "domain",
                        Peers.DOMAIN,
                        "sender",
                        "alice",
                        "contribution",
                        contributionId,
                        "text",
                        text,
                        "entries",
                        entries,
                        "expected",
                        Integer.toString(expected));
        Sipp.sendToMany(folder.resolve("sender"), kamailio.phonePort(), Peers.freePort(), words);
    }

    private Map<String, String> outcomes(String contributionId) throws Exception {
        await().atMost(LONG)
                .until(() ->
                        fanfare.message(contributionId).get("outcomes").get("pending").asInt()
                                <= 1);
        var outcomes = new LinkedHashMap<String, String>();
        fanfare.recipients(contributionId)
                .get("recipients")
                .forEach(row ->
                        outcomes.put(row.get("uri").asString(), row.get("outcome").asString()));
        return outcomes;
    }

    private <T extends AutoCloseable> T run(T peer) {
        running.push(peer);
        return peer;
    }
}
