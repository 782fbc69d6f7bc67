package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fanfare.ledger.Messages.OK;
import static org.fanfare.ledger.Messages.delivered;
import static org.fanfare.ledger.Messages.history;
import static org.fanfare.ledger.Messages.message;
import static org.fanfare.ledger.Messages.withHistory;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// Several nodes on one database: leases, fencing, and starting at the same time.
class SharedLedgerTest {

    private static final LedgerSettings SETTINGS =
            LedgerSettings.DEFAULT.with(s -> s.lease(Duration.ofMinutes(10)));

    private final SettableClock clock = new SettableClock();
    private final List<Ledger> opened = new ArrayList<>();
    private final String url;

    SharedLedgerTest() throws SQLException {
        url = PostgresServer.running().newSchema();
    }

    private SqlLedger open(String node) throws LedgerRefused {
        var ledger = (SqlLedger) Ledgers.open(url, SETTINGS, clock, node);
        opened.add(ledger);
        return ledger;
    }

    @AfterEach
    void close() {
        opened.forEach(Ledger::close);
    }

    @Test
    void aLiveNodeKeepsItsRangesAndASilentOneLosesThem() throws Exception {
        var first = open("first");
        var second = open("second");
        var ref = first.accept(message("c1", 2)).message();
        first.record(ref, 0, delivered(1));
        first.flush(ref);

        clock.advance(Duration.ofMinutes(9));
        first.keeper().beat();
        clock.advance(Duration.ofMinutes(9));
        assertThat(second.claimUnfinished(10)).isEmpty();

        clock.advance(Duration.ofMinutes(2)); // nothing heard for longer than the lease
        var taken = second.claimUnfinished(10);
        assertThat(taken).extracting(Unfinished::message).containsExactly(ref);
        assertThat(taken.getFirst().states().getFirst().outcome()).isEqualTo(delivered(1));

        first.record(ref, 1, delivered(2)); // wakes up, and does not know yet
        assertThatThrownBy(() -> first.flush(ref)).isInstanceOf(Fenced.class);
        second.record(ref, 1, delivered(3));
        second.answered(ref, OK);
        assertThatThrownBy(() -> first.answered(ref, OK)).isInstanceOf(Fenced.class);
        assertThat(second.recipients("c1", java.util.Optional.empty(), -1, 10).rows())
                .extracting(RecipientRow::outcome)
                .containsExactly(delivered(1), delivered(3));
    }

    @Test
    void whatASilentNodeHasNotRecordedIsTheOthers() throws Exception {
        var first = open("first");
        var second = open("second");
        var ref = first.accept(withHistory(message("c1", 1), history("object"))).message();

        assertThat(second.unrecorded(new MessageRef(0), 10)).isEmpty();
        assertThat(first.unrecorded(new MessageRef(0), 10)).hasSize(1);

        clock.advance(Duration.ofMinutes(11));
        second.keeper().beat();
        assertThat(second.unrecorded(new MessageRef(0), 10))
                .extracting(Unrecorded::message)
                .containsExactly(ref);
        first.keeper().beat(); // wakes up, and has lost it
        assertThat(first.unrecorded(new MessageRef(0), 10)).isEmpty();
    }

    @Test
    void ofANodeThatStartsAgainTheOldProcessIsFencedAtOnce() throws Exception {
        var old = open("node");
        var ref = old.accept(message("c1", 1)).message();

        var restarted = open("node");

        assertThat(restarted.claimUnfinished(10))
                .extracting(Unfinished::message)
                .containsExactly(ref);
        old.record(ref, 0, delivered(1));
        assertThatThrownBy(() -> old.flush(ref)).isInstanceOf(Fenced.class);
        old.keeper().beat();
        assertThat(old.healthy()).isFalse();
        assertThatThrownBy(() -> old.accept(message("c2", 1)))
                .isInstanceOf(LedgerUnavailable.class)
                .hasMessageContaining("same node");
        assertThat(restarted.healthy()).isTrue();
    }

    @Test
    void aDuplicateIsKnownToEveryNode() throws Exception {
        var first = open("first");
        var second = open("second");
        var ref = first.accept(message("c1", 1)).message();

        assertThat(second.accept(message("c1", 1)))
                .isEqualTo(new Acceptance.Duplicate(ref, java.util.Optional.empty()));
    }

    @Test
    void manyNodesMayAcceptTheSameMessagesAtOnce() throws Exception {
        int count = 100;
        var nodes = List.of(open("a"), open("b"), open("c"));
        var calls = new ArrayList<Callable<Acceptance>>();
        for (int i = 0; i < count; i++) {
            for (int n = 0; n < nodes.size(); n++) {
                var node = nodes.get(n);
                // each node in another order, so that their transactions cross
                var id = "c" + (i * (n + 1) + 7 * n) % count;
                calls.add(() -> node.accept(message(id, 1)));
            }
        }
        var accepted = new HashSet<MessageRef>();
        var all = new HashSet<MessageRef>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(calls)) {
                var acceptance = result.get();
                all.add(acceptance.message());
                if (acceptance instanceof Acceptance.Accepted(var ref)) {
                    assertThat(accepted.add(ref)).isTrue();
                }
            }
        }
        assertThat(all).isEqualTo(accepted).hasSize(count);
        assertThat(nodes.getFirst().recent(1_000)).hasSize(count);
    }

    @Test
    void aRangeIsClaimedByOneNodeOnly() throws Exception {
        int count = 200;
        try (var gone = Ledgers.open(url, SETTINGS, clock, "gone")) {
            for (int i = 0; i < count; i++) {
                gone.accept(message("c" + i, 1));
            }
        }
        var nodes = List.of(open("a"), open("b"), open("c"));
        var calls = new ArrayList<Callable<List<MessageRef>>>();
        for (var node : nodes) {
            calls.add(() -> {
                var claimed = new ArrayList<MessageRef>();
                for (var ranges = node.claimUnfinished(7);
                        !ranges.isEmpty();
                        ranges = node.claimUnfinished(7)) {
                    ranges.forEach(range -> claimed.add(range.message()));
                }
                return claimed;
            });
        }
        var claimed = new ArrayList<MessageRef>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(calls)) {
                claimed.addAll(result.get());
            }
        }
        assertThat(claimed).doesNotHaveDuplicates().hasSize(count);
    }

    @Test
    void nodesThatStartTogetherOnAnEmptyDatabaseMakeTheTablesOnce() throws Exception {
        var calls = new ArrayList<Callable<SqlLedger>>();
        for (int i = 0; i < 4; i++) {
            var name = "node" + i;
            calls.add(() -> (SqlLedger) Ledgers.open(url, SETTINGS, clock, name));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var result : threads.invokeAll(calls)) {
                opened.add(result.get());
            }
        }
        opened.getFirst().accept(message("c1", 1));
        assertThat(opened.getLast().message("c1")).isPresent();
    }

    // R8
    @Test
    void aNewerFormatIsRefusedByItsNumber() throws Exception {
        open("node");
        try (var connection = PostgresServer.connect(url);
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE ledger_format SET version = 7");
        }

        assertThatThrownBy(() -> open("other"))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("format 7")
                .hasMessageNotContaining("user=");
    }

    @Test
    void aDatabaseThatIsNotThereIsRefusedWithoutItsPassword() {
        assertThatThrownBy(() ->
                        Ledgers.open(
                                "jdbc:postgresql://localhost:1/x?user=u&password=secret",
                                SETTINGS,
                                clock,
                                "node"))
                .isInstanceOf(LedgerRefused.class)
                .hasMessageContaining("localhost:1/x")
                .hasMessageNotContaining("secret");
    }
}
