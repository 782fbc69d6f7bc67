package org.fanfare.sip.transaction;

import static org.fanfare.sip.transaction.ClientAction.INFORM_RESPONSE;
import static org.fanfare.sip.transaction.ClientAction.INFORM_TIMEOUT;
import static org.fanfare.sip.transaction.ClientAction.INFORM_TRANSPORT_ERROR;
import static org.fanfare.sip.transaction.ClientAction.RESET_DOUBLED;
import static org.fanfare.sip.transaction.ClientAction.RESET_TO_T2;
import static org.fanfare.sip.transaction.ClientAction.SEND_REQUEST;
import static org.fanfare.sip.transaction.ClientAction.START_E;
import static org.fanfare.sip.transaction.ClientAction.START_F;
import static org.fanfare.sip.transaction.ClientAction.START_K;
import static org.fanfare.sip.transaction.ClientAction.STOP_TIMERS;

/// Non-INVITE client transaction (RFC 3261 17.1.2, figure 6): a function, without thread, clock or
/// socket.
final class NonInviteClient {

    enum State {
        TRYING,
        PROCEEDING,
        COMPLETED,
        TERMINATED
    }

    enum Event {
        /// 1xx.
        PROVISIONAL,
        /// 200 to 699.
        FINAL,
        TIMER_E,
        TIMER_F,
        TIMER_K,
        TRANSPORT_ERROR
    }

    static final Step<State, ClientAction> START =
            Step.to(State.TRYING, SEND_REQUEST, START_E, START_F);

    /// Every arrow made once: a leg of a fan-out takes two of them.
    private static final Arrows<State, Event, ClientAction> ARROWS =
            new Arrows<>(State.class, Event.class, NonInviteClient::arrow);

    private NonInviteClient() {}

    static Step<State, ClientAction> next(State state, Event event) {
        return ARROWS.from(state, event);
    }

    private static Step<State, ClientAction> arrow(State state, Event event) {
        return switch (state) {
            case TRYING ->
                    switch (event) {
                        case PROVISIONAL -> Step.to(State.PROCEEDING, INFORM_RESPONSE);
                        case FINAL ->
                                Step.to(State.COMPLETED, STOP_TIMERS, START_K, INFORM_RESPONSE);
                        case TIMER_E -> Step.to(State.TRYING, RESET_DOUBLED, SEND_REQUEST);
                        case TIMER_F -> Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TIMEOUT);
                        case TIMER_K -> Step.to(state);
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                    };
            case PROCEEDING ->
                    switch (event) {
                        case PROVISIONAL -> Step.to(State.PROCEEDING, INFORM_RESPONSE);
                        case FINAL ->
                                Step.to(State.COMPLETED, STOP_TIMERS, START_K, INFORM_RESPONSE);
                        case TIMER_E -> Step.to(State.PROCEEDING, RESET_TO_T2, SEND_REQUEST);
                        case TIMER_F -> Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TIMEOUT);
                        case TIMER_K -> Step.to(state);
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                    };
            case COMPLETED ->
                    switch (event) {
                        case TIMER_K -> Step.to(State.TERMINATED);
                        case PROVISIONAL, FINAL, TIMER_E, TIMER_F, TRANSPORT_ERROR ->
                                Step.to(state);
                    };
            case TERMINATED -> Step.to(state);
        };
    }
}
