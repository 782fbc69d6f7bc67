package org.fanfare.cli;

import org.fanfare.cli.mailstore.PrivateDovecot;
import org.fanfare.server.StartFailure;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;

/// The whole thing in one process and a few seconds.
@Command(
        name = "demo",
        description = {
            "One message to 100 simulated phones: starts a SIP/IP core, the Participating Function"
                    + " and the phones on free ports of the loopback address, sends, shows what"
                    + " happened, ends.",
            "A few phones are switched off, busy, or do not know CPM.",
            "With --large it is a picture of 1 MiB over MSRP; one phone reads slowly, two refuse,"
                    + " one is cut off in the middle and gets it again.",
            "With --store it is recorded in the sender's mailbox in a message store."
        })
final class DemoCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Option(
            names = "--text",
            paramLabel = "T",
            defaultValue = "One message, every recipient.",
            description = "What is sent.")
    private String text = "";

    @Option(names = "--large", description = "Send a picture of 1 MiB instead of a text.")
    private boolean large;

    @Option(
            names = "--store",
            description =
                    "Record the message in the sender's mailbox, in a Dovecot that is started for"
                            + " the demo (Debian package "
                            + PrivateDovecot.PACKAGE
                            + ").")
    private boolean store;

    @Override
    public Integer call() throws IOException, StartFailure, InterruptedException, CommandFailure {
        System.setProperty("fanfare.log", System.getProperty("fanfare.log", "error"));
        var folder = Files.createTempDirectory("fanfare-demo");
        try (var mail = store ? Demo.store(folder.resolve("store")) : null;
                var demo = new Demo(folder, spec.commandLine().getOut(), mail)) {
            return demo.run(large ? DemoContent.picture() : DemoContent.text(text))
                    ? ExitStatus.DONE
                    : ExitStatus.FAILED_FOR_ALL;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
