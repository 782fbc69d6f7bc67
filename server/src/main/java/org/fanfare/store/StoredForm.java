package org.fanfare.store;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;

import org.fanfare.pf.HistoryObject;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// An object as it is appended, octet for octet; large ones are never in memory. What a mail server
/// would not keep as it is goes in base64.
final class StoredForm extends MimeMessage {

    private static final int LONGEST_LINE = 998; // RFC 5322 2.1.1
    private static final byte[] CRLF = {'\r', '\n'};

    private final HistoryObject object;
    private final boolean plain;

    StoredForm(Session session, HistoryObject object) throws IOException, MessagingException {
        super(session);
        this.object = object;
        var lines = new Lines();
        object.content().writeTo(lines);
        this.plain = lines.arePlain();
        setFlag(jakarta.mail.Flags.Flag.SEEN, true); // the sender knows it (references k.3)
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(object.head().toByteArray());
        var encoding = "Content-Transfer-Encoding: " + (plain ? "8bit" : "base64") + "\r\n\r\n";
        out.write(encoding.getBytes(StandardCharsets.US_ASCII));
        if (plain) {
            object.content().writeTo(out);
        } else {
            var encoded = Base64.getMimeEncoder().wrap(new NeverClosed(out));
            object.content().writeTo(encoded);
            encoded.close();
            out.write(CRLF);
        }
    }

    @Override
    public void writeTo(OutputStream out, String[] ignored) throws IOException {
        writeTo(out);
    }

    /// The end of base64 is not the end of the stream.
    private static final class NeverClosed extends FilterOutputStream {

        NeverClosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] octets, int from, int count) throws IOException {
            out.write(octets, from, count);
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }

    /// Looks whether text is made of lines that every mail server keeps.
    private static final class Lines extends OutputStream {

        private int length;
        private int before;
        private boolean plain = true;

        @Override
        public void write(int octet) {
            int c = octet & 0xff;
            plain &= c != 0 && (c == '\n') == (before == '\r');
            length = c == '\n' ? 0 : length + 1;
            plain &= length <= LONGEST_LINE;
            before = c;
        }

        boolean arePlain() {
            return plain && before != '\r';
        }
    }
}
