package org.fanfare.pf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class BreakerTest {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private Instant now = Instant.EPOCH;
    private final Breaker breaker = new Breaker(3, PAUSE, () -> now);

    @Test
    void afterSomeFailuresInARowNobodyAsksUntilThePauseIsOver() { // N7
        for (int i = 0; i < 3; i++) {
            assertThat(breaker.admits()).isTrue();
            assertThat(breaker.failed()).isEqualTo(i == 2);
        }
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.admits()).isFalse();

        now = now.plus(PAUSE);
        assertThat(breaker.admits()).isTrue();
        assertThat(breaker.admits()).as("one asks, the others wait for what he hears").isFalse();
        assertThat(breaker.answered()).isTrue();
        assertThat(breaker.admits()).isTrue();
    }

    @Test
    void anAnswerBetweenThemMakesFailuresNoneInARow() {
        breaker.failed();
        breaker.failed();
        assertThat(breaker.answered()).isFalse();
        breaker.failed();
        breaker.failed();

        assertThat(breaker.admits()).isTrue();
    }

    /// Whoever asks and hears nothing at all, because he was killed, holds up nobody for ever.
    @Test
    void aProbeThatSaysNothingIsFollowedByAnother() {
        for (int i = 0; i < 3; i++) {
            breaker.failed();
        }
        now = now.plus(PAUSE);
        assertThat(breaker.admits()).isTrue();

        now = now.plus(PAUSE);
        assertThat(breaker.admits()).isTrue();
    }

    /// Five seconds well, five seconds away, for ten minutes, and somebody who asks ten times a
    /// second.
    @Test
    void whatComesAndGoesIsHardlyAskedWhileItIsAway() { // N7
        int asked = 0;
        int failed = 0;
        for (int tenth = 0; tenth < 6000; tenth++) {
            now = Instant.EPOCH.plusMillis(tenth * 100L);
            boolean well = tenth / 50 % 2 == 0;
            if (breaker.admits()) {
                asked++;
                if (well) {
                    breaker.answered();
                } else {
                    breaker.failed();
                    failed++;
                }
            }
        }
        assertThat(failed).as("in 60 times away").isLessThanOrEqualTo(60 * 4);
        assertThat(asked - failed).as("of 3000 while it was well").isGreaterThan(2500);
    }
}
