package org.fanfare.client;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What simulated phones have seen and done. Safe to read at any time.
public final class PhoneCounts {

    private final LongAdder messages = new LongAdder();
    private final LongAdder large = new LongAdder();
    private final LongAdder octets = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder silent = new LongAdder();
    private final LongAdder reportsSent = new LongAdder();
    private final LongAdder reportsRefused = new LongAdder();
    private final LongAdder reportsReceived = new LongAdder();
    private final Map<Integer, LongAdder> answers = new ConcurrentSkipListMap<>();

    PhoneCounts() {}

    void message() {
        messages.increment();
    }

    void largeMessage() {
        large.increment();
    }

    void largeOctets(long more) {
        octets.add(more);
    }

    void duplicate() {
        duplicates.increment();
    }

    void silence() {
        silent.increment();
    }

    void answer(int status) {
        answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
    }

    void reportSent() {
        reportsSent.increment();
    }

    void reportRefused() {
        reportsRefused.increment();
    }

    void reportReceived() {
        reportsReceived.increment();
    }

    /// Messages that came, each time; large ones when they are announced.
    public long messages() {
        return messages.sum();
    }

    /// Large messages that are there completely.
    public long large() {
        return large.sum();
    }

    /// Octets of large messages, complete or not.
    public long octets() {
        return octets.sum();
    }

    /// Messages taken that the same phone had taken before.
    public long duplicates() {
        return duplicates.sum();
    }

    /// Messages that were not answered on purpose.
    public long silent() {
        return silent.sum();
    }

    /// How often each status was given.
    public Map<Integer, Long> answers() {
        var copy = new TreeMap<Integer, Long>();
        answers.forEach((status, count) -> copy.put(status, count.sum()));
        return copy;
    }

    /// Disposition notifications that the network took.
    public long reportsSent() {
        return reportsSent.sum();
    }

    /// Disposition notifications that it did not take.
    public long reportsRefused() {
        return reportsRefused.sum();
    }

    /// Disposition notifications that came.
    public long reportsReceived() {
        return reportsReceived.sum();
    }

    @Override
    public String toString() {
        var pager =
                "messages=%d duplicates=%d silent=%d answers=%s reports=%d"
                        .formatted(messages(), duplicates(), silent(), answers(), reportsSent());
        return octets() == 0 ? pager : pager + " large=%d octets=%d".formatted(large(), octets());
    }
}
