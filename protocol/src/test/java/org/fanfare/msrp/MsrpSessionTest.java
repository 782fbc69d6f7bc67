package org.fanfare.msrp;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.wire.Octets;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class MsrpSessionTest {

    @Test
    void messageOfSeveralChunksArrivesOctetForOctet() throws IOException {
        try (var a = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start();
                var b = MsrpEndpoint.builder().listen("tcp:127.0.0.1:0").start()) {
            var inbox = new Inbox();
            var passive = b.open(inbox);
            var active = a.open(MsrpReceiver.REFUSING);
            passive.expect(List.of(active.localPath()));
            active.connect(List.of(passive.localPath()));

            var content = Octets.of(new byte[100_000]);
            var result = active.send(OutgoingContent.of("message1", "text/plain", content));

            assertThat(result.outcome()).isEqualTo(SendResult.Outcome.COMPLETE);
            assertThat(inbox.take().content()).isEqualTo(content);
        }
    }
}
