package org.fanfare.cli;

import org.fanfare.cli.conformance.Result;
import org.fanfare.cli.conformance.Result.Verdict;
import org.fanfare.cli.conformance.Scenario;
import org.fanfare.cli.conformance.Suite;
import org.fanfare.cli.conformance.Target;
import org.fanfare.sip.transport.Hop;
import org.fanfare.uri.Uri;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// Judges a CPM Participating Function, ours or any other, from outside.
@Command(
        name = "conformance",
        description = {
            "Judge any CPM Participating Function from outside, clause by clause.",
            "Sends as a client by way of the core, and receives as the core: the target must have"
                    + " --listen as its next hop. What cannot be seen from outside is said with the"
                    + " options; what is not said is not run. See docs/conformance-suite.md.",
            "Exit status 0 when all that was run passed, 1 when something failed."
        },
        footer = {
            "",
            "Example:",
            "  fanfare conformance --target sip:127.0.0.1:5062 \\",
            "    --exploder sip:exploder@home.example --listen 127.0.0.1:5070 \\",
            "    --max-recipients 100 --anonymity allowed --isf none"
        })
final class ConformanceCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--target",
            paramLabel = "sip:HOST:PORT",
            converter = Converters.ToHop.class,
            description = "The Participating Function under test.")
    private @Nullable Hop target;

    @Option(
            names = "--exploder",
            paramLabel = "URI",
            converter = Converters.ToUri.class,
            description = "Its EXPLODER-URI.")
    private @Nullable Uri exploder;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:5070",
            description = "Where it finds the core, which we play (default: ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(
            names = "--route",
            description = "Its address and ours are in Route, as an S-CSCF has it.")
    private boolean route;

    @Option(
            names = "--from",
            paramLabel = "URI",
            description = "Who sends; alice in the domain of the EXPLODER-URI unless given.")
    private Optional<String> from = Optional.empty();

    @ArgGroup(exclusive = false, heading = "%nDigest, where we are no trusted core:%n")
    private Digest digest = new Digest();

    @ArgGroup(exclusive = false, heading = "%nHow the target is configured:%n")
    private StatedOptions stated = new StatedOptions();

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description =
                    "Scenarios or clause ids, with * for anything; several times for several.")
    private List<String> only = List.of();

    @Option(names = "--list", description = "Print scenarios with their clause ids, and end.")
    private boolean list;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "10",
            description = "How long anything may take (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds;

    @Option(names = "--json", description = "One JSON object a line, the last one a summary.")
    private boolean json;

    /// With what the sender authenticates.
    private static final class Digest {

        @Option(names = "--user", paramLabel = "NAME", description = "User name.")
        private Optional<String> user = Optional.empty();

        @Option(names = "--password", paramLabel = "PASSWORD", description = "Password.")
        private Optional<String> password = Optional.empty();

        @Option(
                names = "--realm",
                paramLabel = "REALM",
                description = "Realm; the domain of the sender unless given.")
        private Optional<String> realm = Optional.empty();
    }

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        var report = new ConformanceReport(new Events(spec.commandLine().getOut(), json));
        var chosen =
                Suite.scenarios().stream()
                        .filter(s -> only.isEmpty() || only.stream().anyMatch(s::fits))
                        .toList();
        if (chosen.isEmpty()) {
            throw new CommandFailure(ExitStatus.USAGE, "--only: no scenario fits " + only);
        }
        if (list) {
            chosen.forEach(report::list);
            return ExitStatus.DONE;
        }
        return run(chosen, report);
    }

    private int run(List<Scenario> chosen, ConformanceReport report)
            throws CommandFailure, InterruptedException {
        try {
            var results = Suite.run(target(), chosen, report::result);
            report.summary(results);
            return results.stream().map(Result::verdict).anyMatch(Verdict.FAIL::equals)
                    ? ExitStatus.FAILED_FOR_ALL
                    : ExitStatus.DONE;
        } catch (Suite.NoAnswer e) {
            throw new CommandFailure(
                    ExitStatus.NO_ANSWER,
                    e.getMessage() + " (is it running, and is --listen its next hop?)");
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.NO_ANSWER, String.valueOf(e.getMessage()));
        }
    }

    private Target target() throws CommandFailure {
        if (target == null || exploder == null) {
            throw new CommandFailure(ExitStatus.USAGE, "expected --target and --exploder");
        }
        var sender = from.orElse("sip:alice@" + Target.domainOf(exploder.toString()));
        return new Target(
                target,
                exploder.toString(),
                sender,
                account(sender),
                StatedOptions.address("--listen", listen),
                route,
                Duration.ofSeconds(timeoutSeconds),
                stated.values());
    }

    private Optional<Target.Account> account(String sender) {
        return digest.user.map(user ->
                new Target.Account(
                        user,
                        digest.password.orElse(""),
                        digest.realm.orElse(Target.domainOf(sender))));
    }
}
