package org.fanfare.ledger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// No ledger: messages are kept in memory while the process lives, and a crash loses them. For
/// measuring what the ledger costs, and for nothing else.
final class LedgerOff implements Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerOff.class);

    /// The oldest answered ones go beyond this, sooner than retention wants.
    private static final int MAX_MESSAGES = 10_000;

    private record Key(
            String originator, String contributionId, String imdnMessageId, Object hash) {
        static Key of(MessageHead head) {
            return new Key(
                    head.originator(),
                    head.contributionId(),
                    head.imdnMessageId(),
                    head.contentHash());
        }
    }

    private static final class Entry {
        final MessageRef ref;
        final AcceptRecord record;
        final StateArray states;
        final Map<Integer, Set<Disposition>> reported = new HashMap<>();
        Optional<StoredAnswer> answer = Optional.empty();
        boolean recorded;
        Instant changedAt;

        Entry(MessageRef ref, AcceptRecord record) {
            this.ref = ref;
            this.record = record;
            this.changedAt = record.head().acceptedAt();
            this.states =
                    StateArray.pending(record.head().acceptedAt(), record.recipients().size());
            for (var failed : record.preFailed()) {
                states.set(
                        failed.index(),
                        new Outcome(OutcomeKind.FAILED, 0, failed.reason(), changedAt, 0));
            }
            for (var known : record.known()) {
                states.set(known.index(), known.outcome());
            }
        }
    }

    private final LedgerSettings settings;
    private final Clock clock;
    private final RefSource refs;
    private final Counters counters = new Counters();
    private final Dispositions dispositions = new Reported();
    private final Submissions submissions = new MemorySubmissions();
    private final Map<MessageRef, Entry> messages = new LinkedHashMap<>();
    private final Map<Key, Entry> seen = new LinkedHashMap<>();

    LedgerOff(LedgerSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.refs = new RefSource(clock, new SplittableRandom());
        LOG.warn(
                "ledger: OFF (memory:): a crash loses every message in work, and duplicates are not"
                        + " known after a restart");
    }

    @Override
    public synchronized Acceptance accept(AcceptRecord message) {
        forget();
        var key = Key.of(message.head());
        var known = seen.get(key);
        if (known != null && isInWindow(known)) {
            counters.duplicates.increment();
            return new Acceptance.Duplicate(known.ref, known.answer);
        }
        var entry = new Entry(refs.next(), message);
        messages.put(entry.ref, entry);
        seen.remove(key);
        seen.put(key, entry);
        counters.accepted.increment();
        return new Acceptance.Accepted(entry.ref);
    }

    @Override
    public synchronized Optional<Acceptance.Duplicate> earlier(
            String originator, String contributionId) {
        return messages.values().stream()
                .filter(e -> e.record.head().contributionId().equals(contributionId))
                .filter(e -> e.record.head().originator().equals(originator) && isInWindow(e))
                .reduce((_, later) -> later)
                .map(e -> new Acceptance.Duplicate(e.ref, e.answer));
    }

    @Override
    public synchronized Set<String> spools() {
        return messages.values().stream()
                .filter(e -> !e.record.head().spool().isNone())
                .filter(e -> !isEnded(e) || isUnrecorded(e))
                .map(e -> e.record.head().spool().id())
                .collect(Collectors.toSet());
    }

    @Override
    public synchronized void recorded(MessageRef message) {
        var entry = messages.get(message);
        if (entry != null) {
            entry.recorded = true;
        }
    }

    @Override
    public synchronized List<Unrecorded> unrecorded(MessageRef after, int max) {
        return messages.values().stream()
                .filter(e -> e.ref.compareTo(after) > 0 && isUnrecorded(e))
                .limit(max)
                .map(e -> new Unrecorded(e.ref, e.record.head(), e.record.history().orElseThrow()))
                .toList();
    }

    private static boolean isUnrecorded(Entry entry) {
        return entry.record.history().isPresent() && !entry.recorded;
    }

    private boolean isInWindow(Entry entry) {
        var end = entry.record.head().acceptedAt().plus(settings.duplicateWindow());
        return entry.answer.isEmpty() || end.isAfter(clock.instant());
    }

    private void forget() {
        for (Iterator<Entry> i = seen.values().iterator(); i.hasNext() && !isInWindow(i.next()); ) {
            i.remove();
        }
        for (Iterator<Entry> i = messages.values().iterator();
                messages.size() >= MAX_MESSAGES && i.hasNext(); ) {
            var entry = i.next();
            if (entry.answer.isPresent() && !isUnrecorded(entry)) {
                i.remove();
                seen.remove(Key.of(entry.record.head()), entry);
            }
        }
    }

    @Override
    public synchronized void record(MessageRef message, int recipient, Outcome outcome) {
        var entry = entry(message);
        counters.changes.increment();
        if (entry.states.set(recipient, outcome)) {
            entry.changedAt = clock.instant();
        }
    }

    @Override
    public synchronized void reported(MessageRef message, int recipient) {
        entry(message).states.setReported(recipient);
    }

    private Entry entry(MessageRef message) {
        var entry = messages.get(message);
        if (entry == null) {
            throw new Fenced(message, 0);
        }
        return entry;
    }

    @Override
    public void flush(MessageRef message) {
        // there is nothing to wait for
    }

    @Override
    public synchronized void answered(MessageRef message, StoredAnswer answer) {
        var entry = messages.get(message);
        if (entry != null && entry.answer.isEmpty()) {
            entry.answer = Optional.of(answer);
            entry.changedAt = clock.instant();
        }
    }

    @Override
    public List<Unfinished> claimUnfinished(int max) {
        return List.of();
    }

    @Override
    public void giveBack(Unfinished range) {}

    @Override
    public Dispositions dispositions() {
        return dispositions;
    }

    private final class Reported implements Dispositions {

        @Override
        public List<Asked> asked(String imdnMessageId) {
            synchronized (LedgerOff.this) {
                return messages.values().stream()
                        .filter(e -> e.record.head().imdnMessageId().equals(imdnMessageId))
                        .map(e ->
                                new Asked(
                                        e.ref,
                                        e.record.head().originator(),
                                        e.record.head().conversationId(),
                                        e.states.size()))
                        .toList()
                        .reversed();
            }
        }

        @Override
        public List<String> recipients(MessageRef message, int part) {
            synchronized (LedgerOff.this) {
                var all = entry(message).record.recipients();
                int from = part * RANGE_SIZE;
                return all.subList(from, Math.min(all.size(), from + RANGE_SIZE));
            }
        }

        @Override
        public boolean note(MessageRef message, int recipient, Disposition disposition) {
            synchronized (LedgerOff.this) {
                return entry(message)
                        .reported
                        .computeIfAbsent(recipient, _ -> EnumSet.noneOf(Disposition.class))
                        .add(disposition);
            }
        }

        @Override
        public List<Set<Disposition>> of(MessageRef message, int part) {
            synchronized (LedgerOff.this) {
                var entry = entry(message);
                return IntStream.range(
                                part * RANGE_SIZE,
                                Math.min(entry.states.size(), (part + 1) * RANGE_SIZE))
                        .mapToObj(i -> entry.reported.getOrDefault(i, Set.of()))
                        .toList();
            }
        }
    }

    @Override
    public Submissions submissions() {
        return submissions;
    }

    @Override
    public synchronized Optional<MessageSummary> message(String contributionId) {
        return newest(contributionId).map(LedgerOff::summary);
    }

    @Override
    public synchronized Optional<MessageSummary> message(MessageRef message) {
        return Optional.ofNullable(messages.get(message)).map(LedgerOff::summary);
    }

    private Optional<Entry> newest(String contributionId) {
        return messages.values().stream()
                .filter(e -> e.record.head().contributionId().equals(contributionId))
                .reduce((_, later) -> later);
    }

    private static MessageSummary summary(Entry entry) {
        var head = entry.record.head();
        var outcomes = new EnumMap<OutcomeKind, Integer>(OutcomeKind.class);
        var failures = new TreeMap<Integer, Integer>();
        for (var kind : OutcomeKind.values()) {
            outcomes.put(kind, 0);
        }
        for (int i = 0; i < entry.states.size(); i++) {
            outcomes.merge(entry.states.kind(i), 1, Integer::sum);
            if (entry.states.kind(i) == OutcomeKind.FAILED) {
                failures.merge(entry.states.sipStatus(i), 1, Integer::sum);
            }
        }
        return new MessageSummary(
                entry.ref,
                head.originator(),
                head.contributionId(),
                head.conversationId(),
                head.mode(),
                entry.states.size(),
                outcomes,
                failures,
                0,
                head.acceptedAt(),
                head.deadline(),
                entry.answer);
    }

    @Override
    public synchronized Page<RecipientRow> recipients(
            String contributionId, Optional<OutcomeKind> only, int after, int limit) {
        var rows = new ArrayList<RecipientRow>();
        var found = newest(contributionId);
        if (found.isPresent()) {
            var entry = found.get();
            for (int i = Math.max(0, after + 1); i < entry.states.size(); i++) {
                if (only.isPresent() && only.get() != entry.states.kind(i)) {
                    continue;
                }
                if (rows.size() == limit) {
                    return new Page<>(rows, OptionalInt.of(rows.getLast().index()));
                }
                rows.add(
                        new RecipientRow(
                                i,
                                entry.record.recipients().get(i),
                                entry.states.outcome(i),
                                entry.states.isReported(i),
                                Set.copyOf(entry.reported.getOrDefault(i, Set.of()))));
            }
        }
        return new Page<>(rows, OptionalInt.empty());
    }

    @Override
    public synchronized List<MessageSummary> recent(int limit) {
        return messages.values().stream()
                .skip(Math.max(0, messages.size() - limit))
                .map(LedgerOff::summary)
                .toList()
                .reversed();
    }

    @Override
    public synchronized int removeEnded(Instant before) {
        int size = messages.size();
        messages.values()
                .removeIf(e -> isEnded(e) && !isUnrecorded(e) && e.changedAt.isBefore(before));
        return size - messages.size();
    }

    private static boolean isEnded(Entry entry) {
        return entry.answer.isPresent() && entry.states.open(false) == 0;
    }

    /// There is no start after which anything would be set aside.
    @Override
    public int release(MessageRef message, boolean drop) {
        return 0;
    }

    @Override
    public boolean healthy() {
        return true;
    }

    @Override
    public synchronized LedgerFigures figures() {
        return counters.figures(messages.size(), 0);
    }

    @Override
    public void close() {
        // nothing is kept
    }
}
