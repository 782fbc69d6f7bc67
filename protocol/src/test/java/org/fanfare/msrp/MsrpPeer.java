package org.fanfare.msrp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/// The other side of a connection, line by line.
final class MsrpPeer implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream in;

    MsrpPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    static MsrpPeer connect(MsrpUri to) throws IOException {
        var address = new InetSocketAddress(to.hostPort().hostWithoutBrackets(), to.port());
        return new MsrpPeer(new Socket(address.getAddress(), address.getPort()));
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A SEND with this content; without any when it is null.
    void sendChunk(MsrpUri to, String id, String messageId, String range, String content, char flag)
            throws IOException {
        send(
                "MSRP %s SEND\r\nTo-Path: %s\r\nFrom-Path: msrp://peer:9/peer;tcp\r\n%sByte-Range: %s\r\n"
                                .formatted(
                                        id,
                                        to,
                                        messageId.isEmpty()
                                                ? ""
                                                : "Message-ID: " + messageId + "\r\n",
                                        range)
                        + (content.isEmpty()
                                ? ""
                                : "Content-Type: text/plain\r\n\r\n" + content + "\r\n")
                        + "-------"
                        + id
                        + flag
                        + "\r\n");
    }

    void sendEmpty(MsrpUri to, String id) throws IOException {
        sendChunk(to, id, "empty-" + id, "1-0/0", "", '$');
    }

    void respond(String to, int status) throws IOException {
        send(
                "MSRP %s %d Whatever\r\nTo-Path: msrp://a/b;tcp\r\nFrom-Path: msrp://c/d;tcp\r\n-------%s$\r\n"
                        .formatted(to, status, to));
    }

    /// The next message, waited for, to its end line.
    String take() throws IOException {
        var message = new StringBuilder();
        var line = line();
        var id = line.split(" ", 3)[1];
        message.append(line);
        while (!line.startsWith("-------" + id)) {
            line = line();
            message.append(line);
        }
        return message.toString();
    }

    /// The status of the next response, and its transaction.
    String takeStatus() throws IOException {
        var words = take().split(" ", 4);
        return words[1] + " " + words[2];
    }

    static String transactionOf(String message) {
        return message.split(" ", 3)[1];
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (line.length() < 2 || !line.substring(line.length() - 2).equals("\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                throw new AssertionError("closed after " + line);
            }
            line.append((char) octet);
        }
        return line.toString();
    }

    /// True when the other side ends the connection and sends nothing before.
    boolean isClosedByPeer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException e) {
            return true;
        }
    }

    /// As [#isClosedByPeer], after whatever it may send.
    boolean isClosedByPeerWhateverItSays() throws IOException {
        try {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            throw new AssertionError("the connection is still open", e);
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
