package org.fanfare.store;

import jakarta.mail.Session;

import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.util.MailLogger;

import java.io.IOException;
import java.util.Properties;

/// A store of the IMAP library that believes no server which announces or sends more than can be
/// meant: the library alone would make room for any literal, and for any number of objects.
final class BoundedImapStore extends IMAPStore {

    /// Octets of one response, and of all that come upon one command.
    static final int LARGEST_RESPONSE = 1 << 20;

    static final long LARGEST_ANSWER = 32L << 20;

    /// Objects in a folder.
    static final int MOST_OBJECTS = 100_000;

    BoundedImapStore(Session session, String protocol) {
        super(session, null, protocol, protocol.equals("imaps"));
    }

    @Override
    protected IMAPProtocol newIMAPProtocol(String host, int port)
            throws IOException, ProtocolException {
        return new Bounded(name, host, port, session.getProperties(), isSSL, logger);
    }

    private static final class Bounded extends IMAPProtocol {

        private long octets;

        Bounded(
                String name,
                String host,
                int port,
                Properties properties,
                boolean tls,
                MailLogger logger)
                throws IOException, ProtocolException {
            super(name, host, port, properties, tls, logger);
        }

        @Override
        public String writeCommand(String command, org.eclipse.angus.mail.iap.Argument arguments)
                throws IOException, ProtocolException {
            octets = 0;
            return super.writeCommand(command, arguments);
        }

        @Override
        protected ByteArray getResponseBuffer() {
            return new Room();
        }

        @Override
        public Response readResponse() throws IOException, ProtocolException {
            Response response;
            try {
                response = super.readResponse();
            } catch (TooMuch | IndexOutOfBoundsException | NegativeArraySizeException e) {
                throw new IOException("the answer of the store is too large", e);
            }
            if (octets > LARGEST_ANSWER) {
                throw new IOException("the answer of the store is too large");
            }
            if (response instanceof IMAPResponse number
                    && number.keyEquals("EXISTS")
                    && number.getNumber() > MOST_OBJECTS) {
                throw new IOException(
                        "%d objects in a folder, at most %d are read"
                                .formatted(number.getNumber(), MOST_OBJECTS));
            }
            return response;
        }

        /// What one response is read into.
        private final class Room extends ByteArray {

            private static final int FIRST = 128;

            Room() {
                super(new byte[FIRST], 0, FIRST);
                octets += FIRST;
            }

            @Override
            public void grow(int more) {
                if (more < 0 || getBytes().length + (long) more > LARGEST_RESPONSE) {
                    throw new TooMuch();
                }
                octets += more;
                super.grow(more);
            }
        }

        /// Leaves the library in the middle of a response.
        private static final class TooMuch extends RuntimeException {
            private static final long serialVersionUID = 1;
        }
    }
}
