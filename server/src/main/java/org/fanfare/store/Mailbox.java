package org.fanfare.store;

import jakarta.mail.FetchProfile;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.UIDFolder;

import org.eclipse.angus.mail.imap.IMAPFolder;
import org.fanfare.cpm.HistoryFolder;
import org.fanfare.cpm.MessageUid;
import org.fanfare.pf.StoreFailure;
import org.fanfare.pf.StoreFailure.Reason;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A mailbox as a client of its user reads it. One thread uses it.
public final class Mailbox implements AutoCloseable {

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

    /// An object that was found.
    ///
    /// @param folder the conversation, below the root
    /// @param headers those that tell what message it is
    public record Item(String folder, MessageUid uid, Map<String, String> headers) {

        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name));
        }
    }

    /// Up to where a folder is known; another validity makes it a new folder (RFC 3501 2.3.1.1).
    ///
    /// @param modified the highest modification sequence (RFC 7162); 0 where the server has none
    private record Known(long validity, long next, long modified) {}

    private final ImapSettings settings;
    private final ImapConnection connection;
    private final Map<String, Known> known = new HashMap<>();

    private Mailbox(ImapSettings settings, ImapConnection connection) {
        this.settings = settings;
        this.connection = connection;
    }

    /// Logs in for the user with this address.
    public static Mailbox open(ImapSettings settings, String user) throws StoreFailure {
        var mailbox =
                settings.users()
                        .of(user)
                        .orElseThrow(
                                () -> new StoreFailure(Reason.REFUSED, "no mailbox for " + user));
        try {
            return new Mailbox(settings, ImapConnection.open(settings, mailbox));
        } catch (MessagingException e) {
            throw new StoreFailure(Reason.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    /// What was not there the last time, folder by folder, oldest first.
    public List<Item> news() throws StoreFailure {
        try {
            var found = new ArrayList<Item>();
            char separator = connection.separator();
            var root = settings.root() + separator;
            for (var folder : connection.store().getDefaultFolder().list(root + "*")) {
                if ((folder.getType() & Folder.HOLDS_MESSAGES) != 0) {
                    read((IMAPFolder) folder, name(folder, root, separator), found);
                }
            }
            return found;
        } catch (MessagingException e) {
            throw new StoreFailure(Reason.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static String name(Folder folder, String root, char separator) {
        var name = folder.getFullName();
        var below = name.startsWith(root) ? name.substring(root.length()) : name;
        return HistoryFolder.decode(below.replace(separator, '/'));
    }

    /// A folder that has not changed is not opened, where the server says so (CONDSTORE).
    private void read(IMAPFolder folder, String name, List<Item> found) throws MessagingException {
        long modified = modified(folder);
        var before = known.get(folder.getFullName());
        if (before != null && modified > 0 && before.modified == modified) {
            return;
        }
        folder.open(Folder.READ_ONLY);
        try {
            long validity = folder.getUIDValidity();
            long from = before == null || before.validity != validity ? 1 : before.next;
            long next = from;
            var messages = folder.getMessagesByUID(from, UIDFolder.LASTUID);
            var profile = new FetchProfile();
            profile.add(UIDFolder.FetchProfileItem.UID);
            HEADERS.forEach(profile::add);
            folder.fetch(messages, profile);
            for (var message : messages) {
                long uid = folder.getUID(message);
                if (uid >= from) { // a range that is empty gives the last one
                    found.add(new Item(name, new MessageUid(uid), headers(message)));
                    next = Math.max(next, uid + 1);
                }
            }
            known.put(folder.getFullName(), new Known(validity, next, modified));
        } finally {
            folder.close(false);
        }
    }

    private long modified(IMAPFolder folder) throws MessagingException {
        return connection.store().hasCapability("CONDSTORE")
                ? Math.max(folder.getStatusItem("HIGHESTMODSEQ"), 0)
                : 0;
    }

    private static Map<String, String> headers(jakarta.mail.Message message)
            throws MessagingException {
        var headers = new LinkedHashMap<String, String>();
        for (var name : HEADERS) {
            var values = message.getHeader(name);
            if (values != null) {
                Arrays.stream(values).findFirst().ifPresent(v -> headers.put(name, v.strip()));
            }
        }
        return headers;
    }

    @Override
    public void close() {
        connection.close();
    }
}
