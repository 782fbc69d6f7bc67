package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.cli.conformance.Result.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Our own server, judged from outside.
class SuiteTest {

    private static final Map<Stated, String> ALLOWS_EVERYTHING =
            Map.of(
                    Stated.MAX_RECIPIENTS, "5",
                    Stated.MINIMUM_RELEASE, "none",
                    Stated.ANONYMITY, "allowed",
                    Stated.ANONYMITY_TO_MANY, "allowed",
                    Stated.MSRP_CHUNK, "1000",
                    Stated.SESSION_INTERVAL, "900",
                    Stated.DIRECT_DELIVERY, "devices",
                    Stated.DUPLICATES, "suppressed");

    private static final Map<Stated, String> ALLOWS_LITTLE =
            Map.of(
                    Stated.DENIED, "sip:mallory@home.example",
                    Stated.MINIMUM_RELEASE, "OMA2.1",
                    Stated.ANONYMITY, "refused",
                    Stated.ANONYMITY_TO_MANY, "refused",
                    Stated.ISF, "none",
                    Stated.DIRECT_DELIVERY, "devices");

    /// To record every message of every scenario would take a minute.
    private static final Map<Stated, String> RECORDS_WHAT_IS_PREFERRED =
            Map.of(
                    Stated.MINIMUM_RELEASE, "none",
                    Stated.DIRECT_DELIVERY, "core",
                    Stated.RECORD, "preference");

    private static final Map<Stated, String> RECORDS_EVERYTHING =
            Map.of(Stated.DIRECT_DELIVERY, "off", Stated.RECORD, "always");

    @TempDir Path folder;

    /// What one configuration does not let us see is run against another.
    @Test
    void everyScenarioPasses() throws Exception {
        var passed = new HashSet<String>();
        passed.addAll(
                allPass(
                        List.of("*"),
                        ALLOWS_EVERYTHING,
                        Optional.empty(),
                        "policy.max-recipients=5",
                        "policy.msrp-chunk=1000",
                        "policy.direct-delivery=devices",
                        "policy.session-interval=900s"));
        passed.addAll(
                allPass(
                        List.of("*"),
                        ALLOWS_LITTLE,
                        Optional.empty(),
                        "policy.originators={allow: [\"sip:alice@*\"]}",
                        "policy.user-agent={minimum: OMA2.1}",
                        "policy.direct-delivery=devices",
                        "policy.anonymity={allowed: false, to-many: false}"));
        for (var stated : List.of(RECORDS_WHAT_IS_PREFERRED, RECORDS_EVERYTHING)) {
            passed.addAll(
                    allPass(
                            List.of("direct-delivery", "record", "external"),
                            stated,
                            Optional.empty(),
                            "policy.direct-delivery=" + stated.get(Stated.DIRECT_DELIVERY)));
        }

        assertThat(passed)
                .containsExactlyInAnyOrderElementsOf(
                        Suite.scenarios().stream().map(Scenario::name).toList());
    }

    @Test
    void whoIsNoTrustedCoreAuthenticatesByDigest() throws Exception {
        var users = Files.writeString(folder.resolve("users"), "alice:secret\n");

        var passed =
                allPass(
                        List.of("*-m*"),
                        Map.of(Stated.MAX_RECIPIENTS, "5"),
                        Optional.of(new Target.Account("alice", "secret", "home.example")),
                        "policy.max-recipients=5",
                        "trust=[\"192.0.2.1/32\"]",
                        "users={source: file, file: \"" + users + "\"}");

        assertThat(passed).contains("pager/one-to-many", "large/as-many-as-allowed");
    }

    /// Names of what passed; nothing fails.
    private Set<String> allPass(
            List<String> patterns,
            Map<Stated, String> stated,
            Optional<Target.Account> account,
            String... settings)
            throws Exception {
        var passed = new HashSet<String>();
        try (var tested =
                Tested.start(Files.createTempDirectory(folder, ""), stated, account, settings)) {
            var chosen =
                    Suite.scenarios().stream()
                            .filter(s -> patterns.stream().anyMatch(s::fits))
                            .toList();
            var results = Suite.run(tested.target(), chosen, _ -> {});

            assertThat(results)
                    .filteredOn(result -> result.verdict() == Verdict.FAIL)
                    .extracting(r -> List.of(r.scenario().name(), r.expected(), r.seen()))
                    .isEmpty();
            results.stream()
                    .filter(result -> result.verdict() == Verdict.PASS)
                    .forEach(result -> passed.add(result.scenario().name()));
        }
        return passed;
    }
}
