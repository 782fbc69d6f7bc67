package org.fanfare.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.HeaderField;
import org.fanfare.sip.transaction.WheelTimers;
import org.fanfare.sip.transport.TransportProtocol;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// Whole sessions over real sockets.
class SessionTest {

    private static WheelTimers timers;
    private static Agent alice;
    private static Agent bob;

    @BeforeAll
    static void start() throws Exception {
        timers = new WheelTimers();
        alice = new Agent(timers);
        bob = new Agent(timers);
    }

    @AfterAll
    static void stop() {
        alice.close();
        bob.close();
        timers.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportProtocol.class,
            names = {"UDP", "TCP"})
    void aSessionIsSetUpAndEndedByTheCaller(TransportProtocol protocol) throws Exception {
        var caller = new Agent.Told();
        var callee = new Agent.Told();
        callee.inByeAnswer = List.of(new HeaderField("Message-UID", "7"));

        var outgoing = alice.dialogs.invite(alice.invite().build(), bob.hop(protocol), caller);
        var invite = bob.takeRequest();
        var incoming = bob.dialogs.incoming(invite, alice.hop(protocol), callee).orElseThrow();
        incoming.provisional(invite.request().answer(180).header("Contact", bob.contact()));
        assertThat(Agent.take(caller.provisional).status()).isEqualTo(180);
        incoming.answer(bob.ok(invite));
        assertThat(Agent.take(caller.answered).status()).isEqualTo(200);
        Agent.take(callee.acknowledged);
        assertThat(outgoing.isOpen()).isTrue();
        assertThat(incoming.isOpen()).isTrue();

        var reason = new HeaderField("Reason", "SIP;cause=200;text=\"Call completed\"");
        var answer = outgoing.bye(List.of(reason)).get(10, TimeUnit.SECONDS);

        assertThat(answer.header("Message-UID")).contains("7");
        assertThat(Agent.take(callee.byes).header("Reason")).contains(reason.value());
        assertThat(Agent.take(callee.ended)).isInstanceOf(SessionEnd.ByeReceived.class);
        assertThat(Agent.take(caller.ended)).isInstanceOf(SessionEnd.ByeSent.class);
        assertThat(alice.dialogs.sessions()).isZero();
        assertThat(bob.dialogs.sessions()).isZero();
    }
}
