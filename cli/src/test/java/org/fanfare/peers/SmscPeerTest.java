package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/// Short messages to an SMSC that stands on the SMPP of others (Net::SMPP of Perl), with tshark as
/// judge of our octets.
class SmscPeerTest {

    private static final Duration LONGEST = Duration.ofSeconds(60);

    /// With a leg that has just missed it: until the try after the next one.
    private static final Duration WAITS_LONGEST = Duration.ofMinutes(2);

    private static final String NUMBER = "sms:+15551230001";

    @TempDir Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final ScriptedCore core = new ScriptedCore(1);
    private int smscPort;
    private int pfPort;
    private PeerProcess smsc;
    private FanfareServe fanfare;

    SmscPeerTest() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        Peers.need("perl");
        Peers.needPerlModule("Net/SMPP.pm");
        smscPort = Peers.freePort();
        pfPort = Peers.freePort();
        startSmsc();
        var password = Files.writeString(folder.resolve("password"), "secret\n");
        fanfare =
                new FanfareServe(
                        folder.resolve("fanfare"),
                        pfPort,
                        "sip:127.0.0.1:" + core.port() + ";lr",
                        """
                        policy: {collecting-time: 5s}
                        interworking:
                          smpp:
                            smsc: "smpp://127.0.0.1:%d"
                            source: "+15550000"
                            password-file: "%s"
                            enquire-link: 1s
                        """
                                .formatted(smscPort, password));
        running.push(fanfare);
        smsc.awaitOutput("BIND right", LONGEST);
    }

    private void startSmsc() throws Exception {
        var script = folder.resolve("smsc.pl");
        try (var in = SmscPeerTest.class.getResourceAsStream("/peers/smsc/smsc.pl")) {
            Files.write(script, in.readAllBytes());
        }
        smsc =
                PeerProcess.start(
                        "smsc",
                        folder.resolve("smsc"),
                        List.of("perl", script.toString(), Integer.toString(smscPort)));
        running.push(smsc);
        smsc.awaitOutput("SMSC", LONGEST);
    }

    @AfterEach
    void stopInReverseOrder() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
        core.close();
    }

    private String send(String headers, String text) throws Exception {
        var id = UUID.randomUUID().toString();
        try (var alice = new RawSender(pfPort)) {
            alice.send(id, List.of(NUMBER, RawSender.recipient(1)), headers, text);
            assertThat(alice.awaitFinal(LONGEST)).contains(200);
        }
        return id;
    }

    @Clause({"8.2.1.1/8.A.i.1"})
    @Test
    void aTextArrivesInItsAlphabetAndItsReceiptComesBack() throws Exception {
        var id =
                send(
                        "imdn.Disposition-Notification: positive-delivery, interworking\n",
                        "Grüße [5 €]");

        smsc.awaitOutput(
                "SUBMIT to=15551230001 coding=0 class=0 hex="
                        + "616c69636500686f6d652e6578616d706c653a20" // alice@home.example:
                        + "47727e1e65201b3c35201b651b3e",
                LONGEST);
        smsc.awaitOutput("RECEIPT status=0", LONGEST);
        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(
                                        core.copies().stream()
                                                .filter(copy ->
                                                        copy.recipient()
                                                                .equals("sip:alice@home.example"))
                                                .count())
                                .isEqualTo(2));
        await().atMost(LONGEST)
                .untilAsserted(() ->
                        assertThat(fanfare.message(id).get("outcomes").get("interworked").asInt())
                                .isEqualTo(1));
    }

    @Test
    void aLongTextInAnotherScriptGoesInParts() throws Exception {
        Peers.need("tshark");
        var capture = new Tshark(folder.resolve("tshark"), Tshark.ports(smscPort, pfPort));
        running.push(capture);

        send("", "Привет, ".repeat(15));

        await().atMost(LONGEST)
                .until(() -> smsc.output().split("coding=8 class=64", -1).length == 4);
        capture.awaitFrames("tcp.port == " + smscPort, 2, LONGEST);
        capture.assertNothingMalformed();
    }

    @Test
    void anSmscThatComesBackIsFoundAndGetsWhatWaited() throws Exception { // N4
        smsc.kill();
        await().atMost(LONGEST) // what is submitted before that may have arrived: never again (K12)
                .until(() -> fanfare.metrics().contains("fanfare_smsc_bound 0.0"));
        var id = send("", "Hello");
        assertThat(fanfare.message(id).get("outcomes").get("interworked").asInt()).isZero();

        startSmsc();

        smsc.awaitOutput("SUBMIT to=15551230001", WAITS_LONGEST);
        assertThat(smsc.output().split("SUBMIT", -1)).hasSize(2);
    }
}
