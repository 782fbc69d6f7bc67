package org.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.fanfare.client.PhoneScript.WeightedAnswer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;

class PhoneScriptTest {

    @Test
    void answersAreReadWithTheirWeights() {
        assertThat(PhoneScript.parseAnswers("200:95, 486:3,404"))
                .containsExactly(
                        new WeightedAnswer(200, 95),
                        new WeightedAnswer(486, 3),
                        new WeightedAnswer(404, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "200:", "200:x", "200:0", "180", "700", "200:1:2", "200,,404"})
    void whatIsNoListOfAnswersIsRefused(String text) {
        assertThatThrownBy(() -> PhoneScript.parseAnswers(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("answer: expected");
    }

    @Test
    void answersAreDrawnByTheirWeights() {
        var script =
                PhoneScript.FRIENDLY.withAnswers(
                        List.of(new WeightedAnswer(200, 3), new WeightedAnswer(486, 1)));
        var random = new Random(7);

        int busy = 0;
        for (int i = 0; i < 4000; i++) {
            busy += script.answer(random) == 486 ? 1 : 0;
        }

        assertThat(busy).isBetween(900, 1100);
    }

    @Test
    void silenceIsDrawnByPercent() {
        var random = new Random(7);
        var script = PhoneScript.FRIENDLY.withSilentPercent(30);

        int silent = 0;
        for (int i = 0; i < 4000; i++) {
            silent += script.isSilent(random) ? 1 : 0;
        }

        assertThat(silent).isBetween(1100, 1300);
        assertThat(PhoneScript.FRIENDLY.isSilent(random)).isFalse();
        assertThat(PhoneScript.FRIENDLY.withSilentPercent(100).isSilent(random)).isTrue();
    }
}
