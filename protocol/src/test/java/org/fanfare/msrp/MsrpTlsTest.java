package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;
import org.fanfare.testing.TestCertificates;
import org.fanfare.uri.HostPort;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/// MSRPS (RFC 4975 14.4).
class MsrpTlsTest { // P16

    private final Inbox inbox = new Inbox();
    private MsrpEndpoint client;
    private MsrpEndpoint server;

    @BeforeEach
    void start() throws IOException {
        client = MsrpEndpoint.builder().tls(TestCertificates.anonymous()).start();
        server = listening(TestCertificates.settings(ClientAuthentication.NONE, "ip:127.0.0.1"));
    }

    private static MsrpEndpoint listening(TlsSettings tls) throws IOException {
        return MsrpEndpoint.builder()
                .listen("tls:127.0.0.1:0")
                .listen("tcp:127.0.0.1:0")
                .tls(tls)
                .start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void messageGoesOverTls() throws IOException {
        var passive = server.open(true, inbox);
        var active = client.open(true, MsrpReceiver.REFUSING);
        assertThat(passive.localPath().toString()).startsWith("msrps://127.0.0.1:");
        passive.expect(List.of(active.localPath()));
        active.connect(List.of(passive.localPath()));
        var content = Octets.of(new byte[200_000]);

        assertThat(active.send(OutgoingContent.of("message", "a/b", content)).isComplete())
                .isTrue();
        assertThat(inbox.take().content()).isEqualTo(content);
        active.close();
        assertThat(inbox.event()).isEqualTo("closed");
    }

    @Test
    void onlyAListenPointAtNoAddressInParticularHasTheNameOfTheHost() throws IOException {
        try (var both =
                MsrpEndpoint.builder()
                        .listen("tcp:0.0.0.0:0")
                        .listen("tls:127.0.0.1:0")
                        .tls(TestCertificates.settings(ClientAuthentication.NONE, "ip:127.0.0.1"))
                        .host("pf.home.example")
                        .start()) {
            var plain = both.open(false, MsrpReceiver.REFUSING).localPath();
            var secure = both.open(true, MsrpReceiver.REFUSING).localPath();

            assertThat(plain.host()).isEqualTo("pf.home.example");
            assertThat(secure.host()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void certificateOfAnotherNameIsRefused() throws IOException {
        server.close();
        server =
                listening(
                        TestCertificates.settings(ClientAuthentication.NONE, "dns:other.example"));
        var passive = server.open(true, inbox);

        assertThatThrownBy(() ->
                        client.open(true, MsrpReceiver.REFUSING)
                                .connect(List.of(passive.localPath())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("expected a certificate of 127.0.0.1");
        assertThat(passive.isBound()).isFalse();
    }

    @Test
    void certificateOfNobodyWeTrustIsRefused() throws IOException {
        try (var distrustful = MsrpEndpoint.builder().start()) {
            var passive = server.open(true, inbox);

            assertThatThrownBy(() ->
                            distrustful
                                    .open(true, MsrpReceiver.REFUSING)
                                    .connect(List.of(passive.localPath())))
                    .isInstanceOf(IOException.class);
            assertThat(passive.isBound()).isFalse();
        }
    }

    @Test
    void plainOnTheTlsPortIsCutOff() throws IOException {
        var passive = server.open(true, inbox);
        try (var peer = MsrpPeer.connect(passive.localPath())) {
            peer.sendEmpty(passive.localPath(), "abcd");

            assertThat(peer.isClosedByPeerWhateverItSays()).isTrue();
        }
        assertThat(passive.isBound()).isFalse();
    }

    @Test
    void sessionOverTlsIsUnknownOnThePlainPort() throws IOException {
        var secure = server.open(true, inbox).localPath();
        var plain = server.open(false, inbox).localPath();
        var changed =
                MsrpUri.of(false, new HostPort("127.0.0.1", plain.port()), secure.sessionId());
        try (var peer = MsrpPeer.connect(plain)) {
            peer.sendEmpty(changed, "abcd");

            assertThat(peer.takeStatus()).isEqualTo("abcd 481");
        }
    }
}
