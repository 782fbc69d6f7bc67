package org.fanfare.trace;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;
import java.util.function.Predicate;

/// `docs/conformance.md`: how many rows are implemented, tested and open, and where each one is.
record ConformanceReport(Conformance conformance) {

    private static final SortedSet<Path> NONE = Collections.emptySortedSet();

    private static final String HEAD =
            """
            # Conformance

            Generated from the sources by the trace test, do not edit: CONTRIBUTING.md says how.
            A row of [clauses.tsv](clauses.tsv) is implemented when a comment in the code names it,
            tested when a test does, and open when either is missing; the reason is in
            [open-clauses.tsv](open-clauses.tsv). How gaps and contradictions of the text are read
            is in [readings.md](readings.md).
            """;

    String markdown() {
        var bySection = grouped(ClauseRow::section);
        var text = new StringBuilder(HEAD);
        text.append(summary("Section", bySection));
        text.append(summary("Side and mode", grouped(row -> row.actor() + ", " + row.mode())));
        bySection.forEach((section, rows) -> text.append(table(section, rows)));
        return text.toString();
    }

    private Map<String, List<ClauseRow>> grouped(Function<ClauseRow, String> key) {
        return conformance.rows().stream().collect(groupingBy(key, LinkedHashMap::new, toList()));
    }

    private String summary(String title, Map<String, List<ClauseRow>> groups) {
        var text = new StringBuilder();
        text.append("\n| ").append(title).append(" | Rows | Implemented | Tested | Open |\n");
        text.append("|---|---:|---:|---:|---:|\n");
        groups.forEach((name, rows) -> text.append(counts(name, rows)));
        return text.append(counts("all", conformance.rows())).toString();
    }

    private String counts(String name, List<ClauseRow> rows) {
        return "| %s | %d | %d | %d | %d |\n"
                .formatted(
                        name,
                        rows.size(),
                        count(rows, conformance::isImplemented),
                        count(rows, conformance::isTested),
                        count(rows, row -> !conformance.isFinished(row)));
    }

    private static long count(List<ClauseRow> rows, Predicate<ClauseRow> condition) {
        return rows.stream().filter(condition).count();
    }

    private String table(String section, List<ClauseRow> rows) {
        return "\n## %s\n\n| Row | Level | What | Code | Tests | Open |\n|---|---|---|---|---|---|\n%s"
                .formatted(section, rows.stream().map(this::line).collect(joining()));
    }

    private String line(ClauseRow row) {
        var trace = conformance.trace();
        return "| `%s` | %s | %s | %s | %s | %s |\n"
                .formatted(
                        row.id(),
                        row.level(),
                        escaped(row.summary()),
                        links(trace.code().getOrDefault(row.id(), NONE)),
                        links(trace.tests().getOrDefault(row.id(), NONE)),
                        conformance.isFinished(row) ? "" : openBecause(row));
    }

    private String openBecause(ClauseRow row) {
        var lack = conformance.lack(row);
        return conformance.open().reason(row.id()).map(why -> lack + ": " + why).orElse(lack);
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }

    /// File names only: line numbers would change with every edit.
    private static String links(SortedSet<Path> files) {
        return files.stream().map(ConformanceReport::link).collect(joining(", "));
    }

    private static String link(Path file) {
        var name = file.getFileName().toString().replace(".java", "");
        return "[" + name.replace("_", "\\_") + "](../" + file + ")";
    }
}
