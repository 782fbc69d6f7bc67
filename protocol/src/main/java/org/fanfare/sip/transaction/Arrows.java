package org.fanfare.sip.transaction;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/// A whole state machine worked out beforehand, so that a step makes no garbage.
///
/// @param <S> the states of the machine
/// @param <E> its events
/// @param <A> its actions
public final class Arrows<S extends Enum<S>, E extends Enum<E>, A> {

    private final Map<S, Map<E, Step<S, A>>> table;

    public Arrows(Class<S> states, Class<E> events, BiFunction<S, E, Step<S, A>> arrow) {
        table = new EnumMap<>(states);
        for (var state : states.getEnumConstants()) {
            var row = new EnumMap<E, Step<S, A>>(events);
            for (var event : events.getEnumConstants()) {
                row.put(event, arrow.apply(state, event));
            }
            table.put(state, row);
        }
    }

    public Step<S, A> from(S state, E event) {
        return Objects.requireNonNull(Objects.requireNonNull(table.get(state)).get(event));
    }
}
