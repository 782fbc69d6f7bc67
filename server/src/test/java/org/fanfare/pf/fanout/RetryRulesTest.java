package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Random;

class RetryRulesTest {

    private static final RetryRules RULES = RetryRules.DEFAULT;
    private static final long LONG = Duration.ofDays(1).toNanos();

    private static double seconds(int attempt, long retryAfter, Random random) {
        return RULES.waitAfter(attempt, retryAfter, LONG, random).orElseThrow() / 1e9;
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,4", "3,16", "4,64", "5,256"})
    void everyWaitIsFourTimesTheLastAndNeverTheSame(int attempt, double nominal) {
        for (int seed = 0; seed < 100; seed++) {
            assertThat(seconds(attempt, 0, new Random(seed)))
                    .isBetween(nominal / 2, nominal * 3 / 2);
        }
        assertThat(seconds(attempt, 0, new Random(1)))
                .isNotEqualTo(seconds(attempt, 0, new Random(2)));
    }

    @Test
    void afterTheFifthRetryItIsOver() {
        assertThat(RULES.waitAfter(5, 0, LONG, new Random(1))).isPresent();
        assertThat(RULES.waitAfter(6, 0, LONG, new Random(1))).isEmpty();
    }

    @Test
    void theFarSideMayAskForMoreTimeButNotForLess() {
        assertThat(seconds(1, 120, new Random(1))).isEqualTo(120);
        assertThat(seconds(4, 1, new Random(1))).isGreaterThan(30);
    }

    @Test
    void whatWouldComeTooLateIsNotTried() {
        var left = Duration.ofSeconds(100).toNanos();

        assertThat(RULES.waitAfter(1, 99, left, new Random(1))).isPresent();
        assertThat(RULES.waitAfter(1, 100, left, new Random(1))).isEmpty();
        assertThat(RULES.waitAfter(1, 4_294_967_295L, left, new Random(1))).isEmpty();
        assertThat(RULES.waitAfter(5, 0, left, new Random(1))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 504})
    void theseMayEndBetter(int status) {
        assertThat(RetryRules.mayEndBetter(status)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 302, 400, 401, 404, 407, 408, 480, 486, 501, 505, 513, 600, 603, 606})
    void theseMayNot(int status) { // D10, A8
        assertThat(RetryRules.mayEndBetter(status)).isFalse();
    }
}
