package org.fanfare.sip.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class WheelTimersTest {

    private static final long PATIENCE = 10;

    @Test
    void timersRunInTheOrderTheyAreDueAndNeverEarly() throws Exception {
        try (var timers = new WheelTimers()) {
            var ran = new LinkedBlockingQueue<String>();
            long start = System.nanoTime();
            // So far apart that the order stays the same however long this thread waits in between.
            timers.after(1_000, () -> ran.add("second " + early(start, 1_000)));
            timers.after(20, () -> ran.add("first " + early(start, 20)));
            assertThat(ran.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("first false");
            assertThat(ran.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo("second false");
        }
    }

    private static boolean early(long start, long millis) {
        return System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void aDelayOfManyTurnsOfTheWheelWaitsForItsTurn() throws Exception {
        try (var timers = new WheelTimers(Duration.ofMillis(1), 8)) {
            var ran = new LinkedBlockingQueue<Boolean>();
            long start = System.nanoTime();
            timers.after(100, () -> ran.add(early(start, 100)));
            assertThat(ran.poll(PATIENCE, TimeUnit.SECONDS)).isFalse();
        }
    }

    @Test
    void aCancelledTimerDoesNotRunAndLeavesNothingBehind() throws Exception {
        try (var timers = new WheelTimers()) {
            var ran = new AtomicInteger();
            var cancelled = timers.after(1_000, ran::incrementAndGet);
            cancelled.cancel();
            cancelled.cancel();
            assertThat(timers.running()).isZero();
            var later = new CountDownLatch(1);
            timers.after(1_050, later::countDown);
            assertThat(later.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
            assertThat(ran).hasValue(0);
        }
    }

    @Test
    void cancellingAfterItRanDoesNothing() throws Exception {
        try (var timers = new WheelTimers()) {
            var ran = new CountDownLatch(1);
            var timer = timers.after(0, ran::countDown);
            assertThat(ran.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
            timer.cancel();
            Awaitility.await().untilAsserted(() -> assertThat(timers.running()).isZero());
        }
    }

    @Test
    void aTimerThatFailsDoesNotStopTheOthers() throws Exception {
        try (var timers = new WheelTimers()) {
            var ran = new CountDownLatch(1);
            timers.after(
                    0,
                    () -> {
                        throw new IllegalStateException("on purpose");
                    });
            timers.after(30, ran::countDown);
            assertThat(ran.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void manyThreadsStartAndCancelAtOnceAndNothingIsLost() throws Exception {
        try (var timers = new WheelTimers(Duration.ofMillis(1), 64)) {
            int each = 2_000;
            var ran = new AtomicInteger();
            var done = new CountDownLatch(4);
            for (int thread = 0; thread < 4; thread++) {
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < each; i++) {
                        timers.after(i % 50, ran::incrementAndGet);
                        timers.after(5_000, ran::incrementAndGet).cancel();
                    }
                    done.countDown();
                });
            }
            assertThat(done.await(PATIENCE, TimeUnit.SECONDS)).isTrue();
            Awaitility.await().untilAsserted(() -> assertThat(ran).hasValue(4 * each));
            assertThat(timers.running()).isZero();
        }
    }

    @Test
    void closingEndsTheThread() throws Exception {
        var timers = new WheelTimers();
        timers.close();
        assertThat(timers.joined(Duration.ofSeconds(PATIENCE))).isTrue();
    }
}
