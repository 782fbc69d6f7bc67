package org.fanfare.cli;

import org.fanfare.server.Configuration;
import org.fanfare.server.ConfigurationException;
import org.fanfare.server.ConfigurationFile;
import org.fanfare.server.Serve;
import org.fanfare.server.StartFailure;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.security.Security;
import java.util.List;
import java.util.concurrent.Callable;

/// Runs the server until it is told to end.
@Command(
        name = "serve",
        description = {
            "Run the Participating Function.",
            "Without a file: with the embedded lab core, so that phones can register at once, and"
                    + " the ledger in ./data.",
            "SIGTERM: refuses new requests with 503, finishes or keeps in the ledger what runs (30"
                    + " s at most), exits 0."
        })
final class ServeCommand implements Callable<Integer> {

    /// How long an address counts that nobody can look up any more, in seconds (reliability N5).
    private static final String LONGEST_WITHOUT_DNS = "3600";

    @Spec private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "YAML; every key has a default.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key of the configuration: --set policy.max-recipients=500")
    private List<String> settings = List.of();

    @Option(
            names = "--print-config",
            description = "Print the effective configuration with its comments, and end.")
    private boolean printConfig;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        // Before the first address is looked up; later it is not heeded.
        Security.setProperty("networkaddress.cache.stale.ttl", LONGEST_WITHOUT_DNS);
        try {
            if (printConfig) {
                return print();
            }
            return serve(Configuration.load(file, settings));
        } catch (ConfigurationException e) {
            throw new CommandFailure(ExitStatus.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    private int print() throws ConfigurationException {
        var out = spec.commandLine().getOut();
        out.print(ConfigurationFile.load(file, settings).toYaml());
        out.flush();
        return ExitStatus.DONE;
    }

    private int serve(Configuration configuration)
            throws CommandFailure, ConfigurationException, InterruptedException {
        try {
            Serve.untilStopped(configuration);
            return ExitStatus.DONE;
        } catch (StartFailure e) {
            throw new CommandFailure(ExitStatus.NO_ANSWER, String.valueOf(e.getMessage()));
        }
    }
}
