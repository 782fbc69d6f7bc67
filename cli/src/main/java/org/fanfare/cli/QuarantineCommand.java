package org.fanfare.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/// Decides about what a server has set aside.
@Command(
        name = "quarantine",
        description = {
            "Decide about recipients of a message that the server has set aside, because work on"
                    + " them has ended its process several times, or because their record is"
                    + " damaged.",
            "The server's log names the message; `fanfare status ID --json` says how many ranges"
                    + " of 1,000 recipients are set aside."
        })
final class QuarantineCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Mixin private AdminOptions admin = new AdminOptions();

    @Parameters(paramLabel = "ID", description = "Contribution-ID of the message.")
    private String id = "";

    @ArgGroup(multiplicity = "1")
    private Action action = new Action();

    /// One of the two.
    static final class Action {

        @Option(names = "--release", description = "Try again, as if for the first time.")
        @SuppressWarnings("UnusedVariable") // what is meant when the other is not set
        private boolean release;

        @Option(
                names = "--drop",
                description = "Nothing more is sent: whoever has no outcome has failed.")
        private boolean drop;
    }

    @Override
    public Integer call() throws CommandFailure {
        var word = action.drop ? "drop" : "release";
        var path = "/v1/messages/" + AdminClient.encode(id) + "/quarantine?action=" + word;
        var ranges = admin.client().post(path).get("ranges").asInt();
        var out = spec.commandLine().getOut();
        out.println(ranges == 0 ? "nothing of it is set aside" : word + ": " + ranges + " ranges");
        out.flush();
        return ranges == 0 ? ExitStatus.FAILED_FOR_ALL : ExitStatus.DONE;
    }
}
