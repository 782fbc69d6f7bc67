package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/// The table of scenarios itself.
class ScenarioTest {

    /// Rows of what a Participating Function does.
    private static Set<String> rows() throws IOException {
        try (var lines = Files.lines(Path.of("../docs/clauses.tsv"))) {
            return lines.map(line -> line.split("\t", -1))
                    .filter(fields -> fields.length == 5 && fields[1].equals("pf"))
                    .map(fields -> fields[0])
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void everyClauseOfAScenarioIsARowForTheParticipatingFunction() throws IOException {
        assertThat(Suite.scenarios()).flatExtracting(Scenario::clauses).isSubsetOf(rows());
    }

    @Test
    void namesAreUnique() {
        assertThat(Suite.scenarios()).extracting(Scenario::name).doesNotHaveDuplicates();
    }

    @Test
    void aPatternFitsNamesAndClauses() {
        var scenario =
                Suite.scenarios().stream()
                        .filter(s -> s.name().equals("pager/too-many"))
                        .findFirst()
                        .orElseThrow();

        assertThat(scenario.fits("too-many")).isTrue();
        assertThat(scenario.fits("pager/*")).isTrue();
        assertThat(scenario.fits("8.2.1.1/8.A.ii.2.486")).isTrue();
        assertThat(scenario.fits("8.2.1.1/8.A.*")).isTrue();
        assertThat(scenario.fits("large/*")).isFalse();
        assertThat(scenario.fits("*/too")).isFalse();
    }
}
