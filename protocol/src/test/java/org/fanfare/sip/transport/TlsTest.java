package org.fanfare.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.sip.MalformedSip;
import org.fanfare.sip.Method;
import org.fanfare.sip.SipMessage;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;
import org.fanfare.testing.StreamPeer;
import org.fanfare.testing.TestCertificates;
import org.fanfare.uri.Uri;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

class TlsTest {

    private static final TlsSettings LOCALHOST =
            TestCertificates.settings(ClientAuthentication.NONE, "ip:127.0.0.1");

    private final Received server = new Received();
    private final Received client = new Received();

    /// A transport layer with what it received.
    private static final class Received implements MessageHandler {

        private final BlockingQueue<SipMessage> messages = new LinkedBlockingQueue<>();
        private final BlockingQueue<Flow> flows = new LinkedBlockingQueue<>();
        private final BlockingQueue<Flow> closed = new LinkedBlockingQueue<>();
        private TransportLayer layer = TransportLayer.builder().build(this);

        void start(UnaryOperator<TransportLayer.Builder> settings) throws IOException {
            layer = settings.apply(TransportLayer.builder()).build(this);
            layer.start();
        }

        Hop hop() {
            return Hop.tls(layer.listening().getFirst().address());
        }

        @Override
        public void onMessage(SipMessage message, Flow flow) {
            messages.add(message);
            flows.add(flow);
        }

        @Override
        public void onMalformed(MalformedSip malformed, Flow flow, int octets) {}

        @Override
        public void onClosed(Flow flow) {
            closed.add(flow);
        }

        static <T> T take(BlockingQueue<T> queue) throws InterruptedException {
            var next = queue.poll(10, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came in 10 s");
            }
            return next;
        }
    }

    private void listen(TlsSettings tls) throws IOException {
        listen(tls, TransportLimits.DEFAULT);
    }

    private void listen(TlsSettings tls, TransportLimits limits) throws IOException {
        server.start(builder ->
                builder.listen(ListenPoint.parse("tls:127.0.0.1:0")).tls(tls).limits(limits));
    }

    private void client(TlsSettings tls) throws IOException {
        client.start(builder -> builder.tls(tls));
    }

    @AfterEach
    void stop() {
        client.layer.close();
        server.layer.close();
    }

    private static SipRequest options() {
        return SipRequest.builder(Method.OPTIONS, Uri.parse("sip:bob@home.example")).build();
    }

    @Test
    void messagesGoBothWaysOverOneConnection() throws Exception {
        listen(LOCALHOST);
        client(TestCertificates.anonymous());
        var flow = client.layer.flowTo(server.hop());
        flow.send(options().encoded());
        assertThat(Received.take(server.messages)).isEqualTo(options());
        var back = Received.take(server.flows);
        assertThat(back.protocol()).isEqualTo(TransportProtocol.TLS);
        assertThat(back.peerNames()).isEmpty();
        back.send(options().encoded());
        assertThat(Received.take(client.messages)).isEqualTo(options());
        assertThat(client.layer.flowTo(server.hop())).isSameAs(flow);

        flow.close();
        Received.take(server.closed);
        Received.take(client.closed);
    }

    @Test
    void aPeerThatProvesAnotherNameIsNotTalkedTo() throws Exception {
        listen(TestCertificates.settings(ClientAuthentication.NONE, "dns:other.example"));
        client(TestCertificates.anonymous());
        assertThatThrownBy(() -> client.layer.flowTo(server.hop()))
                .isInstanceOf(SSLPeerUnverifiedException.class)
                .hasMessageContaining("127.0.0.1");
        assertThat(client.layer.connections()).isZero();
    }

    @Test
    void aCertificateOfAnUnknownRootIsRefused() throws Exception {
        listen(LOCALHOST);
        client(TlsSettings.ofClient());
        assertThatThrownBy(() -> client.layer.flowTo(server.hop()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void aClientWithACertificateIsKnownByItsNames() throws Exception {
        listen(TestCertificates.settings(ClientAuthentication.NEED, "ip:127.0.0.1"));
        client(
                TestCertificates.settings(
                        ClientAuthentication.NONE,
                        "uri:sip:Client.example",
                        "dns:ignored.example"));
        client.layer.flowTo(server.hop()).send(options().encoded());
        assertThat(Received.take(server.flows).peerNames()).containsExactly("client.example");
    }

    @Test
    void aClientWithoutACertificateIsRefusedWhereOneIsNeeded() throws Exception {
        listen(TestCertificates.settings(ClientAuthentication.NEED, "ip:127.0.0.1"));
        client(TestCertificates.anonymous());
        try {
            client.layer.flowTo(server.hop()).send(options().encoded());
        } catch (IOException e) {
            assertThat(e).isNotNull(); // with TLS 1.3 it may be told only after the handshake
        }
        Received.take(client.closed);
        assertThat(server.messages).isEmpty();
    }

    // T2
    @Test
    void aHandshakeThatNeverEndsIsCutOff() throws Exception {
        var limits =
                TransportLimits.DEFAULT.withTimes(
                        Duration.ofMillis(100),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60));
        listen(LOCALHOST, limits);
        try (var silent = StreamPeer.connect(server.hop().address())) {
            assertThat(silent.isClosedByPeer()).isTrue();
        }
    }

    // T4: also on our side
    @Test
    void aServerThatNeverAnswersTheHandshakeIsAFailureInTime() throws Exception {
        try (var deaf = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            client.start(builder ->
                    builder.limits(
                            TransportLimits.DEFAULT.withTimes(
                                    Duration.ofSeconds(60),
                                    Duration.ofSeconds(60),
                                    Duration.ofSeconds(60),
                                    Duration.ofMillis(100))));
            var hop = Hop.tls((InetSocketAddress) deaf.getLocalSocketAddress());
            assertThatThrownBy(() -> client.layer.flowTo(hop)).isInstanceOf(IOException.class);
        }
    }

    // M19
    @Test
    void plainSipOnTheTlsPortIsClosed() throws Exception {
        listen(LOCALHOST);
        try (var plain = StreamPeer.connect(server.hop().address())) {
            plain.send(options().encoded());
            plain.socket().getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // Reset: closed too.
        }
        Received.take(server.closed);
        assertThat(server.messages).isEmpty();
    }

    @Test
    void pemFilesMakeTheSameSettings(@TempDir Path directory) throws Exception {
        TestCertificates.writeTo(directory, "ip:127.0.0.1");
        var certificate = directory.resolve("cert.pem");
        var key = directory.resolve("key.pem");
        var root = directory.resolve("root.pem");
        listen(TlsSettings.ofPem(certificate, key, root, ClientAuthentication.NONE));
        client(TestCertificates.anonymous());
        client.layer.flowTo(server.hop()).send(options().encoded());
        Received.take(server.messages);

        assertThatThrownBy(() -> TlsSettings.ofPem(key, key, null, ClientAuthentication.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("key.pem");
        assertThatThrownBy(() ->
                        TlsSettings.ofPem(
                                certificate, certificate, null, ClientAuthentication.NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("BEGIN PRIVATE KEY");
    }
}
