package org.fanfare.pf.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.ledger.MessageRef;
import org.fanfare.pf.ManualClock;
import org.fanfare.pf.ScriptedCore;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

class WindowTest {

    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Window window = new Window(50, 1000, Duration.ofMillis(500));
    private final ArrayDeque<Leg> open = new ArrayDeque<>();
    private long now = 1_000_000_000L;

    private static final FanOut FAN_OUT =
            new FanOut(
                    FanOutSettings.defaults(ScriptedCore.HOP, "pf.example"),
                    new ScriptedCore(),
                    new ManualClock(),
                    new Random(1));

    private static final Distribution MESSAGE =
            new Distribution(
                    new MessageRef(1),
                    LegTemplate.builder(new byte[16]).body().build(),
                    Distribution.Recipients.all(List.of("sip:bob@x.example")),
                    Long.MAX_VALUE,
                    (_, _, _, _) -> {});

    /// Sends as many as there is room for.
    private int fill() {
        int sent = 0;
        while (window.hasRoom(now)) {
            open.add(sent());
            sent++;
        }
        return sent;
    }

    private Leg sent() {
        var leg = new Leg(FAN_OUT, MESSAGE, 0, "sip:bob@x.example");
        leg.sentAt(now);
        window.sent(leg);
        return leg;
    }

    /// A round: all that is open is answered after a while.
    private void answerAllAfter(long millis) {
        fill();
        now += millis * MS;
        while (!open.isEmpty()) {
            window.answered(open.remove(), now);
        }
    }

    @Test
    void itBeginsWithWhatAMessageMayOpen() {
        assertThat(fill()).isEqualTo(50);
        assertThat(window.held()).isEqualTo(50);
    }

    @Test
    void itDoublesWhileAnswersAreQuick() {
        answerAllAfter(1);
        assertThat(window.size()).isEqualTo(100);
        answerAllAfter(1);
        assertThat(window.size()).isEqualTo(200);
    }

    @Test
    void itHasALimit() {
        for (int i = 0; i < 20; i++) {
            answerAllAfter(1);
        }
        assertThat(window.size()).isEqualTo(1000);
    }

    @Test
    void itDoesNotGrowWhenNobodyNeedsIt() {
        for (int i = 0; i < 100; i++) {
            window.answered(sent(), now + MS);
        }
        assertThat(window.size()).isEqualTo(50);
    }

    @Test
    void slowPhonesAreNotAnOverloadedHop() {
        for (int i = 0; i < 3; i++) {
            answerAllAfter(400);
        }
        assertThat(window.size()).isEqualTo(400);
    }

    @Test
    void itShrinksWhenAnswersGetSlower() {
        answerAllAfter(1);
        answerAllAfter(1);
        answerAllAfter(20);
        assertThat(window.size()).isEqualTo(150);
        for (int i = 0; i < 20; i++) {
            answerAllAfter(20);
        }
        assertThat(window.size()).isEqualTo(50);
    }

    @Test
    void itHalvesOnceForAllThatWasOnItsWayWhenTheHopRefuses() {
        fill();
        now += MS;
        window.refused(open.remove(), now);
        window.refused(open.remove(), now);
        assertThat(window.size()).isEqualTo(25);
    }

    @Test
    void itHalvesWhenTheHopFallsSilentAndNeverToNothing() {
        for (int i = 0; i < 20; i++) {
            fill();
            now += 501 * MS;
            window.hasRoom(now);
        }
        assertThat(window.size()).isEqualTo(8);
        assertThat(fill()).isEqualTo(8);
    }

    @Test
    void aSilentRecipientAmongOthersLeavesItWithoutHarm() { // D1
        fill();
        now += MS;
        for (int i = 0; i < 35; i++) {
            window.answered(open.remove(), now);
        }
        now += 500 * MS;

        assertThat(window.hasRoom(now)).isTrue();
        assertThat(window.held()).isZero();
        assertThat(window.size()).isEqualTo(50);
    }

    @Test
    void whoIsOvertakenByLaterLegsLeavesItAtOnce() { // G22
        answerAllAfter(5);
        var silent = sent();
        now += 5 * MS;
        var living = sent();
        now += 5 * MS;
        window.answered(living, now);
        window.hasRoom(now);
        assertThat(silent.inWindow()).isTrue();

        now += 2 * MS;
        var later = sent();
        now += 5 * MS;
        window.answered(later, now);

        assertThat(window.hasRoom(now)).isTrue();
        assertThat(silent.inWindow()).isFalse();
        assertThat(window.held()).isZero();
        assertThat(window.size()).isEqualTo(100);
    }

    @Test
    void aHopThatStandsStillKeepsWhatItHas() {
        answerAllAfter(5);
        fill();
        now += 499 * MS;

        assertThat(window.hasRoom(now)).isFalse();
        assertThat(window.held()).isEqualTo(100);
    }

    @Test
    void aLateAnswerDoesNotFreeARoomTwice() {
        fill();
        now += 501 * MS;
        window.hasRoom(now);
        assertThat(window.held()).isZero();
        window.answered(open.remove(), now);
        assertThat(window.held()).isZero();
    }
}
