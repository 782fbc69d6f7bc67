package org.fanfare.store;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;

import org.eclipse.angus.mail.imap.IMAPMessage;
import org.fanfare.mime.MimeEntity;
import org.fanfare.pf.StoreFailure;
import org.fanfare.pf.StoreFailure.Reason;
import org.fanfare.wire.Limits;
import org.fanfare.wire.MalformedMessage;
import org.fanfare.wire.Octets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// Reads an object out of the store, no more of it than is wanted, whatever the server says of its
/// size.
final class FetchedObject {

    private static final int HEAD = 64 << 10;

    private FetchedObject() {}

    /// What an object or a part of it is: its type, and its content without transfer encoding.
    static MimeEntity read(Message message, List<Integer> section, long largest, Limits limits)
            throws MessagingException, StoreFailure {
        long most = Math.min(largest, Limits.MAX);
        if (message.getSize() > encoded(most)) { // before anything of it is read (B13)
            throw tooLarge();
        }
        if (message instanceof IMAPMessage imap) {
            imap.setPeek(true);
        }
        var octets = new Bounded(encoded(most));
        try {
            message.writeTo(octets);
            var content = limits.withDecodedOctets((int) most).withDecodedRatio(Limits.MAX);
            var entity = MimeEntity.parse(Octets.of(octets.toByteArray()), limits);
            return plain(part(entity, section, content), content, most);
        } catch (MalformedMessage e) {
            throw e.sipStatus() == 413
                    ? tooLarge()
                    : new StoreFailure(Reason.UNSUPPORTED, "the object cannot be read");
        } catch (TooLarge _) {
            throw tooLarge();
        } catch (IOException e) {
            throw new StoreFailure(Reason.UNAVAILABLE, "not read: " + e.getMessage());
        }
    }

    private static long encoded(long octets) {
        return Math.min(octets / 3 * 4 + octets / 36 + HEAD, Integer.MAX_VALUE - HEAD);
    }

    private static MimeEntity part(MimeEntity whole, List<Integer> section, Limits limits)
            throws StoreFailure {
        var entity = whole;
        for (int number : section) {
            boolean multipart = entity.contentType().isMultipart();
            var parts = multipart ? entity.multipart(limits).parts() : List.of(entity);
            if (number < 1 || number > parts.size()) {
                throw new StoreFailure(Reason.NOT_FOUND, "no such part");
            }
            entity = parts.get(number - 1);
        }
        return entity;
    }

    private static MimeEntity plain(MimeEntity entity, Limits limits, long most)
            throws StoreFailure {
        var content = entity.content(limits);
        if (content.length() > most) {
            throw tooLarge();
        }
        var plain = MimeEntity.builder();
        plain.header("Content-Type", entity.headers().first("Content-Type").orElse("text/plain"));
        return plain.body(content).build();
    }

    private static StoreFailure tooLarge() {
        return new StoreFailure(Reason.TOO_LARGE, "the object is too large");
    }

    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    private static final class Bounded extends OutputStream {

        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private final long most;

        Bounded(long most) {
            this.most = most;
        }

        @Override
        public void write(int octet) throws IOException {
            check(1);
            octets.write(octet);
        }

        @Override
        public void write(byte[] some, int from, int count) throws IOException {
            check(count);
            octets.write(some, from, count);
        }

        private void check(int more) throws IOException {
            if (octets.size() + (long) more > most) {
                throw new TooLarge();
            }
        }

        byte[] toByteArray() {
            return octets.toByteArray();
        }
    }
}
