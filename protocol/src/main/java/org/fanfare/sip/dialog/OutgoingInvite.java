package org.fanfare.sip.dialog;

import static org.fanfare.sip.dialog.OutgoingInvite.Action.ABANDON;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.ACKNOWLEDGE;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.ANSWER_BYE;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.CANCEL;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.REJECT;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.SEND_BYE;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.SEND_INVITE;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.START_GUARD;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.START_PATIENCE;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.START_SESSION_TIMER;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.STOP_TIMERS;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.TELL_ANSWERED;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.TELL_ENDED;
import static org.fanfare.sip.dialog.OutgoingInvite.Action.TELL_PROVISIONAL;

import org.fanfare.sip.transaction.Arrows;
import org.fanfare.sip.transaction.Step;

/// The session of one who calls, from INVITE to BYE (RFC 3261 9.1, 13.2, 15): a function, without
/// thread, clock or socket.
final class OutgoingInvite {

    enum State {
        CALLING,
        /// A provisional response is here.
        PROCEEDING,
        /// To be cancelled when a provisional response is here.
        GIVING_UP,
        CANCELLING,
        /// There is a session.
        OPEN,
        /// Our BYE is on its way.
        ENDING,
        ENDED
    }

    enum Event {
        /// 101 to 199; also 100, which only lets a CANCEL go.
        PROVISIONAL,
        /// The first 2xx of a branch. When it comes again it is acknowledged again, in any state.
        SUCCESS,
        /// 300 to 699.
        FAILURE,
        /// It is refused for something that can be mended: again.
        MENDED,
        /// The transaction timed out, or failed for its transport.
        NO_RESPONSE,
        /// No final response in all that time.
        GUARD,
        /// No final response 64 * T1 after the CANCEL (9.1).
        PATIENCE,
        /// Our user has had enough, or the session expired.
        END_WANTED,
        BYE_RECEIVED,
        /// Our BYE was answered, or never will be.
        BYE_DONE
    }

    enum Action {
        SEND_INVITE,
        START_GUARD,
        START_PATIENCE,
        START_SESSION_TIMER,
        STOP_TIMERS,
        TELL_PROVISIONAL,
        ACKNOWLEDGE,
        TELL_ANSWERED,
        /// A BYE for a 2xx that nobody wants any more.
        REJECT,
        CANCEL,
        ABANDON,
        SEND_BYE,
        ANSWER_BYE,
        TELL_ENDED
    }

    static final Step<State, Action> START = Step.to(State.CALLING, START_GUARD, SEND_INVITE);

    private static final Arrows<State, Event, Action> ARROWS =
            new Arrows<>(State.class, Event.class, OutgoingInvite::arrow);

    private OutgoingInvite() {}

    static Step<State, Action> next(State state, Event event) {
        return ARROWS.from(state, event);
    }

    private static Step<State, Action> arrow(State state, Event event) {
        return switch (state) {
            case CALLING, PROCEEDING ->
                    switch (event) {
                        case PROVISIONAL -> Step.to(State.PROCEEDING, TELL_PROVISIONAL);
                        case SUCCESS ->
                                Step.to(
                                        State.OPEN,
                                        STOP_TIMERS,
                                        ACKNOWLEDGE,
                                        START_SESSION_TIMER,
                                        TELL_ANSWERED);
                        case FAILURE, NO_RESPONSE -> over();
                        case MENDED -> Step.to(State.CALLING, SEND_INVITE);
                        case GUARD, END_WANTED ->
                                state == State.CALLING
                                        ? Step.to(State.GIVING_UP, CANCEL)
                                        : Step.to(State.CANCELLING, CANCEL, START_PATIENCE);
                        case PATIENCE, BYE_RECEIVED, BYE_DONE -> Step.to(state);
                    };
            case GIVING_UP, CANCELLING ->
                    switch (event) {
                        case PROVISIONAL ->
                                state == State.GIVING_UP
                                        ? Step.to(State.CANCELLING, START_PATIENCE)
                                        : Step.to(state);
                        // The CANCEL and the 2xx have crossed.
                        case SUCCESS ->
                                Step.to(State.ENDED, STOP_TIMERS, ACKNOWLEDGE, REJECT, TELL_ENDED);
                        case FAILURE, NO_RESPONSE, MENDED -> over();
                        case PATIENCE -> Step.to(State.ENDED, STOP_TIMERS, ABANDON, TELL_ENDED);
                        case GUARD, END_WANTED, BYE_RECEIVED, BYE_DONE -> Step.to(state);
                    };
            case OPEN ->
                    switch (event) {
                        case SUCCESS -> another(state);
                        case END_WANTED -> Step.to(State.ENDING, STOP_TIMERS, SEND_BYE);
                        case BYE_RECEIVED ->
                                Step.to(State.ENDED, STOP_TIMERS, ANSWER_BYE, TELL_ENDED);
                        case PROVISIONAL, FAILURE, MENDED, NO_RESPONSE, GUARD, PATIENCE, BYE_DONE ->
                                Step.to(state);
                    };
            case ENDING ->
                    switch (event) {
                        case SUCCESS -> another(state);
                        case BYE_RECEIVED -> Step.to(state, ANSWER_BYE);
                        case BYE_DONE -> Step.to(State.ENDED, TELL_ENDED);
                        case PROVISIONAL,
                                FAILURE,
                                MENDED,
                                NO_RESPONSE,
                                GUARD,
                                PATIENCE,
                                END_WANTED ->
                                Step.to(state);
                    };
            case ENDED -> event == Event.SUCCESS ? another(state) : Step.to(state);
        };
    }

    private static Step<State, Action> over() {
        return Step.to(State.ENDED, STOP_TIMERS, TELL_ENDED);
    }

    /// One branch is enough: the others are acknowledged and ended (13.2.2.4).
    private static Step<State, Action> another(State state) {
        return Step.to(state, ACKNOWLEDGE, REJECT);
    }
}
