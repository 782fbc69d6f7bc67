package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.cli.conformance.Result.Verdict;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The suite finds out what is wrong, and says what was expected and what was seen.
class WrongFunctionTest {

    @Test
    void whatIsWrongFailsAndWhatIsRightPasses() throws Exception {
        var core = Tested.freeAddress();
        try (var wrong = new WrongFunction(core)) {
            var target =
                    new Target(
                            wrong.hop(),
                            Tested.EXPLODER,
                            "sip:alice@home.example",
                            Optional.empty(),
                            core,
                            false,
                            Duration.ofSeconds(5),
                            Map.of(Stated.MAX_RECIPIENTS, "2", Stated.ISF, "none"));
            var pager = Suite.scenarios().stream().filter(s -> s.fits("pager/*")).toList();

            var results = Suite.run(target, pager, _ -> {});

            assertThat(named(results, Verdict.FAIL))
                    .contains(
                            "pager/no-list-in-copies",
                            "pager/octet-for-octet",
                            "pager/too-many",
                            "pager/empty-list",
                            "pager/expired",
                            "pager/user-agent",
                            "pager/originator-asserted",
                            "pager/listed-twice",
                            "pager/final-response-486",
                            "pager/1301-octets",
                            "pager/ad-hoc-group",
                            "pager/preferred-service-msg");
            assertThat(named(results, Verdict.PASS))
                    .contains(
                            "pager/one-to-many",
                            "pager/copied-subject",
                            "pager/nothing-invented",
                            "pager/retransmission");
            assertThat(results)
                    .filteredOn(r -> r.scenario().name().equals("pager/too-many"))
                    .extracting(Result::expected, Result::seen)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("486", "200 OK"));
        }
    }

    private static List<String> named(List<Result> results, Verdict verdict) {
        return results.stream()
                .filter(result -> result.verdict() == verdict)
                .map(result -> result.scenario().name())
                .toList();
    }
}
