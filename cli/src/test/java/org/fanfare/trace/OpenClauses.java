package org.fanfare.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The rows that are known to lack code or a test (`docs/open-clauses.tsv`).
record OpenClauses(List<Entry> entries) {

    /// An id, or the beginning of ids followed by `*`, and why they are open.
    record Entry(String pattern, String reason) {

        boolean covers(String id) {
            return pattern.endsWith("*")
                    ? id.startsWith(pattern.substring(0, pattern.length() - 1))
                    : id.equals(pattern);
        }

        private static Entry parse(String line) {
            var tab = line.indexOf('\t');
            if (tab <= 0 || line.substring(tab).isBlank()) {
                throw new IllegalArgumentException(
                        "open-clauses.tsv: expected id, tab, reason: " + line);
            }
            return new Entry(line.substring(0, tab), line.substring(tab + 1).strip());
        }
    }

    static OpenClauses read(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return new OpenClauses(
                    lines.filter(line -> !line.isBlank() && !line.startsWith("#"))
                            .map(Entry::parse)
                            .toList());
        }
    }

    /// Takes the lines of these entries out of the file and leaves the others as they are.
    static void remove(Collection<String> patterns, Path file) throws IOException {
        var kept =
                Files.readAllLines(file).stream()
                        .filter(line -> !patterns.contains(line.split("\t", 2)[0]))
                        .toList();
        Files.write(file, kept);
    }

    /// Why the row is open: the longest entry that covers it.
    Optional<String> reason(String id) {
        return entries.stream()
                .filter(entry -> entry.covers(id))
                .max(Comparator.comparingInt(entry -> entry.pattern().length()))
                .map(Entry::reason);
    }
}
