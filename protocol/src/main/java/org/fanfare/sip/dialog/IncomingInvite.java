package org.fanfare.sip.dialog;

import static org.fanfare.sip.dialog.IncomingInvite.Action.ANSWER_BYE;
import static org.fanfare.sip.dialog.IncomingInvite.Action.REFUSE_480;
import static org.fanfare.sip.dialog.IncomingInvite.Action.REFUSE_487;
import static org.fanfare.sip.dialog.IncomingInvite.Action.RESEND_UNTIL_ACK;
import static org.fanfare.sip.dialog.IncomingInvite.Action.RESPOND;
import static org.fanfare.sip.dialog.IncomingInvite.Action.SEND_BYE;
import static org.fanfare.sip.dialog.IncomingInvite.Action.START_SESSION_TIMER;
import static org.fanfare.sip.dialog.IncomingInvite.Action.STOP_RESENDING;
import static org.fanfare.sip.dialog.IncomingInvite.Action.STOP_TIMERS;
import static org.fanfare.sip.dialog.IncomingInvite.Action.TELL_ACKNOWLEDGED;
import static org.fanfare.sip.dialog.IncomingInvite.Action.TELL_ENDED;

import org.fanfare.sip.transaction.Arrows;
import org.fanfare.sip.transaction.Step;

/// The session of one who is called, from INVITE to BYE (RFC 3261 9.2, 13.3, 15): a function,
/// without thread, clock or socket.
final class IncomingInvite {

    enum State {
        RINGING,
        /// Our 2xx has no ACK yet.
        ANSWERED,
        /// The same, and a BYE waits for the ACK (15).
        ANSWERED_ENDING,
        /// There is a session.
        OPEN,
        /// Our BYE is on its way.
        ENDING,
        ENDED
    }

    enum Event {
        /// Our user gives 101 to 199.
        PROVISIONAL,
        /// Our user gives 2xx.
        ANSWER,
        /// Our user gives 300 to 699.
        REFUSE,
        CANCEL,
        ACK,
        /// No ACK 64 * T1 after the 2xx.
        NO_ACK,
        /// Our user has had enough, or the session expired.
        END_WANTED,
        BYE_RECEIVED,
        /// Our BYE was answered, or never will be.
        BYE_DONE
    }

    enum Action {
        RESPOND,
        RESEND_UNTIL_ACK,
        STOP_RESENDING,
        START_SESSION_TIMER,
        STOP_TIMERS,
        REFUSE_480,
        REFUSE_487,
        TELL_ACKNOWLEDGED,
        SEND_BYE,
        ANSWER_BYE,
        TELL_ENDED
    }

    private static final Arrows<State, Event, Action> ARROWS =
            new Arrows<>(State.class, Event.class, IncomingInvite::arrow);

    private IncomingInvite() {}

    static Step<State, Action> next(State state, Event event) {
        return ARROWS.from(state, event);
    }

    private static Step<State, Action> arrow(State state, Event event) {
        return switch (state) {
            case RINGING ->
                    switch (event) {
                        case PROVISIONAL -> Step.to(state, RESPOND);
                        case ANSWER ->
                                Step.to(
                                        State.ANSWERED,
                                        RESPOND,
                                        RESEND_UNTIL_ACK,
                                        START_SESSION_TIMER);
                        case REFUSE -> Step.to(State.ENDED, RESPOND, TELL_ENDED);
                        case CANCEL -> Step.to(State.ENDED, REFUSE_487, TELL_ENDED);
                        case END_WANTED -> Step.to(State.ENDED, REFUSE_480, TELL_ENDED);
                        case BYE_RECEIVED -> // 15.1.2
                                Step.to(State.ENDED, REFUSE_487, ANSWER_BYE, TELL_ENDED);
                        case ACK, NO_ACK, BYE_DONE -> Step.to(state);
                    };
            case ANSWERED ->
                    switch (event) {
                        case ACK -> Step.to(State.OPEN, STOP_RESENDING, TELL_ACKNOWLEDGED);
                        case NO_ACK -> Step.to(State.ENDING, STOP_TIMERS, SEND_BYE);
                        case END_WANTED -> Step.to(State.ANSWERED_ENDING, STOP_TIMERS);
                        case BYE_RECEIVED ->
                                Step.to(
                                        State.ENDED,
                                        STOP_TIMERS,
                                        STOP_RESENDING,
                                        ANSWER_BYE,
                                        TELL_ENDED);
                        case PROVISIONAL, ANSWER, REFUSE, CANCEL, BYE_DONE -> Step.to(state);
                    };
            case ANSWERED_ENDING ->
                    switch (event) {
                        case ACK -> Step.to(State.ENDING, STOP_RESENDING, SEND_BYE);
                        case NO_ACK -> Step.to(State.ENDING, SEND_BYE);
                        case BYE_RECEIVED ->
                                Step.to(State.ENDED, STOP_RESENDING, ANSWER_BYE, TELL_ENDED);
                        case PROVISIONAL, ANSWER, REFUSE, CANCEL, END_WANTED, BYE_DONE ->
                                Step.to(state);
                    };
            case OPEN ->
                    switch (event) {
                        case NO_ACK, END_WANTED -> Step.to(State.ENDING, STOP_TIMERS, SEND_BYE);
                        case BYE_RECEIVED ->
                                Step.to(State.ENDED, STOP_TIMERS, ANSWER_BYE, TELL_ENDED);
                        case PROVISIONAL, ANSWER, REFUSE, CANCEL, ACK, BYE_DONE -> Step.to(state);
                    };
            case ENDING ->
                    switch (event) {
                        case BYE_RECEIVED -> Step.to(state, ANSWER_BYE);
                        case BYE_DONE -> Step.to(State.ENDED, TELL_ENDED);
                        case PROVISIONAL, ANSWER, REFUSE, CANCEL, ACK, NO_ACK, END_WANTED ->
                                Step.to(state);
                    };
            case ENDED -> Step.to(state);
        };
    }
}
