package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.transport.Hop;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whole exchanges over real sockets.
class LoopbackTest {

    private static WheelTimers timers;
    private static Node bob;
    private static Node alice;

    @BeforeAll
    static void start() throws Exception {
        timers = new WheelTimers();
        bob = Node.listening(timers, "udp:127.0.0.1:0", "tcp:127.0.0.1:0");
        alice = Node.listening(timers, "udp:127.0.0.1:0", "tcp:127.0.0.1:0");
    }

    @AfterAll
    static void stop() {
        alice.close();
        bob.close();
        timers.close();
    }

    private static void exchange(Hop hop) throws Exception {
        var listener = new Node.Listener();
        alice.layer.send(Node.message("hello"), hop, listener);
        var received = bob.takeRequest();
        received.respond(received.request().answer(200).build());
        var answer = listener.takeFinal();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.to().tag()).isPresent();
        assertThat(received.request().body().utf8()).isEqualTo("hello");
        assertThat(alice.layer.openClientTransactions()).isZero();
        assertThat(bob.layer.openServerTransactions()).isZero();
    }

    @Test
    void aMessageIsAnsweredOverUdp() throws Exception {
        exchange(bob.udp());
    }

    @Test
    void aMessageIsAnsweredOverTcp() throws Exception {
        exchange(bob.tcp());
    }
}
