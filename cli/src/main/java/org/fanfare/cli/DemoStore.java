package org.fanfare.cli;

import org.fanfare.cli.mailstore.PrivateDovecot;
import org.fanfare.client.HandledMessages;
import org.fanfare.client.SendResult;
import org.fanfare.cpm.MessageUid;
import org.fanfare.pf.StoreFailure;
import org.fanfare.store.ImapSettings;
import org.fanfare.store.Mailbox;
import org.fanfare.store.Mailbox.Change;
import org.fanfare.store.MailboxNames;
import org.fanfare.store.MailboxState;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// The message store of the demo: a Dovecot of its own with a mailbox for the sender, in which the
/// server records what he sends.
final class DemoStore implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PrivateDovecot dovecot;
    private final String user;
    private final String domain;
    private final String secret;
    private final Path secretFile;

    private DemoStore(
            PrivateDovecot dovecot, String user, String domain, String secret, Path secretFile) {
        this.dovecot = dovecot;
        this.user = user;
        this.domain = domain;
        this.secret = secret;
        this.secretFile = secretFile;
    }

    /// Starts it, with its files in `folder`.
    ///
    /// @param user with a mailbox of the name `user@domain`
    static DemoStore start(Path folder, String user, String domain)
            throws CommandFailure, IOException, InterruptedException {
        var program =
                PrivateDovecot.installed()
                        .orElseThrow(() ->
                                new CommandFailure(
                                        ExitStatus.NO_ANSWER,
                                        "--store needs the mail server Dovecot 2.3, which"
                                                + " is not installed (Debian package "
                                                + PrivateDovecot.PACKAGE
                                                + ")"));
        var octets = new byte[16];
        new SecureRandom().nextBytes(octets);
        var secret = HexFormat.of().formatHex(octets);
        var mailbox = user + "@" + domain;
        var dovecot = new PrivateDovecot(program, folder, freePort(), Map.of(mailbox, secret));
        var secretFile = Files.writeString(folder.resolve("secret"), secret + "\n");
        try {
            dovecot.start();
        } catch (IOException e) {
            throw new CommandFailure(ExitStatus.NO_ANSWER, "--store: " + e.getMessage());
        }
        return new DemoStore(dovecot, user, domain, secret, secretFile);
    }

    /// Below those that Linux gives to who wants any: it stays free until Dovecot has it.
    private static int freePort() throws IOException {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(12_000, 32_000);
            try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (BindException _) {
                // somebody has it: another one
            }
        }
        throw new IOException("no port is free");
    }

    /// What the server has to know of it.
    List<String> configuration() {
        return List.of(
                "store.imap=\"" + dovecot.uri() + "\"",
                "store.secret-file=\"" + secretFile + "\"",
                "store.timeout=" + PATIENCE.toSeconds() + "s",
                "policy.record=always");
    }

    /// Says what is in the sender's mailbox; whether it is the message that was sent, and nothing
    /// else.
    boolean show(SendResult result, Consumer<String> say) throws CommandFailure {
        var changes = new ArrayList<Change>();
        var settings =
                ImapSettings.of(
                                URI.create(dovecot.uri()),
                                new MailboxNames("{user}@{domain}", domain),
                                secret)
                        .withTimeout(PATIENCE);
        var address = "sip:%s@%s".formatted(user, domain);
        try (var mailbox = Mailbox.open(settings, address, MailboxState.NOTHING)) {
            mailbox.changes(changes::add);
        } catch (StoreFailure e) {
            throw new CommandFailure(ExitStatus.NO_ANSWER, "message store: " + e.getMessage());
        }
        var handled = new HandledMessages();
        handled.add(result.handled());
        say.accept(
                "the answer names it in the message store: Message-UID "
                        + result.messageUid().map(MessageUid::toString).orElse("(none)"));
        boolean same = changes.size() == 1;
        for (var change : changes) {
            if (change instanceof Change.Appeared(var item)) {
                boolean copy = handled.copiedBy(InboxView.object(item)).isPresent();
                same &= copy;
                say.accept(
                        "in the mailbox of %s: UID %s in %s%s"
                                .formatted(
                                        user,
                                        item.uid(),
                                        item.folder(),
                                        copy ? ", the message that was sent" : ""));
            }
        }
        return same;
    }

    @Override
    public void close() {
        dovecot.close();
    }
}
