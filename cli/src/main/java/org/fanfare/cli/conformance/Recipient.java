package org.fanfare.cli.conformance;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Somebody at an address: what has come for him, and what he answers.
final class Recipient {

    private final String uri;
    private final Deque<Consumer<Arrival>> replies = new ArrayDeque<>();
    private final List<Arrival> arrivals = new ArrayList<>();

    Recipient(String uri) {
        this.uri = uri;
    }

    String uri() {
        return uri;
    }

    /// To one request after the other; after the last one he accepts.
    synchronized void replies(Consumer<Arrival> reply) {
        replies.add(reply);
    }

    void arrived(Arrival arrival) {
        Consumer<Arrival> reply;
        synchronized (this) {
            arrivals.add(arrival);
            reply = replies.isEmpty() ? a -> a.answer(200) : replies.remove();
            notifyAll();
        }
        reply.accept(arrival);
    }

    synchronized List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    /// The n-th request, the first one being 1; empty when it does not come in time.
    synchronized Optional<Arrival> await(int n, Duration within) throws InterruptedException {
        long end = System.nanoTime() + within.toNanos();
        while (arrivals.size() < n) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return Optional.empty();
            }
            wait(millis);
        }
        return Optional.of(arrivals.get(n - 1));
    }
}
