package org.fanfare.store;

import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;

import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;

/// A connection to one mailbox; one thread at a time has it.
final class ImapConnection {

    private final String mailbox;
    private final Session session;
    private final IMAPStore store;
    private long idleSince;

    private ImapConnection(String mailbox, Session session, IMAPStore store) {
        this.mailbox = mailbox;
        this.session = session;
        this.store = store;
    }

    static ImapConnection open(ImapSettings settings, String mailbox) throws MessagingException {
        return open(
                settings, mailbox, session -> (IMAPStore) session.getStore(settings.protocol()));
    }

    /// To a store that is believed less: see [BoundedImapStore].
    static ImapConnection openBounded(ImapSettings settings, String mailbox)
            throws MessagingException {
        return open(
                settings, mailbox, session -> new BoundedImapStore(session, settings.protocol()));
    }

    private interface Opening {
        IMAPStore in(Session session) throws MessagingException;
    }

    private static ImapConnection open(ImapSettings settings, String mailbox, Opening opening)
            throws MessagingException {
        var properties = settings.properties();
        var prefix = "mail." + settings.protocol() + ".";
        var login = settings.master();
        if (login == null) {
            login = mailbox;
        } else {
            properties.setProperty(prefix + "auth.mechanisms", "PLAIN");
            properties.setProperty(prefix + "sasl.authorizationid", mailbox);
        }
        var session = Session.getInstance(properties);
        var store = opening.in(session);
        store.connect(settings.host(), settings.port(), login, settings.secret());
        return new ImapConnection(mailbox, session, store);
    }

    String mailbox() {
        return mailbox;
    }

    IMAPStore store() {
        return store;
    }

    Session session() {
        return session;
    }

    char separator() throws MessagingException {
        return store.getDefaultFolder().getSeparator();
    }

    IMAPFolder folder(String name) throws MessagingException {
        return (IMAPFolder) store.getFolder(name);
    }

    /// A folder that is there from now on, with all above it.
    IMAPFolder madeFolder(String name) throws MessagingException {
        var folder = folder(name);
        if (!folder.exists() && !folder.create(Folder.HOLDS_MESSAGES) && !folder.exists()) {
            throw new MessagingException("folder " + name + " cannot be made");
        }
        return folder;
    }

    void idleSince(long nanos) {
        idleSince = nanos;
    }

    long idleSince() {
        return idleSince;
    }

    /// Asks the server; false when it has gone.
    boolean isAlive() {
        return store.isConnected();
    }

    void close() {
        try {
            store.close();
        } catch (MessagingException _) {
            // it is gone either way
        }
    }
}
