package org.fanfare.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fanfare.ledger.Messages.OK;
import static org.fanfare.ledger.Messages.delivered;
import static org.fanfare.ledger.Messages.message;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;

/// The database server ends at once, as in a power cut, and comes back.
class PostgresRestartTest {

    @TempDir static Path directory;
    private static PostgresServer server;
    private String url;

    @BeforeAll
    static void startServer() {
        server = PostgresServer.start(directory.resolve("data"));
    }

    @AfterAll
    static void closeServer() {
        server.close();
    }

    @BeforeEach
    void newSchema() throws SQLException {
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> PostgresServer.connect(server.url()).isValid(1));
        url = server.newSchema();
    }

    @Test
    void whatWasPromisedSurvivesTheServerAndWorkGoesOn() throws Exception {
        var settings = LedgerSettings.DEFAULT.with(s -> s.patience(Duration.ofMinutes(1)));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var ledger = (SqlLedger) Ledgers.open(url, settings, new SettableClock(), "node")) {
            var ref = ledger.accept(message("c1", 2)).message();
            ledger.record(ref, 0, delivered(1));
            ledger.flush(ref);

            server.endAtOnce();

            assertThatThrownBy(() -> ledger.accept(message("c2", 1)))
                    .isInstanceOf(LedgerUnavailable.class);
            assertThat(ledger.healthy()).isFalse();
            ledger.record(ref, 1, delivered(2)); // is kept
            var answer = threads.submit(() -> ledger.answered(ref, OK)); // waits

            server.startAgain();

            answer.get();
            Awaitility.await()
                    .until(() -> {
                        ledger.keeper().probe();
                        return ledger.healthy();
                    });
            assertThat(ledger.message("c1").get().count(OutcomeKind.DELIVERED)).isEqualTo(2);
            assertThat(ledger.message("c1").get().answer()).contains(OK);
            assertThat(ledger.accept(message("c2", 1))).isInstanceOf(Acceptance.Accepted.class);
        }
    }

    @Test
    void whoIsNotPatientIsToldAndNobodyReadsRecipientsInTheMessage() throws Exception {
        var settings = LedgerSettings.DEFAULT.with(s -> s.patience(Duration.ofMillis(200)));
        try (var ledger = Ledgers.open(url, settings, new SettableClock(), "node")) {
            var ref = ledger.accept(message("c1", 2)).message();
            server.endAtOnce();
            ledger.record(ref, 0, delivered(1));

            assertThatThrownBy(() -> ledger.flush(ref))
                    .isInstanceOf(LedgerUnavailable.class)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageNotContaining("UPDATE");
        } finally {
            server.startAgain();
        }
    }
}
