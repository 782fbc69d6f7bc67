package org.fanfare.sip.transaction;

import java.util.ArrayList;
import java.util.List;

/// An arrow of a state machine: where it leads, and what to do on the way, in this order.
///
/// @param <S> the states of the machine
/// @param <A> its actions
public record Step<S, A>(S next, List<A> actions) {

    public Step {
        actions = List.copyOf(actions);
    }

    @SafeVarargs
    public static <S, A> Step<S, A> to(S next, A... actions) {
        var list = new ArrayList<A>();
        for (var action : actions) {
            list.add(action);
        }
        return new Step<>(next, list);
    }
}
