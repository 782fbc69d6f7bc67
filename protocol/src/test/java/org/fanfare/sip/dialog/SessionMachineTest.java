package org.fanfare.sip.dialog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fanfare.testing.Figure.walk;
import static org.fanfare.testing.Figure.written;

import org.junit.jupiter.api.Test;

/// Every arrow of both machines, and for every other pair of state and event that nothing happens.
class SessionMachineTest {

    @Test
    void theCaller() {
        assertThat(written(OutgoingInvite.START)).isEqualTo("CALLING START_GUARD SEND_INVITE");
        walk(
                """
                CALLING    PROVISIONAL  -> PROCEEDING TELL_PROVISIONAL
                CALLING    SUCCESS      -> OPEN STOP_TIMERS ACKNOWLEDGE START_SESSION_TIMER TELL_ANSWERED
                CALLING    FAILURE      -> ENDED STOP_TIMERS TELL_ENDED
                CALLING    NO_RESPONSE  -> ENDED STOP_TIMERS TELL_ENDED
                CALLING    MENDED       -> CALLING SEND_INVITE
                CALLING    GUARD        -> GIVING_UP CANCEL
                CALLING    END_WANTED   -> GIVING_UP CANCEL
                PROCEEDING PROVISIONAL  -> PROCEEDING TELL_PROVISIONAL
                PROCEEDING SUCCESS      -> OPEN STOP_TIMERS ACKNOWLEDGE START_SESSION_TIMER TELL_ANSWERED
                PROCEEDING FAILURE      -> ENDED STOP_TIMERS TELL_ENDED
                PROCEEDING NO_RESPONSE  -> ENDED STOP_TIMERS TELL_ENDED
                PROCEEDING MENDED       -> CALLING SEND_INVITE
                PROCEEDING GUARD        -> CANCELLING CANCEL START_PATIENCE
                PROCEEDING END_WANTED   -> CANCELLING CANCEL START_PATIENCE
                GIVING_UP  PROVISIONAL  -> CANCELLING START_PATIENCE
                GIVING_UP  SUCCESS      -> ENDED STOP_TIMERS ACKNOWLEDGE REJECT TELL_ENDED
                GIVING_UP  FAILURE      -> ENDED STOP_TIMERS TELL_ENDED
                GIVING_UP  NO_RESPONSE  -> ENDED STOP_TIMERS TELL_ENDED
                GIVING_UP  MENDED       -> ENDED STOP_TIMERS TELL_ENDED
                GIVING_UP  PATIENCE     -> ENDED STOP_TIMERS ABANDON TELL_ENDED
                CANCELLING SUCCESS      -> ENDED STOP_TIMERS ACKNOWLEDGE REJECT TELL_ENDED
                CANCELLING FAILURE      -> ENDED STOP_TIMERS TELL_ENDED
                CANCELLING NO_RESPONSE  -> ENDED STOP_TIMERS TELL_ENDED
                CANCELLING MENDED       -> ENDED STOP_TIMERS TELL_ENDED
                CANCELLING PATIENCE     -> ENDED STOP_TIMERS ABANDON TELL_ENDED
                OPEN       SUCCESS      -> OPEN ACKNOWLEDGE REJECT
                OPEN       END_WANTED   -> ENDING STOP_TIMERS SEND_BYE
                OPEN       BYE_RECEIVED -> ENDED STOP_TIMERS ANSWER_BYE TELL_ENDED
                ENDING     SUCCESS      -> ENDING ACKNOWLEDGE REJECT
                ENDING     BYE_RECEIVED -> ENDING ANSWER_BYE
                ENDING     BYE_DONE     -> ENDED TELL_ENDED
                ENDED      SUCCESS      -> ENDED ACKNOWLEDGE REJECT
                """,
                OutgoingInvite.State.class,
                OutgoingInvite.Event.class,
                OutgoingInvite::next);
    }

    @Test
    void theCallee() {
        walk(
                """
                RINGING         PROVISIONAL  -> RINGING RESPOND
                RINGING         ANSWER       -> ANSWERED RESPOND RESEND_UNTIL_ACK START_SESSION_TIMER
                RINGING         REFUSE       -> ENDED RESPOND TELL_ENDED
                RINGING         CANCEL       -> ENDED REFUSE_487 TELL_ENDED
                RINGING         END_WANTED   -> ENDED REFUSE_480 TELL_ENDED
                RINGING         BYE_RECEIVED -> ENDED REFUSE_487 ANSWER_BYE TELL_ENDED
                ANSWERED        ACK          -> OPEN STOP_RESENDING TELL_ACKNOWLEDGED
                ANSWERED        NO_ACK       -> ENDING STOP_TIMERS SEND_BYE
                ANSWERED        END_WANTED   -> ANSWERED_ENDING STOP_TIMERS
                ANSWERED        BYE_RECEIVED -> ENDED STOP_TIMERS STOP_RESENDING ANSWER_BYE TELL_ENDED
                ANSWERED_ENDING ACK          -> ENDING STOP_RESENDING SEND_BYE
                ANSWERED_ENDING NO_ACK       -> ENDING SEND_BYE
                ANSWERED_ENDING BYE_RECEIVED -> ENDED STOP_RESENDING ANSWER_BYE TELL_ENDED
                OPEN            NO_ACK       -> ENDING STOP_TIMERS SEND_BYE
                OPEN            END_WANTED   -> ENDING STOP_TIMERS SEND_BYE
                OPEN            BYE_RECEIVED -> ENDED STOP_TIMERS ANSWER_BYE TELL_ENDED
                ENDING          BYE_RECEIVED -> ENDING ANSWER_BYE
                ENDING          BYE_DONE     -> ENDED TELL_ENDED
                """,
                IncomingInvite.State.class,
                IncomingInvite.Event.class,
                IncomingInvite::next);
    }
}
