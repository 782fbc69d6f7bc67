package org.fanfare.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// One row of `docs/clauses.tsv`: a statement of the specification that can be met or missed.
record ClauseRow(String id, String actor, String mode, String level, String summary) {

    /// All rows of the table, in its order.
    static List<ClauseRow> readAll(Path table) throws IOException {
        try (var lines = Files.lines(table)) {
            return lines.filter(line -> !line.startsWith("#") && !line.startsWith("id\t"))
                    .map(ClauseRow::parse)
                    .toList();
        }
    }

    private static ClauseRow parse(String line) {
        var fields = line.split("\t", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "clauses.tsv: expected 5 fields, found " + fields.length + ": " + line);
        }
        return new ClauseRow(fields[0], fields[1], fields[2], fields[3], fields[4]);
    }

    String section() {
        return id.substring(0, id.indexOf('/'));
    }
}
