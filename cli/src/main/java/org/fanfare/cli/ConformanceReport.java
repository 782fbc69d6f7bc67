package org.fanfare.cli;

import org.fanfare.cli.conformance.Result;
import org.fanfare.cli.conformance.Result.Verdict;
import org.fanfare.cli.conformance.Scenario;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/// The results as a table for people, or as JSON lines.
record ConformanceReport(Events events) {

    void list(Scenario scenario) {
        events.tell(
                "scenario",
                "%-40s %s".formatted(scenario.name(), String.join(" ", scenario.clauses())),
                Events.values(
                        "scenario", scenario.name(),
                        "clauses", scenario.clauses(),
                        "expected", scenario.expected()));
    }

    void result(Result result) {
        var scenario = result.scenario();
        var line =
                "%-8s %-40s %s"
                        .formatted(
                                result.verdict(),
                                scenario.name(),
                                String.join(" ", scenario.clauses()));
        var detail =
                result.verdict() == Verdict.NOT_RUN
                        ? result.seen()
                        : "expected " + result.expected() + "; seen " + result.seen();
        events.tell(
                "result",
                line + "\n         " + detail,
                Events.values(
                        "scenario",
                        scenario.name(),
                        "clauses",
                        scenario.clauses(),
                        "verdict",
                        result.verdict().toString(),
                        "expected",
                        result.expected(),
                        result.verdict() == Verdict.NOT_RUN ? "reason" : "seen",
                        result.seen()));
    }

    void summary(List<Result> results) {
        var passed = of(results, Verdict.PASS);
        var failed = of(results, Verdict.FAIL);
        var notRun = of(results, Verdict.NOT_RUN);
        long clauses =
                passed.stream()
                        .map(result -> result.scenario().clauses())
                        .flatMap(Collection::stream)
                        .distinct()
                        .count();
        events.tell(
                "summary",
                String.format(
                        Locale.ROOT,
                        "%n%d passed (%d clauses), %d failed, %d not run",
                        passed.size(),
                        clauses,
                        failed.size(),
                        notRun.size()),
                Events.values(
                        "passed", passed.size(),
                        "clauses", clauses,
                        "failed", failed.size(),
                        "notRun", notRun.size()));
    }

    private static List<Result> of(List<Result> results, Verdict verdict) {
        return results.stream().filter(result -> result.verdict() == verdict).toList();
    }
}
