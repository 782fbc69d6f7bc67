package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.Method;
import org.fanfare.sip.SipRequest;
import org.fanfare.sip.transaction.ServerTransaction;
import org.fanfare.sip.transaction.TransactionLayer;
import org.fanfare.sip.transaction.TransactionUser;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.Flow;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.HostPort;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The numbers of the requests in a session (RFC 3261 12.2.1.1, 13.2.2.4 and 22.2).
class CallTest {

    /// Challenges every second request of a session.
    private static final class Challenger implements TransactionUser, AutoCloseable {

        private final BlockingQueue<String> cseqs = new LinkedBlockingQueue<>();
        private final WheelTimers timers = new WheelTimers();
        private final TransactionLayer layer;
        private boolean challenge;

        Challenger() throws IOException {
            layer = WrongFunction.onLoopback(this, timers);
            layer.start();
        }

        Hop hop() {
            return Hop.udp(layer.listening().getFirst().address());
        }

        String next() throws InterruptedException {
            return String.valueOf(cseqs.poll(20, TimeUnit.SECONDS));
        }

        @Override
        public synchronized void onRequest(ServerTransaction transaction) {
            var request = transaction.request();
            cseqs.add(String.valueOf(request.cseq()));
            challenge = !challenge;
            var answer = request.answer(challenge ? 407 : 200);
            if (challenge) {
                var nonce = "nonce-" + request.cseq().number();
                answer.header(
                        "Proxy-Authenticate",
                        "Digest realm=\"home.example\", nonce=\"%s\", stale=true, qop=\"auth\""
                                .formatted(nonce));
            }
            transaction.respond(answer.build());
        }

        @Override
        public void onAck(SipRequest ack, Flow flow) {
            cseqs.add(String.valueOf(ack.cseq()));
        }

        @Override
        public void close() {
            layer.close();
            timers.close();
        }
    }

    @Test
    void theNextRequestCountsOnFromWhatWasSentAndAckRepeatsItsInvite() throws Exception {
        try (var challenger = new Challenger()) {
            var target =
                    new Target(
                            challenger.hop(),
                            Tested.EXPLODER,
                            "sip:alice@home.example",
                            Optional.of(new Target.Account("alice", "secret", "home.example")),
                            new HostPort("127.0.0.1", 0),
                            false,
                            Duration.ofSeconds(20),
                            Map.of());
            try (var network = Network.open(target);
                    var call = new Call(network, Outgoing.invite(target, "sip:bob@home.example"))) {
                assertThat(call.answer().status()).isEqualTo(200);
                assertThat(challenger.next()).isEqualTo("1 INVITE");
                assertThat(challenger.next()).isEqualTo("2 INVITE");
                assertThat(challenger.next()).isEqualTo("2 ACK");
                call.refresh(Method.UPDATE, 90);
                assertThat(challenger.next()).isEqualTo("3 UPDATE");
                assertThat(challenger.next()).isEqualTo("4 UPDATE");
                call.refresh(Method.INVITE, 90);
                assertThat(challenger.next()).isEqualTo("5 INVITE");
                assertThat(challenger.next()).isEqualTo("6 INVITE");
                assertThat(challenger.next()).isEqualTo("6 ACK");
                call.hangUp(Call.COMPLETED);
                assertThat(challenger.next()).isEqualTo("7 BYE");
                assertThat(challenger.next()).isEqualTo("8 BYE");
            }
        }
    }
}
