package org.fanfare.sip.transaction;

import static org.fanfare.sip.transaction.ClientAction.INFORM_RESPONSE;
import static org.fanfare.sip.transaction.ClientAction.INFORM_TIMEOUT;
import static org.fanfare.sip.transaction.ClientAction.INFORM_TRANSPORT_ERROR;
import static org.fanfare.sip.transaction.ClientAction.RESET_DOUBLED;
import static org.fanfare.sip.transaction.ClientAction.SEND_ACK;
import static org.fanfare.sip.transaction.ClientAction.SEND_REQUEST;
import static org.fanfare.sip.transaction.ClientAction.START_A;
import static org.fanfare.sip.transaction.ClientAction.START_B;
import static org.fanfare.sip.transaction.ClientAction.START_D;
import static org.fanfare.sip.transaction.ClientAction.START_M;
import static org.fanfare.sip.transaction.ClientAction.STOP_TIMERS;

/// INVITE client transaction (RFC 3261 17.1.1 with RFC 6026, figure 5): a function, without thread,
/// clock or socket.
final class InviteClient {

    enum State {
        CALLING,
        PROCEEDING,
        ACCEPTED,
        COMPLETED,
        TERMINATED
    }

    enum Event {
        /// 1xx.
        PROVISIONAL,
        /// 2xx.
        SUCCESS,
        /// 300 to 699.
        FAILURE,
        TIMER_A,
        TIMER_B,
        TIMER_D,
        TIMER_M,
        TRANSPORT_ERROR
    }

    static final Step<State, ClientAction> START =
            Step.to(State.CALLING, SEND_REQUEST, START_A, START_B);

    private static final Arrows<State, Event, ClientAction> ARROWS =
            new Arrows<>(State.class, Event.class, InviteClient::arrow);

    private InviteClient() {}

    static Step<State, ClientAction> next(State state, Event event) {
        return ARROWS.from(state, event);
    }

    private static Step<State, ClientAction> arrow(State state, Event event) {
        return switch (state) {
            case CALLING ->
                    switch (event) {
                        case PROVISIONAL -> Step.to(State.PROCEEDING, STOP_TIMERS, INFORM_RESPONSE);
                        case SUCCESS ->
                                Step.to(State.ACCEPTED, STOP_TIMERS, START_M, INFORM_RESPONSE);
                        case FAILURE ->
                                Step.to(
                                        State.COMPLETED,
                                        STOP_TIMERS,
                                        START_D,
                                        SEND_ACK,
                                        INFORM_RESPONSE);
                        case TIMER_A -> Step.to(State.CALLING, RESET_DOUBLED, SEND_REQUEST);
                        case TIMER_B -> Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TIMEOUT);
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                        case TIMER_D, TIMER_M -> Step.to(state);
                    };
            case PROCEEDING ->
                    switch (event) {
                        case PROVISIONAL -> Step.to(State.PROCEEDING, INFORM_RESPONSE);
                        case SUCCESS -> Step.to(State.ACCEPTED, START_M, INFORM_RESPONSE);
                        case FAILURE ->
                                Step.to(State.COMPLETED, START_D, SEND_ACK, INFORM_RESPONSE);
                        // Not in the figure: the connection ended, so nothing more will come.
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                        case TIMER_A, TIMER_B, TIMER_D, TIMER_M -> Step.to(state);
                    };
            case ACCEPTED ->
                    switch (event) {
                        case SUCCESS -> Step.to(State.ACCEPTED, INFORM_RESPONSE);
                        case TIMER_M -> Step.to(State.TERMINATED);
                        case PROVISIONAL, FAILURE, TIMER_A, TIMER_B, TIMER_D, TRANSPORT_ERROR ->
                                Step.to(state);
                    };
            case COMPLETED ->
                    switch (event) {
                        case FAILURE -> Step.to(State.COMPLETED, SEND_ACK);
                        case TIMER_D -> Step.to(State.TERMINATED);
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                        case PROVISIONAL, SUCCESS, TIMER_A, TIMER_B, TIMER_M -> Step.to(state);
                    };
            case TERMINATED -> Step.to(state);
        };
    }
}
