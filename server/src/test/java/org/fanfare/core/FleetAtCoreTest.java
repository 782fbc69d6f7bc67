package org.fanfare.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.fanfare.client.Account;
import org.fanfare.client.ClientSettings;
import org.fanfare.client.CpmClient;
import org.fanfare.client.Disposition;
import org.fanfare.client.DispositionReport;
import org.fanfare.client.OutgoingMessage;
import org.fanfare.client.PhoneFleet;
import org.fanfare.client.PhoneScript;
import org.fanfare.client.ReceivedMessage;
import org.fanfare.imdn.DispositionNotification;
import org.fanfare.sip.digest.CredentialsSource;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.TestCertificates;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Clients and fleets of simulated phones at the embedded core: a lab without a Participating
/// Function.
class FleetAtCoreTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private EmbeddedCore core;
    private final BlockingQueue<ReceivedMessage> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<DispositionReport> reports = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() throws Exception {
        start(CoreSettings.lab("home.example"));
    }

    private void start(CoreSettings settings) throws Exception {
        core = new EmbeddedCore(settings);
        core.start();
    }

    @AfterEach
    void stop() {
        core.close();
    }

    private Hop hop(TransportProtocol protocol) {
        return core.listening().stream()
                .filter(point -> point.protocol() == protocol)
                .map(point -> new Hop(protocol, point.address(), Hop.Size.BY_RULE))
                .findFirst()
                .orElseThrow();
    }

    private CpmClient.Builder client(String address, TransportProtocol protocol) {
        return CpmClient.builder(ClientSettings.of(NameAddress.parse(address)), hop(protocol))
                .onMessage(messages::add)
                .onReport(reports::add);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var element = queue.poll(10, TimeUnit.SECONDS);
        assertThat(element).isNotNull();
        return element;
    }

    private static OutgoingMessage hello(Uri recipient) {
        return OutgoingMessage.text("Hello")
                .to(recipient)
                .requesting(
                        DispositionNotification.POSITIVE_DELIVERY, DispositionNotification.DISPLAY)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"UDP, UDP", "UDP, TCP", "TCP, UDP", "TCP, TCP"})
    void twoClientsTalkThroughTheCore(TransportProtocol one, TransportProtocol other)
            throws Exception {
        try (var alice = client("Alice <sip:alice@home.example>", one).start();
                var bob = client("<sip:bob@home.example>", other).start()) {
            assertThat(alice.register(HOUR).isRegistered()).isTrue();
            assertThat(bob.register(HOUR).isRegistered()).isTrue();

            var result = alice.send(hello(Uri.parse("sip:bob@home.example")));
            assertThat(result.status()).isEqualTo(200);
            var received = next(messages);
            assertThat(received.text()).contains("Hello");
            assertThat(received.displayName()).isEqualTo("Alice");
            assertThat(next(reports).now()).isEqualTo(Disposition.DELIVERED);

            assertThat(bob.displayed(received)).isTrue();
            assertThat(next(reports).now()).isEqualTo(Disposition.DISPLAYED);

            bob.send(
                    OutgoingMessage.text("Hello yourself")
                            .inReplyTo(received.answered().orElseThrow())
                            .build());
            var reply = next(messages);
            assertThat(reply.text()).contains("Hello yourself");
            assertThat(reply.conversationId()).contains(result.conversationId());
            assertThat(reply.inReplyTo()).contains(result.contributionId());

            bob.unregister();
            assertThat(alice.send(hello(Uri.parse("sip:bob@home.example"))).status())
                    .isEqualTo(480);
        }
    }

    @Test
    void phonesOverTlsAreReachedOverTheirConnection() throws Exception {
        stop();
        var listen = List.of(ListenPoint.parse("tls:127.0.0.1:0"));
        start(
                CoreSettings.lab("home.example")
                        .withListen(listen)
                        .withTls(
                                TestCertificates.settings(
                                        ClientAuthentication.NONE, "ip:127.0.0.1")));
        var tls = TestCertificates.anonymous();
        try (var phones =
                        PhoneFleet.builder(hop(TransportProtocol.TLS), "home.example")
                                .count(3)
                                .phonesPerSocket(1)
                                .tls(tls)
                                .start();
                var alice =
                        client("<sip:alice@home.example>", TransportProtocol.TLS)
                                .tls(tls)
                                .start()) {
            assertThat(phones.register(HOUR).failures()).isEmpty();
            alice.register(HOUR);

            for (var uri : phones.uris()) {
                assertThat(alice.send(hello(uri)).status()).isEqualTo(200);
                assertThat(next(reports).reporter()).isEqualTo(uri);
                assertThat(next(reports).reporter()).isEqualTo(uri);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportProtocol.class,
            names = {"UDP", "TCP"})
    void clientsTalkOverIpv6(TransportProtocol protocol) throws Exception {
        stop();
        start(
                CoreSettings.lab("home.example")
                        .withListen(
                                List.of(
                                        ListenPoint.parse("udp:[::1]:0"),
                                        ListenPoint.parse("tcp:[::1]:0"))));
        try (var alice = client("<sip:alice@home.example>", protocol).start();
                var bob = client("<sip:bob@home.example>", protocol).start()) {
            assertThat(alice.register(HOUR).isRegistered()).isTrue();
            assertThat(bob.register(HOUR).isRegistered()).isTrue();

            assertThat(alice.send(hello(Uri.parse("sip:bob@home.example"))).status())
                    .isEqualTo(200);
            assertThat(next(messages).text()).contains("Hello");
            assertThat(next(reports).now()).isEqualTo(Disposition.DELIVERED);
        }
    }

    @ParameterizedTest
    @CsvSource({"UDP, 500", "UDP, 1", "UDP, 7", "TCP, 500", "TCP, 1"})
    void everyPhoneOfAFleetIsAUserOfItsOwn(TransportProtocol protocol, int perSocket)
            throws Exception {
        var texts = new ConcurrentHashMap<Integer, String>();
        try (var phones =
                        PhoneFleet.builder(hop(protocol), "home.example")
                                .count(20)
                                .phonesPerSocket(perSocket)
                                .onMessage((phone, message) ->
                                        texts.put(phone.number(), message.text().orElse("")))
                                .start();
                var alice = client("<sip:alice@home.example>", TransportProtocol.UDP).start()) {
            assertThat(phones.sockets()).isEqualTo((20 + perSocket - 1) / perSocket);
            var registered = phones.register(HOUR);
            assertThat(registered.failures()).isEmpty();
            assertThat(registered.registered()).isEqualTo(20);
            assertThat(core.users()).isEqualTo(20);
            alice.register(HOUR);

            for (var phone : phones.phones()) {
                var text = "for " + phone.number();
                var message = OutgoingMessage.text(text).to(phone.uri()).build();
                assertThat(alice.send(message).status()).isEqualTo(200);
            }

            await().untilAsserted(() -> assertThat(texts).hasSize(20));
            texts.forEach((number, text) -> assertThat(text).isEqualTo("for " + number));
            assertThat(phones.counts().answers()).isEqualTo(Map.of(200, 20L));
            assertThat(phones.unregister().failures()).isEmpty();
            assertThat(alice.send(hello(phones.uris().getFirst())).status()).isEqualTo(480);
        }
    }

    @Test
    void phonesReportWhatTheyAreAskedToReport() throws Exception {
        try (var phones = PhoneFleet.builder(hop(TransportProtocol.UDP), "home.example").start();
                var alice = client("<sip:alice@home.example>", TransportProtocol.UDP).start()) {
            phones.register(HOUR);
            alice.register(HOUR);

            alice.send(hello(phones.uris().getFirst()));

            var states = EnumSet.of(next(reports).now());
            states.add(next(reports).now());
            assertThat(states)
                    .containsExactlyInAnyOrder(Disposition.DELIVERED, Disposition.DISPLAYED);
            await().untilAsserted(() -> assertThat(phones.counts().reportsSent()).isEqualTo(2));
        }
    }

    @Test
    void phonesAnswerByTheirScript() throws Exception {
        try (var phones =
                        PhoneFleet.builder(hop(TransportProtocol.UDP), "home.example")
                                .count(3)
                                .script(number ->
                                        PhoneScript.FRIENDLY.withAnswer(number == 2 ? 486 : 200))
                                .start();
                var alice = client("<sip:alice@home.example>", TransportProtocol.UDP).start()) {
            phones.register(HOUR);
            alice.register(HOUR);

            var statuses =
                    phones.uris().stream()
                            .map(uri -> status(alice, uri))
                            .collect(Collectors.toList());

            assertThat(statuses).containsExactly(200, 486, 200);
            assertThat(phones.counts().answers()).isEqualTo(Map.of(200, 2L, 486, 1L));
            assertThat(phones.counts().messages()).isEqualTo(3);
        }
    }

    private static int status(CpmClient client, Uri uri) {
        try {
            return client.send(hello(uri)).status();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void telephoneNumbersOfAFleetAreOfEqualLength() throws Exception {
        try (var phones =
                PhoneFleet.builder(hop(TransportProtocol.UDP), "home.example")
                        .prefix("+49151")
                        .count(10)
                        .start()) {
            assertThat(phones.uris())
                    .map(Uri::toString)
                    .startsWith("sip:+4915101@home.example;user=phone")
                    .endsWith("sip:+4915110@home.example;user=phone");
            assertThat(phones.register(HOUR).failures()).isEmpty();
        }
    }

    @Test
    void withPasswordsClientsAndPhonesProveWhoTheyAre() throws Exception {
        stop();
        start(
                CoreSettings.lab("home.example")
                        .withUsers(
                                new UserSource.Digest(
                                        CredentialsSource.ofPasswords(
                                                Map.of(
                                                        "alice", "a", "phone1", "p1", "phone2",
                                                        "p2"))),
                                "home.example"));
        try (var phones =
                        PhoneFleet.builder(hop(TransportProtocol.UDP), "home.example")
                                .count(2)
                                .accounts(FleetAtCoreTest::account)
                                .start();
                var alice =
                        client("<sip:alice@home.example>", TransportProtocol.UDP)
                                .account(new Account("home.example", "alice", "a"))
                                .start();
                var mallory = client("<sip:alice@home.example>", TransportProtocol.UDP).start()) {
            assertThat(phones.register(HOUR).failures()).isEmpty();

            var phone = phones.uris().getFirst();
            assertThat(mallory.send(hello(phone)).status()).isEqualTo(407);
            assertThat(alice.send(hello(phone)).status())
                    .as("not registered: asked for the password at once")
                    .isEqualTo(200);
            alice.register(HOUR);
            assertThat(alice.send(hello(phone)).status()).isEqualTo(200);
        }
    }

    private static Optional<Account> account(Uri uri) {
        var user = uri.toString().replaceAll("^sip:|@.*$", "");
        return Optional.of(new Account("home.example", user, user.replace("phone", "p")));
    }
}
