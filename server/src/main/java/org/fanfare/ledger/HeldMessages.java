package org.fanfare.ledger;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// The messages that this node works on, and those that it has lost to others.
final class HeldMessages implements WriterLane.Owner {

    private static final int MAX_FENCED_KNOWN = 10_000;

    private final RefSource refs;
    private final long node;
    private final int flushChanges;
    private final AtomicBoolean orphans = new AtomicBoolean();
    private final Map<MessageRef, HeldMessage> held = new ConcurrentHashMap<>();

    /// Messages that were lost to another node, so that nobody is told they are safe with this one.
    private final Set<MessageRef> lost =
            Collections.newSetFromMap(
                    Collections.synchronizedMap(
                            new LinkedHashMap<>() {
                                @Override
                                protected boolean removeEldestEntry(
                                        Map.Entry<MessageRef, Boolean> eldest) {
                                    return size() > MAX_FENCED_KNOWN;
                                }
                            }));

    /// @param flushChanges see [LedgerSettings.Flush#changes]
    HeldMessages(RefSource refs, long node, int flushChanges) {
        this.refs = refs;
        this.node = node;
        this.flushChanges = flushChanges;
    }

    int size() {
        return held.size();
    }

    /// Null when the message has ended here.
    ///
    /// @throws Fenced if it was lost
    @Nullable HeldMessage find(MessageRef message) {
        var found = held.get(message);
        if (found == null && lost.contains(message)) {
            throw new Fenced(message, 0);
        }
        return found;
    }

    /// The range that the recipient is in.
    ///
    /// @throws Fenced if it is not held
    HeldRange range(MessageRef message, int recipient) {
        var found = held.get(message);
        if (found == null) {
            throw new Fenced(message, recipient / Ledger.RANGE_SIZE);
        }
        return found.rangeOf(recipient);
    }

    boolean isHeld(Upkeep.Claim range) {
        var message = held.get(range.message());
        return message != null && message.holds(range.part());
    }

    /// Holds a range that was claimed.
    void take(Upkeep.Claim claim, Queries.Range range) {
        var row = range.message();
        held.compute(
                claim.message(),
                (ref, known) -> {
                    var message =
                            known != null
                                    ? known
                                    : new HeldMessage(
                                            ref,
                                            row.head().acceptedAt(),
                                            row.head().negativeDeliveryWanted(),
                                            row.recipients(),
                                            row.answer().orElse(null));
                    message.hold(
                            new HeldRange(
                                    message,
                                    claim.part(),
                                    claim.epoch(),
                                    range.states(),
                                    flushChanges));
                    return message;
                });
        lost.remove(claim.message());
    }

    /// This node works on the range no more.
    void letGo(MessageRef message, int part) {
        held.computeIfPresent(
                message,
                (_, found) -> {
                    found.letGo(part);
                    return found.isSettled() ? null : found;
                });
    }

    /// Whether there may be ranges of this node that it does not know of; asked once.
    boolean takeOrphans() {
        return orphans.getAndSet(false);
    }

    // What the lanes tell.

    @Override
    public MessageRef newRef() {
        return refs.next();
    }

    @Override
    public long owner() {
        return node;
    }

    @Override
    public void hold(HeldMessage message) {
        held.put(message.ref(), message);
    }

    @Override
    public void letGo(HeldMessage message) {
        held.remove(message.ref());
    }

    @Override
    public void mayHaveOrphans() {
        orphans.set(true);
    }

    @Override
    public void settled(HeldMessage message) {
        if (message.isFenced()) {
            lost.add(message.ref());
        }
        held.computeIfPresent(message.ref(), (_, found) -> found.isSettled() ? null : found);
    }
}
