package org.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.sip.transaction.Step;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/// A state machine as a figure, one arrow a line: `STATE EVENT -> NEXT ACTION...`.
public final class Figure {

    private Figure() {}

    /// Tries every pair of state and event. What is not in the figure must stay where it is and do
    /// nothing.
    public static <S extends Enum<S>, E extends Enum<E>, A extends Enum<A>> void walk(
            String figure, Class<S> states, Class<E> events, BiFunction<S, E, Step<S, A>> machine) {
        var arrows = arrows(figure);
        for (var state : states.getEnumConstants()) {
            for (var event : events.getEnumConstants()) {
                var pair = state + " " + event;
                var expected = arrows.remove(pair);
                assertThat(written(machine.apply(state, event)))
                        .as(pair)
                        .isEqualTo(expected == null ? state + "" : expected);
            }
        }
        assertThat(arrows).as("arrows of states or events that there are not").isEmpty();
    }

    private static Map<String, String> arrows(String figure) {
        var arrows = new HashMap<String, String>();
        figure.lines()
                .map(line -> line.replaceAll(" +", " "))
                .forEach(line -> {
                    int arrow = line.indexOf(" -> ");
                    arrows.put(line.substring(0, arrow), line.substring(arrow + 4));
                });
        return arrows;
    }

    /// A step as the right side of an arrow.
    public static <S, A extends Enum<A>> String written(Step<S, A> step) {
        var words = new ArrayList<String>(List.of(step.next().toString()));
        step.actions().forEach(action -> words.add(action.name()));
        return String.join(" ", words);
    }
}
