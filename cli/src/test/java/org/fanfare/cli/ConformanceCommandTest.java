package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;

class ConformanceCommandTest {

    private static final String EXPLODER = Lab.EXPLODER;

    @TempDir Path folder;

    @Test
    void theListNeedsNoTarget() {
        var ran = Ran.fanfare("conformance", "--list", "--only", "8.2.1.1/8.A.ii.2*");

        assertThat(ran.status()).isEqualTo(ExitStatus.DONE);
        assertThat(ran.out().lines())
                .hasSize(2)
                .anyMatch(line -> line.matches("pager/too-many +8.2.1.1/8.A.ii.2 .*\\.warn"));
    }

    @Test
    void aPatternThatFitsNothingIsWrongUsage() {
        var ran = Ran.fanfare("conformance", "--list", "--only", "nonsense");

        assertThat(ran.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(ran.err()).contains("--only: no scenario fits [nonsense]");
    }

    @Test
    void withoutATargetItIsWrongUsage() {
        assertThat(Ran.fanfare("conformance").status()).isEqualTo(ExitStatus.USAGE);
        assertThat(conformance(1, "127.0.0.1:0", "--anonymity", "perhaps").err())
                .contains("--anonymity: expected allowed or refused");
        assertThat(conformance(1, "127.0.0.1:0", "--store", "imap://127.0.0.1").err())
                .contains("expected --store, --store-user and --store-password");
        assertThat(conformance(1, "nowhere").status()).isEqualTo(ExitStatus.USAGE);
    }

    @Test
    void aTargetThatDoesNotAnswerIsNoAnswer() throws Exception {
        try (var silent =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var ran = conformance(silent.getLocalPort(), "127.0.0.1:0", "--timeout", "1");

            assertThat(ran.status()).isEqualTo(ExitStatus.NO_ANSWER);
            assertThat(ran.err()).contains("no answer from sip:127.0.0.1:", "in 1 s");
        }
    }

    @Test
    void anAddressThatCannotBeHadIsNamedWithItsOption() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var at = "127.0.0.1:" + taken.getLocalPort();

            for (var option : List.of("--isf", "--xdms")) {
                var ran = conformance(1, "127.0.0.1:0", option, at);
                assertThat(ran.status()).isEqualTo(ExitStatus.NO_ANSWER);
                assertThat(ran.err()).contains(option + ": cannot listen at " + at);
            }
            assertThat(conformance(1, at).err()).contains("--listen: cannot listen at " + at);
        }
    }

    /// The lab's next hop is a core of its own, so nothing comes to us.
    @Test
    void whatFailsIsInTheTableAndInTheExitStatus() throws Exception {
        try (var lab = new Lab(folder)) {
            String[] more = {
                "--only",
                "pager/to-one",
                "--only",
                "pager/user-agent",
                "--only",
                "pager/too-many",
                "--only",
                "large/all-refuse",
                "--timeout",
                "20"
            };
            var table = conformance(lab.sipPort(), "127.0.0.1:0", more);
            assertThat(table.status()).isEqualTo(ExitStatus.FAILED_FOR_ALL);
            assertThat(table.out())
                    .containsPattern("FAIL +pager/to-one +8.2.1.1/8.A.iii\\R +expected 2xx; seen 4")
                    .containsPattern("not run +pager/too-many .*\\R +needs --max-recipients N")
                    .containsPattern("pass +large/all-refuse")
                    .contains("1 passed (1 clauses), 2 failed, 1 not run");

            var json = conformance(lab.sipPort(), "127.0.0.1:0", with(more, "--json"));
            assertThat(json.events()).hasSize(5);
            assertThat(json.events().getFirst().get("verdict").asString()).isEqualTo("not run");
            assertThat(json.lastEvent().get("event").asString()).isEqualTo("summary");
            assertThat(json.lastEvent().get("failed").asInt()).isEqualTo(2);
        }
    }

    private static String[] with(String[] some, String more) {
        var all = java.util.Arrays.copyOf(some, some.length + 1);
        all[some.length] = more;
        return all;
    }

    private static Ran conformance(int port, String listen, String... more) {
        var all = new java.util.ArrayList<String>();
        all.addAll(java.util.List.of("conformance", "--target", "sip:127.0.0.1:" + port));
        all.addAll(java.util.List.of("--exploder", EXPLODER, "--listen", listen));
        all.addAll(java.util.List.of(more));
        return Ran.fanfare(all.toArray(String[]::new));
    }
}
