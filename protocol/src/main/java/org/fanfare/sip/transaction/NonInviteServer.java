package org.fanfare.sip.transaction;

import static org.fanfare.sip.transaction.ServerAction.INFORM_TIMEOUT;
import static org.fanfare.sip.transaction.ServerAction.INFORM_TRANSPORT_ERROR;
import static org.fanfare.sip.transaction.ServerAction.PASS_REQUEST;
import static org.fanfare.sip.transaction.ServerAction.RESEND_RESPONSE;
import static org.fanfare.sip.transaction.ServerAction.SEND_RESPONSE;
import static org.fanfare.sip.transaction.ServerAction.SEND_TRYING;
import static org.fanfare.sip.transaction.ServerAction.START_EXPIRY;
import static org.fanfare.sip.transaction.ServerAction.START_J;
import static org.fanfare.sip.transaction.ServerAction.START_TRYING;
import static org.fanfare.sip.transaction.ServerAction.STOP_TIMERS;

/// Non-INVITE server transaction (RFC 3261 17.2.2, figure 8, with RFC 4320): a function, without
/// thread, clock or socket.
///
/// Two arrows are not in the figure. The only provisional response is our own 100, when it is due
/// (RFC 4320 4.1). A transaction whose user does not answer ends when its client has given up; what
/// the user says later is not sent (RFC 4320 4.2).
final class NonInviteServer {

    enum State {
        TRYING,
        PROCEEDING,
        COMPLETED,
        TERMINATED
    }

    enum Event {
        /// A retransmission of the request.
        REQUEST,
        /// 200 to 699 from the user.
        FINAL,
        TIMER_TRYING,
        TIMER_EXPIRY,
        TIMER_J,
        TRANSPORT_ERROR
    }

    static final Step<State, ServerAction> START =
            Step.to(State.TRYING, START_TRYING, START_EXPIRY, PASS_REQUEST);

    private static final Arrows<State, Event, ServerAction> ARROWS =
            new Arrows<>(State.class, Event.class, NonInviteServer::arrow);

    private NonInviteServer() {}

    static Step<State, ServerAction> next(State state, Event event) {
        return ARROWS.from(state, event);
    }

    private static Step<State, ServerAction> arrow(State state, Event event) {
        return switch (state) {
            case TRYING ->
                    switch (event) {
                        case FINAL -> Step.to(State.COMPLETED, STOP_TIMERS, START_J, SEND_RESPONSE);
                        case TIMER_TRYING -> Step.to(State.PROCEEDING, SEND_TRYING);
                        case TIMER_EXPIRY -> Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TIMEOUT);
                        case REQUEST, TIMER_J, TRANSPORT_ERROR -> Step.to(state);
                    };
            case PROCEEDING ->
                    switch (event) {
                        case REQUEST -> Step.to(State.PROCEEDING, RESEND_RESPONSE);
                        case FINAL -> Step.to(State.COMPLETED, STOP_TIMERS, START_J, SEND_RESPONSE);
                        case TIMER_EXPIRY -> Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TIMEOUT);
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                        case TIMER_TRYING, TIMER_J -> Step.to(state);
                    };
            case COMPLETED ->
                    switch (event) {
                        case REQUEST -> Step.to(State.COMPLETED, RESEND_RESPONSE);
                        case TIMER_J -> Step.to(State.TERMINATED);
                        case TRANSPORT_ERROR ->
                                Step.to(State.TERMINATED, STOP_TIMERS, INFORM_TRANSPORT_ERROR);
                        case FINAL, TIMER_TRYING, TIMER_EXPIRY -> Step.to(state);
                    };
            case TERMINATED -> Step.to(state);
        };
    }
}
