package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.testing.Figure.walk;
import static org.fanfare.testing.Figure.written;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/// Every arrow of the four figures, and for every other pair of state and event that nothing
/// happens.
class MachineTest {

    @Test
    void nonInviteClientIsFigure6OfRfc3261() {
        assertThat(written(NonInviteClient.START)).isEqualTo("TRYING SEND_REQUEST START_E START_F");
        walk(
                """
                TRYING     PROVISIONAL     -> PROCEEDING INFORM_RESPONSE
                TRYING     FINAL           -> COMPLETED STOP_TIMERS START_K INFORM_RESPONSE
                TRYING     TIMER_E         -> TRYING RESET_DOUBLED SEND_REQUEST
                TRYING     TIMER_F         -> TERMINATED STOP_TIMERS INFORM_TIMEOUT
                TRYING     TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                PROCEEDING PROVISIONAL     -> PROCEEDING INFORM_RESPONSE
                PROCEEDING FINAL           -> COMPLETED STOP_TIMERS START_K INFORM_RESPONSE
                PROCEEDING TIMER_E         -> PROCEEDING RESET_TO_T2 SEND_REQUEST
                PROCEEDING TIMER_F         -> TERMINATED STOP_TIMERS INFORM_TIMEOUT
                PROCEEDING TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                COMPLETED  TIMER_K         -> TERMINATED
                """,
                NonInviteClient.State.class,
                NonInviteClient.Event.class,
                NonInviteClient::next);
    }

    @Test
    void inviteClientIsFigure5OfRfc6026() {
        assertThat(written(InviteClient.START)).isEqualTo("CALLING SEND_REQUEST START_A START_B");
        walk(
                """
                CALLING    PROVISIONAL     -> PROCEEDING STOP_TIMERS INFORM_RESPONSE
                CALLING    SUCCESS         -> ACCEPTED STOP_TIMERS START_M INFORM_RESPONSE
                CALLING    FAILURE         -> COMPLETED STOP_TIMERS START_D SEND_ACK INFORM_RESPONSE
                CALLING    TIMER_A         -> CALLING RESET_DOUBLED SEND_REQUEST
                CALLING    TIMER_B         -> TERMINATED STOP_TIMERS INFORM_TIMEOUT
                CALLING    TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                PROCEEDING PROVISIONAL     -> PROCEEDING INFORM_RESPONSE
                PROCEEDING SUCCESS         -> ACCEPTED START_M INFORM_RESPONSE
                PROCEEDING FAILURE         -> COMPLETED START_D SEND_ACK INFORM_RESPONSE
                PROCEEDING TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                ACCEPTED   SUCCESS         -> ACCEPTED INFORM_RESPONSE
                ACCEPTED   TIMER_M         -> TERMINATED
                COMPLETED  FAILURE         -> COMPLETED SEND_ACK
                COMPLETED  TIMER_D         -> TERMINATED
                COMPLETED  TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                """,
                InviteClient.State.class,
                InviteClient.Event.class,
                InviteClient::next);
    }

    @Test
    void nonInviteServerIsFigure8OfRfc3261WithRfc4320() {
        assertThat(written(NonInviteServer.START))
                .isEqualTo("TRYING START_TRYING START_EXPIRY PASS_REQUEST");
        walk(
                """
                TRYING     FINAL           -> COMPLETED STOP_TIMERS START_J SEND_RESPONSE
                TRYING     TIMER_TRYING    -> PROCEEDING SEND_TRYING
                TRYING     TIMER_EXPIRY    -> TERMINATED STOP_TIMERS INFORM_TIMEOUT
                PROCEEDING REQUEST         -> PROCEEDING RESEND_RESPONSE
                PROCEEDING FINAL           -> COMPLETED STOP_TIMERS START_J SEND_RESPONSE
                PROCEEDING TIMER_EXPIRY    -> TERMINATED STOP_TIMERS INFORM_TIMEOUT
                PROCEEDING TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                COMPLETED  REQUEST         -> COMPLETED RESEND_RESPONSE
                COMPLETED  TIMER_J         -> TERMINATED
                COMPLETED  TRANSPORT_ERROR -> TERMINATED STOP_TIMERS INFORM_TRANSPORT_ERROR
                """,
                NonInviteServer.State.class,
                NonInviteServer.Event.class,
                NonInviteServer::next);
    }

    @Test
    void inviteServerIsFigure7OfRfc6026() {
        assertThat(written(InviteServer.START)).isEqualTo("PROCEEDING START_TRYING PASS_REQUEST");
        walk(
                """
                PROCEEDING REQUEST         -> PROCEEDING RESEND_RESPONSE
                PROCEEDING PROVISIONAL     -> PROCEEDING STOP_TIMERS SEND_RESPONSE
                PROCEEDING SUCCESS         -> ACCEPTED STOP_TIMERS START_L SEND_RESPONSE
                PROCEEDING FAILURE         -> COMPLETED STOP_TIMERS START_G START_H SEND_RESPONSE
                PROCEEDING TIMER_TRYING    -> PROCEEDING SEND_TRYING
                PROCEEDING TRANSPORT_ERROR -> PROCEEDING INFORM_TRANSPORT_ERROR
                ACCEPTED   ACK             -> ACCEPTED PASS_ACK
                ACCEPTED   SUCCESS         -> ACCEPTED SEND_RESPONSE
                ACCEPTED   TIMER_L         -> TERMINATED
                ACCEPTED   TRANSPORT_ERROR -> ACCEPTED INFORM_TRANSPORT_ERROR
                COMPLETED  REQUEST         -> COMPLETED RESEND_RESPONSE
                COMPLETED  ACK             -> CONFIRMED STOP_TIMERS START_I
                COMPLETED  TIMER_G         -> COMPLETED RESET_G RESEND_RESPONSE
                COMPLETED  TIMER_H         -> TERMINATED STOP_TIMERS INFORM_TIMEOUT
                COMPLETED  TRANSPORT_ERROR -> COMPLETED INFORM_TRANSPORT_ERROR
                CONFIRMED  TIMER_I         -> TERMINATED
                """,
                InviteServer.State.class,
                InviteServer.Event.class,
                InviteServer::next);
    }

    @Test
    void timersHaveTheValuesOfTable4() {
        var values = TimerValues.DEFAULT;
        var overUdp =
                Arrays.stream(Timer.values()).map(t -> t + "=" + values.first(t, false)).toList();
        assertThat(overUdp)
                .containsExactly(
                        "A=500",
                        "B=32000",
                        "D=32000",
                        "E=500",
                        "F=32000",
                        "G=500",
                        "H=32000",
                        "I=5000",
                        "J=32000",
                        "K=5000",
                        "L=32000",
                        "M=32000",
                        "INVITE_TRYING=200",
                        "TRYING=3500",
                        "EXPIRY=32000");
    }

    @Test
    void overAReliableTransportNothingIsRetransmittedNorWaitedFor() {
        var values = TimerValues.DEFAULT;
        for (var timer : List.of(Timer.A, Timer.E, Timer.G)) {
            assertThat(values.first(timer, true)).as("%s", timer).isEqualTo(TimerValues.NEVER);
        }
        for (var timer : List.of(Timer.D, Timer.I, Timer.J, Timer.K)) {
            assertThat(values.first(timer, true)).as("%s", timer).isZero();
        }
        for (var timer : List.of(Timer.B, Timer.F, Timer.H, Timer.L, Timer.M)) {
            assertThat(values.first(timer, true)).as("%s", timer).isEqualTo(32_000);
        }
    }
}
