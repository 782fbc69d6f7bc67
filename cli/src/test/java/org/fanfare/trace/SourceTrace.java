package org.fanfare.trace;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Which source files name which clause: comments of the code, `@Clause` of the tests. Paths are
/// relative to the root of the project.
record SourceTrace(
        SortedMap<String, SortedSet<Path>> code, SortedMap<String, SortedSet<Path>> tests) {

    private static final List<String> MODULES = List.of("protocol", "client", "server", "cli");

    private static final Pattern COMMENT = Pattern.compile("(?<!:)//(.*)");
    private static final Pattern ID =
            Pattern.compile(
                    "(?<![\\w./])(?:7\\.2|7\\.2\\.1\\.[1-3]|8\\.2\\.1\\.[12]|def|limit)"
                            + "/[\\w-]+(?:\\.[\\w-]+)*");
    private static final Pattern ANNOTATION = Pattern.compile("@Clause\\s*\\(([^)]*)\\)");
    private static final Pattern STRING = Pattern.compile("\"([^\"]*)\"");

    static SourceTrace scan(Path root) throws IOException {
        return new SourceTrace(
                collect(root, "src/main/java", SourceTrace::idsInComments),
                collect(root, "src/test/java", SourceTrace::idsInAnnotations));
    }

    /// Ids in the comments of code.
    static Set<String> idsInComments(String source) {
        return COMMENT.matcher(source)
                .results()
                .flatMap(comment -> ID.matcher(comment.group(1)).results())
                .map(MatchResult::group)
                .collect(toCollection(TreeSet::new));
    }

    /// Ids in the `@Clause` annotations of tests.
    static Set<String> idsInAnnotations(String source) {
        return ANNOTATION
                .matcher(source)
                .results()
                .flatMap(annotation -> STRING.matcher(annotation.group(1)).results())
                .map(string -> string.group(1))
                .collect(toCollection(TreeSet::new));
    }

    private static SortedMap<String, SortedSet<Path>> collect(
            Path root, String folder, Function<String, Set<String>> ids) throws IOException {
        var files = new TreeMap<String, SortedSet<Path>>();
        for (var module : MODULES) {
            for (var file : sourcesIn(root.resolve(module, folder))) {
                for (var id : ids.apply(Files.readString(file))) {
                    files.computeIfAbsent(id, _ -> new TreeSet<>()).add(root.relativize(file));
                }
            }
        }
        return files;
    }

    /// All of the project, code and tests.
    static List<Path> sources(Path root) throws IOException {
        var all = new ArrayList<Path>();
        for (var module : MODULES) {
            all.addAll(sourcesIn(root.resolve(module, "src/main/java")));
            all.addAll(sourcesIn(root.resolve(module, "src/test/java")));
        }
        return all;
    }

    /// The tests of this package talk about ids without testing them.
    private static List<Path> sourcesIn(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.startsWith(folder.resolve("org/fanfare/trace")))
                    .sorted()
                    .toList();
        }
    }
}
