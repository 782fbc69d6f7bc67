package org.fanfare.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the script that teaches the shell to complete `fanfare`.
@Command(
        name = "completion",
        description = {
            "Print a completion script for bash and zsh.",
            "Use it with: source <(fanfare completion)"
        })
final class CompletionCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        var out = spec.commandLine().getOut();
        out.print(AutoComplete.bash("fanfare", spec.root().commandLine()));
        out.flush();
    }
}
