package org.fanfare.ledger;

import org.fanfare.ledger.Command.Accept;
import org.fanfare.ledger.Command.Answer;
import org.fanfare.ledger.Command.Flush;
import org.fanfare.ledger.Command.Task;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What goes into one transaction of a [WriterLane].
final class Batch {
    /// Has been taken out of a batch that failed: is not divided again.
    boolean alone;

    final List<Accept> accepts = new ArrayList<>();
    final List<Flush> flushes = new ArrayList<>();
    final List<Answer> answers = new ArrayList<>();
    final Set<HeldRange> ranges = new LinkedHashSet<>();
    @Nullable Task<?> task;

    /// Accepted by the transaction, should it be committed.
    final List<HeldMessage> held = new ArrayList<>();

    /// One command that has been taken out of a batch that failed.
    static Batch of(Command command) {
        var batch = new Batch();
        batch.alone = true;
        switch (command) {
            case Accept accept -> batch.accepts.add(accept);
            case Flush flush -> batch.flushes.add(flush);
            case Answer answer -> batch.answers.add(answer);
            case Task<?> task -> batch.task = task;
        }
        return batch;
    }

    /// One range of a batch that failed.
    static Batch of(HeldRange range) {
        var batch = new Batch();
        batch.alone = true;
        batch.ranges.add(range);
        return batch;
    }

    int size() {
        return accepts.size() + flushes.size() + answers.size() + ranges.size();
    }

    List<Command> commands() {
        var all = new ArrayList<Command>(accepts);
        all.addAll(flushes);
        all.addAll(answers);
        if (task != null) {
            all.add(task);
        }
        return all;
    }
}
