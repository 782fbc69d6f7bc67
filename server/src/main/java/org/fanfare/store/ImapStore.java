package org.fanfare.store;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.FetchProfile;
import jakarta.mail.Folder;
import jakarta.mail.FolderNotFoundException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.search.AndTerm;
import jakarta.mail.search.HeaderTerm;

import org.eclipse.angus.mail.iap.CommandFailedException;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.fanfare.cpm.CpmHeader;
import org.fanfare.cpm.HistoryFolder;
import org.fanfare.cpm.MessageUid;
import org.fanfare.mime.MimeEntity;
import org.fanfare.pf.Breaker;
import org.fanfare.pf.HistoryObject;
import org.fanfare.pf.MessageStore;
import org.fanfare.pf.StoreFailure;
import org.fanfare.pf.StoreFailure.Reason;
import org.fanfare.wire.Limits;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// A message store that speaks IMAP (RFC 3501, UIDPLUS of RFC 4315).
public final class ImapStore implements MessageStore, AutoCloseable {

    private static final int FAILURES_IN_A_ROW = 3;
    private static final String MESSAGE_ID = "IMDN-Message-ID";

    private final ImapSettings settings;
    private final ImapConnections connections;
    private final Breaker breaker;
    private final LongAdder stored = new LongAdder();
    private final LongAdder found = new LongAdder();
    private final LongAdder fetched = new LongAdder();
    private final LongAdder failed = new LongAdder();

    public ImapStore(ImapSettings settings) {
        this.settings = settings;
        this.connections = new ImapConnections(settings);
        this.breaker = new Breaker(FAILURES_IN_A_ROW, settings.pause(), InstantSource.system());
    }

    @Override
    public boolean serves(String user) {
        return settings.users().of(user).isPresent();
    }

    @Override
    public MessageUid store(HistoryObject object, boolean again) throws StoreFailure {
        return with(object.owner(), connection -> store(connection, object, again));
    }

    private MessageUid store(ImapConnection connection, HistoryObject object, boolean again)
            throws MessagingException, StoreFailure {
        char separator = connection.separator();
        var name = settings.root() + separator + HistoryFolder.encode(object.folder(), separator);
        if (again) {
            var known = find(connection.folder(name), object); // K7, N1
            if (known.isPresent()) {
                found.increment();
                return known.get();
            }
        }
        var folder = connection.madeFolder(name);
        try {
            var form = new StoredForm(connection.session(), object);
            var uids = folder.appendUIDMessages(new Message[] {form});
            stored.increment();
            if (uids.length == 1 && uids[0] != null) {
                return new MessageUid(uids[0].uid);
            }
        } catch (IOException e) {
            throw new StoreFailure(Reason.UNAVAILABLE, "content not read: " + e.getMessage());
        }
        return find(folder, object) // a server without UIDPLUS
                .orElseThrow(() -> new StoreFailure(Reason.UNAVAILABLE, "stored, and not found"));
    }

    /// The object with the same ids, in this folder.
    private static Optional<MessageUid> find(IMAPFolder folder, HistoryObject object)
            throws MessagingException {
        if (!folder.exists()) {
            return Optional.empty();
        }
        folder.open(Folder.READ_ONLY);
        try {
            var ids =
                    new AndTerm(
                            new HeaderTerm(CpmHeader.CONTRIBUTION_ID, object.contributionId()),
                            new HeaderTerm(MESSAGE_ID, object.messageId()));
            for (var message : folder.search(ids)) { // of those that contain them
                if (has(message, CpmHeader.CONTRIBUTION_ID, object.contributionId())
                        && has(message, MESSAGE_ID, object.messageId())) {
                    return Optional.of(new MessageUid(folder.getUID(message)));
                }
            }
            return Optional.empty();
        } finally {
            folder.close(false);
        }
    }

    private static boolean has(Message message, String name, String value)
            throws MessagingException {
        var values = message.getHeader(name);
        return values != null && Arrays.stream(values).anyMatch(v -> v.strip().equals(value));
    }

    @Override
    public MimeEntity fetch(String url, String user, long largest) throws StoreFailure {
        var mailbox = mailbox(user);
        var wanted = StoreUrl.parse(url);
        wanted.check(settings, mailbox, user);
        return with(user, connection -> fetch(connection, wanted, largest));
    }

    private MimeEntity fetch(ImapConnection connection, StoreUrl wanted, long largest)
            throws MessagingException, StoreFailure {
        var folder = connection.folder(wanted.folder());
        if (!folder.exists()) {
            throw new StoreFailure(Reason.NOT_FOUND, "no such folder");
        }
        folder.open(Folder.READ_ONLY);
        try {
            if (wanted.validity().isPresent()
                    && wanted.validity().getAsLong() != folder.getUIDValidity()) {
                throw new StoreFailure(Reason.NOT_FOUND, "of an earlier validity"); // N2
            }
            var message = folder.getMessageByUID(wanted.uid());
            if (message == null) {
                throw new StoreFailure(Reason.NOT_FOUND, "no such object");
            }
            var size = new FetchProfile();
            size.add(FetchProfile.Item.SIZE);
            folder.fetch(new Message[] {message}, size);
            var entity = FetchedObject.read(message, wanted.section(), largest, Limits.DEFAULT);
            fetched.increment();
            return entity;
        } finally {
            folder.close(false);
        }
    }

    private String mailbox(String user) throws StoreFailure {
        return settings.users()
                .of(user)
                .orElseThrow(() -> new StoreFailure(Reason.REFUSED, "no mailbox for " + user));
    }

    private <T> T with(String user, ImapConnections.Use<T> use) throws StoreFailure {
        var mailbox = mailbox(user);
        if (!breaker.admits()) {
            throw new StoreFailure(Reason.UNAVAILABLE, "the message store does not answer");
        }
        try {
            var result = connections.use(mailbox, use);
            breaker.answered();
            return result;
        } catch (MessagingException e) {
            throw counted(failure(e));
        } catch (StoreFailure e) {
            throw counted(e);
        } catch (RuntimeException e) { // of the library, about what the server has said
            throw counted(new StoreFailure(Reason.UNAVAILABLE, "not understood: " + e));
        }
    }

    private StoreFailure counted(StoreFailure failure) {
        failed.increment();
        if (failure.reason() == Reason.UNAVAILABLE) {
            breaker.failed();
        } else {
            breaker.answered();
        }
        return failure;
    }

    /// What the server has refused, or that there was no answer.
    private static StoreFailure failure(MessagingException e) {
        var said = String.valueOf(e.getMessage());
        if (e instanceof AuthenticationFailedException) {
            return new StoreFailure(Reason.REFUSED, "login refused: " + said);
        }
        if (e instanceof FolderNotFoundException) {
            return new StoreFailure(Reason.NOT_FOUND, said);
        }
        if (e.getNextException() instanceof CommandFailedException) {
            return new StoreFailure(
                    said.contains("OVERQUOTA") ? Reason.FULL : Reason.REFUSED, said);
        }
        return new StoreFailure(Reason.UNAVAILABLE, said);
    }

    @Override
    public Figures figures() {
        return new Figures(
                stored.sum(),
                found.sum(),
                fetched.sum(),
                failed.sum(),
                connections.open(),
                breaker.isOpen());
    }

    @Override
    public void close() {
        connections.close();
    }
}
