package org.fanfare.cli;

import org.fanfare.server.Keys;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

import java.util.Comparator;
import java.util.Optional;

/// The command `fanfare`. Subcommands inherit `--help`, `--version` and the meaning of exit
/// statuses.
@Command(
        name = "fanfare",
        description = "OMA CPM standalone messages to one, to a group, to many.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:done",
            "1:refused or failed for all, or what was asked failed",
            "2:from send with --imdn and --wait: reported failed for some recipients, not for all",
            "64:wrong usage",
            "69:no answer from the server",
            "70:a fault of fanfare itself",
            "78:wrong configuration"
        },
        subcommands = {
            BenchCommand.class,
            CompletionCommand.class,
            ConformanceCommand.class,
            DemoCommand.class,
            HelpCommand.class,
            InboxCommand.class,
            LintCommand.class,
            PhonesCommand.class,
            QuarantineCommand.class,
            ReceiveCommand.class,
            SendCommand.class,
            ServeCommand.class,
            StatusCommand.class,
        })
public final class Fanfare implements Runnable {

    /// Two letters that have changed places are two.
    private static final int TYPING_MISTAKES = 2;

    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /// The whole command with its handling of errors, ready to run once.
    static CommandLine commandLine() {
        return new CommandLine(new Fanfare())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(Fanfare::explainUsage)
                .setExecutionExceptionHandler(Fanfare::explainFailure);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int explainUsage(ParameterException exception, String[] arguments) {
        var command = exception.getCommandLine();
        var err = command.getErr();
        err.println("fanfare: " + exception.getMessage());
        var near = nearCommand(exception);
        if (near.isPresent()) {
            err.println("Did you mean: " + near.get() + "?");
        } else if (!UnmatchedArgumentException.printSuggestions(exception, err)) {
            command.usage(err);
        }
        return ExitStatus.USAGE;
    }

    /// The subcommand that was meant by a word which is nearly one: picocli finds those that begin
    /// alike, but not `send` behind `sned`.
    private static Optional<String> nearCommand(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return Optional.empty();
        }
        var word = unmatched.getUnmatched().getFirst();
        return exception.getCommandLine().getSubcommands().keySet().stream()
                .filter(name -> Keys.editDistance(word, name) <= TYPING_MISTAKES)
                .min(Comparator.comparingInt(name -> Keys.editDistance(word, name)));
    }

    private static int explainFailure(
            Exception exception, CommandLine command, CommandLine.ParseResult parsed) {
        if (exception instanceof CommandFailure failure) {
            command.getErr().println("fanfare: " + failure.getMessage());
            return failure.exitStatus();
        }
        command.getErr().println("fanfare: a fault of fanfare itself, please report it:");
        exception.printStackTrace(command.getErr());
        return ExitStatus.FAULT;
    }
}
