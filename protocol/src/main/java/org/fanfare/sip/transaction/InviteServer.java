package org.fanfare.sip.transaction;

import static org.fanfare.sip.transaction.ServerAction.INFORM_TIMEOUT;
import static org.fanfare.sip.transaction.ServerAction.INFORM_TRANSPORT_ERROR;
import static org.fanfare.sip.transaction.ServerAction.PASS_ACK;
import static org.fanfare.sip.transaction.ServerAction.PASS_REQUEST;
import static org.fanfare.sip.transaction.ServerAction.RESEND_RESPONSE;
import static org.fanfare.sip.transaction.ServerAction.RESET_G;
import static org.fanfare.sip.transaction.ServerAction.SEND_RESPONSE;
import static org.fanfare.sip.transaction.ServerAction.SEND_TRYING;
import static org.fanfare.sip.transaction.ServerAction.START_G;
import static org.fanfare.sip.transaction.ServerAction.START_H;
import static org.fanfare.sip.transaction.ServerAction.START_I;
import static org.fanfare.sip.transaction.ServerAction.START_L;
import static org.fanfare.sip.transaction.ServerAction.START_TRYING;
import static org.fanfare.sip.transaction.ServerAction.STOP_TIMERS;

/// INVITE server transaction (RFC 3261 17.2.1 with RFC 6026, figure 7): a function, without thread,
/// clock or socket.
final class InviteServer {

    enum State {
        PROCEEDING,
        ACCEPTED,
        COMPLETED,
        CONFIRMED,
        TERMINATED
    }

    enum Event {
        /// A retransmission of the INVITE.
        REQUEST,
        ACK,
        /// 101 to 199 from the user; also 100.
        PROVISIONAL,
        /// 2xx from the user.
        SUCCESS,
        /// 300 to 699 from the user.
        FAILURE,
        TIMER_TRYING,
        TIMER_G,
        TIMER_H,
        TIMER_I,
        TIMER_L,
        TRANSPORT_ERROR
    }

    static final Step<State, ServerAction> START =
            Step.to(State.PROCEEDING, START_TRYING, PASS_REQUEST);

    private static final Arrows<State, Event, ServerAction> ARROWS =
            new Arrows<>(State.class, Event.class, InviteServer::arrow);

    private InviteServer() {}

    static Step<State, ServerAction> next(State state, Event event) {
        return ARROWS.from(state, event);
    }

    private static Step<State, ServerAction> arrow(State state, Event event) {
        return switch (state) {
            case PROCEEDING ->
                    switch (event) {
                        case REQUEST -> Step.to(State.PROCEEDING, RESEND_RESPONSE);
                        case PROVISIONAL -> Step.to(State.PROCEEDING, STOP_TIMERS, SEND_RESPONSE);
                        case SUCCESS ->
                                Step.to(State.ACCEPTED, STOP_TIMERS, START_L, SEND_RESPONSE);
                        case FAILURE ->
                                Step.to(
                                        State.COMPLETED,
                                        STOP_TIMERS,
                                        START_G,
                                        START_H,
                                        SEND_RESPONSE);
                        case TIMER_TRYING -> Step.to(State.PROCEEDING, SEND_TRYING);
                        case TRANSPORT_ERROR -> Step.to(State.PROCEEDING, INFORM_TRANSPORT_ERROR);
                        case ACK, TIMER_G, TIMER_H, TIMER_I, TIMER_L -> Step.to(state);
                    };
            case ACCEPTED ->
                    switch (event) {
                        case ACK -> Step.to(State.ACCEPTED, PASS_ACK);
                        case SUCCESS -> Step.to(State.ACCEPTED, SEND_RESPONSE);
                        case TIMER_L -> Step.to(State.TERMINATED);
                        case TRANSPORT_ERROR -> Step.to(State.ACCEPTED, INFORM_TRANSPORT_ERROR);
                        case REQUEST,
                                PROVISIONAL,
                                FAILURE,
                                TIMER_TRYING,
                                TIMER_G,
                                TIMER_H,
                                TIMER_I ->
                                Step.to(state);
                    };
            case COMPLETED ->
                    switch (event) {
                        case REQUEST -> Step.to(State.COMPLETED, RESEND_RESPONSE);
                        case ACK -> Step.to(State.CONFIRMED, STOP_TIMERS, START_I);
                        case TIMER_G -> Step.to(State.COMPLETED, RESET_G, RESEND_RESPONSE);
                        // RFC 6026 figure 7 has no action here; RFC 3261 17.2.1 tells the user.
                        case TIMER_H -> Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TIMEOUT);
                        case TRANSPORT_ERROR -> Step.to(State.COMPLETED, INFORM_TRANSPORT_ERROR);
                        case PROVISIONAL, SUCCESS, FAILURE, TIMER_TRYING, TIMER_I, TIMER_L ->
                                Step.to(state);
                    };
            case CONFIRMED ->
                    switch (event) {
                        case TIMER_I -> Step.to(State.TERMINATED);
                        case REQUEST,
                                ACK,
                                PROVISIONAL,
                                SUCCESS,
                                FAILURE,
                                TIMER_TRYING,
                                TIMER_G,
                                TIMER_H,
                                TIMER_L,
                                TRANSPORT_ERROR ->
                                Step.to(state);
                    };
            case TERMINATED -> Step.to(state);
        };
    }
}
