package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.ledger.Command.Task;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// The [WriterLane]s of a ledger: the messages of one originator are accepted by the same lane, and
/// a message is worked on by the same lane.
final class Lanes {

    private final List<WriterLane> lanes;

    Lanes(int count, IntFunction<WriterLane> make) {
        this.lanes = IntStream.range(0, count).mapToObj(make).toList();
    }

    void start() {
        lanes.forEach(WriterLane::start);
    }

    /// Of the messages of an originator.
    LaneQueue of(Accept accept) {
        return lane(accept.encoded().source);
    }

    LaneQueue of(MessageRef message) {
        return lane(message.value());
    }

    private LaneQueue lane(long number) {
        return lanes.get(Math.floorMod(number, lanes.size())).queue();
    }

    /// Does something in a transaction of its own.
    <T extends @Nullable Object> T perform(Command.Work<T> work) {
        var task = new Task<T>(work, new CompletableFuture<>());
        lanes.getFirst().queue().submit(task);
        return Command.await(task.result());
    }

    /// Accepts that wait for the disk.
    int waiting() {
        return lanes.stream().mapToInt(lane -> lane.queue().waiting()).sum();
    }

    /// Writes what waits.
    void close() {
        lanes.forEach(WriterLane::close);
    }
}
