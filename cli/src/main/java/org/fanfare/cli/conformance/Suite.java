package org.fanfare.cli.conformance;

import org.fanfare.cli.conformance.Result.Verdict;
import org.fanfare.wire.MalformedMessage;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// All scenarios, and how they are run: one after another, each with recipients of its own, so that
/// what comes late does not disturb the next.
public final class Suite {

    private Suite() {}

    /// The scenarios in the order of the clauses.
    public static List<Scenario> scenarios() {
        return Stream.of(
                        RequestChecks.of(Mode.PAGER, "8.2.1.1"),
                        PagerServices.scenarios(),
                        ListChecks.of(
                                Mode.PAGER,
                                "8.2.1.1/8.A.ii.1",
                                "8.2.1.1/8.A.ii.2",
                                "8.2.1.1/8.A.ii.3",
                                "8.2.1.1/8.A.ii.5"),
                        PagerExternalContent.scenarios(),
                        PagerCopies.scenarios(),
                        PagerDuplicates.scenarios(),
                        PagerDirectDelivery.scenarios(),
                        PagerForwarding.scenarios(),
                        PagerInterworking.scenarios(),
                        ListChecks.of(
                                Mode.TO_LARGE,
                                "8.2.1.1/8.B.a.iv.1",
                                "8.2.1.1/8.B.a.iv.2",
                                "8.2.1.1/8.B.a.iv.3",
                                "8.2.1.1/8.B.a.iv.4"),
                        PagerToLarge.scenarios(),
                        SessionInterworking.ofPager(),
                        RequestChecks.of(Mode.LARGE, "8.2.1.2"),
                        ListChecks.of(
                                Mode.LARGE,
                                "8.2.1.2/7.a.i",
                                "8.2.1.2/7.a.ii",
                                "8.2.1.2/7.a.iii",
                                "8.2.1.2/7.a.iv"),
                        LargeInvites.scenarios(),
                        LargeAnswers.scenarios(),
                        LargeRefreshes.scenarios(),
                        LargeSessions.scenarios(),
                        SessionInterworking.ofLarge(),
                        Recording.scenarios(),
                        DeviceDelivery.scenarios())
                .flatMap(List::stream)
                .toList();
    }

    /// Runs scenarios against a target.
    ///
    /// @param onResult is told of each as it ends
    /// @throws IOException when we cannot listen
    /// @throws NoAnswer when there is nobody at the target
    public static List<Result> run(
            Target target, List<Scenario> scenarios, Consumer<Result> onResult)
            throws IOException, NoAnswer, InterruptedException {
        try (var network = Network.open(target)) {
            network.ping();
            var results = new java.util.ArrayList<Result>();
            for (var scenario : scenarios) {
                var result = run(network, target, scenario);
                results.add(result);
                onResult.accept(result);
            }
            return results;
        }
    }

    private static Result run(Network network, Target target, Scenario scenario)
            throws InterruptedException {
        var missing = scenario.missing(target);
        if (missing.isPresent()) {
            return new Result(scenario, Verdict.NOT_RUN, scenario.expected(), missing.get());
        }
        var stage = new Stage(network, target);
        try (stage) {
            scenario.script().play(stage);
            return new Result(scenario, Verdict.PASS, scenario.expected(), stage.seen());
        } catch (Mismatch mismatch) {
            return new Result(scenario, Verdict.FAIL, mismatch.expected(), mismatch.seen());
        } catch (MalformedMessage malformed) {
            var seen = String.valueOf(malformed.getMessage());
            return new Result(scenario, Verdict.FAIL, "a well-formed message", seen);
        }
    }

    /// Nobody is there to be judged.
    public static final class NoAnswer extends Exception {

        private static final long serialVersionUID = 1;

        NoAnswer(String message) {
            super(message, null, false, false);
        }
    }
}
