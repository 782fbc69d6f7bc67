package org.fanfare.cli;

import org.fanfare.pf.StoreFailure;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.Mailbox;
import org.fanfare.store.MailboxNames;
import org.fanfare.uri.SipUri;
import org.fanfare.uri.Uri;
import org.fanfare.wire.MalformedMessage;

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

/// What lies in a user's mailbox in the message store.
@Command(
        name = "inbox",
        description = {
            "Show the messages in a user's mailbox in the message store, by conversation.",
            "A UID is the one that the answer to the message named as Message-UID."
        })
final class InboxCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

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
            defaultValue = "{user}@{domain}",
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

    @Option(names = "--json", description = "One JSON object a line for each message.")
    private boolean json;

    @Override
    public Integer call() throws CommandFailure {
        var events = new Events(spec.commandLine().getOut(), json);
        try (var mailbox = Mailbox.open(settings(), user)) {
            mailbox.news().forEach(item -> tell(events, item));
            return ExitStatus.DONE;
        } catch (StoreFailure e) {
            throw new CommandFailure(
                    ExitStatus.NO_ANSWER, "message store %s: %s".formatted(store, e.getMessage()));
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

    private static void tell(Events events, Mailbox.Item item) {
        events.tell(
                "stored",
                "%-10s %-8s %s  %s  %s"
                        .formatted(
                                item.uid(),
                                item.header("Message-Direction").orElse("?"),
                                item.folder(),
                                item.header("Date").orElse(""),
                                item.header("Subject").orElse("")),
                Events.values(
                        "uid",
                        item.uid().value(),
                        "folder",
                        item.folder(),
                        "direction",
                        item.header("Message-Direction").orElse(null),
                        "from",
                        item.header("From").orElse(null),
                        "to",
                        item.header("To").orElse(null),
                        "conversationId",
                        item.header("Conversation-ID").orElse(null),
                        "contributionId",
                        item.header("Contribution-ID").orElse(null),
                        "messageId",
                        item.header("IMDN-Message-ID").orElse(null)));
    }
}
