package org.fanfare.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.fanfare.cli.conformance.Result.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Our own server passes every scenario.
class SuiteTest {

    @TempDir Path folder;

    @Test
    void ourServerPasses() throws Exception {
        var stated =
                Map.of(
                        Stated.MAX_RECIPIENTS, "5",
                        Stated.MINIMUM_RELEASE, "none",
                        Stated.ANONYMITY, "allowed",
                        Stated.ANONYMITY_TO_MANY, "allowed");
        try (var tested =
                Tested.start(folder, stated, Optional.empty(), "policy.max-recipients=5")) {
            assertAllPass(tested);
        }
    }

    private static void assertAllPass(Tested tested) throws Exception {
        var results = Suite.run(tested.target(), Suite.scenarios(), _ -> {});
        assertThat(results)
                .filteredOn(result -> result.verdict() == Verdict.FAIL)
                .extracting(r -> List.of(r.scenario().name(), r.expected(), r.seen()))
                .isEmpty();
        assertThat(results).anyMatch(result -> result.verdict() == Verdict.PASS);
    }
}
