package org.fanfare.pf.fanout;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;

/// How many legs may be in a next hop's hands at once. It grows while answers are quick and halves
/// when they get slow, on 503, and when the hop falls silent. Not thread-safe: its fan-out guards
/// it. Times are nanoseconds of a monotonic clock.
///
/// A leg leaves the window although it stays open when legs that were sent clearly later have been
/// answered, or when it is not answered within its patience: the hop has long passed it on or lost
/// it, and a recipient that is switched off must not slow down the others.
///
/// Quick is judged by rounds, a round being as many answers as fitted into the window at its start:
/// by their median against the best median of late, so that a few slow phones do not count.
final class Window {

    private static final int SMALLEST = 8;
    private static final long BASE_LIFE = Duration.ofSeconds(10).toNanos();
    private static final long TOLERANCE = Duration.ofMillis(1).toNanos();

    private final int start;
    private final int largest;
    private final long patience;
    private final ArrayDeque<Leg> sent = new ArrayDeque<>();
    private int size;
    private int held;
    private boolean growingFast = true;

    private final long[] sample = new long[64];
    private int roundAnswers;
    private boolean roundWasFull;
    private long base = Long.MAX_VALUE;
    private long baseSince;

    /// Median of the last round; 0 before there was one.
    private long usual;

    private long lastAnswer = Long.MIN_VALUE;

    /// When the latest leg was sent that has been answered.
    private long answeredUpTo = Long.MIN_VALUE;

    private long lastHalving = Long.MIN_VALUE;

    /// @param patience how long a leg counts at most
    Window(int start, int largest, Duration patience) {
        this.start = Math.min(start, largest);
        this.largest = largest;
        this.patience = patience.toNanos();
        this.size = this.start;
    }

    int size() {
        return size;
    }

    /// Legs in the window now.
    int held() {
        return held;
    }

    boolean hasRoom(long now) {
        letGoOverdue(now);
        if (held < size) {
            return true;
        }
        roundWasFull = true;
        return false;
    }

    /// When the oldest leg will leave the window unanswered; only when the window is not empty.
    long nextOverdue() {
        return sent.isEmpty() ? Long.MAX_VALUE : sent.getFirst().sentAt() + patience;
    }

    void sent(Leg leg) {
        leg.inWindow(true);
        sent.add(leg);
        held++;
    }

    /// The hop has answered: with a response of any kind but 503.
    void answered(Leg leg, long now) {
        lastAnswer = now;
        answeredUpTo = Math.max(answeredUpTo, leg.sentAt());
        letGo(leg);
        if (held == 0) {
            sent.clear(); // keeps nothing of messages that have ended
        }
        sample[roundAnswers++ % sample.length] = now - leg.sentAt();
        if (roundAnswers >= size) {
            endRound(now);
        }
    }

    /// The hop says that it has too much to do (RFC 3261 21.5.4).
    void refused(Leg leg, long now) {
        lastAnswer = now;
        letGo(leg);
        halve(leg, now);
    }

    /// The transaction ended without an answer.
    void unanswered(Leg leg, long now) {
        letGo(leg);
        noteSilence(leg, now);
    }

    private void letGoOverdue(long now) {
        while (!sent.isEmpty() && isOver(sent.getFirst(), now)) {
            var leg = sent.removeFirst();
            if (leg.inWindow()) {
                letGo(leg);
                noteSilence(leg, now);
            }
        }
    }

    private boolean isOver(Leg leg, long now) {
        return !leg.inWindow() || isOvertaken(leg) || now - leg.sentAt() >= patience;
    }

    /// Answers may change places by as much as one usually takes.
    private boolean isOvertaken(Leg leg) {
        return usual > 0 && leg.sentAt() + usual + TOLERANCE < answeredUpTo;
    }

    private void letGo(Leg leg) {
        if (leg.inWindow()) {
            leg.inWindow(false);
            held--;
        }
    }

    /// One silent leg among answered ones is a silent recipient; a hop that has answered nothing
    /// since is in trouble.
    private void noteSilence(Leg leg, long now) {
        if (lastAnswer < leg.sentAt()) {
            halve(leg, now);
        }
    }

    /// Once for all that was on its way together: a leg sent before the last halving says nothing
    /// new.
    private void halve(Leg leg, long now) {
        if (leg.sentAt() >= lastHalving) {
            size = Math.max(size / 2, Math.min(SMALLEST, largest));
            lastHalving = now;
            growingFast = false;
            startRound();
        }
    }

    private void endRound(long now) {
        long median = medianOfRound();
        usual = median;
        if (median < base || now - baseSince > BASE_LIFE) {
            base = median;
            baseSince = now;
        }
        if (median > 2 * base + TOLERANCE) {
            size = Math.max(size - size / 4, Math.min(size, start));
            growingFast = false;
        } else if (roundWasFull) {
            size = Math.min(growingFast ? size * 2 : size + Math.max(size / 8, 1), largest);
        }
        startRound();
    }

    private long medianOfRound() {
        int count = Math.min(roundAnswers, sample.length);
        Arrays.sort(sample, 0, count);
        return sample[count / 2];
    }

    private void startRound() {
        roundAnswers = 0;
        roundWasFull = false;
    }
}
