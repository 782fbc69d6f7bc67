package org.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.StringWriter;

class FanfareTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionNamesFanfareAndJava() {
        assertThat(run("--version")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).matches("fanfare \\d\\S* \\(Java \\S+\\)\\R");
    }

    @Test
    void helpListsTheExitStatuses() {
        assertThat(run("--help")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).contains("completion").contains("69").contains("78");
    }

    @Test
    void noCommandIsWrongUsage() {
        assertThat(run()).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString()).startsWith("fanfare: which command?").contains("Usage: fanfare");
    }

    @Test
    void anUnknownCommandIsWrongUsageAndTheNearestOneIsNamed() {
        assertThat(run("completoin")).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString()).contains("completoin").contains("completion");
    }

    @ParameterizedTest
    @CsvSource({"sned,send", "stauts,status", "phone,phones", "servce,serve"})
    void aTypingMistakeIsNoReasonToShowTheWholeUsage(String typed, String meant) {
        assertThat(run(typed)).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString())
                .isEqualToNormalizingNewlines(
                        "fanfare: Unmatched argument at index 0: '%s'\nDid you mean: %s?\n"
                                .formatted(typed, meant));
    }

    @Test
    void wrongUsageOfASubcommandIsTheSame() {
        assertThat(run("completion", "--loud")).isEqualTo(ExitStatus.USAGE);

        assertThat(err.toString()).contains("--loud");
    }

    @Test
    void completionIsAScriptForTheShell() {
        assertThat(run("completion")).isEqualTo(ExitStatus.DONE);

        assertThat(out.toString()).contains("complete -F _complete_fanfare");
    }

    @Test
    void aFailureIsOneSentenceAndItsExitStatus() {
        assertThat(run("fails")).isEqualTo(ExitStatus.NO_ANSWER);

        assertThat(err.toString()).isEqualToNormalizingNewlines("fanfare: no answer\n");
    }

    @Test
    void aFaultShowsWhereItHappened() {
        assertThat(run("breaks")).isEqualTo(ExitStatus.FAULT);

        assertThat(err.toString()).contains("please report").contains("FanfareTest");
    }

    private int run(String... arguments) {
        return Fanfare.commandLine()
                .addSubcommand(new Fails())
                .addSubcommand(new Breaks())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    @Command(name = "fails")
    static final class Fails implements java.util.concurrent.Callable<Integer> {
        @Override
        public Integer call() throws CommandFailure {
            throw new CommandFailure(ExitStatus.NO_ANSWER, "no answer");
        }
    }

    @Command(name = "breaks")
    static final class Breaks implements Runnable {
        @Override
        public void run() {
            throw new IllegalStateException("broken");
        }
    }
}
