package org.fanfare.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Every id that code or tests name is a row; every row has code and a test, or is open for a
/// reason. Run with `-Dfanfare.trace.write=true` it takes finished rows from the open list and
/// writes `docs/conformance.md` anew.
class ClauseTraceTest {

    private static final boolean WRITE = Boolean.getBoolean("fanfare.trace.write");

    private final Path root = projectRoot();
    private final Conformance conformance;

    ClauseTraceTest() throws IOException {
        conformance = Conformance.of(root);
    }

    @Test
    void everyIdIsARowOfTheTable() {
        assertThat(conformance.unknownIds()).isEmpty();
    }

    @Test
    void everyRowHasCodeAndATestOrIsOpenWithAReason() {
        assertThat(conformance.missing()).isEmpty();
    }

    @Test
    void noEntryOfTheOpenListIsStale() throws IOException {
        var stale = conformance.staleEntries();
        if (WRITE) {
            OpenClauses.remove(stale, root.resolve("docs/open-clauses.tsv"));
        } else {
            assertThat(stale).isEmpty();
        }
    }

    @Test
    void theReportIsUpToDate() throws IOException {
        var file = root.resolve("docs/conformance.md");
        var report = new ConformanceReport(conformance).markdown();
        if (WRITE) {
            Files.writeString(file, report);
        }
        var upToDate = Files.exists(file) && Files.readString(file).equals(report);
        assertThat(upToDate).as("docs/conformance.md is up to date").isTrue();
    }

    /// Maven runs tests in the folder of their module, other tools in that of the project.
    static Path projectRoot() {
        var here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("docs/clauses.tsv"))
                ? here
                : here.resolve("..").normalize();
    }
}
