package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.ALICE;
import static org.fanfare.client.PagerMode_7_2_1_1_Test.BOB;

import org.fanfare.mime.MediaType;
import org.fanfare.sip.transport.Hop;
import org.fanfare.sip.transport.ListenPoint;
import org.fanfare.uri.NameAddress;
import org.fanfare.uri.Uri;
import org.fanfare.wire.Octets;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// 7.2.1.2, what follows the INVITE: two clients that are each other's next hop, on loopback.
class LargeTransfer_7_2_1_2_Test {

    private static final MediaType JPEG = MediaType.of("image", "jpeg");

    @TempDir private Path folder;

    private final BlockingQueue<ReceivedMessage> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<Octets> contents = new LinkedBlockingQueue<>();

    private static byte[] noise(int octets) {
        var noise = new byte[octets];
        new Random(octets).nextBytes(noise);
        return noise;
    }

    private static OutgoingMessage picture(int octets) {
        return OutgoingMessage.of(Payload.of(JPEG, Octets.of(noise(octets)))).to(BOB).build();
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var element = queue.poll(10, TimeUnit.SECONDS);
        assertThat(element).isNotNull();
        return element;
    }

    /// Alice and Bob, with no network between them.
    private record Pair(CpmClient alice, CpmClient bob) implements AutoCloseable {

        @Override
        public void close() {
            alice.close();
            bob.close();
        }
    }

    private Pair pair(LargeMessageSettings alices, LargeMessageSettings bobs) throws Exception {
        int port;
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        var bob =
                CpmClient.builder(
                                ClientSettings.of(NameAddress.of(BOB)),
                                Hop.parse("127.0.0.1:" + port + ";transport=tcp"))
                        .large(bobs)
                        .onMessage(message -> {
                            messages.add(message);
                            contents.add(message.content());
                        })
                        .start();
        var at = bob.listening().getFirst();
        var alice =
                CpmClient.builder(
                                ClientSettings.of(NameAddress.of(Uri.parse(ALICE))),
                                new Hop(at.protocol(), at.address(), Hop.Size.ANY))
                        .listen(
                                new ListenPoint(
                                        at.protocol(),
                                        new InetSocketAddress(
                                                InetAddress.getLoopbackAddress(), port)))
                        .large(alices)
                        .start();
        return new Pair(alice, bob);
    }

    @ParameterizedTest
    @ValueSource(ints = {1300, 2048, 300_000})
    void aLargeMessageArrives(int octets) throws Exception {
        var settings = LargeMessageSettings.DEFAULT;
        try (var pair = pair(settings, settings.withFolder(folder))) {
            var result = pair.alice().send(picture(octets));

            assertThat(result.explanation()).isEqualTo("200 Call completed");
            assertThat(result.mode()).isEqualTo(Mode.LARGE);
            assertThat(next(contents)).isEqualTo(Octets.of(noise(octets)));
        }
    }
}
