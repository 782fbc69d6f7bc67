package org.fanfare.store;

import jakarta.mail.FetchProfile;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;

import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.protocol.Status;
import org.fanfare.cpm.MessageUid;
import org.fanfare.pf.StoreFailure;
import org.fanfare.pf.StoreFailure.Reason;
import org.fanfare.store.Mailbox.Change;
import org.fanfare.store.Mailbox.Item;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/// How one folder of a mailbox differs from what is known of it.
final class FolderChanges {

    private static final List<String> HEADERS =
            List.of(
                    "Conversation-ID",
                    "Contribution-ID",
                    "InReplyTo-Contribution-ID",
                    "IMDN-Message-ID",
                    "Payload-Type",
                    "Message-Direction",
                    "From",
                    "To",
                    "Date",
                    "Subject");

    private static final Map<Flags.Flag, String> FLAGS = flags();

    /// Objects whose header fields are asked for at a time.
    private static final int AT_ONCE = 200;

    /// Characters of a value that is told, and flags.
    private static final int LONGEST_VALUE = 1_000;

    private static final int MOST_FLAGS = 32;

    private final IMAPFolder folder;
    private final String name;
    private final Consumer<Change> told;

    /// @param name the conversation
    FolderChanges(IMAPFolder folder, String name, Consumer<Change> told) {
        this.folder = folder;
        this.name = name;
        this.told = told;
    }

    /// Tells them, and notes in `known` what has been told; false when there are none.
    boolean read(Map<String, MailboxState.Folder> known) throws MessagingException, StoreFailure {
        var now = status();
        var before = known.get(folder.getFullName());
        if (now.equals(before)) {
            return false;
        }
        folder.open(Folder.READ_ONLY);
        try {
            if (folder.getUIDValidity() != now.validity()) {
                throw new MessagingException(name + " has become another folder meanwhile");
            }
            if (before != null && isAnother(before, now)) {
                told.accept(new Change.StartedOver(name));
                before = null;
            }
            known.put(folder.getFullName(), read(before, now, known));
            return true;
        } finally {
            folder.close(false);
        }
    }

    /// UIDs do not go back: a server that has lost some has another folder, whatever it says.
    private static boolean isAnother(MailboxState.Folder before, MailboxState.Folder now) {
        return before.validity() != now.validity() || before.next() > now.next();
    }

    private MailboxState.Folder read(
            MailboxState.@Nullable Folder before,
            MailboxState.Folder now,
            Map<String, MailboxState.Folder> known)
            throws MessagingException {
        long first = before == null ? 1 : before.next();
        long count = before == null ? 0 : before.count();
        // what changes while it is read for the first time is told when the reading goes on
        long modified = before == null ? now.modified() : before.modified();
        if (first < now.next()) {
            for (var some : batches(folder.getMessagesByUID(first, now.next() - 1))) {
                tell(some, Change.Appeared::new);
                count += some.length;
                long next = folder.getUID(some[some.length - 1]) + 1;
                known.put(
                        folder.getFullName(),
                        new MailboxState.Folder(now.validity(), next, modified, count));
            }
        }
        if (modified > 0 && now.modified() > modified && first > 1) {
            var changed = folder.getMessagesByUIDChangedSince(1, first - 1, modified);
            for (var some : batches(changed)) {
                tell(some, Change.Altered::new);
            }
        }
        if (count > now.count()) {
            told.accept(new Change.Vanished(name, count - now.count()));
        }
        return now;
    }

    /// All at one moment: what comes later has another UIDNEXT or HIGHESTMODSEQ, and is told the
    /// next time.
    private MailboxState.Folder status() throws MessagingException, StoreFailure {
        var status =
                (Status)
                        folder.doCommand(protocol -> {
                            var items =
                                    new ArrayList<>(List.of("MESSAGES", "UIDNEXT", "UIDVALIDITY"));
                            if (protocol.hasCapability("CONDSTORE")) {
                                items.add("HIGHESTMODSEQ");
                            }
                            return protocol.status(
                                    folder.getFullName(), items.toArray(String[]::new));
                        });
        if (status.total > BoundedImapStore.MOST_OBJECTS) {
            throw new StoreFailure(
                    Reason.TOO_LARGE,
                    "%d objects in %s, at most %d are read"
                            .formatted(status.total, name, BoundedImapStore.MOST_OBJECTS));
        }
        return new MailboxState.Folder(
                status.uidvalidity,
                status.uidnext,
                Math.max(status.highestmodseq, 0),
                status.total);
    }

    private static List<Message[]> batches(Message[] messages) {
        var batches = new ArrayList<Message[]>();
        for (int from = 0; from < messages.length; from += AT_ONCE) {
            batches.add(
                    Arrays.copyOfRange(messages, from, Math.min(from + AT_ONCE, messages.length)));
        }
        return batches;
    }

    private void tell(Message[] messages, Function<Item, Change> change) throws MessagingException {
        var profile = new FetchProfile();
        profile.add(UIDFolder.FetchProfileItem.UID);
        profile.add(FetchProfile.Item.FLAGS);
        HEADERS.forEach(profile::add);
        folder.fetch(messages, profile);
        for (var message : messages) {
            var uid = new MessageUid(folder.getUID(message));
            told.accept(
                    change.apply(new Item(name, uid, headers(message), flags(message.getFlags()))));
        }
    }

    private static Map<String, String> headers(Message message) throws MessagingException {
        var headers = new LinkedHashMap<String, String>();
        for (var name : HEADERS) {
            var values = message.getHeader(name);
            if (values != null && values.length > 0) {
                var value = values[0].strip();
                headers.put(name, value.substring(0, Math.min(value.length(), LONGEST_VALUE)));
            }
        }
        return headers;
    }

    private static List<String> flags(Flags flags) {
        var names = new ArrayList<String>();
        FLAGS.forEach((flag, name) -> {
            if (flags.contains(flag)) {
                names.add(name);
            }
        });
        Arrays.stream(flags.getUserFlags()).sorted().limit(MOST_FLAGS).forEach(names::add);
        return names;
    }

    private static Map<Flags.Flag, String> flags() {
        var names = new LinkedHashMap<Flags.Flag, String>();
        names.put(Flags.Flag.SEEN, "\\Seen");
        names.put(Flags.Flag.ANSWERED, "\\Answered");
        names.put(Flags.Flag.FLAGGED, "\\Flagged");
        names.put(Flags.Flag.DELETED, "\\Deleted");
        names.put(Flags.Flag.DRAFT, "\\Draft");
        return names;
    }
}
