package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.client.ClientSettings;
import org.fanfare.client.CpmClient;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.Provisioning;
import org.fanfare.client.ReceivedMessage;
import org.fanfare.client.SendResult;
import org.fanfare.sip.transport.Hop;
import org.fanfare.testing.Clause;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Two devices of one user at Kamailio, which tells Fanfare of them by third-party REGISTER and
/// finds the one that is meant; and which is asked for them by the event package reg.
class DirectDeliveryPeerTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static final String ASKING =
            "policy: {direct-delivery: devices}\nregistrations: {subscribe: true}\n";

    @TempDir Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final BlockingQueue<ReceivedMessage> atPhone = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReceivedMessage> atTablet = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReceivedMessage> atBob = new LinkedBlockingQueue<>();
    private int pfPort;
    private Kamailio kamailio;
    private FanfareServe fanfare;
    private CpmClient phone;
    private CpmClient tablet;

    private void startCoreAndServer() throws Exception {
        Peers.need("kamailio");
        pfPort = Peers.freePort();
        kamailio = run(new Kamailio(folder.resolve("kamailio"), pfPort, Peers.freePort()));
        fanfare = run(serve("policy: {direct-delivery: devices}\n"));
        phone = device("alice", atPhone);
        registerOthers();
    }

    /// As well as by third-party REGISTER Fanfare is told because it asks.
    private void startCoreAndServerThatAsks() throws Exception {
        Peers.need("kamailio");
        pfPort = Peers.freePort();
        kamailio = run(Kamailio.notifying(folder.resolve("kamailio"), pfPort));
        fanfare = run(serve(ASKING));
        phone = device("alice", atPhone);
        // Kamailio makes its document about a user in the background: a second device that comes
        // before there is one can be missing in what is notified.
        awaitTaken(1);
        registerOthers();
    }

    private FanfareServe serve(String more) throws Exception {
        return new FanfareServe(
                folder.resolve("fanfare"),
                pfPort,
                "sip:127.0.0.1:" + kamailio.iscPort() + ";lr",
                more);
    }

    private void registerOthers() throws Exception {
        tablet = device("alice", atTablet);
        device("bob", atBob);
        device("carol", new LinkedBlockingQueue<>());
        awaitMetric("fanfare_registrations_devices 4.0");
    }

    private void awaitMetric(String line) {
        await(line).atMost(LONG).untilAsserted(() -> assertThat(fanfare.metrics()).contains(line));
    }

    private void awaitTaken(int notifications) {
        await(notifications + " notifications").atMost(LONG).until(() -> taken() >= notifications);
    }

    @AfterEach
    void stopInReverseOrder() throws Exception {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }

    @Clause({
        "8.2.1.1/dd.send",
        "8.2.1.1/dd.3.iv.b",
        "8.2.1.1/dd.3.iv.b.ii",
        "8.2.1.1/dd.3.iv.b.ii.tags",
        "8.2.1.1/dd.core"
    })
    @Test
    void theTabletShowsWhatThePhoneSends() throws Exception {
        startCoreAndServer();

        assertShown("Lunch at noon?");
    }

    @Clause({"8.2.1.2/dd.send", "8.2.1.2/dd.C.3", "8.2.1.2/dd.C.3.ii", "8.2.1.2/dd.D"})
    @Test
    void andLargeMessagesToo() throws Exception {
        startCoreAndServer();

        assertShown("0123456789".repeat(3000));
    }

    /// Kamailio's notifications tell no feature tags; those of the third-party REGISTER count on.
    @Clause({"8.2.1.1/dd.send", "8.2.1.1/dd.3.iv.b"})
    @Test
    void whatKamailioNotifiesOfIsTakenAndTheTabletShowsStillWhatThePhoneSends() throws Exception {
        startCoreAndServerThatAsks();
        awaitMetric("fanfare_registrations_subscriptions 3.0");
        awaitTaken(3);

        assertShown("Lunch at noon?");
    }

    @Clause("8.2.1.1/dd.send")
    @Test
    void afterARestartKamailioIsAskedWhichDevicesTheSenderHas() throws Exception {
        startCoreAndServerThatAsks();
        fanfare.close();
        running.remove(fanfare);
        fanfare = run(serve(ASKING));
        assertThat(fanfare.metrics()).contains("fanfare_registrations_devices 0.0");

        send("Lunch at noon?");

        awaitMetric("fanfare_registrations_devices 2.0");
        assertThat(atPhone).isEmpty();
        tablet.unregister();
        awaitMetric("fanfare_registrations_devices 1.0");
    }

    private double taken() throws Exception {
        return fanfare.metrics()
                .lines()
                .filter(line ->
                        line.startsWith(
                                "fanfare_registrations_notifications_total{result=\"taken\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .sum();
    }

    private SendResult send(String text) throws Exception {
        var many =
                List.of(
                        Uri.parse("sip:bob@" + Peers.DOMAIN),
                        Uri.parse("sip:carol@" + Peers.DOMAIN));

        var result = phone.send(OutgoingMessage.text(text).toMany(many).build());

        assertThat(result.status()).isEqualTo(200);
        return result;
    }

    private void assertShown(String text) throws Exception {
        var result = send(text);

        var copy = atTablet.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(copy).isNotNull();
        assertThat(copy.isSentByOwnDevice()).isTrue();
        assertThat(copy.contributionId()).contains(result.contributionId());
        assertThat(copy.size()).isEqualTo(text.length());
        var received = atBob.poll(LONG.toSeconds(), TimeUnit.SECONDS);
        assertThat(received).isNotNull();
        assertThat(received.isSentByOwnDevice()).isFalse();
        assertThat(atPhone).isEmpty();
    }

    private CpmClient device(String user, BlockingQueue<ReceivedMessage> received)
            throws Exception {
        var settings =
                ClientSettings.of(NameAddress.parse("<sip:" + user + "@" + Peers.DOMAIN + ">"))
                        .withProvisioning(
                                Provisioning.NONE.withExploderUri(
                                        Uri.parse("sip:exploder@" + Peers.DOMAIN)));
        var core = new InetSocketAddress(InetAddress.getLoopbackAddress(), kamailio.phonePort());
        var client =
                run(CpmClient.builder(settings, Hop.udp(core)).onMessage(received::add).start());
        assertThat(client.register(Duration.ofMinutes(10)).isRegistered()).isTrue();
        return client;
    }

    private <T extends AutoCloseable> T run(T peer) {
        running.push(peer);
        return peer;
    }
}
