package org.fanfare.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.client.ClientSettings;
import org.fanfare.client.CpmClient;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.Provisioning;
import org.fanfare.client.ReceivedMessage;
import org.fanfare.sip.transport.Hop;
import org.fanfare.testing.Clause;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
/// finds the one that is meant.
class DirectDeliveryPeerTest {

    @TempDir Path folder;

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private final BlockingQueue<ReceivedMessage> atPhone = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReceivedMessage> atTablet = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReceivedMessage> atBob = new LinkedBlockingQueue<>();
    private Kamailio kamailio;
    private CpmClient phone;

    @BeforeEach
    void startCoreAndServer() throws Exception {
        Peers.need("kamailio");
        var pfPort = Peers.freePort();
        kamailio = run(new Kamailio(folder.resolve("kamailio"), pfPort, Peers.freePort()));
        var fanfare =
                run(
                        new FanfareServe(
                                folder.resolve("fanfare"),
                                pfPort,
                                "sip:127.0.0.1:" + kamailio.iscPort() + ";lr",
                                "policy: {direct-delivery: devices}\n"));
        phone = device("alice", atPhone);
        device("alice", atTablet);
        device("bob", atBob);
        device("carol", new LinkedBlockingQueue<>());
        await("all devices are told of")
                .atMost(Duration.ofSeconds(10))
                .until(() -> fanfare.metrics().contains("fanfare_registrations_devices 4.0"));
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
        assertShown("Lunch at noon?");
    }

    @Clause({"8.2.1.2/dd.send", "8.2.1.2/dd.C.3", "8.2.1.2/dd.C.3.ii", "8.2.1.2/dd.D"})
    @Test
    void andLargeMessagesToo() throws Exception {
        assertShown("0123456789".repeat(3000));
    }

    private void assertShown(String text) throws Exception {
        var many =
                List.of(
                        Uri.parse("sip:bob@" + Peers.DOMAIN),
                        Uri.parse("sip:carol@" + Peers.DOMAIN));

        var result = phone.send(OutgoingMessage.text(text).toMany(many).build());

        assertThat(result.status()).isEqualTo(200);
        var copy = atTablet.poll(10, TimeUnit.SECONDS);
        assertThat(copy).isNotNull();
        assertThat(copy.isSentByOwnDevice()).isTrue();
        assertThat(copy.contributionId()).contains(result.contributionId());
        assertThat(copy.size()).isEqualTo(text.length());
        var received = atBob.poll(10, TimeUnit.SECONDS);
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
