package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.assertj.core.groups.Tuple;
import org.fanfare.cli.conformance.Result.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// The suite finds out what is wrong, and says what was expected and what was seen.
class WrongFunctionTest {

    private static final String UID = "Message-UID as [1-9]\\d{0,9}";
    private static final String RULES = "the XDMS asked for the rules of the sender";

    /// What the second server does not do although it is said to: what was expected, and what was
    /// seen.
    private static final Map<String, Tuple> MISSING =
            Map.of(
                    "pager/external-content",
                    tuple("2xx", "403 Forbidden"),
                    "pager/interworking-after-404",
                    tuple("2xx", "404 Not Found"),
                    "pager/recorded-as-preferred",
                    tuple(UID, "Message-UID []"),
                    "large/recorded-as-preferred",
                    tuple(UID, "Message-UID []"),
                    "pager/not-recorded",
                    tuple(RULES, "nothing within 10 s"),
                    "large/not-recorded",
                    tuple(RULES, "nothing within 10 s"),
                    "pager/direct-delivery-to-devices",
                    tuple(
                            "Accept-Contact: *;+sip.instance=\"<URN>\";explicit;require",
                            "[*;+g.3gpp.icsi-ref="));

    /// Large messages go to each device, whatever the way: there is no other one.
    private static final Set<String> THERE =
            Set.of(
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
                            Duration.ofSeconds(10),
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
                    .containsExactly(tuple("486", "200 OK"));
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
                        "policy.direct-delivery=core",
                        "policy.record=never",
                        "store.imap=null",
                        "store.secret-file=null",
                        "interworking.isf=null")) {
            var chosen =
                    Suite.scenarios().stream()
                            .filter(s -> MISSING.containsKey(s.name()) || THERE.contains(s.name()))
                            .toList();

            var results = Suite.run(impatient(tested.target()), chosen, _ -> {});

            assertThat(named(results, Verdict.PASS)).containsExactlyInAnyOrderElementsOf(THERE);
            assertThat(results)
                    .filteredOn(result -> result.verdict() == Verdict.FAIL)
                    .hasSize(MISSING.size())
                    .allSatisfy(WrongFunctionTest::checkReason);
        }
    }

    private static void checkReason(Result result) {
        var reason = Objects.requireNonNull(MISSING.get(result.scenario().name())).toList();
        assertThat(result.expected()).as(result.scenario().name()).isEqualTo(reason.getFirst());
        assertThat(result.seen())
                .as(result.scenario().name())
                .startsWith(String.valueOf(reason.getLast()));
    }

    /// What is missing does not come later either; what is there has to come within this.
    private static Target impatient(Target target) {
        return new Target(
                target.hop(),
                target.exploder(),
                target.sender(),
                target.account(),
                target.listen(),
                target.route(),
                Duration.ofSeconds(10),
                target.stated());
    }

    private static List<String> named(List<Result> results, Verdict verdict) {
        return results.stream()
                .filter(result -> result.verdict() == verdict)
                .map(result -> result.scenario().name())
                .toList();
    }
}
