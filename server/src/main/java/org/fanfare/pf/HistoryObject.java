package org.fanfare.pf;

import org.fanfare.wire.Octets;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// A message as it lies in its sender's mailbox (references k.2): an Internet message whose header
/// fields come from the SIP request, and whose body is the CPIM entity. One for each message that
/// was sent, not one for each recipient (reading 39).
///
/// @param owner whose mailbox, as a canonical URI
/// @param folder the conversation: the other party of a 1-1 message, else the Conversation-ID
/// @param contributionId by which it is found again, together with the next
/// @param messageId value of IMDN-Message-ID
/// @param head the header fields but Content-Transfer-Encoding, each with its line end
public record HistoryObject(
        String owner,
        String folder,
        String contributionId,
        String messageId,
        Octets head,
        Content content) {

    private static final int FORMAT = 1;

    /// The CPIM entity.
    @FunctionalInterface
    public interface Content {

        /// May be called more than once, and gives the same octets each time.
        void writeTo(OutputStream out) throws IOException;

        static Content of(Octets octets) {
            return out -> out.write(octets.toByteArray());
        }
    }

    /// The form that the ledger keeps.
    ///
    /// @param withContent false when that is in a spool
    Octets toOctets(boolean withContent) {
        var octets = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(octets)) {
            out.writeByte(FORMAT);
            out.writeUTF(folder);
            out.writeUTF(contributionId);
            out.writeUTF(messageId);
            out.writeInt(head.length());
            out.write(head.toByteArray());
            if (withContent) {
                content.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Octets.of(octets.toByteArray());
    }

    /// Reads what [#toOctets] wrote, with its content.
    ///
    /// @throws IllegalArgumentException when it did not
    static HistoryObject parse(String owner, Octets stored) {
        try (var in = new DataInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
            if (in.readByte() != FORMAT) {
                throw new IllegalArgumentException("history object: unknown format");
            }
            var folder = in.readUTF();
            var contributionId = in.readUTF();
            var messageId = in.readUTF();
            var head = Octets.of(in.readNBytes(in.readInt()));
            var content = Content.of(Octets.of(in.readAllBytes()));
            return new HistoryObject(owner, folder, contributionId, messageId, head, content);
        } catch (IOException e) {
            throw new IllegalArgumentException("history object: cut off or damaged", e);
        }
    }

    HistoryObject withContent(Content value) {
        return new HistoryObject(owner, folder, contributionId, messageId, head, value);
    }
}
