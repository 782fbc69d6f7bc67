package org.fanfare.cli.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One thing that a Participating Function does, by its clauses.
///
/// @param name mode and what it is about, `pager/too-many`
/// @param clauses ids of docs/clauses.tsv
/// @param expected the clauses in one line
/// @param needs what has to be known of the target
public record Scenario(
        String name, List<String> clauses, String expected, Script script, List<Need> needs) {

    /// Plays it; returns when all is as it should be.
    interface Script {
        void play(Stage stage) throws Mismatch, InterruptedException;
    }

    public Scenario {
        clauses = List.copyOf(clauses);
        needs = List.copyOf(needs);
    }

    /// @param clauses separated by blanks
    static Scenario scenario(String name, String clauses, String expected, Script script) {
        return new Scenario(
                name, Arrays.asList(clauses.split(" ", -1)), expected, script, List.of());
    }

    Scenario needs(Need... needed) {
        return new Scenario(name, clauses, expected, script, List.of(needed));
    }

    /// What has not been said of the target, if anything.
    Optional<String> missing(Target target) {
        return needs.stream()
                .filter(need -> !need.isMetBy(target))
                .findFirst()
                .map(need -> "needs " + need);
    }

    /// Whether its name or a clause of it fits a pattern, in which `*` stands for anything.
    public boolean fits(String pattern) {
        var glob = Glob.of(pattern);
        return glob.fits(name) || clauses.stream().anyMatch(glob::fits);
    }

    /// A word with `*` for any characters; without one, it may stand anywhere.
    private record Glob(java.util.regex.Pattern pattern) {

        static Glob of(String text) {
            var whole = text.contains("*") ? text : "*" + text + "*";
            var parts = Arrays.stream(whole.split("\\*", -1)).map(java.util.regex.Pattern::quote);
            return new Glob(
                    java.util.regex.Pattern.compile(
                            parts.collect(java.util.stream.Collectors.joining(".*"))));
        }

        boolean fits(String word) {
            return pattern.matcher(word).matches();
        }
    }
}
