package org.fanfare.cli.conformance;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.UIDFolder;
import jakarta.mail.internet.MimeMessage;

import org.fanfare.mime.MimeEntity;
import org.fanfare.wire.Limits;
import org.fanfare.wire.Octets;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/// The mailbox of the sender in the message store of the target, as his client sees it over IMAP.
final class Mailbox implements AutoCloseable {

    private static final String FOLDER = "conformance";

    private final String uri;
    private final Store store;

    /// @throws Mismatch when it cannot be had
    Mailbox(Target target) throws Mismatch {
        uri = target.stated(Stated.STORE);
        var at = URI.create(uri);
        var properties = new Properties();
        var millis = Long.toString(target.timeout().toMillis());
        for (var time : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail." + at.getScheme() + "." + time, millis);
        }
        try {
            store = Session.getInstance(properties).getStore(at.getScheme());
            store.connect(
                    at.getHost(),
                    at.getPort(),
                    target.stated(Stated.STORE_USER),
                    target.stated(Stated.STORE_PASSWORD));
        } catch (MessagingException e) {
            throw new Mismatch("the mailbox of the sender", String.valueOf(e.getMessage()));
        }
    }

    /// The content of the object with this UID that is of this message, in whatever folder.
    Optional<Octets> object(long uid, String contributionId) throws Mismatch {
        try {
            for (var folder : store.getDefaultFolder().list("*")) {
                if ((folder.getType() & Folder.HOLDS_MESSAGES) != 0) {
                    folder.open(Folder.READ_ONLY);
                    try (folder) {
                        var object = ((UIDFolder) folder).getMessageByUID(uid);
                        var ids = object == null ? null : object.getHeader("Contribution-ID");
                        if (ids != null && ids[0].strip().equals(contributionId)) {
                            return Optional.of(content(object));
                        }
                    }
                }
            }
            return Optional.empty();
        } catch (MessagingException | IOException e) {
            throw new Mismatch("objects that can be read", String.valueOf(e.getMessage()));
        }
    }

    /// Decoded by ourselves: what a store makes of `message/cpim` in its own description differs.
    private static Octets content(Message object) throws MessagingException, IOException {
        var octets = new ByteArrayOutputStream();
        object.writeTo(octets);
        return MimeEntity.parse(Octets.of(octets.toByteArray()), Limits.DEFAULT)
                .content(Limits.DEFAULT);
    }

    /// Puts an object there.
    ///
    /// @param entity with its MIME header fields
    /// @return the URL by which a message names it to have it fetched (RFC 5092)
    String put(String entity) throws Mismatch {
        try (var folder = store.getFolder(FOLDER)) {
            if (!folder.exists()) {
                folder.create(Folder.HOLDS_MESSAGES);
            }
            folder.open(Folder.READ_WRITE);
            long uid = ((UIDFolder) folder).getUIDNext();
            var octets = entity.getBytes(StandardCharsets.UTF_8);
            var object = new MimeMessage(null, new ByteArrayInputStream(octets));
            folder.appendMessages(new MimeMessage[] {object});
            return uri
                    + "/"
                    + URLEncoder.encode(FOLDER, StandardCharsets.UTF_8)
                    + "/;UID="
                    + uid
                    + ";action=fetch";
        } catch (MessagingException e) {
            throw new Mismatch("an object put into the mailbox", String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        try {
            store.close();
        } catch (MessagingException _) {
            // it is gone in any case
        }
    }
}
