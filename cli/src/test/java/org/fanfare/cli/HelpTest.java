package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

class HelpTest {

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench",
                "conformance",
                "demo",
                "inbox",
                "lint",
                "phones",
                "quarantine",
                "receive",
                "send",
                "serve",
                "status"
            })
    void everyCommandExplainsItselfAndItsExitStatuses(String command) {
        var help = Ran.fanfare(command, "--help");

        assertThat(help.status()).isEqualTo(ExitStatus.DONE);
        assertThat(help.out())
                .startsWith("Usage: fanfare " + command)
                .contains("--help", "Exit status:", "69", "78");
        assertThat(help.err()).isEmpty();
        assertThat(Ran.fanfare("help", command).out()).isEqualTo(help.out());
    }

    @Test
    void everyOptionOfSendIsThere() {
        assertThat(Ran.fanfare("send", "--help").out())
                .contains(
                        "--from",
                        "--via",
                        "--exploder",
                        "--to",
                        "--to-file",
                        "--group",
                        "--ad-hoc",
                        "--text",
                        "--file",
                        "--type",
                        "--imdn",
                        "--expires",
                        "--anonymous",
                        "--reply-to",
                        "--in-reply-to",
                        "--conversation-id",
                        "--wait",
                        "--json");
    }

    @Test
    void theCompletionScriptIsGoodForBash() throws Exception {
        try (var completion = Launched.fanfare(folder, "completion")) {
            var ran = completion.ended();

            assertThat(ran.status()).isEqualTo(ExitStatus.DONE);
            assertThat(ran.out()).contains("send", "--ad-hoc", "complete -F _complete_fanfare");
            var bash = new ProcessBuilder("bash", "-n").start();
            try (var in = bash.outputWriter()) {
                in.write(ran.out());
            }
            assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(bash.exitValue()).isZero();
        }
    }
}
