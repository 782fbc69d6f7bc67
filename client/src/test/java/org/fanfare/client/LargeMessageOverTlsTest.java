package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.SETTINGS;

import org.fanfare.mime.MediaType;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.TlsSettings;
import org.fanfare.sip.transport.TlsSettings.ClientAuthentication;
import org.fanfare.sip.transport.TransportProtocol;
import org.fanfare.testing.Clause;
import org.fanfare.testing.ScriptedPeer;
import org.fanfare.testing.TestCertificates;
import org.fanfare.uri.NameAddress;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Two clients with MSRP over TLS: who of them has a certificate may be connected to.
class LargeMessageOverTlsTest {

    private static final OutgoingMessage PICTURE =
            OutgoingMessage.of(Payload.of(MediaType.of("image", "jpeg"), Octets.of(new byte[5000])))
                    .to(BOB)
                    .build();

    @TempDir private Path folder;

    private final BlockingQueue<Octets> received = new LinkedBlockingQueue<>();

    private LargeMessageSettings large(boolean certified) {
        return LargeMessageSettings.DEFAULT
                .withFolder(folder)
                .withTls(certified ? certified() : TestCertificates.anonymous());
    }

    private static TlsSettings certified() {
        return TestCertificates.settings(ClientAuthentication.NONE, "ip:127.0.0.1");
    }

    private CpmClient bob(ScriptedPeer network, LargeMessageSettings large) throws IOException {
        return CpmClient.builder(
                        ClientSettings.of(NameAddress.of(BOB)), network.hop(TransportProtocol.TCP))
                .large(large)
                .onMessage(message -> received.add(message.content()))
                .start();
    }

    private static CpmClient alice(CpmClient bob, LargeMessageSettings large) throws IOException {
        var point = bob.listening().getFirst();
        return CpmClient.builder(SETTINGS, new Hop(point.protocol(), point.address(), Hop.Size.ANY))
                .large(large)
                .start();
    }

    @Clause({"7.2.1.2/200.C", "7.2.1.2/200.D"})
    @ParameterizedTest
    @CsvSource({"true,false,false", "false,true,false", "true,true,false", "true,true,true"})
    void whoHasACertificateIsConnectedTo(boolean alices, boolean bobs, boolean active)
            throws Exception { // reading 57
        try (var network = ScriptedPeer.answering(200);
                var bob = bob(network, large(bobs).withActive(active));
                var alice = alice(bob, large(alices))) {
            assertThat(alice.send(PICTURE).explanation()).isEqualTo("200 Call completed");
            assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo(Octets.of(new byte[5000]));
        }
    }

    @Test
    void whereNobodyHasOneTheSenderIsToldAtOnce() throws Exception {
        try (var network = ScriptedPeer.answering(200);
                var bob = bob(network, large(false));
                var alice = alice(bob, large(false))) {
            assertThat(alice.send(PICTURE).explanation())
                    .isEqualTo(
                            "480 Transmission Failed: the other side wants to connect, and we have"
                                    + " no certificate");
        }
    }
}
