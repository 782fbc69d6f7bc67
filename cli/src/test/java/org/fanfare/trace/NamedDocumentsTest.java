package org.fanfare.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Readings and references that a comment names are sections of `docs`, so that whoever reads the
/// one finds the other.
class NamedDocumentsTest {

    private final Path root = ClauseTraceTest.projectRoot();

    @ParameterizedTest
    @CsvSource({
        "readings.md, '### (\\d+)\\.', '\\breadings? (\\d+)\\b'",
        "references.md, '##+ ([a-r](?:\\.\\d+)?)\\b', '\\breferences ([a-r]\\.\\d+|[b-r])\\b'"
    })
    void whatACommentNamesIsThere(String document, String heading, String name) throws IOException {
        var there = found(heading, root.resolve("docs").resolve(document));
        var named = new TreeSet<String>();
        for (var file : SourceTrace.sources(root)) {
            named.addAll(found(name, file));
        }

        assertThat(named).hasSizeGreaterThan(15).isSubsetOf(there);
    }

    private static Set<String> found(String pattern, Path file) throws IOException {
        var names = new TreeSet<String>();
        Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .forEach(match -> names.add(match.group(1)));
        return names;
    }
}
