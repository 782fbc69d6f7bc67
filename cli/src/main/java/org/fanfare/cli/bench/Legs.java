package org.fanfare.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What the recipients of one message have seen, timed where they are. Safe for several threads.
final class Legs {

    /// One session.
    ///
    /// @param began when its INVITE was here, in microseconds after the first of the message
    /// @param complete when its last octet was here; -1 before
    /// @param octets of content
    record Leg(long began, long complete, long octets, boolean slow) {

        static Leg parse(String text) {
            var parts = text.split(":", -1);
            return new Leg(
                    Long.parseLong(parts[0]),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Boolean.parseBoolean(parts[3]));
        }

        @Override
        public String toString() {
            return began + ":" + complete + ":" + octets + ":" + slow;
        }
    }

    private final List<Leg> all = new ArrayList<>();
    private int first;
    private long start;
    private int bound;
    private int ended;
    private int failed;

    /// A message begins: what was before is forgotten.
    synchronized void clear() {
        first += all.size();
        all.clear();
        bound = 0;
        ended = 0;
        failed = 0;
    }

    /// An INVITE has come.
    ///
    /// @return the number of its session
    synchronized int begin(boolean slow) {
        if (all.isEmpty()) {
            start = System.nanoTime();
        }
        all.add(new Leg(now(), -1, 0, slow));
        return first + all.size() - 1;
    }

    /// The MSRP connection of one is there.
    synchronized void bound() {
        bound++;
        notifyAll();
    }

    /// The last octet of its content has come.
    synchronized void complete(int number, long octets) {
        var leg = all.get(number - first);
        all.set(number - first, new Leg(leg.began(), now(), octets, leg.slow()));
    }

    /// Its BYE has come.
    synchronized void ended(boolean inSuccess) {
        ended++;
        failed += inSuccess ? 0 : 1;
        notifyAll();
    }

    private long now() {
        return (System.nanoTime() - start) / 1000;
    }

    /// Waits until so many have their connection, or the time is over.
    ///
    /// @return how many have
    synchronized int awaitBound(int number, long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis;
                bound < number && left > 0;
                left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return bound;
    }

    /// Waits until so many have ended, and tells of each; of the trouble, if there was any.
    synchronized String awaitEnded(int number, long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis;
                ended < number && left > 0;
                left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        if (ended < number || failed > 0) {
            return "failed: of %d legs %d have ended, %d of them in failure"
                    .formatted(number, ended, failed);
        }
        return all.stream().map(Leg::toString).collect(Collectors.joining(" "));
    }
}
