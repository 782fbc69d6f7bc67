package org.fanfare.store;

import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;

import jakarta.mail.internet.MimeMessage;

import org.fanfare.wire.Octets;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// GreenMail in this process with a mailbox for alice and one for bob, behind a [FrontDoor].
public final class MailServer implements AutoCloseable {

    public static final String SECRET = "secret";

    /// A connection that is cut in the middle of a command ends its thread by an exception: the end
    /// of that thread, and not of the test that happens to wait.
    private static final ThreadGroup THREADS =
            new ThreadGroup("mail server") {
                @Override
                public void uncaughtException(Thread thread, Throwable end) {}
            };

    private final GreenMail mail = new GreenMail(patient(new ServerSetup(0, "127.0.0.1", "imap")));
    private final FrontDoor door;

    public MailServer() {
        start();
        for (var user : List.of("alice@home.example", "bob@home.example")) {
            mail.setUser(user, user, SECRET);
        }
        try {
            door = new FrontDoor(mail.getImap().getPort());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// However slow the machine of the test is.
    private static ServerSetup patient(ServerSetup setup) {
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    /// In a thread of the group, which all others inherit.
    private void start() {
        var starting = new Thread(THREADS, mail::start);
        starting.start();
        try {
            starting.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public FrontDoor door() {
        return door;
    }

    public URI uri() {
        return URI.create("imap://127.0.0.1:" + door.port());
    }

    public ImapSettings settings() {
        return ImapSettings.of(uri(), new MailboxNames("{user}@{domain}", "home.example"), SECRET)
                .withTimeout(Duration.ofSeconds(30))
                .withPause(Duration.ZERO);
    }

    /// What a mailbox has in a folder.
    public List<StoredMessage> messages(String user, String folder) {
        var found = folder(user, folder);
        return found == null ? List.of() : found.getMessages();
    }

    /// All folders of all users that have messages.
    public List<String> filledFolders() {
        try {
            return mail.getManagers().getImapHostManager().getAllMessages().isEmpty()
                    ? List.of()
                    : mail.getUserManager().listUser().stream()
                            .flatMap(user -> {
                                try {
                                    return mail
                                            .getManagers()
                                            .getImapHostManager()
                                            .listMailboxes(user, "*")
                                            .stream();
                                } catch (FolderException e) {
                                    throw new AssertionError(e);
                                }
                            })
                            .filter(folder -> folder.getMessageCount() > 0)
                            .map(MailFolder::getFullName)
                            .toList();
        } catch (RuntimeException e) {
            throw new AssertionError(e);
        }
    }

    /// All that a user has, in whatever folder it is.
    public List<StoredMessage> objects(String user) {
        return filledFolders().stream()
                .map(name -> name.substring(name.indexOf("Default.")))
                .flatMap(name -> messages(user, name).stream())
                .toList();
    }

    /// With all that is in it; when it is made again, it is another one (RFC 3501 2.3.1.1).
    public void deleteFolder(String user, String name) {
        try {
            var owner = mail.getUserManager().getUserByEmail(user + "@home.example");
            mail.getManagers().getImapHostManager().deleteMailbox(owner, name);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /// Puts an object there past the store, and returns its UID.
    public long put(String user, String folder, String object) {
        try {
            var host = mail.getManagers().getImapHostManager();
            var owner = mail.getUserManager().getUserByEmail(user + "@home.example");
            var there = host.getFolder(owner, folder);
            var mailbox = there == null ? host.createMailbox(owner, folder) : there;
            var octets = object.getBytes(StandardCharsets.ISO_8859_1);
            var message = new MimeMessage(null, new ByteArrayInputStream(octets));
            mailbox.store(message);
            return mailbox.getMessages().getLast().getUid();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private MailFolder folder(String user, String name) {
        try {
            return mail.getManagers()
                    .getImapHostManager()
                    .getFolder(mail.getUserManager().getUserByEmail(user + "@home.example"), name);
        } catch (RuntimeException e) {
            throw new AssertionError(e);
        }
    }

    public static Octets octets(StoredMessage message) {
        var octets = new ByteArrayOutputStream();
        try {
            message.getMimeMessage().writeTo(octets);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return Octets.of(octets.toByteArray());
    }

    @Override
    public void close() {
        door.close();
        mail.stop();
    }
}
