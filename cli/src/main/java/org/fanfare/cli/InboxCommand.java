package org.fanfare.cli;

import org.fanfare.pf.StoreFailure;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.MailboxNames;
import org.fanfare.store.MailboxState;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What lies in a user's mailbox in the message store.
@Command(
        name = "inbox",
        description = {
            "Show the messages in a user's mailbox in the message store, by conversation: the first"
                    + " time all, then what is new or has changed.",
            "A UID is the one that the answer to the message named as Message-UID."
        })
final class InboxCommand implements Callable<Integer> {

    private static final String USUAL = "{user}@{domain}";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// For LOGOUT when the process is told to end.
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    @Spec private CommandSpec spec;

    @Option(
            names = "--store",
            required = true,
            paramLabel = "URI",
            description = "imap://HOST:PORT or imaps://HOST:PORT.")
    private URI store;

    @Option(names = "--as", required = true, paramLabel = "URI", description = "Whose mailbox.")
    private String user;

    @Option(
            names = "--mailbox",
            paramLabel = "PATTERN",
            defaultValue = USUAL,
            description = "Name of the mailbox (default: ${DEFAULT-VALUE}).")
    private String pattern;

    @Option(
            names = "--password-file",
            required = true,
            paramLabel = "FILE",
            description = "File with its password.")
    private Path password;

    @Option(
            names = "--root",
            paramLabel = "FOLDER",
            defaultValue = "Default",
            description = "Folder of all conversations (default: ${DEFAULT-VALUE}).")
    private String root;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description =
                    "What is known of the mailbox already (default: one for each mailbox below"
                            + " $XDG_STATE_HOME/fanfare or ~/.local/state/fanfare).")
    private @Nullable Path state;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description =
                    "What `fanfare send` and `receive` have noted with the same option: a message"
                            + " and its copy in the store are shown as one.")
    private @Nullable Path history;

    @Option(names = "--all", description = "Show everything, also what is known already.")
    private boolean all;

    @Option(
            names = "--watch",
            description = "Go on, and show what is new or changes, until ended (Ctrl-C, SIGTERM).")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "S",
            defaultValue = "30",
            description =
                    "With --watch: seconds between two looks where the store does not tell of all"
                            + " folders by itself (default: ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--json", description = "One JSON object a line for each message.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure, InterruptedException {
        if (every < 1) {
            throw new CommandFailure(ExitStatus.USAGE, "--every: expected a number from 1");
        }
        var events = new Events(spec.commandLine().getOut(), json);
        var settings = settings();
        var identity =
                "%s in %s below %s".formatted(user, store, root)
                        + (pattern.equals(USUAL) ? "" : " as " + pattern);
        var file =
                new StateFile(
                        state == null ? StateFile.usual(System.getenv(), user, identity) : state,
                        identity);
        var kept = file.load();
        var known = kept == null || all ? MailboxState.NOTHING : kept;
        var inbox =
                new InboxWatch(
                        settings,
                        user,
                        Duration.ofSeconds(every),
                        new InboxView(
                                events,
                                history == null ? null : new HistoryFile(history),
                                kept != null && !all),
                        file,
                        events);
        try {
            if (watch) {
                untilEnded(inbox, known);
            } else {
                inbox.once(known);
            }
            return ExitStatus.DONE;
        } catch (StoreFailure e) {
            throw new CommandFailure(
                    ExitStatus.NO_ANSWER, "message store %s: %s".formatted(store, e.getMessage()));
        }
    }

    /// The status of a process that ends by a signal would say so; here it is the way to end.
    private static void untilEnded(InboxWatch inbox, MailboxState known)
            throws StoreFailure, CommandFailure, InterruptedException {
        var ended = new CountDownLatch(1);
        var stop = new Thread(() -> stop(inbox, ended), "stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            inbox.run(known);
        } finally {
            ended.countDown();
            SendCommand.stay(stop);
        }
    }

    private static void stop(InboxWatch inbox, CountDownLatch ended) {
        inbox.stop();
        try {
            ended.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(ExitStatus.DONE);
        }
    }

    private ImapSettings settings() throws CommandFailure {
        if (store.getHost() == null || !pattern.contains("{user}")) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "--store: expected imap://HOST:PORT; --mailbox: expected {user} in it");
        }
        try {
            var secret = Files.readString(password).strip();
            return ImapSettings.of(store, new MailboxNames(pattern, domain()), secret)
                    .withRoot(root)
                    .withTimeout(PATIENCE);
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.USAGE, "--password-file: cannot read " + password);
        }
    }

    /// The one that a pattern without {domain} is for.
    private String domain() throws CommandFailure {
        try {
            return Uri.parse(user) instanceof SipUri sip ? sip.hostPort().canonicalHost() : "";
        } catch (MalformedMessage e) {
            throw new CommandFailure(ExitStatus.USAGE, "--as: " + e.getMessage());
        }
    }
}
