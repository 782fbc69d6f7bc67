package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.cli.conformance.Result.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The suite finds out what is wrong, and says what was expected and what was seen.
class WrongFunctionTest {

    /// What the second server does not do although it is said to.
    private static final List<String> MISSING =
            List.of(
                    "pager/external-content",
                    "pager/interworking-after-404",
                    "pager/recorded-as-preferred",
                    "large/recorded-as-preferred",
                    "pager/not-recorded",
                    "large/not-recorded",
                    "pager/direct-delivery-to-devices",
                    "pager-to-large/direct-delivery-to-devices",
                    "large/direct-delivery-to-any-release");

    @TempDir Path folder;

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

    /// Our own server, of which something else is said than what it does.
    @Test
    void whatIsStatedAndNotSoFails() throws Exception {
        var stated =
                Map.of(
                        Stated.MINIMUM_RELEASE, "none",
                        Stated.DIRECT_DELIVERY, "devices",
                        Stated.RECORD, "preference");
        try (var tested =
                Tested.start(
                        folder,
                        stated,
                        Optional.empty(),
                        "policy.direct-delivery=off",
                        "policy.record=never",
                        "store.imap=null",
                        "store.secret-file=null",
                        "interworking.isf=null")) {
            var chosen =
                    Suite.scenarios().stream().filter(s -> MISSING.contains(s.name())).toList();

            var results = Suite.run(impatient(tested.target()), chosen, _ -> {});

            assertThat(named(results, Verdict.FAIL)).containsExactlyInAnyOrderElementsOf(MISSING);
        }
    }

    /// What is missing does not come later either.
    private static Target impatient(Target target) {
        return new Target(
                target.hop(),
                target.exploder(),
                target.sender(),
                target.account(),
                target.listen(),
                target.route(),
                Duration.ofSeconds(2),
                target.stated());
    }

    private static List<String> named(List<Result> results, Verdict verdict) {
        return results.stream()
                .filter(result -> result.verdict() == verdict)
                .map(result -> result.scenario().name())
                .toList();
    }
}
