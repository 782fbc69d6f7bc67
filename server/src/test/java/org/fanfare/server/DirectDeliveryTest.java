package org.fanfare.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.client.ClientSettings;
import org.fanfare.client.CpmClient;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.Provisioning;
import org.fanfare.client.ReceivedMessage;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// A user with several devices, the embedded core and the Participating Function, all by their
/// sockets: what one device sends, the others show.
class DirectDeliveryTest {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Uri BOB = Uri.parse("sip:bob@home.example");
    private static final Uri CAROL = Uri.parse("sip:carol@home.example");

    @TempDir Path folder;

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Map<String, BlockingQueue<Shown>> received = new ConcurrentHashMap<>();
    private final List<FanfareServer> servers = new ArrayList<>();

    /// A message with its content, which the client keeps only as long as it is being shown.
    private record Shown(ReceivedMessage message, String text) {

        static Shown of(ReceivedMessage message) {
            try (var in = message.open()) {
                return new Shown(message, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        boolean isOwn() {
            return message.isSentByOwnDevice();
        }
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @Clause({
        "8.2.1.1/dd.check",
        "8.2.1.1/dd.send",
        "8.2.1.1/dd.3",
        "8.2.1.1/dd.3.ii",
        "8.2.1.1/dd.3.iv",
        "8.2.1.1/dd.3.iv.b",
        "8.2.1.1/dd.core"
    })
    @ParameterizedTest
    @CsvSource({"UDP, UDP", "UDP, TCP", "TCP, UDP", "TCP, TCP"})
    void theOtherDeviceOfTheSenderShowsWhatHeSent(
            TransportProtocol sending, TransportProtocol other) throws Exception {
        serve("policy.direct-delivery=devices");
        var phone = device("alice", "phone", sending);
        device("alice", "tablet", other);
        device("bob", "bob", TransportProtocol.UDP);
        device("carol", "carol", TransportProtocol.UDP);

        var result = phone.send(OutgoingMessage.text("Lunch?").toMany(List.of(BOB, CAROL)).build());

        assertThat(result.status()).isEqualTo(200);
        var copy = next("tablet");
        assertThat(copy.isOwn()).isTrue();
        assertThat(copy.text()).contains("Lunch?");
        assertThat(copy.message().contributionId()).contains(result.contributionId());
        assertThat(copy.message().imdnMessageId()).contains(result.imdnMessageId());
        assertThat(copy.message().request().body().utf8()).doesNotContain("resource-lists");
        assertThat(next("bob").isOwn()).isFalse();
        assertThat(next("carol").text()).contains("Lunch?");
        assertNothingMore();
    }

    @Clause({"8.2.1.1/dd.check.off"})
    @Test
    void nothingOfItWhereTheProviderDoesNotWantIt() throws Exception {
        serve("policy.direct-delivery=off");
        var phone = device("alice", "phone", TransportProtocol.UDP);
        device("alice", "tablet", TransportProtocol.UDP);
        device("bob", "bob", TransportProtocol.UDP);

        device("carol", "carol", TransportProtocol.UDP);

        phone.send(OutgoingMessage.text("Lunch?").toMany(List.of(BOB, CAROL)).build());

        assertThat(next("bob").text()).contains("Lunch?");
        assertThat(next("carol").text()).contains("Lunch?");
        assertNothingMore();
    }

    @Clause({
        "8.2.1.2/dd.check",
        "8.2.1.2/dd.send",
        "8.2.1.2/dd.C",
        "8.2.1.2/dd.C.invite",
        "8.2.1.2/dd.C.3",
        "8.2.1.2/dd.D",
        "8.2.1.2/dd.E.a",
        "8.2.1.2/dd.E.a.msrp",
        "8.2.1.2/dd.E.c",
        "8.2.1.2/dd.E.d"
    })
    @ParameterizedTest
    @CsvSource({"devices, 3000", "devices, 2000000", "core, 200000"})
    void theOtherDeviceOfTheSenderShowsALargeMessage(String way, int characters) throws Exception {
        serve("policy.direct-delivery=" + way);
        var phone = device("alice", "phone", TransportProtocol.UDP);
        device("alice", "tablet", TransportProtocol.UDP);
        device("bob", "bob", TransportProtocol.UDP);
        device("carol", "carol", TransportProtocol.UDP);
        var text = "0123456789".repeat(characters / 10);

        var result = phone.send(OutgoingMessage.text(text).toMany(List.of(BOB, CAROL)).build());

        assertThat(result.status()).isEqualTo(200);
        var copy = next("tablet");
        assertThat(copy.isOwn()).isTrue();
        assertThat(copy.text().equals(text)).isTrue();
        assertThat(copy.message().contributionId()).contains(result.contributionId());
        for (var recipient : List.of("bob", "carol")) {
            var message = next(recipient);
            assertThat(message.isOwn()).isFalse();
            assertThat(message.text().equals(text)).isTrue();
        }
        assertThat(received.get("phone")).isEmpty();
    }

    @Clause({"8.2.1.1/dd.send", "8.2.1.2/dd.send"})
    @ParameterizedTest
    @ValueSource(ints = {10, 20000})
    void afterARestartTheCoreIsAskedWhichDevicesThereAre(int characters) throws Exception {
        String[] asking = {"policy.direct-delivery=devices", "registrations.subscribe=true"};
        serve(asking);
        var phone = device("alice", "phone", TransportProtocol.UDP);
        device("alice", "tablet", TransportProtocol.UDP);
        device("bob", "bob", TransportProtocol.UDP);
        device("carol", "carol", TransportProtocol.UDP);
        var points =
                servers.getLast().coreListening().stream()
                        .map(point -> "\"" + point + "\"")
                        .collect(Collectors.joining(", ", "core.listen=[", "]"));
        servers.getLast().close();

        serve(asking[0], asking[1], points);
        var text = "0123456789".repeat(characters / 10);
        var result = phone.send(OutgoingMessage.text(text).toMany(List.of(BOB, CAROL)).build());

        assertThat(result.status()).isEqualTo(200);
        var copy = next("tablet");
        assertThat(copy.isOwn()).isTrue();
        assertThat(copy.text()).contains(text);
        assertThat(received.get("phone")).isEmpty();
    }

    private void serve(String... settings) throws Exception {
        var all =
                new ArrayList<>(
                        List.of(
                                "listen.sip=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "listen.admin=127.0.0.1:0",
                                "listen.msrp=[\"tcp:127.0.0.1:0\"]",
                                "core.listen=[\"udp:127.0.0.1:0\", \"tcp:127.0.0.1:0\"]",
                                "ledger.url=\"file:" + folder.resolve("ledger") + "\""));
        all.addAll(List.of(settings));
        var server = new FanfareServer(Configuration.load(null, all));
        server.start();
        open.push(server);
        servers.add(server);
    }

    private CpmClient device(String user, String name, TransportProtocol protocol)
            throws Exception {
        return device(user, name, protocol, "CPM-client/OMA2.2");
    }

    private CpmClient device(String user, String name, TransportProtocol protocol, String userAgent)
            throws Exception {
        var hop =
                servers.getLast().coreListening().stream()
                        .filter(point -> point.protocol() == protocol)
                        .map(point -> new Hop(protocol, point.address(), Hop.Size.BY_RULE))
                        .findFirst()
                        .orElseThrow();
        var settings =
                ClientSettings.of(NameAddress.parse("<sip:" + user + "@home.example>"))
                        .withUserAgent(userAgent)
                        .withProvisioning(
                                Provisioning.NONE.withExploderUri(
                                        Uri.parse("sip:exploder@home.example")));
        var messages = new LinkedBlockingQueue<Shown>();
        received.put(name, messages);
        var client =
                CpmClient.builder(settings, hop)
                        .onMessage(message -> messages.add(Shown.of(message)))
                        .start();
        open.push(client);
        assertThat(client.register(HOUR).isRegistered()).isTrue();
        return client;
    }

    private Shown next(String device) throws InterruptedException {
        var message =
                received.getOrDefault(device, new LinkedBlockingQueue<>())
                        .poll(10, TimeUnit.SECONDS);
        assertThat(message).as("message for %s", device).isNotNull();
        return message;
    }

    /// The server has nothing more to send.
    private void assertNothingMore() throws InterruptedException {
        servers.getLast().drain();
        received.forEach((device, messages) -> assertThat(messages).as(device).isEmpty());
    }
}
