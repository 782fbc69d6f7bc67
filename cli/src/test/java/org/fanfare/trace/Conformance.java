package org.fanfare.trace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Stream;

/// The table of clauses laid against the sources, and what does not fit.
record Conformance(List<ClauseRow> rows, SourceTrace trace, OpenClauses open) {

    static Conformance of(Path root) throws IOException {
        var docs = root.resolve("docs");
        return new Conformance(
                ClauseRow.readAll(docs.resolve("clauses.tsv")),
                SourceTrace.scan(root),
                OpenClauses.read(docs.resolve("open-clauses.tsv")));
    }

    /// Ids in code, in tests or in the open list that are not rows.
    List<String> unknownIds() {
        return Stream.of(unknown(trace.code()), unknown(trace.tests()), uselessPatterns())
                .flatMap(List::stream)
                .toList();
    }

    /// Rows that lack code or a test and are not open.
    List<String> missing() {
        return rows.stream()
                .filter(row -> !isFinished(row) && open.reason(row.id()).isEmpty())
                .map(row -> row.id() + " (" + lack(row) + "): " + row.summary())
                .toList();
    }

    /// Entries of the open list that nothing needs any more: all rows they cover are finished.
    List<String> staleEntries() {
        return open.entries().stream()
                .filter(entry -> rows.stream().noneMatch(row -> needs(row, entry)))
                .map(OpenClauses.Entry::pattern)
                .toList();
    }

    boolean isImplemented(ClauseRow row) {
        return trace.code().containsKey(row.id());
    }

    boolean isTested(ClauseRow row) {
        return trace.tests().containsKey(row.id());
    }

    boolean isFinished(ClauseRow row) {
        return isImplemented(row) && isTested(row);
    }

    /// What is missing of a row that is not finished.
    String lack(ClauseRow row) {
        return isImplemented(row) ? "no test" : isTested(row) ? "no code" : "no code, no test";
    }

    private boolean needs(ClauseRow row, OpenClauses.Entry entry) {
        return entry.covers(row.id()) && !isFinished(row);
    }

    private List<String> unknown(Map<String, SortedSet<Path>> files) {
        return files.entrySet().stream()
                .filter(entry -> rows.stream().noneMatch(row -> row.id().equals(entry.getKey())))
                .map(entry -> entry.getKey() + " in " + entry.getValue())
                .toList();
    }

    private List<String> uselessPatterns() {
        return open.entries().stream()
                .filter(entry -> rows.stream().noneMatch(row -> entry.covers(row.id())))
                .map(entry -> entry.pattern() + " in docs/open-clauses.tsv")
                .toList();
    }
}
