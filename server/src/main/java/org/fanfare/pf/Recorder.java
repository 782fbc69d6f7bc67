package org.fanfare.pf;

import org.fanfare.ledger.CrashPoint;
import org.fanfare.ledger.History;
import org.fanfare.ledger.Ledger;
import org.fanfare.ledger.LedgerUnavailable;
import org.fanfare.ledger.MessageRef;
import org.fanfare.ledger.MessageSummary;
import org.fanfare.ledger.OutcomeKind;
import org.fanfare.ledger.Unrecorded;
import org.fanfare.spool.Spool;
import org.fanfare.spool.SpoolDamaged;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Puts messages into their senders' histories, in either mode (8.2.1.1/9.i.a, 8.2.1.2/bye.1): once
/// the first recipient has one. The ledger remembers it until it is done, so that a store that is
/// down holds up no message and loses none: it is tried again, by whatever process, until it works
/// or is given up. One object a message, because every later try looks for the first one.
public final class Recorder {

    private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

    private static final int AT_ONCE = 100;

    /// How recording is done.
    ///
    /// @param patience how long an answer waits for the UID
    /// @param again how long to wait before trying again what has failed
    /// @param until how long after its acceptance a message is given up
    public record Settings(Duration patience, Duration again, Duration until) {

        public static final Settings DEFAULT =
                new Settings(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofHours(24));
    }

    /// What has become of the messages that were to be recorded.
    ///
    /// @param late those that were recorded only after their sender had his answer
    public record Figures(long recorded, long late, long givenUp, int waiting) {}

    private final Policy.Recording policy;
    private final Optional<MessageStore> store;
    private final Optional<UserPreferences> preferences;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Settings settings;
    private final @Nullable LargeMode large;
    private final Set<MessageRef> underWay = ConcurrentHashMap.newKeySet();
    private final LongAdder recorded = new LongAdder();
    private final LongAdder late = new LongAdder();
    private final LongAdder givenUp = new LongAdder();
    private volatile int waiting;

    Recorder(
            Policy.Recording policy,
            Optional<MessageStore> store,
            Optional<UserPreferences> preferences,
            Ledger ledger,
            InstantSource clock,
            Settings settings,
            @Nullable LargeMode large) {
        this.policy = policy;
        this.store = store;
        this.preferences = preferences;
        this.ledger = ledger;
        this.clock = clock;
        this.settings = settings;
        this.large = large;
    }

    /// Whether to record is decided before a message is sent, and done afterwards (reading 38).
    boolean isToBeRecorded(Originator originator) {
        var user = originator.key();
        if (store.filter(s -> s.serves(user)).isEmpty()) {
            return false;
        }
        return switch (policy) {
            case ALWAYS -> true; // 8.2.1.1/9.i.a.policy
            case NEVER -> false; // 8.2.1.1/9.i.else 8.2.1.2/bye.1.off
            // 8.2.1.1/6.record 8.2.1.1/6.else 8.2.1.1/9.i.a 8.2.1.2/200.7.record 8.2.1.2/200.7.else
            case PREFERENCE -> preferences.filter(p -> p.recordsHistory(user)).isPresent();
        };
    }

    Duration patience() {
        return settings.patience();
    }

    /// What the ledger is to remember.
    ///
    /// @param spooled whether the content is in a spool
    Optional<History> history(Outgoing outgoing, boolean spooled) {
        var message = outgoing.message();
        if (!message.recorded()) {
            return Optional.empty();
        }
        var until = message.lifetime().receivedAt().plus(settings.until());
        return Optional.of(new History(HistoryObjects.of(outgoing).toOctets(!spooled), until));
    }

    /// Records an accepted message as soon as somebody has it.
    Recording begin(MessageRef id, Outgoing outgoing, Progress progress, @Nullable Spool spool) {
        if (store.isEmpty() || !outgoing.message().recorded()) {
            return Recording.NONE;
        }
        var object = HistoryObjects.of(outgoing);
        var whole = spool == null ? object : object.withContent(SpooledContent.of(spool));
        var recording = new Recording(progress);
        underWay.add(id);
        Thread.ofVirtual()
                .name("recording")
                .start(() -> {
                    var result = record(id, whole, progress);
                    underWay.remove(id);
                    recording.end(result);
                });
        return recording;
    }

    private Recording.Result record(MessageRef id, HistoryObject object, Progress progress) {
        try {
            if (!progress.awaitSuccess()) {
                return progress.isLost() ? Recording.Result.OPEN : nobodyHasIt(id);
            }
            var uid = store.orElseThrow().store(object, false); // 8.2.1.1/9.i.a.uid
            recorded(id);
            return new Recording.Result(Optional.of(uid), true);
        } catch (StoreFailure e) {
            return failed(id, object.contributionId(), e, false);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (LedgerUnavailable e) {
            LOG.warn("message={} recorded, and not noted: {}", id, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("message={} not recorded: a fault of ours", id, e);
        }
        return Recording.Result.OPEN;
    }

    /// Nothing to keep: the sender is told that it has failed (8.2.1.2/bye.1.undelivered).
    private Recording.Result nobodyHasIt(MessageRef id) {
        ledger.recorded(id);
        return Recording.Result.NOTHING;
    }

    private void recorded(MessageRef id) {
        CrashPoint.STORED_BEFORE_NOTED.visit();
        recorded.increment();
        ledger.recorded(id);
    }

    private Recording.Result failed(
            MessageRef id, String contributionId, StoreFailure failure, boolean again) {
        if (failure.reason() != StoreFailure.Reason.FULL) {
            LOG.atLevel(again ? Level.DEBUG : Level.WARN)
                    .log(
                            "contribution={} message={} not recorded yet: {}",
                            contributionId,
                            id,
                            failure.getMessage());
            return Recording.Result.OPEN;
        }
        giveUp(id, contributionId, failure.getMessage());
        return Recording.Result.NOTHING;
    }

    private void giveUp(MessageRef id, String contributionId, @Nullable String reason) {
        LOG.error("contribution={} message={} never recorded: {}", contributionId, id, reason);
        givenUp.increment();
        ledger.recorded(id);
    }

    // ---- what was left over

    /// Works until it is interrupted. One thread runs it.
    void run() {
        if (store.isEmpty()) {
            return;
        }
        try {
            while (true) {
                recordLeftOver();
                Thread.sleep(settings.again());
            }
        } catch (InterruptedException _) {
            // the server stops
        }
    }

    /// Tries everything once that is still to be recorded and not being recorded now.
    void recordLeftOver() {
        try {
            int left = 0;
            var after = new MessageRef(0);
            List<Unrecorded> some;
            do {
                some = ledger.unrecorded(after, AT_ONCE);
                for (var message : some) {
                    after = message.message();
                    left += underWay.contains(after) || again(message) ? 0 : 1;
                }
            } while (some.size() == AT_ONCE);
            if (left != waiting) {
                LOG.info("event=to-be-recorded messages={}", left);
            }
            waiting = left;
        } catch (LedgerUnavailable e) {
            LOG.warn("nothing recorded: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("a fault while recording what was left over", e);
        }
    }

    /// True when nothing is left to do for it.
    private boolean again(Unrecorded message) {
        var id = message.message();
        var contributionId = message.head().contributionId();
        if (clock.instant().isAfter(message.history().until())) {
            giveUp(id, contributionId, "the time for it is over");
            return true;
        }
        var summary = ledger.message(id);
        if (summary.isEmpty() || isFailed(summary.get())) {
            ledger.recorded(id);
            return true;
        }
        return hasSuccess(summary.get()) && recordAgain(message);
    }

    private static boolean hasSuccess(MessageSummary summary) {
        return summary.outcomes().entrySet().stream()
                .anyMatch(outcome -> outcome.getKey().isSuccess() && outcome.getValue() > 0);
    }

    private static boolean isFailed(MessageSummary summary) {
        return !hasSuccess(summary)
                && summary.outcomes().getOrDefault(OutcomeKind.PENDING, 0) == 0
                && summary.quarantined() == 0;
    }

    private boolean recordAgain(Unrecorded message) {
        var id = message.message();
        var head = message.head();
        @Nullable Spool spool = null;
        boolean spoolIsNeeded = true;
        try {
            var object = HistoryObject.parse(head.originator(), message.history().object());
            if (!head.spool().isNone() && large != null) {
                spool = large.reopened(head.spool());
                object = object.withContent(SpooledContent.of(spool));
            }
            var uid = store.orElseThrow().store(object, true);
            LOG.info("contribution={} message={} recorded: uid={}", head.contributionId(), id, uid);
            late.increment();
            recorded(id);
            spoolIsNeeded = isNeeded(spool);
            return true;
        } catch (StoreFailure e) {
            return failed(id, head.contributionId(), e, true).settled();
        } catch (SpoolDamaged | IllegalArgumentException e) {
            giveUp(id, head.contributionId(), e.getMessage());
            return true;
        } catch (IOException e) {
            LOG.warn("message={} not recorded yet: {}", id, e.getMessage());
            return false;
        } finally {
            leave(spool, spoolIsNeeded);
        }
    }

    private boolean isNeeded(@Nullable Spool spool) {
        return spool != null && ledger.spools().contains(spool.id());
    }

    private static void leave(@Nullable Spool spool, boolean needed) {
        if (spool == null) {
            return;
        }
        if (needed) {
            spool.close();
        } else {
            spool.remove();
        }
    }

    Figures figures() {
        return new Figures(recorded.sum(), late.sum(), givenUp.sum(), waiting + underWay.size());
    }
}
