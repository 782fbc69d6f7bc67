package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.testing.Clause;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Large messages with programs of others: Kamailio is the SIP/IP core that stays in the path of
/// every session by Record-Route, and an MSRP relay; SIPp plays the sessions that go wrong; tshark
/// reads along.
class LargeMessagePeerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final Map<String, Integer> contacts = new LinkedHashMap<>();

    /// Lines of text: in other content the MSRP dissector of tshark 4.0 finds lines where none are.
    private final String content = text(300_000);

    private int pfPort;
    private Kamailio kamailio;
    private FanfareServe fanfare;

    @BeforeEach
    void startCoreAndServer() throws Exception {
        Peers.need("kamailio");
        Peers.need("sipp");
        pfPort = Peers.freePort();
        kamailio = run(new Kamailio(folder.resolve("kamailio"), pfPort, Peers.freePort()));
        fanfare =
                run(
                        new FanfareServe(
                                folder.resolve("fanfare"),
                                pfPort,
                                "sip:127.0.0.1:" + kamailio.iscPort() + ";lr",
                                "",
                                "-XX:TieredStopAtLevel=1"));
    }

    @AfterEach
    void stopInReverseOrder() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    @Clause({
        "8.2.1.2/7.b.each",
        "8.2.1.1/8.B.d.iii.1",
        "8.2.1.1/8.B.d.vi.1",
        "8.2.1.1/8.B.d.vii.c",
        "8.2.1.2/200.1"
    })
    @Test
    void everyPhoneGetsItThroughKamailioAndTsharkFindsNothingMalformed() throws Exception {
        var capture =
                run(
                        new Tshark(
                                folder.resolve("tshark"),
                                Tshark.ports(pfPort, kamailio.iscPort(), kamailio.phonePort()),
                                List.of(fanfare.msrpPort())));
        var bob = receiver("bob");
        phones(3);
        recipient("r486", "large-refuse", Map.of("code", "486", "reason", "Busy Here"));
        recipient("r488", "large-refuse", Map.of("code", "488", "reason", "Not Acceptable Here"));
        recipient("rslow", "large-without-media", Map.of());
        registerAll();
        bob.awaitOutput("registered as", LONG);

        var id = send("bob", "phone1", "phone2", "phone3", "r486", "r488", "rslow");

        assertThat(outcomes(id))
                .isEqualTo(
                        Map.of(
                                "sip:bob@home.example", "delivered",
                                "sip:phone1@home.example", "delivered",
                                "sip:phone2@home.example", "delivered",
                                "sip:phone3@home.example", "delivered",
                                "sip:r486@home.example", "failed",
                                "sip:r488@home.example", "failed",
                                "sip:rslow@home.example", "failed"));
        assertThat(bob.awaitEnd(LONG)).isZero();
        assertThat(theFileIn(bob.folder())).isEqualTo(content);
        assertWireIsRight(capture);
    }

    /// tshark knows what it sees; what it does not judge, we do without our own code.
    private void assertWireIsRight(Tshark capture) throws Exception {
        await("four legs are captured to their ends")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .ignoreException(IOException.class) // what is not all captured yet looks cut
                .until(() ->
                        CapturedMsrp.sentFrom(capture, fanfare.msrpPort()).complete().size() == 4);
        await("and their BYEs")
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> requests(capture, "BYE", kamailio.iscPort()).size() >= 4);
        capture.assertNothingMalformed();
        var recognised = capture.frames("msrp.method == \"SEND\"", "msrp.content.type");
        assertThat(recognised).anyMatch(types -> types.contains("message/cpim"));
        assertThat(requests(capture, "ACK", pfPort)).isNotEmpty();
        assertThat(requests(capture, "BYE", pfPort)).isNotEmpty();
        assertThat(requests(capture, "ACK", kamailio.iscPort())).hasSizeGreaterThanOrEqualTo(4);

        var upload = CapturedMsrp.sentTo(capture, fanfare.msrpPort());
        assertThat(upload.complete()).hasSize(1);
        var uploaded = upload.complete().getFirst().content();
        assertThat(uploaded.endsWith(content)).isTrue();

        var legs = CapturedMsrp.sentFrom(capture, fanfare.msrpPort());
        assertThat(legs.open()).isZero();
        var answers = answersByOfferedPath(capture);
        for (var leg : legs.complete()) {
            assertThat(leg.content()).isEqualTo(uploaded);
            assertThat(leg.toPath()).isEqualTo(answers.get(leg.fromPath()));
        }
    }

    /// What follows in a session goes by Record-Route.
    private static List<String> requests(Tshark capture, String method, int port) throws Exception {
        return capture.frames(
                "sip.Method == \"%1$s\" and (udp.dstport == %2$d or tcp.dstport == %2$d)"
                        .formatted(method, port),
                "frame.number");
    }

    /// The path of each answer, by the path of the offer in the same call.
    private static Map<String, String> answersByOfferedPath(Tshark capture) throws Exception {
        var offers = new HashMap<String, String>();
        var answers = new HashMap<String, String>();
        for (var line :
                capture.frames("udp and sdp", "sip.Call-ID", "sip.Method", "sdp.media_attr")) {
            var columns = line.split("\t", -1);
            var path = Pattern.compile("path:([^,]+)").matcher(columns[2]);
            if (path.find()) {
                (columns[1].isEmpty() ? answers : offers).put(columns[0], path.group(1));
            }
        }
        var byOffer = new HashMap<String, String>();
        offers.forEach((call, path) -> byOffer.put(path, answers.get(call)));
        return byOffer;
    }

    /// RFC 4976: two hops in To-Path, and the connection goes to the first.
    @Clause({"8.2.1.1/8.B.d.iii.2", "8.2.1.1/8.B.d.iv", "8.2.1.1/8.B.d.vii.a"})
    @Test
    void recipientBehindAnMsrpRelayGetsItOverTwoHops() throws Exception {
        var relay = run(new KamailioMsrpRelay(folder.resolve("relay")));
        contacts.put("carol", Peers.freePort());
        var carol = run(new RelayedPhone(contacts.get("carol"), relay.port()));
        var bob = receiver("bob");
        registerAll();
        bob.awaitOutput("registered as", LONG);

        var id = send("bob", "carol");

        var received = carol.received().get(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(received.content().endsWith(content)).isTrue();
        assertThat(received.toPaths()).allMatch(path -> carol.path().endsWith(path));
        assertThat(carol.offeredPath())
                .startsWith("msrp://127.0.0.1:" + fanfare.msrpPort())
                .doesNotContain(" ");
        assertThat(carol.bye().get(LONG.toSeconds(), TimeUnit.SECONDS)).contains("cause=200");
        assertThat(outcomes(id).values()).containsOnly("delivered");
        assertThat(bob.awaitEnd(LONG)).isZero();
        assertThat(relay.log()).contains("MSRP AUTH").contains("MSRP SEND");
    }

    @Clause({"8.2.1.2/cancel.1", "8.2.1.2/cancel.2"})
    @Test
    void cancelOfTheSenderReachesEveryPhoneThatRings() throws Exception {
        var ringing = new ArrayList<PeerProcess>();
        for (var user : List.of("r1", "r2", "r3")) {
            ringing.add(recipient(user, "large-until-cancelled", Map.of()));
        }
        registerAll();
        var id = UUID.randomUUID().toString();

        var sender = offer("large-send-cancel", id, "r1", "r2", "r3");
        for (var phone : ringing) {
            await("it rings")
                    .atMost(LONG)
                    .until(() -> Sipp.messages(phone).contains("SIP/2.0 180"));
        }
        sender.goOnAfter("SIP/2.0 100");
        sender.awaitSuccess();

        for (var phone : ringing) {
            await("the ACK for 487")
                    .atMost(LONG)
                    .until(() -> Sipp.messages(phone).contains("ACK sip:"));
            assertThat(Sipp.messages(phone)).contains("CANCEL sip:").contains("SIP/2.0 487");
        }
        assertThat(fanfare.statusOfMessage(id)).isEqualTo(404); // nothing was accepted
    }

    /// By the sender and by a recipient, each through Kamailio.
    @Clause({"8.2.1.2/200.1", "8.2.1.2/bye.2"})
    @Test
    void sessionsMayBeAskedForAgainFromEitherSide() throws Exception {
        var called = recipient("r1", "large-reinvite", Map.of("expected", "200"));
        registerAll();
        var id = UUID.randomUUID().toString();

        var sender = offer("large-send-reinvite", id, "r1");
        await("the recipient's re-INVITE")
                .atMost(LONG)
                .until(() -> Files.exists(called.folder().resolve("reinvited")));
        sender.goOnAfter("CSeq: 3 ACK");
        sender.awaitSuccess();

        await("the BYE").atMost(LONG).until(() -> Sipp.messages(called).contains("BYE sip:"));
        assertThat(fanfare.statusOfMessage(id)).isEqualTo(404);
    }

    // ---- who takes part

    /// `fanfare receive` as a process, which makes the MSRP connection and keeps the file.
    private PeerProcess receiver(String user) throws IOException {
        var own = folder.resolve(user);
        return run(
                FanfareServe.fanfare(
                        own,
                        "receive",
                        "--as",
                        "sip:" + user + "@" + Peers.DOMAIN,
                        "--via",
                        "127.0.0.1:" + kamailio.phonePort(),
                        "--folder",
                        own.resolve("kept").toString(),
                        "--active",
                        "--count",
                        "1"));
    }

    private void phones(int count) throws IOException {
        var phones =
                run(
                        FanfareServe.fanfare(
                                folder.resolve("phones"),
                                "phones",
                                "--count",
                                Integer.toString(count),
                                "--domain",
                                Peers.DOMAIN,
                                "--via",
                                "127.0.0.1:" + kamailio.phonePort(),
                                "--active"));
        phones.awaitOutput(count + " of " + count + " phones registered", LONG);
    }

    private PeerProcess recipient(String user, String scenario, Map<String, String> words)
            throws IOException {
        var port = Peers.freePort();
        contacts.put(user, port);
        return run(Sipp.recipient(folder.resolve(user), port, scenario, words));
    }

    /// Registers the recipients and the sender.
    private void registerAll() throws Exception {
        var all = new LinkedHashMap<>(contacts);
        all.put("alice", Peers.freePort());
        Sipp.register(folder.resolve("register"), kamailio.phonePort(), all);
    }

    /// `fanfare send` of a file, to its success.
    ///
    /// @return the Contribution-ID
    private String send(String... users) throws Exception {
        var file = Files.writeString(folder.resolve("video.bin"), content);
        var arguments =
                new ArrayList<>(
                        List.of(
                                "send",
                                "--from",
                                "sip:alice@" + Peers.DOMAIN,
                                "--via",
                                "127.0.0.1:" + kamailio.phonePort(),
                                "--exploder",
                                "sip:exploder@" + Peers.DOMAIN,
                                "--type",
                                "application/octet-stream",
                                "--file",
                                file.toString(),
                                "--json"));
        for (var user : users) {
            arguments.addAll(List.of("--to", "sip:" + user + "@" + Peers.DOMAIN));
        }
        var sender =
                run(
                        FanfareServe.fanfare(
                                folder.resolve("sender"), arguments.toArray(String[]::new)));
        assertThat(sender.awaitEnd(LONG)).as(sender.output()).isZero();
        var id = Pattern.compile("\"contributionId\":\"([^\"]+)\"").matcher(sender.output());
        assertThat(id.find()).as(sender.output()).isTrue();
        return id.group(1);
    }

    /// A scripted sender, who offers and sends nothing.
    private Sipp.Sender offer(String scenario, String contributionId, String... users)
            throws Exception {
        var entries =
                Arrays.stream(users)
                        .map(user -> "<entry uri=\"sip:" + user + "@" + Peers.DOMAIN + "\"/>")
                        .collect(Collectors.joining());
        return run(
                Sipp.sender(
                        folder.resolve("sender"),
                        kamailio.phonePort(),
                        scenario,
                        Map.of(
                                "domain",
                                Peers.DOMAIN,
                                "contribution",
                                contributionId,
                                "entries",
                                entries)));
    }

    private Map<String, String> outcomes(String contributionId) throws Exception {
        await("no recipient is pending")
                .atMost(LONG)
                .until(() ->
                        fanfare.message(contributionId).get("outcomes").get("pending").asInt()
                                == 0);
        var outcomes = new LinkedHashMap<String, String>();
        fanfare.recipients(contributionId)
                .get("recipients")
                .forEach(row ->
                        outcomes.put(row.get("uri").asString(), row.get("outcome").asString()));
        return outcomes;
    }

    private static String text(int octets) {
        var random = new byte[octets];
        new Random(3).nextBytes(random);
        return Base64.getMimeEncoder().encodeToString(random);
    }

    private static String theFileIn(Path receiver) throws IOException {
        try (var files = Files.list(receiver.resolve("kept"))) {
            return Files.readString(files.findFirst().orElseThrow());
        }
    }

    private <T extends AutoCloseable> T run(T peer) {
        running.push(peer);
        return peer;
    }
}
