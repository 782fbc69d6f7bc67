package org.fanfare.sip.transaction;

import org.fanfare.sip.transport.Flow;
import org.fanfare.wire.Octets;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/// Completed non-INVITE server transactions over UDP until their Timer J (RFC 3261 17.2.2): nothing
/// of them is left but the final response, which is sent again for each retransmission of the
/// request. All have the same time to live, so a queue does instead of a timer each.
///
/// At most so many are kept: beyond it the oldest goes early, whose client has most likely had its
/// answer long since.
final class AnsweredRequests {

    private final Timers timers;
    private final long lifeNanos;
    private final int most;
    private final Map<ServerKey, Answer> answers = new HashMap<>();
    private final Queue<Answer> inOrder = new ArrayDeque<>();

    /// By what merged requests have in common; such a transaction is still going on (RFC 3261
    /// 8.2.2.2).
    private final Map<String, Answer> byMergeKey = new HashMap<>();

    /// @param mergeKey empty for none
    private record Answer(ServerKey key, String mergeKey, Octets response, Flow back, long until) {}

    AnsweredRequests(Timers timers, TimerValues values, int most) {
        this.timers = timers;
        lifeNanos = TimeUnit.MILLISECONDS.toNanos(values.first(Timer.J, false));
        this.most = most;
    }

    synchronized void add(ServerKey key, String mergeKey, Octets response, Flow back) {
        long now = timers.nanoTime();
        removeEnded(now);
        if (inOrder.size() >= most) {
            removeOldest();
        }
        var answer = new Answer(key, mergeKey, response, back, now + lifeNanos);
        answers.put(key, answer);
        if (!mergeKey.isEmpty()) {
            byMergeKey.put(mergeKey, answer);
        }
        inOrder.add(answer);
    }

    private void removeEnded(long now) {
        for (var oldest = inOrder.peek();
                oldest != null && now - oldest.until() >= 0;
                oldest = inOrder.peek()) {
            removeOldest();
        }
    }

    private void removeOldest() {
        var oldest = inOrder.remove();
        answers.remove(oldest.key(), oldest);
        byMergeKey.remove(oldest.mergeKey(), oldest);
    }

    /// True when the request was answered: then the answer was sent again.
    boolean resend(ServerKey key) {
        Answer answer;
        synchronized (this) {
            removeEnded(timers.nanoTime());
            answer = answers.get(key);
        }
        if (answer == null) {
            return false;
        }
        try {
            answer.back().send(answer.response());
        } catch (IOException _) {
            // The client asks again, or has given up.
        }
        return true;
    }

    synchronized boolean hasMergeKey(String mergeKey) {
        removeEnded(timers.nanoTime());
        return byMergeKey.containsKey(mergeKey);
    }

    synchronized int size() {
        removeEnded(timers.nanoTime());
        return inOrder.size();
    }
}
