package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A message of which this node holds one range or more.
final class HeldMessage {

    private final MessageRef ref;
    private final Instant acceptedAt;
    private final boolean reportsWanted;
    private final AtomicReferenceArray<@Nullable HeldRange> ranges;
    private volatile @Nullable StoredAnswer answer;
    private volatile boolean answerStored;

    HeldMessage(
            MessageRef ref,
            Instant acceptedAt,
            boolean reportsWanted,
            int recipients,
            @Nullable StoredAnswer answer) {
        this.ref = ref;
        this.acceptedAt = acceptedAt;
        this.reportsWanted = reportsWanted;
        this.ranges = new AtomicReferenceArray<>(parts(recipients));
        this.answer = answer;
        this.answerStored = answer != null;
    }

    static int parts(int recipients) {
        return (recipients + Ledger.RANGE_SIZE - 1) / Ledger.RANGE_SIZE;
    }

    MessageRef ref() {
        return ref;
    }

    Instant acceptedAt() {
        return acceptedAt;
    }

    @Nullable StoredAnswer answer() {
        return answer;
    }

    /// The next write is made with this answer, unless there is one.
    void proposeAnswer(StoredAnswer value) {
        if (answer == null) {
            answer = value;
        }
    }

    /// The write failed.
    void withdrawAnswer() {
        if (!answerStored) {
            answer = null;
        }
    }

    void answerStored() {
        answerStored = true;
    }

    /// Reading 2: failures are reported once the sender has a 2xx, so after another answer none is
    /// owed.
    boolean reportsOwed() {
        var given = answer;
        return reportsWanted && (given == null || given.isSuccess());
    }

    void hold(HeldRange range) {
        ranges.set(range.part(), range);
    }

    void letGo(int part) {
        ranges.set(part, null);
    }

    /// The range that the recipient is in.
    HeldRange rangeOf(int recipient) {
        int part = recipient / Ledger.RANGE_SIZE;
        if (recipient < 0 || part >= ranges.length()) {
            throw new IllegalArgumentException(
                    "recipient: message %s has no index %d".formatted(ref, recipient));
        }
        return range(part);
    }

    HeldRange range(int part) {
        var range = ranges.get(part);
        if (range == null || range.isFenced()) {
            throw new Fenced(ref, part);
        }
        return range;
    }

    boolean holds(int part) {
        return ranges.get(part) != null;
    }

    List<HeldRange> ranges() {
        return IntStream.range(0, ranges.length())
                .mapToObj(ranges::get)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /// Nothing is left that this node could do for it.
    boolean isSettled() {
        return ranges().stream().allMatch(range -> range.isDone() || range.isFenced());
    }

    boolean isFenced() {
        return ranges().stream().anyMatch(HeldRange::isFenced);
    }
}
