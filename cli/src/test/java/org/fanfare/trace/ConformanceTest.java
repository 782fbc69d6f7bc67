package org.fanfare.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ConformanceTest {

    private @TempDir Path root;

    @Test
    void idsAreFoundInCommentsOfCodeOnly() {
        assertThat(
                        SourceTrace.idsInComments(
                                """
                                /// See `8.2.1.1/8.A.ii.2`.
                                check(); // 8.2.1.1/1, 7.2.1.1/T2.Conversation-ID; and/or 3.8.2.1.1/9
                                var uri = "http://8.2.1.1/3";
                                """))
                .containsExactly("7.2.1.1/T2.Conversation-ID", "8.2.1.1/1", "8.2.1.1/8.A.ii.2");
    }

    @Test
    void idsAreFoundInAnnotationsOfTests() {
        assertThat(
                        SourceTrace.idsInAnnotations(
                                """
                                @Clause("8.2.1.1/1") void one() {}
                                @Clause({"8.2.1.1/2",
                                    "limit/1300.pf"}) void more() {}
                                """))
                .containsExactly("8.2.1.1/1", "8.2.1.1/2", "limit/1300.pf");
    }

    @Test
    void aRowWithCodeAndTestIsFinished() throws IOException {
        var conformance = conformance("", "// 8.2.1.1/1", "@Clause(\"8.2.1.1/1\")");

        assertThat(conformance.missing()).singleElement().asString().startsWith("8.2.1.1/2 ");
        assertThat(conformance.unknownIds()).isEmpty();
    }

    @Test
    void aRowThatLacksATestIsMissingUnlessOpen() throws IOException {
        assertThat(conformance("8.2.1.1/2\tlater", "// 8.2.1.1/1", "").missing())
                .containsExactly("8.2.1.1/1 (no test): first");
        assertThat(conformance("8.2.1.1/*\tlater", "// 8.2.1.1/1", "").missing()).isEmpty();
    }

    @Test
    void anIdThatIsNoRowIsUnknownWhereverItStands() throws IOException {
        var conformance =
                conformance("8.2.1.1/5*\tlater", "// 8.2.1.1/3", "@Clause(\"8.2.1.1/4\")");

        assertThat(conformance.unknownIds())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("8.2.1.1/3 in") && line.contains("Code.java"))
                .anyMatch(line -> line.startsWith("8.2.1.1/4 in") && line.contains("CodeTest.java"))
                .anyMatch(line -> line.startsWith("8.2.1.1/5* in"));
    }

    @Test
    void anEntryIsStaleWhenAllItsRowsAreFinished() throws IOException {
        assertThat(
                        conformance(
                                        "8.2.1.1/1\tlater\n8.2.1.1/*\tlater",
                                        "// 8.2.1.1/1",
                                        "@Clause(\"8.2.1.1/1\")")
                                .staleEntries())
                .containsExactly("8.2.1.1/1");
    }

    @Test
    void theReportCountsAndLinks() throws IOException {
        var report =
                new ConformanceReport(
                                conformance(
                                        "8.2.1.1/2\tlater",
                                        "// 8.2.1.1/1",
                                        "@Clause(\"8.2.1.1/1\")"))
                        .markdown();

        assertThat(report)
                .contains("| 8.2.1.1 | 2 | 1 | 1 | 1 |")
                .contains("| pf, pager | 2 | 1 | 1 | 1 |")
                .contains(
                        "| `8.2.1.1/1` | SHALL | first | [Code](../server/src/main/java/Code.java)")
                .contains("| `8.2.1.1/2` | MAY | a \\| b |  |  | no code, no test: later |");
    }

    private Conformance conformance(String open, String code, String test) throws IOException {
        write("docs/clauses.tsv", "# comment\nid\tactor\tmode\tlevel\tsummary\n" + ROWS);
        write("docs/open-clauses.tsv", open);
        write("server/src/main/java/Code.java", code);
        write("server/src/test/java/CodeTest.java", test);
        return Conformance.of(root);
    }

    private static final String ROWS =
            "8.2.1.1/1\tpf\tpager\tSHALL\tfirst\n8.2.1.1/2\tpf\tpager\tMAY\ta | b\n";

    private void write(String file, String text) throws IOException {
        var path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
